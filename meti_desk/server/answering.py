"""What all addresses share: bodies within bounds, answers and refusals in one shape."""

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple, TypeVar

import msgspec
import zstandard
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive

from meti_desk.server.counters import Counters
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import DatabaseFault
from meti_desk.server.syncing import Proof
from meti_desk.sync.wire import MOST_BATCH

T = TypeVar("T", bound=msgspec.Struct)
_LARGEST = 4 * MOST_BATCH
"""Bytes of a request, packed or not, with all that stands around the events."""
BODY_SECONDS = 60.0
"""In which a body has to be here: 1 MiB over a line of 140 kbit/s."""
_CLOSING = {"sync.too-large", "sync.slow"}
"""Refusals of bodies that were not read to their end: the connection serves nothing more."""
_DEVICE, _MOMENT = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9]{1,40}")
_KIND = b"application/msgpack"
_ENCODER = msgspec.msgpack.Encoder()
_OWN = threading.local()
_LOG = logging.getLogger(__name__)


class Answer(NamedTuple):
    """An answer as it goes out: status, headers as ASGI has them, body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def response(self) -> Response:
        """Give it as one of Starlette's."""
        response = Response(self.body, self.status)
        response.raw_headers = self.headers
        return response


async def answered(path: str, work: Callable[[], object], counters: Counters) -> Response:
    """Do a piece of work in a thread, and answer it, or its refusal, in the one shape."""
    return (await finished(path, run_in_threadpool(work), counters)).response()


async def finished(path: str, work: Awaitable[object], counters: Counters) -> Answer:
    """Wait for a piece of work, and answer it, or its refusal, in the one shape."""
    try:
        answer = await work
    except RefusalError as refusal:
        why = refusal
    except DatabaseFault as error:
        # Full, locked for too long, taken away: the device keeps what it has and comes again.
        _LOG.warning("%s: %s", path, type(error).__name__)
        counters.fault(type(error).__name__)
        why = RefusalError("sync.busy")
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing of it is told to anybody
        _LOG.warning("%s: %s", path, type(error).__name__)
        why = RefusalError("server.failed")
    else:
        counters.answered(path, "ok")
        return _answer(HTTPStatus.OK, _ENCODER.encode(answer))
    counters.answered(path, why.code)
    return refused(why)


def refused(refusal: RefusalError) -> Answer:
    """Give the answer of a refusal."""
    answer = _answer(refusal.status, _ENCODER.encode(refusal.answer()))
    if refusal.code in _CLOSING:
        answer.headers.append((b"connection", b"close"))
    if "retry" in refusal.params:
        answer.headers.append((b"retry-after", str(refusal.params["retry"]).encode()))
    return answer


def _answer(status: int, body: bytes) -> Answer:
    length = (b"content-length", str(len(body)).encode())
    return Answer(status, [length, (b"content-type", _KIND)], body)


async def body_of(receive: Receive) -> bytes:
    """Read a body up to the limits of size and time; a longer one is refused before it is all here.

    Raises `RefusalError`: `sync.too-large`, `sync.slow` (also where the sender went away: nobody
    hears it then).
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(receive)
    except TimeoutError:
        raise RefusalError("sync.slow") from None


async def _whole(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise RefusalError("sync.slow")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LARGEST:
            raise RefusalError("sync.too-large", limit=MOST_BATCH)
        more = message.get("more_body", False)
    return b"".join(parts)


def unpacked(encoding: bytes, body: bytes) -> bytes:
    """Unpack a body that says that it is packed (`sync.malformed`)."""
    if encoding != b"zstd":
        return body
    try:
        unpacker = _unpacking().decompressobj()
        whole = unpacker.decompress(body[:_LARGEST]) if _fits(body) else None
    except zstandard.ZstdError:
        raise RefusalError("sync.malformed") from None
    if whole is None or not unpacker.eof or unpacker.unused_data:
        raise RefusalError("sync.malformed")
    return whole


def _unpacking() -> zstandard.ZstdDecompressor:
    """Give the thread's own: making one costs far more than to unpack a request."""
    made: zstandard.ZstdDecompressor | None = getattr(_OWN, "unpacking", None)
    if made is None:
        made = _OWN.unpacking = zstandard.ZstdDecompressor()
    return made


def _fits(body: bytes) -> bool:
    """Tell whether a frame says that it unpacks to no more than a request may be."""
    size = zstandard.frame_content_size(body)
    return 0 <= size <= _LARGEST


def decoded(body: bytes, kind: type[T], code: str) -> T:
    """Read a body as what it has to be, or refuse it by a code."""
    try:
        found: T = _decoder(kind).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(code) from None
    return found


@lru_cache(maxsize=32)
def _decoder(kind: type[T]) -> msgspec.msgpack.Decoder[T]:
    return msgspec.msgpack.Decoder(kind)


def proof_of(authorization: bytes) -> Proof:
    """Read how a request says who sent it: `Authorization: Meti DEVICE TIME NONCE SIGNATURE`."""
    parts = authorization.decode("latin-1").split(" ")
    try:
        scheme, device, moment, nonce, signature = parts
        if scheme != "Meti" or not (_DEVICE.fullmatch(device) and _MOMENT.fullmatch(moment)):
            raise ValueError  # noqa: TRY301 - read as one thing, refused as one
        return Proof(device, int(moment[:18]), bytes.fromhex(nonce), bytes.fromhex(signature))
    except ValueError:
        raise RefusalError("sync.malformed") from None
