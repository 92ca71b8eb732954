"""A simulated year of a ministry, as rows that hold: chains, receipts, counts, permits, mail.

8,000 staff, each with a device that writes 40 events on each of 245 working days and syncs every 15
minutes. Which part of the events is made is the only thing that changes: people and devices stay,
so that what grows is what grows in real use. Bodies are those of the program (`projection`).
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec

from meti_desk.domain import events as told
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label
from meti_desk.domain.ledger import follow
from meti_desk.server import figures
from meti_desk.server.permit_cases import Kept
from meti_desk.server.storage import Database, Entry, base
from meti_desk.sync import wire
from meti_desk.sync.permit_scope import wire_of
from meti_desk.sync.permits import PERMIT, PermitStatement, PermitTold
from meti_desk.sync.projection import project

STAFF, UNITS, DAYS, A_DAY = 8_000, 200, 245, 40
YEAR = STAFF * DAYS * A_DAY
"""Events of a year: 78.4 million."""
_PERMITS, _MAIL = 24 * STAFF, 120 * STAFF
"""Of a year: two permits a month each, and what is told of them."""
FULL_MAIL = 60
"""Pieces of mail that wait for each device that is measured, whatever the size."""
_OFFER = 40
"""Events of one request: a day's."""
_LANE = 900
_MAIL_BYTES = 1_200
_LABELS = (1, 2, 2, 2, 2, 3)
"""機密性 of what is labelled."""
_MEASURES = tuple(told.MeasureEntry(f"14-{n}", "done") for n in range(1, 6))
_EVENT = ("device", "seq", "kind", "version", "body", "prev", "hash", "received_at")
_ENTRY = ("lane", "entry", "at", "what", "prev", "hash")
_CASE = ("kind", "id", "unit", "person", "state", "revision", "until", "body", "at")


class Body(NamedTuple):
    """An event's body as it is sent, its kind, and how the server counts it."""

    kind: str
    body: bytes
    counted: tuple[str, str]


class Filled(NamedTuple):
    """What was put in: rows, seconds that it took, where each measured device's log ends."""

    events: int
    entries: int
    permits: int
    seconds: float
    ends: tuple[tuple[int, bytes], ...]


def bodies(moment: datetime, random: Random) -> list[Body]:
    """Give events as they are on a day: labels, actions with measures, removals."""
    made = []
    for number in range(20):
        label, document = (
            Label(Confidentiality(random.choice(_LABELS))),
            f"{random.getrandbits(128):032x}",
        )
        given: dict[str, Any] = {"document": document, "title": "資料.docx", "label": label}
        if number < 12:
            kind, body = told.CLASSIFY, told.classify_body(**given, marked=True)
            counted = (figures.LABEL, f"C{int(label.confidentiality)}")
        elif number < 18:
            kind = told.HANDLE
            body = told.handle_body(
                **given, action="provide", recipients=("a@example.com",), measures=_MEASURES,
            )  # fmt: skip
            counted = (figures.ACT, "provide")
        else:
            kind, body = (
                told.SCRUB,
                told.scrub_body(**given, removed={"author": 2, "revision": 7}, purpose="provide"),
            )
            counted = (figures.DONE, told.SCRUB)
        at = moment.isoformat(timespec="seconds")
        event = follow(None, event_id=f"{number:032x}", kind=kind, at=at, body=body)
        made.append(Body(kind, project(event), counted))
    return made


def mean_body() -> float:
    """Give the mean bytes of a body of such a day."""
    made = bodies(datetime(2026, 4, 1, tzinfo=UTC), Random(0))
    return sum(len(one.body) for one in made) / len(made)


def months(now: datetime) -> list[datetime]:
    """Give a moment in each of the twelve months that end with the one before this."""
    found, one = [], now.replace(day=1)
    for _ in range(12):
        one = (one - timedelta(days=1)).replace(day=15)
        found.append(one)
        one = one.replace(day=1)
    return found[::-1]


class _Chain:
    """A lane of the audit chain that this fills."""

    def __init__(self) -> None:
        self.last: Entry | None = None
        self.rows: list[Sequence[object]] = []

    def add(self, at: int, what: object) -> None:
        one = self.last = base.follow(self.last, _LANE, at, what)
        self.rows.append((one.lane, one.entry, one.at, one.what, one.prev, one.hash))


