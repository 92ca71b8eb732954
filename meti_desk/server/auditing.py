"""Recomputes what the server holds: its own chain, every device's log, and that both agree."""

import msgspec

from meti_desk.server.storage import Database, Entry, entry_hash, genesis
from meti_desk.sync.wire import GENESIS, WireEvent, event_hash

_EVENTS = (
    "SELECT device, seq, kind, version, body, prev, hash FROM events WHERE device IN (MARKS)"
    " ORDER BY device, seq"
)
_AT_ONCE = 200
"""Devices whose logs are read in one pass: few enough for what has to be sorted."""
_Heads = dict[str, tuple[int, bytes]]
"""By device: how far its log goes, and the hash of its end."""


class AuditState(msgspec.Struct, frozen=True, kw_only=True):
    """How many entries and events there are, and the first of each that does not hold.

    `bad_entry` is a place in the chain on `bad_lane`, `bad_event` a device and a place in its log.
    """

    entries: int
    events: int
    devices: int
    intact: bool
    bad_entry: int | None = None
    bad_lane: int | None = None
    bad_event: str | None = None


class _Log(msgspec.Struct, frozen=True):
    """An entry of the chain that says how far a device's log goes."""

    what: str
    device: str = ""
    to: int = 0
    head: bytes = b""


def verify(database: Database) -> AuditState:
    """Recompute everything; costs a pass over all rows, of one moment while the server runs on."""
    with database.snapshot():
        entries, bad, heads = _chain(database)
        events, devices, bad_event = _logs(database, heads)
    return AuditState(
        entries=entries, events=events, devices=devices,
        intact=bad is None and bad_event is None,
        bad_entry=bad.entry if bad else None, bad_lane=bad.lane if bad else None,
        bad_event=bad_event,
    )  # fmt: skip


def _chain(database: Database) -> tuple[int, Entry | None, _Heads]:
    """Check the chain, lane by lane; gives how far it says that each device's log goes.

    A device may have spoken to several processes: the newest that any lane says counts, and no two
    may say different things of the same place.
    """
    lane, number, prev, count = -1, 0, GENESIS, 0
    bad: Entry | None = None
    heads: _Heads = {}
    for one in database.entries():
        count += 1
        if one.lane != lane:
            lane, number, prev = one.lane, 0, genesis(one.lane)
        number += 1
        right = entry_hash(prev, number, one.at, one.what)
        told = _read(one.what)
        holds = (one.entry, one.prev, one.hash) == (number, prev, right) and told is not None
        if told is not None and told.what == "log":
            to, head = heads.get(told.device, (0, GENESIS))
            holds = holds and not (told.to == to and told.head != head)
            if told.to >= to:
                heads[told.device] = (told.to, told.head)
        if bad is None and not holds:
            bad = one
        prev = one.hash
    return count, bad, heads


def _read(what: bytes) -> _Log | None:
    """Read an entry; `None` for what this server never wrote."""
    try:
        return msgspec.msgpack.decode(what, type=_Log)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _logs(database: Database, heads: _Heads) -> tuple[int, int, str | None]:
    """Check the logs, those of many devices in one pass: a pass for each would cost far more."""
    count, bad = 0, None
    rows = database.run("SELECT id, last_seq, head FROM devices ORDER BY id")
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        ends: _Heads = {device: (0, GENESIS) for device, _, _ in part}
        marks = ", ".join("?" * len(part))
        for device, *row in database.walk(_EVENTS.replace("MARKS", marks), [*ends]):
            one, (seq, held) = WireEvent(*row), ends[device]
            count += 1
            right = event_hash(held, seq + 1, one.kind, one.version, one.body)
            if bad is None and (one.seq, one.prev, one.hash) != (seq + 1, held, right):
                bad = f"{device} {one.seq}"
            ends[device] = (one.seq, one.hash)
        for device, last, head in part:
            told = heads.get(device, (0, GENESIS))
            if bad is None and not (ends[device] == (last, head) == told):
                bad = f"{device} {ends[device][0]}"
    return count, len(rows), bad
