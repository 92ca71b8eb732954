"""The server's log: one JSON object a line, without anything that tells who did what.

A request is told by a random id, its path, its code, its time and sizes. A device is told by a
hash that changes every day and that nobody can compute without the server's key: what one device
did in a day can be followed, who it is cannot be found. Texts of errors are left out, for they may
hold what somebody sent; the kind of an error is told.
"""

import hashlib
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import IO

import msgspec

from meti_desk.server.keys import ServerKey

LEVELS = ("debug", "info", "warning", "error")
_NAME = "meti_desk.server"
_LOGGER = logging.getLogger(_NAME)
_FIELDS = "meti"


class Seen:
    """What is known of a request while it is answered; changed by who finds it out."""

    __slots__ = ("code", "device", "id", "into", "out", "status")

    def __init__(self, request: str) -> None:
        self.id = request
        self.code = ""
        self.device = ""
        self.status = 0
        self.into = 0
        self.out = 0


SEEN: ContextVar[Seen | None] = ContextVar("meti_desk_request", default=None)
"""The request that this task, or the thread that works for it, answers."""


def seen_code(code: str) -> None:
    """Note by which code the request is answered."""
    seen = SEEN.get()
    if seen is not None:
        seen.code = code


def seen_device(device: str) -> None:
    """Note which device sent the request."""
    seen = SEEN.get()
    if seen is not None:
        seen.device = device


class DeviceNames:
    """Names of devices for the log: other ones every day (UTC), the same in all processes."""

    def __init__(self, key: ServerKey) -> None:
        self._key = key
        self._day = ""
        self._salt = b""

    def name(self, device: str, at: int) -> str:
        """Name a device at a time (milliseconds)."""
        if not device:
            return ""
        day = datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
        if day != self._day:
            salt = hashlib.sha256(self._key.sign(b"meti-desk log 1" + day.encode())).digest()
            self._salt, self._day = salt, day
        return hashlib.blake2s(device.encode(), key=self._salt, digest_size=6).hexdigest()


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON; what an exception says is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, object] = {"at": at, "level": record.levelname.lower()}
        fields = getattr(record, _FIELDS, None)
        if isinstance(fields, dict):
            told |= fields
        else:
            told |= {"event": record.name, "text": record.getMessage()[:500]}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
        return msgspec.json.encode(told).decode()


def told_at(level: int) -> bool:
    """Tell whether anything of a level is logged: what costs is computed only then."""
    return _LOGGER.isEnabledFor(level)


def tell(level: int, event: str, **fields: str | float) -> None:
    """Log an event with its fields; empty ones are left out."""
    if _LOGGER.isEnabledFor(level):
        told = {"event": event} | {name: one for name, one in fields.items() if one != ""}
        _LOGGER.log(level, event, extra={_FIELDS: told})


def begin(level: str, stream: IO[str] | None = None) -> logging.Handler:
    """Send the log of the server and of uvicorn to a stream (stderr); gives the handler.

    The driver of PostgreSQL warns of every connection that was cut, which is told by the fault.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(JsonLines())
    least_of = {_NAME: logging.DEBUG, "uvicorn": logging.WARNING, "psycopg": logging.ERROR}
    for name, least in least_of.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(max(least, logging.getLevelNamesMapping()[level.upper()]))
    return handler
