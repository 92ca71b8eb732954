"""What the server does with a request: who sent it, what of it is new, and the receipt for it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import people, permits, publishing
from meti_desk.server.applying import apply
from meti_desk.server.keys import ServerKey
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.sync.mail import MAIL
from meti_desk.sync.sealed import public_of
from meti_desk.sync.wire import (
    MOST_BATCH,
    MOST_BODY,
    VERSION,
    Download,
    Receipt,
    SyncAnswer,
    SyncRequest,
    WireEvent,
    judge,
    receipt_message,
    request_message,
)

WINDOW = 10 * 60_000
"""Milliseconds by which a request's time may differ from the server's."""
NONCE = 16
_LONGEST_KIND, _LARGEST_VERSION = 64, 1_000_000
_LARGEST_CURSOR = (1 << 63) - 1
"""Bounds of what stands beside a body; a number above a database's is not written but refused."""
_LANE = 0
"""The embedded server has one lane: it has one writer."""


Waiting = Callable[[Database, ServerKey, str, int], tuple[Sequence[Download], bool]]
TOPICS: dict[str, str] = {MAIL: "meti_desk.server.mail:waiting"}
"""What devices download, by topic: `module:function` that takes the database, the key, the person
and the version that the device holds, and gives what comes behind it and whether more waits."""


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

    def authenticate(
        self, method: str, path: str, proof: Proof, body: bytes, now: int
    ) -> people.Device:
        """Give the device that signed a request.

        Raises `RefusalError`: `sync.unknown-device`, `sync.revoked`, `sync.signature`,
        `sync.clock` and `sync.replayed`. Refusals of known devices are recorded.
        """
        device = people.device(self.database, proof.device)
        if device is None:
            raise RefusalError("sync.unknown-device")
        message = request_message(method, path, device.id, proof.time, proof.nonce, body)
        if len(proof.nonce) != NONCE or not verified(device.public, message, proof.signature):
            raise self.refused(device, "sync.signature", now)
        if device.revoked_at is not None:
            raise self.refused(device, "sync.revoked", now)
        if abs(proof.time - now) > WINDOW:
            raise self.refused(device, "sync.clock", now, now=now)
        if not self._fresh(device, proof, now):
            raise self.refused(device, "sync.replayed", now)
        return device

    def refused(
        self, device: people.Device, code: str, at: int, **params: str | int
    ) -> RefusalError:
        """Record a refusal in the audit chain and give it."""
        told = {"what": "refused", "code": code, "device": device.id}
        self.database.together(lambda: self.database.record(at, told))
        return RefusalError(code, **params)

    def _fresh(self, device: people.Device, proof: Proof, now: int) -> bool:
        def write() -> bool:
            self.database.run("DELETE FROM nonces WHERE at < ?", (now - 2 * WINDOW,))
            rows = self.database.run(
                "INSERT OR IGNORE INTO nonces VALUES (?, ?, ?) RETURNING 1",
                (device.id, proof.nonce, now),
            )
            return bool(rows)

        return self.database.together(write)

    def sync(self, device: people.Device, request: SyncRequest, now: int) -> SyncAnswer:
        """Take what is new of a device's log and give the receipt of its head.

        What was taken before is passed over, so that a request may be sent again. Raises
        `RefusalError`: `sync.version`, `sync.malformed`, `sync.too-large`, `sync.chain`,
        `sync.gap` (`seq`: the last one held), `sync.forked`.
        """
        if request.protocol != VERSION:
            raise self.refused(device, "sync.version", now, known=VERSION)
        if request.device != device.id:
            raise self.refused(device, "sync.malformed", now)
        if any(
            len(one.kind) > _LONGEST_KIND or not 0 <= one.version <= _LARGEST_VERSION
            for one in request.events
        ) or not all(0 <= one <= _LARGEST_CURSOR for one in request.cursors.values()):
            raise self.refused(device, "sync.malformed", now)
        if sum(len(one.body) for one in request.events) > MOST_BATCH or any(
            len(one.body) > MOST_BODY for one in request.events
        ):
            raise self.refused(device, "sync.too-large", now, limit=MOST_BATCH)
        try:
            receipt = self.database.together(lambda: self._taken(device, request, now))
        except RefusalError as refusal:
            raise self.refused(device, refusal.code, now, **refusal.params) from None
        downloads, more = self._waiting(device, request)
        return SyncAnswer(protocol=VERSION, receipt=receipt, downloads=downloads, more=more)

    def _waiting(
        self, device: people.Device, request: SyncRequest
    ) -> tuple[tuple[Download, ...], bool]:
        # What the centre published comes first: the rules before what is decided by them.
        published, more = publishing.downloads(self.database, self.key, request.cursors)
        downloads = [*published]
        for topic, place in TOPICS.items():
            cursor = request.cursors.get(topic, 0)
            given, further = _named(place)(self.database, self.key, device.person, cursor)
            downloads += given
            more = more or further
        return tuple(downloads), more

    def _taken(self, device: people.Device, request: SyncRequest, now: int) -> Receipt:
        receipt = self._take(device, request.events, now)
        permits.sweep(self.database, self.key, now)
        if request.opening and request.opening != device.opening:
            _point(request.opening)
            people.set_opening(self.database, device, request.opening, now)
        return receipt

    def _take(self, device: people.Device, events: Sequence[WireEvent], now: int) -> Receipt:
        database, device_id = self.database, device.id
        person = people.person(database, device.person)
        ((seq, head),) = database.run(
            "SELECT last_seq, head FROM devices WHERE id = ?", (device_id,)
        )
        first = seq
        for event in events:
            verdict = judge(seq, head, event, self._held(device_id, event, seq))
            if verdict == "known":
                continue
            if verdict != "new":
                code = {"gap": "sync.gap", "forked": "sync.forked"}.get(verdict, "sync.chain")
                raise RefusalError(code, seq=first)
            values = (
                device_id, event.seq, event.kind, event.version, event.body, event.prev,
                event.hash, now,
            )  # fmt: skip
            database.run("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            seq, head = event.seq, event.hash
            if person is not None:
                apply(database, self.key, device, person, event, now)
        database.run(
            "UPDATE devices SET last_seq = ?, head = ?, seen_at = ? WHERE id = ?",
            (seq, head, now, device_id),
        )
        told = {"what": "log", "device": device_id, "from": first, "to": seq, "head": head}
        entry = database.record(now, told)
        return self._receipt(device_id, seq, head, entry.entry, entry.hash, now)

    def _held(self, device_id: str, event: WireEvent, last: int) -> bytes | None:
        if not 0 < event.seq <= last:
            return None
        rows = self.database.run(
            "SELECT hash FROM events WHERE device = ? AND seq = ?", (device_id, event.seq)
        )
        return rows[0][0] if rows else None

    def _receipt(
        self, device_id: str, seq: int, head: bytes, entry: int, entry_hash: bytes, now: int
    ) -> Receipt:
        at = datetime.fromtimestamp(now / 1000, UTC).isoformat(timespec="milliseconds")
        receipt = Receipt(
            device=device_id, seq=seq, head=head, lane=_LANE, entry=entry,
            entry_hash=entry_hash, at=at,
        )  # fmt: skip
        signature = self.key.sign(receipt_message(receipt))
        return msgspec.structs.replace(receipt, signature=signature)


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check an Ed25519 signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _point(opening: bytes) -> None:
    """Refuse what is no point, before anybody seals for it."""
    try:
        public_of(opening)
    except InvalidInput:
        raise RefusalError("sync.malformed") from None


def _named(place: str) -> Waiting:
    module, _, name = place.partition(":")
    found: Waiting = getattr(import_module(module), name)
    return found


def device_name(raw: str) -> str:
    """Shorten and clean the name that a device gives itself."""
    return "".join(one for one in raw if one.isprintable())[:100]
