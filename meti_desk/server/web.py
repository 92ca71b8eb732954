"""The server's few addresses: enrolment, sync, health and metrics (Starlette)."""

import logging
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar, cast

import msgspec
import zstandard
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from meti_desk.server import people
from meti_desk.server.refusal import RefusalError
from meti_desk.server.syncing import Proof, Server, device_name
from meti_desk.sync.wire import MOST_BATCH, ErrorAnswer, SyncAnswer, SyncRequest

T = TypeVar("T", bound=msgspec.Struct)
_LARGEST = 4 * MOST_BATCH
"""Bytes of a request, packed or not, with all that stands around the events."""
_TRIES = 20
"""Enrolments from one address within a minute."""
_MINUTE = 60.0
_KIND = "application/msgpack"
_LOG = logging.getLogger(__name__)


class EnrolRequest(msgspec.Struct, frozen=True):
    """A code and the public key of the device that is to be made (Ed25519, 32 bytes)."""

    code: str
    public: bytes
    name: str = ""


class EnrolAnswer(msgspec.Struct, frozen=True):
    """The device's id, the person it belongs to, and the server's public key."""

    device: str
    person: str
    name: str
    unit: str
    server: bytes


class Counters:
    """How often what was answered, for `/metrics`; nothing in it tells who."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str]] = Counter()
        self._tries: dict[str, list[float]] = {}
        self.events = 0

    def answered(self, path: str, code: str) -> None:
        """Count an answer; `code` is `ok` or that of the refusal."""
        with self._lock:
            self._answers[path, code] += 1

    def took(self, events: int) -> None:
        """Count events that a request offered and that are held now."""
        with self._lock:
            self.events += events

    def may_try(self, address: str, now: float) -> bool:
        """Tell whether an address may try another code, and count the try."""
        with self._lock:
            for one in [a for a, held in self._tries.items() if held[-1] < now - _MINUTE]:
                del self._tries[one]
            held = [t for t in self._tries.get(address, ()) if t > now - _MINUTE]
            allowed = len(held) < _TRIES
            self._tries[address] = [*held, now][-_TRIES:]
            return allowed

    def text(self) -> str:
        """Give the figures in Prometheus' form."""
        with self._lock:
            rows = sorted(self._answers.items())
            lines = ["# TYPE meti_desk_answers_total counter"]
            lines += [
                f'meti_desk_answers_total{{path="{path}",code="{code}"}} {count}'
                for (path, code), count in rows
            ]
            lines += ["# TYPE meti_desk_events_total counter"]
            return "\n".join([*lines, f"meti_desk_events_total {self.events}", ""])


class Site:
    """The addresses over one server; `clock` gives milliseconds since 1970."""

    def __init__(self, server: Server, clock: Callable[[], int]) -> None:
        self._server = server
        self._now = clock
        self._counters = Counters()

    async def enrol(self, request: Request) -> Response:
        """Make a device of who knows a code."""
        address = request.client.host if request.client else ""
        body = await _body(request)
        return await _answered("/v1/enrol", lambda: self._enrol(address, body), self._counters)

    def _enrol(self, address: str, body: bytes) -> EnrolAnswer:
        if not self._counters.may_try(address, time.monotonic()):
            raise RefusalError("rate.limited")
        asked = _decoded(body, EnrolRequest, "enrol.malformed")
        database, called = self._server.database, device_name(asked.name)
        made = people.enrol(database, asked.code, asked.public, called, self._now())
        rows = database.run("SELECT name, unit FROM people WHERE id = ?", (made.person,))
        name, unit = rows[0]
        return EnrolAnswer(made.id, made.person, name, unit, self._server.key.public)

    async def sync(self, request: Request) -> Response:
        """Take what is new of a device's log."""
        body = await _body(request)
        return await _answered("/v1/sync", lambda: self._sync(request, body), self._counters)

    def _sync(self, request: Request, body: bytes) -> SyncAnswer:
        moment = self._now()
        device = self._server.authenticate("POST", "/v1/sync", _proof(request), body, moment)
        asked = _decoded(_unpacked(request, body), SyncRequest, "sync.malformed")
        answer = self._server.sync(device, asked, moment)
        self._counters.took(len(asked.events))
        return answer

    async def health(self, _request: Request) -> Response:
        """Answer `ok` while the database does."""
        ask = "SELECT 1 FROM devices LIMIT 1"
        try:
            await run_in_threadpool(lambda: self._server.database.run(ask))
        except sqlite3.Error:
            return PlainTextResponse("database\n", 503)
        return PlainTextResponse("ok\n")

    async def metrics(self, _request: Request) -> Response:
        """Give the figures."""
        return PlainTextResponse(self._counters.text(), media_type="text/plain; version=0.0.4")

    @asynccontextmanager
    async def lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        """Close the database in the end: the signal that ends `run` is raised again behind it."""
        yield
        self._server.database.close()


