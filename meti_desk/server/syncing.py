"""What the server does with a request: who sent it, what of it is new, and the receipt for it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.concurrency import run_in_threadpool

from meti_desk.server import mail, people, publishing
from meti_desk.server.keys import ServerKey
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.server.taking import WINDOW, Offer, Taken, Taker
from meti_desk.sync.mail import MAIL
from meti_desk.sync.wire import (
    MOST_BATCH,
    MOST_BODY,
    VERSION,
    Download,
    SyncAnswer,
    SyncRequest,
    receipt_message,
    request_message,
)

__all__ = ["WINDOW", "Proof", "Server", "device_name", "verified"]
NONCE = 16
_LONGEST_KIND, _LARGEST_VERSION = 64, 1_000_000
_LARGEST_CURSOR = (1 << 63) - 1
"""Bounds of what stands beside a body; a number above a database's is not written but refused."""
_MOST_KNOWN = 50_000
_MOST_PARTS = 1_000


class Proof(msgspec.Struct, frozen=True):
    """How a request says who sent it; `time` in milliseconds."""

    device: str
    time: int
    nonce: bytes
    signature: bytes


class Server:
    """The work of the server over one database; every method may be called from any thread."""

    def __init__(self, database: Database, key: ServerKey) -> None:
        self.database = database
        self.key = key
        self._taker = Taker(database, key)
        self._known: OrderedDict[str, Ed25519PublicKey] = OrderedDict()

    async def recognise(self, method: str, path: str, proof: Proof, body: bytes, now: int) -> None:
        """Make sure that a device signed a request in its time; whether anew is seen when taken.

        Raises `RefusalError`: `sync.unknown-device`, `sync.signature`, `sync.clock`.
        """
        public = self._known.get(proof.device)
        if public is None:
            public = await run_in_threadpool(self._public, proof.device)
        wrong = _wrong(public, method, path, proof, body, now)
        if wrong is not None:
            raise await self.refuse(proof.device, wrong, now)

    def _public(self, device_id: str) -> Ed25519PublicKey:
        device = people.device(self.database, device_id)
        if device is None:
            raise RefusalError("sync.unknown-device")
        # A device's key never changes, so it may be kept; whether it is revoked is asked each time.
        public = self._known[device_id] = Ed25519PublicKey.from_public_bytes(device.public)
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return public

    async def refuse(self, device_id: str, refusal: RefusalError, at: int) -> RefusalError:
        """Record a refusal in the audit chain and give it."""
        told = {"what": "refused", "code": refusal.code, "device": device_id}
        await self.database.shared(self._recorded, (at, told))
        return refusal

    def _recorded(self, told: Sequence[tuple[int, object]]) -> Sequence[object]:
        return [self.database.record(at, what) for at, what in told]

    async def sync(
        self, device_id: str, nonce: bytes, request: SyncRequest, now: int
    ) -> SyncAnswer:
        """Take what is new of a device's log and give the receipt of its head.

        Raises `RefusalError`: `sync.version`, `sync.malformed`, `sync.too-large`, and what
        `Taker.take` refuses.
        """
        wrong = _beyond(device_id, request)
        if wrong is not None:
            raise await self.refuse(device_id, wrong, now)
        offer = Offer(device_id, nonce, request, now)
        taken: Taken = await self.database.shared(self._taker.take, offer)
        receipt = msgspec.structs.replace(
            taken.receipt, signature=self.key.sign(receipt_message(taken.receipt))
        )
        downloads, more = await self._waiting(request, taken)
        return SyncAnswer(protocol=VERSION, receipt=receipt, downloads=downloads, more=more)

    async def _waiting(
        self, request: SyncRequest, taken: Taken
    ) -> tuple[tuple[Download, ...], bool]:
        """Look for what waits, but only where the offer's transaction saw that something does."""
        cursors = request.cursors
        looks: list[Callable[[], tuple[Sequence[Download], bool]]] = []
        # What the centre published comes first: the rules before what is decided by them.
        if any(number > cursors.get(topic, 0) for topic, number in taken.topics.items()):
            looks.append(lambda: publishing.downloads(self.database, self.key, cursors))
        if taken.mailed != cursors.get(MAIL, 0):
            looks.append(
                lambda: mail.waiting(self.database, self.key, taken.person, cursors.get(MAIL, 0))
            )
        downloads: list[Download] = []
        more = False
        for look in looks:
            given, further = await run_in_threadpool(look)
            downloads += given
            more = more or further
        return tuple(downloads), more


def _wrong(
    public: Ed25519PublicKey, method: str, path: str, proof: Proof, body: bytes, now: int
) -> RefusalError | None:
    """Give why a request does not prove who sent it and when, if it does not."""
    message = request_message(method, path, proof.device, proof.time, proof.nonce, body)
    if len(proof.nonce) != NONCE or not _fits(public, message, proof.signature):
        return RefusalError("sync.signature")
    if abs(proof.time - now) > WINDOW:
        return RefusalError("sync.clock", now=now)
    return None


def _beyond(device_id: str, request: SyncRequest) -> RefusalError | None:
    """Give why a request is not within bounds, if it is not."""
    if request.protocol != VERSION:
        return RefusalError("sync.version", known=VERSION)
    if (
        request.device != device_id
        or any(
            len(one.kind) > _LONGEST_KIND
            or "\0" in one.kind
            or not 0 <= one.version <= _LARGEST_VERSION
            for one in request.events
        )
        or not all(0 <= one <= _LARGEST_CURSOR for one in request.cursors.values())
        or len(request.elsewhere) > _MOST_PARTS
    ):
        return RefusalError("sync.malformed")
    if sum(len(one.body) for one in request.events) > MOST_BATCH or any(
        len(one.body) > MOST_BODY for one in request.events
    ):
        return RefusalError("sync.too-large", limit=MOST_BATCH)
    return None


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature."""
    try:
        return _fits(Ed25519PublicKey.from_public_bytes(public), message, signature)
    except ValueError:
        return False


def _fits(public: Ed25519PublicKey, message: bytes, signature: bytes) -> bool:
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def device_name(raw: str) -> str:
    """Shorten and clean the name that a device gives itself."""
    return "".join(one for one in raw if one.isprintable())[:100]
