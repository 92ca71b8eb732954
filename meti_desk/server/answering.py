"""What all addresses share: bodies within bounds, answers and refusals in one shape."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import zstandard
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from meti_desk.server.counters import Counters
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import DatabaseFault
from meti_desk.server.syncing import Proof
from meti_desk.sync.wire import MOST_BATCH, ErrorAnswer

T = TypeVar("T", bound=msgspec.Struct)
_LARGEST = 4 * MOST_BATCH
"""Bytes of a request, packed or not, with all that stands around the events."""
BODY_SECONDS = 60.0
"""In which a body has to be here: 1 MiB over a line of 140 kbit/s."""
_CLOSING = {"sync.too-large", "sync.slow"}
"""Refusals of bodies that were not read to their end: the connection serves nothing more."""
_DEVICE, _MOMENT = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9]{1,40}")
_KIND = "application/msgpack"
_LOG = logging.getLogger(__name__)


async def answered(path: str, work: Callable[[], object], counters: Counters) -> Response:
    """Do a piece of work in a thread, and answer it, or its refusal, in the one shape."""
    return await finished(path, run_in_threadpool(work), counters)


async def finished(path: str, work: Awaitable[object], counters: Counters) -> Response:
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
        return Response(msgspec.msgpack.encode(answer), media_type=_KIND)
    counters.answered(path, why.code)
    return refused(why)


def refused(refusal: RefusalError) -> Response:
    """Give the answer of a refusal."""
    answer: ErrorAnswer = refusal.answer()
    headers = {"connection": "close"} if refusal.code in _CLOSING else {}
    if "retry" in refusal.params:
        headers["retry-after"] = str(refusal.params["retry"])
    return Response(msgspec.msgpack.encode(answer), refusal.status, headers, _KIND)


async def body_of(request: Request) -> bytes:
    """Read a body up to the limits of size and time; a longer one is refused before it is all here.

    Raises `RefusalError`: `sync.too-large`, `sync.slow` (also where the sender went away: nobody
    hears it then).
    """
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _whole(request)
    except (TimeoutError, ClientDisconnect):
        raise RefusalError("sync.slow") from None


async def _whole(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > _LARGEST:
            raise RefusalError("sync.too-large", limit=MOST_BATCH)
        parts.append(part)
    return b"".join(parts)


def unpacked(request: Request, body: bytes) -> bytes:
    """Unpack a body that says that it is packed (`sync.malformed`)."""
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


def decoded(body: bytes, kind: type[T], code: str) -> T:
    """Read a body as what it has to be, or refuse it by a code."""
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusalError(code) from None


def proof_of(request: Request) -> Proof:
    """Read how a request says who sent it: `Authorization: Meti DEVICE TIME NONCE SIGNATURE`."""
    parts = request.headers.get("authorization", "").split(" ")
    try:
        scheme, device, moment, nonce, signature = parts
        if scheme != "Meti" or not (_DEVICE.fullmatch(device) and _MOMENT.fullmatch(moment)):
            raise ValueError  # noqa: TRY301 - read as one thing, refused as one
        return Proof(device, int(moment[:18]), bytes.fromhex(nonce), bytes.fromhex(signature))
    except ValueError:
        raise RefusalError("sync.malformed") from None
