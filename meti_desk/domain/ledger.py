"""取扱記録: what was done with which document, as an append-only chain (Arts. 77-2, 77-6).

An event's hash covers its predecessor's, so a removed, changed or reordered event is found by
recomputing. Bodies are kept as the exact bytes that were hashed: nobody has to serialize alike.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
"""What the first event of a device names as its predecessor."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: `seq` counts from 1 without gaps; `body` is canonical JSON; hashes are hex."""

    id: str
    seq: int
    kind: str
    version: int
    at: str
    body: str
    prev_hash: str
    hash: str

    def data(self) -> dict[str, object]:
        """Decode the body."""
        decoded = json.loads(self.body)
        return decoded if isinstance(decoded, dict) else {}


def canonical(body: Mapping[str, object]) -> str:
    """Write a body as JSON in one way only: sorted keys, no spaces, UTF-8 left as it is."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(prev_hash: str, *parts: str | int) -> str:
    """Hash an event's fields, each with its length in front, behind its predecessor's hash."""
    digest = hashlib.sha256(bytes.fromhex(prev_hash))
    for part in parts:
        raw = str(part).encode()
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()


def follow(
    last: Event | None,
    *,
    event_id: str,
    kind: str,
    at: str,
    body: Mapping[str, object],
    version: int = 1,
) -> Event:
    """Make the event that comes after `last` (`None`: the first of this device)."""
    seq = last.seq + 1 if last else 1
    prev_hash = last.hash if last else GENESIS
    text = canonical(body)
    digest = event_hash(prev_hash, event_id, seq, kind, version, at, text)
    return Event(event_id, seq, kind, version, at, text, prev_hash, digest)


def first_bad(events: Iterable[Event]) -> Event | None:
    """Walk a chain from its beginning and give the first event that does not fit, if any."""
    prev = GENESIS
    for seq, event in enumerate(events, start=1):
        expected = event_hash(
            prev, event.id, event.seq, event.kind, event.version, event.at, event.body
        )
        if event.seq != seq or event.prev_hash != prev or event.hash != expected:
            return event
        prev = event.hash
    return None
