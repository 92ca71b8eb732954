"""The device log on the wire: events without gaps, chained by hashes, and the server's receipts.

Both sides use this module; nothing here touches disk, clock or network. Bodies are opaque bytes
(MessagePack of a projection of 取扱記録, never its titles or places): a server that does not know a
kind keeps it as it came.
"""

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import msgspec

VERSION = 1
"""Of the protocol; a server answers `sync.version` for one that it does not speak."""
GENESIS = bytes(32)
"""What the first event of a device names as its predecessor."""
MOST_BATCH = 256 << 10
"""Bytes of a request's events, unpacked."""
MOST_BODY = 64 << 10
"""Bytes of one event's body."""
_EVENT, _RECEIPT = b"meti-desk event 1", b"meti-desk receipt 1"


class WireEvent(msgspec.Struct, frozen=True, array_like=True):
    """One event: `seq` counts from 1 without gaps; `prev` and `hash` are SHA-256 (32 bytes)."""

    seq: int
    kind: str
    version: int
    body: bytes
    prev: bytes
    hash: bytes


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The server's word that it durably holds a device's log up to `seq`, whose hash is `head`.

    `entry` and `entry_hash` name the place in the server's own chain that says so, on its `lane`
    (there are several, so that devices need not wait for each other); `at` is the server's time
    (ISO 8601). `signature` is Ed25519 over `receipt_message`.
    """

    device: str
    seq: int
    head: bytes
    lane: int
    entry: int
    entry_hash: bytes
    at: str
    signature: bytes = b""


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """Something for the client: `topic` names it, `version` only grows within a topic.

    `signature` is the server's, over topic, version and the body's hash (`download_message`).
    """

    topic: str
    version: int
    body: bytes
    signature: bytes


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a device offers, and up to which version it holds each topic.

    `head` is the last event that the device believes the server to hold: sequence and hash.
    `opening` is the point under which others seal what this device may read (`sync.sealed`).
    `elsewhere` are parts of the log - first and last place - that were said to another server, when
    the device belonged to it: what was asked and decided there about permits is kept here, and
    asks nothing (`sync.permits.KINDS`).
    """

    protocol: int
    device: str
    head_seq: int
    head: bytes
    events: tuple[WireEvent, ...] = ()
    cursors: dict[str, int] = {}
    opening: bytes = b""
    elsewhere: tuple[tuple[int, int], ...] = ()


class SyncAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it. `more` asks the device to come again at once: further downloads wait."""

    protocol: int
    receipt: Receipt
    downloads: tuple[Download, ...] = ()
    more: bool = False


class EventBody(msgspec.Struct, frozen=True, kw_only=True):
    """What the server reads of a body: the device's time (ISO 8601) and what was said by it.

    Facts are kept as they came; `said` is MessagePack of a type that the event's kind names.
    """

    at: str = ""
    said: bytes = b""


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The one shape of every refusal; `params` hold what the client needs to go on.

    Codes: `sync.malformed`, `sync.version`, `sync.too-large`, `sync.unknown-device`,
    `sync.revoked`, `sync.signature`, `sync.clock` (`now`: the server's time in milliseconds),
    `sync.replayed`, `sync.gap` (`seq`: the last one held), `sync.forked` (`seq`), `sync.chain`,
    `sync.busy`, `sync.slow` (the body did not come in time), `enrol.code`, `rate.limited`.
    """

    code: str
    params: dict[str, str | int] = {}


Verdict = Literal["new", "known", "gap", "forked", "broken"]


def event_hash(prev: bytes, seq: int, kind: str, version: int, body: bytes) -> bytes:
    """Hash an event behind its predecessor's hash, each field with its length in front."""
    digest = hashlib.sha256(_EVENT)
    for part in (prev, str(seq).encode(), kind.encode(), str(version).encode(), body):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def follow(head_seq: int, head: bytes, kind: str, version: int, body: bytes) -> WireEvent:
    """Make the event that comes after a head (`0, GENESIS`: the first)."""
    seq = head_seq + 1
    return WireEvent(seq, kind, version, body, head, event_hash(head, seq, kind, version, body))


def judge(head_seq: int, head: bytes, event: WireEvent, held: bytes | None) -> Verdict:
    """Say what an event is to a log that ends at a head.

    `held` is the hash that the log has at the event's place, when it has one. `broken`: the hash
    does not belong to the content, whoever made it.
    """
    if event.seq < 1 or event.hash != event_hash(
        event.prev, event.seq, event.kind, event.version, event.body
    ):
        return "broken"
    if event.seq <= head_seq:
        return "known" if held == event.hash else "forked"
    if event.seq > head_seq + 1:
        return "gap"
    return "new" if event.prev == head else "forked"


def unbroken(events: Sequence[WireEvent]) -> bool:
    """Tell whether events follow each other and each hash belongs to its content."""
    for before, one in pairwise(events):
        if one.seq != before.seq + 1 or one.prev != before.hash:
            return False
    return all(
        one.hash == event_hash(one.prev, one.seq, one.kind, one.version, one.body) for one in events
    )


def receipt_message(receipt: Receipt) -> bytes:
    """Give what the server signs of a receipt."""
    parts = (
        receipt.device.encode(),
        str(receipt.seq).encode(),
        receipt.head,
        str(receipt.lane).encode(),
        str(receipt.entry).encode(),
        receipt.entry_hash,
        receipt.at.encode(),
    )
    return _RECEIPT + b"".join(len(one).to_bytes(8, "big") + one for one in parts)


def download_message(topic: str, version: int, body: bytes) -> bytes:
    """Give what the server signs of a download."""
    parts = (topic.encode(), str(version).encode(), hashlib.sha256(body).digest())
    return b"meti-desk download 1" + b"".join(len(one).to_bytes(8, "big") + one for one in parts)


def request_message(
    method: str, path: str, device: str, time: int, nonce: bytes, body: bytes
) -> bytes:
    """Give what a device signs of a request: `time` in milliseconds since 1970, `nonce` 16 bytes.

    `body` is as sent, packed or not.
    """
    parts = (
        method.encode(), path.encode(), device.encode(), str(time).encode(), nonce,
        hashlib.sha256(body).digest(),
    )  # fmt: skip
    return b"meti-desk request 1" + b"".join(len(one).to_bytes(8, "big") + one for one in parts)