def application(server: Server, clock: Callable[[], int] | None = None) -> Starlette:
    """Build the application."""
    site = Site(server, clock or (lambda: int(time.time() * 1000)))

    async def wrong(_request: Request, error: Exception) -> Response:
        return _refused(cast("RefusalError", error))  # registered for this kind alone

    return Starlette(
        lifespan=site.lifespan,
        routes=[
            Route("/v1/enrol", site.enrol, methods=["POST"]),
            Route("/v1/sync", site.sync, methods=["POST"]),
            Route("/healthz", site.health),
            Route("/metrics", site.metrics),
        ],
        exception_handlers={RefusalError: wrong},
    )


async def _answered(path: str, work: Callable[[], object], counters: Counters) -> Response:
    try:
        answer = await run_in_threadpool(work)
    except RefusalError as refusal:
        refused = refusal
    except sqlite3.Error as error:
        # Full, locked for too long, taken away: the device keeps what it has and comes again.
        _LOG.warning("%s: %s", path, type(error).__name__)
        refused = RefusalError("sync.busy")
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing of it is told to anybody
        _LOG.warning("%s: %s", path, type(error).__name__)
        refused = RefusalError("server.failed")
    else:
        counters.answered(path, "ok")
        return Response(msgspec.msgpack.encode(answer), media_type=_KIND)
    counters.answered(path, refused.code)
    return _refused(refused)


def _refused(refusal: RefusalError) -> Response:
    answer: ErrorAnswer = refusal.answer()
    return Response(msgspec.msgpack.encode(answer), refusal.status, media_type=_KIND)


async def _body(request: Request) -> bytes:
    """Read a body up to the limit; a longer one is refused before it is all here."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST:
            raise RefusalError("sync.too-large", limit=MOST_BATCH)
        parts.append(part)
    return b"".join(parts)


def _unpacked(request: Request, body: bytes) -> bytes:
    if request.headers.get("content-encoding") != "zstd":
        return body
    try:
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        whole = unpacker.decompress(body[:_LARGEST]) if _fits(body) else None
    except zstandard.ZstdError:
        raise RefusalError("sync.malformed") from None
    if whole is None or not unpacker.eof or unpacker.unused_data:
        raise RefusalError("sync.malformed")
    return whole


def _fits(body: bytes) -> bool:
    """Tell whether a frame says that it unpacks to no more than a request may be."""
    size = zstandard.frame_content_size(body)
    return 0 <= size <= _LARGEST


def _decoded(body: bytes, kind: type[T], code: str) -> T:
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(code) from None


def _proof(request: Request) -> Proof:
    """Read how a request says who sent it: `Authorization: Meti DEVICE TIME NONCE SIGNATURE`."""
    parts = request.headers.get("authorization", "").split(" ")
    try:
        scheme, device, moment, nonce, signature = parts
        if scheme != "Meti" or not (moment.isascii() and moment.isdigit()):
            raise ValueError  # noqa: TRY301 - read as one thing, refused as one
        return Proof(device, int(moment[:18]), bytes.fromhex(nonce), bytes.fromhex(signature))
    except ValueError:
        raise RefusalError("sync.malformed") from None