def _offers(seed: int, devices: Sequence[str], events: int) -> Iterator[tuple[int, datetime, int]]:
    """Give which device offers how many events when: each as many, over all months."""
    random = Random(seed)
    moments = months(datetime.now(UTC))
    count = max(1, round(events / _OFFER))
    for number in range(count):
        moment = moments[number * len(moments) // count]
        yield random.randrange(len(devices)), moment, min(_OFFER, events)


def fill(database: Database, devices: Sequence[str], units: Sequence[str], part: float) -> Filled:
    """Put a part of the year in; `units` names the 課室 of each device's person."""
    began, random = time.perf_counter(), Random(0)
    seqs, heads = [0] * len(devices), [wire.GENESIS] * len(devices)
    counts: Counter[tuple[str, str, str, str, int]] = Counter()
    chain, rows, held = _Chain(), [], 0
    known: dict[datetime, list[Body]] = {}
    for at, moment, many in _offers(1, devices, round(YEAR * part)):
        day = known.setdefault(moment, bodies(moment, random))
        stamp, first = int(moment.timestamp() * 1000), seqs[at]
        month = f"{moment:%Y-%m}"
        for place in range(many):
            one = day[place % len(day)]
            event = wire.follow(seqs[at], heads[at], one.kind, 1, one.body)
            seqs[at], heads[at] = event.seq, event.hash
            rows.append((devices[at], event.seq, event.kind, 1, event.body, event.prev,
                         event.hash, stamp))  # fmt: skip
            counts[units[at], month, *one.counted, at % 8] += 1
        chain.add(stamp, {"what": "log", "device": devices[at], "from": first, "to": seqs[at],
                          "head": heads[at]})  # fmt: skip
        held += many
        if len(rows) >= 20_000:
            _flush(database, rows, chain)
    _flush(database, rows, chain)
    permits = max(1, round(_PERMITS * part))
    with database.transaction():
        _devices(database, devices, seqs, heads)
        _figures(database, counts)
        _permits(database, units, permits)
        _mail(database, round(_MAIL * part))
    entries = chain.last.entry if chain.last else 0
    return Filled(
        held, entries, permits, time.perf_counter() - began, tuple(zip(seqs, heads, strict=True))
    )


def _flush(database: Database, rows: list[Any], chain: _Chain) -> None:
    with database.transaction():
        database.load("events", _EVENT, rows)
        database.load("chain", _ENTRY, chain.rows)
    rows.clear()
    chain.rows.clear()


def _devices(
    database: Database, devices: Sequence[str], seqs: Sequence[int], heads: Sequence[bytes]
) -> None:
    """Move the ends of the logs of devices that are there, and make the others."""
    now = int(time.time() * 1000)
    there = {row[0] for row in database.run("SELECT id FROM devices")}
    new = []
    for number, (device, seq, head) in enumerate(zip(devices, seqs, heads, strict=True)):
        if device in there:
            database.run(
                "UPDATE devices SET last_seq = ?, head = ? WHERE id = ?", (seq, head, device)
            )
        else:
            public = number.to_bytes(32, "big")
            new.append((device, f"y{number}", "端末", public, now, seq, head, now, b""))
    columns = "id, person, name, public, enrolled_at, last_seq, head, seen_at, opening"
    database.load("devices", columns.split(", "), new)


def _figures(database: Database, counts: Counter[tuple[str, str, str, str, int]]) -> None:
    columns = ("unit", "month", "kind", "name", "lane", "n", "total", "most")
    database.load("figures", columns, [(*key, n, 0, 0) for key, n in counts.items()])


def _permits(database: Database, units: Sequence[str], count: int) -> None:
    """Make permits: most are reported, one in fifty is over and waits for its report."""
    moments = months(datetime.now(UTC))
    scope = told_scope(moments[0])
    rows: list[Sequence[object]] = []
    for number in range(count):
        moment, at = moments[number * len(moments) // count], number % len(units)
        state = "expired" if number % 50 == 0 else "reported"
        person, stamp = f"y{at}", int(moment.timestamp() * 1000)
        statement = PermitStatement(
            id=f"{number:032x}", revision=3, scope=scope, state=state, unit=units[at],
            requested_by=person, requester="職員", requested_at=moment.isoformat(),
            decided_by="y0", decider="課長", post="課室情報セキュリティ責任者",
            decided_at=moment.isoformat(),
        )  # fmt: skip
        told_ = PermitTold(
            statement=msgspec.msgpack.encode(statement), signature=bytes(64), words=bytes(600)
        )
        body = msgspec.msgpack.encode(Kept(told=told_, asked=scope))
        rows.append((PERMIT, statement.id, units[at], person, state, 3, stamp, body, stamp))
        if len(rows) >= 5_000:
            database.load("cases", _CASE, rows)
            rows.clear()
    database.load("cases", _CASE, rows)


def told_scope(moment: datetime) -> Any:
    """Give the scope of a permit to provide one document for two weeks."""
    from meti_desk.domain.permit import PermitScope

    return wire_of(
        PermitScope(
            articles=frozenset({"13-1"}), digests=frozenset({"ab" * 32}),
            actions=frozenset({"provide"}), recipients=frozenset({"a@example.com"}),
            since=moment.date(), until=moment.date() + timedelta(days=14),
        )
    )  # fmt: skip


def _mail(database: Database, count: int) -> None:
    """Put mail for everybody, and as much as ever for the first sixteen, who are measured."""
    each = -(-count // STAFF)
    body, at = bytes(_MAIL_BYTES), int(time.time() * 1000)
    columns = ("person", "kind", "id", "n", "revision", "body", "at")
    for start in range(0, STAFF, 500):
        rows: list[Sequence[object]] = []
        for number in range(start, start + 500):
            many = FULL_MAIL if number < 16 else each
            # Numbers go on behind what the server itself told the person.
            rows += [
                (f"y{number}", "permit", f"{n:032x}", 1000 + n, 1000 + n, body, at)
                for n in range(many)
            ]
        database.load("mail", columns, rows)
    database.run("UPDATE people SET mailed = ?", (1000 + max(each, FULL_MAIL),))
