"""Counts what devices did, in the transaction that keeps it: by 課室, month, kind and name.

A report adds up a few rows for each 課室 and month instead of reading all events. Nothing in a row
tells who it was. Names come from lists of this program, so that no device can make rows at will.
Several lanes of one figure let processes count without waiting for each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from meti_desk.server.people import Device, Person
from meti_desk.server.storage import Database
from meti_desk.sync.wire import WireEvent

LABEL, ACT, DONE = "label", "act", "done"
SUBMITTED, WITHDRAWN = "selfcheck-submitted", "selfcheck-withdrawn"
PERMIT, REVIEW = "permit", "review"
ACTS = frozenset(
    {
        "copy", "distribute", "print", "store", "transfer", "provide", "publish", "take-out",
        "dispose",
    }
)  # fmt: skip
OTHER, UNDECIDED = "other", "undecided"
_PLAIN = frozenset({"scrub", "protect", "redact", "convert", "open", "consult", "notice"})
_FORMS = {"selfcheck-submit": SUBMITTED, "selfcheck-withdraw": WITHDRAWN}
_JAPAN = timezone(timedelta(hours=9))
_BACK = timedelta(days=400)
"""How long a device may have been away; what claims to be older counts as of now."""
_LANES = 8
_HOUR = 3_600_000
_DAY = 24 * _HOUR
"""By which clocks of processes surely do not differ."""
HASHES = (
    "SELECT seq, hash FROM events WHERE device = ? AND seq BETWEEN ? AND ?"
    " AND received_at BETWEEN ? AND ?"
)
"""The hashes of a part of a log that came within a time: every month is a table of its own."""
_COLUMNS = "unit, month, kind, name, lane, n, total, most"
_ADD = (
    "ON CONFLICT (unit, month, kind, name, lane) DO UPDATE SET n = figures.n + excluded.n,"
    " total = figures.total + excluded.total, most ="
    " CASE WHEN excluded.most > figures.most THEN excluded.most ELSE figures.most END"
)


class _Label(msgspec.Struct, frozen=True):
    c: int = 0
    decided: bool = True


class _Facts(msgspec.Struct, frozen=True):
    label: _Label | None = None
    action: str = ""
    acts: tuple[str, ...] = ()
    form: str = ""


class _Body(msgspec.Struct, frozen=True):
    at: str = ""
    facts: _Facts = _Facts()


class New(msgspec.Struct, frozen=True):
    """What is new of one device's log; `at` is when each event came (milliseconds)."""

    device: Device
    person: Person | None
    events: Sequence[tuple[WireEvent, int]]


class _Sums:
    """Figures of one transaction, written in one order so that nobody waits in a circle."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, key: tuple[str, str, str, str], lane: int, n: int, amount: int) -> None:
        held = self._held[*key, lane]
        held[0] += n
        held[1] += amount
        held[2] = max(held[2], amount)

    def write(self, database: Database) -> None:
        rows = [(*key, *self._held[key]) for key in sorted(self._held)]
        if rows:
            database.put("figures", _COLUMNS, rows, _ADD)


def take(database: Database, logs: Iterable[New]) -> None:
    """Count new events of several devices; inside the transaction that keeps them."""
    sums = _Sums()
    for log in logs:
        unit = log.person.unit if log.person else ""
        lane = _lane(log.device.id)
        for event, body, at in _counted(database, log):
            month = _month(body.at, at)
            for kind, name in _figures(database, event.kind, body.facts):
                sums.add((unit, month, kind, name), lane, 1, 0)
    sums.write(database)


def add(
    database: Database, unit: str, at: int, kind: str, name: str, *, n: int = 1, seconds: int = 0
) -> None:
    """Count something that was done on the server at a time (ms); inside its transaction.

    `seconds` is how long it took until then: mean and longest stand in the report.
    """
    sums = _Sums()
    sums.add((unit, _month("", at), kind, name), 0, n, max(0, seconds))
    sums.write(database)


def permit(database: Database, unit: str, state: str, asked_at: str, at: int) -> None:
    """Count a step of a permit, and for a decision how long it took; inside its transaction."""
    seconds = 0
    if state in ("granted", "conditional", "refused"):
        asked = _moment(asked_at)
        seconds = int(at / 1000 - asked.timestamp()) if asked else 0
    add(database, unit, at, PERMIT, state, seconds=seconds)


def _counted(database: Database, log: New) -> Iterable[tuple[WireEvent, _Body, int]]:
    """Give events with their bodies, without those that another device of the person sent before.

    Who leaves the server and enrols anew sends the same log again, under another device.
    """
    read = [(event, _read(event.body), at) for event, at in log.events]
    old = [event for event, body, _ in read if _before(body.at, log.device.enrolled_at)]
    known = _elsewhere(database, log.device, old) if old else frozenset()
    return [one for one in read if (one[0].seq, one[0].hash) not in known]


def _elsewhere(
    database: Database, device: Device, events: Sequence[WireEvent]
) -> frozenset[tuple[int, bytes]]:
    places = [one.seq for one in events]
    # Only those that got as far, and of each only the months in which it was there.
    others = database.run(
        "SELECT id, enrolled_at, seen_at FROM devices"
        " WHERE person = ? AND id <> ? AND last_seq >= ? ORDER BY id",
        (device.person, device.id, min(places)),
    )
    known: set[tuple[int, bytes]] = set()
    for other, enrolled_at, seen_at in others:
        asked = (other, min(places), max(places), enrolled_at - _DAY, seen_at + _DAY)
        rows = database.run(HASHES, asked)
        known.update((seq, bytes(digest)) for seq, digest in rows)
    return frozenset(known)


def _figures(database: Database, kind: str, facts: _Facts) -> Iterable[tuple[str, str]]:
    if kind == "classify" and facts.label is not None:
        decided = facts.label.decided and facts.label.c in (1, 2, 3)
        yield LABEL, f"C{facts.label.c}" if decided else UNDECIDED
    elif kind == "handle":
        for act in sorted(set(facts.acts or (facts.action,))):
            yield ACT, act if act in ACTS else OTHER
    elif kind in _FORMS:
        yield _FORMS[kind], facts.form if _is_form(database, facts.form) else OTHER
    elif kind in _PLAIN:
        yield DONE, kind


def _is_form(database: Database, url: str) -> bool:
    """Tell whether a form is one that was published, or that comes with the program."""
    if not url.isprintable():
        return False
    topic = f"form:{url}"
    if database.run("SELECT 1 FROM snapshots WHERE topic = ? LIMIT 1", (topic,)):
        return True
    from meti_desk.standard.selfcheck_file import shipped

    return url in {one.form.url for one in shipped()}


def _read(body: bytes) -> _Body:
    try:
        return msgspec.msgpack.decode(body, type=_Body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _Body()


def _lane(device: str) -> int:
    return sum(device.encode()) % _LANES


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _before(text: str, enrolled_at: int) -> bool:
    found = _moment(text)
    return found is None or found.timestamp() * 1000 < enrolled_at


def _month(text: str, received: int) -> str:
    """Give the month at the ministry in which something was done (`2026-11`).

    Of the device's word, unless that cannot be: then of the time when it came.
    """
    current = _month_of_hour(received // _HOUR)
    if text.endswith("+09:00") and text.startswith(current):
        return current  # nearly always, and quickly
    came = datetime.fromtimestamp(received / 1000, UTC)
    told = _moment(text)
    fits = told is not None and came - _BACK <= told <= came + timedelta(days=1)
    return f"{(told if fits and told else came).astimezone(_JAPAN):%Y-%m}"


@lru_cache(maxsize=64)
def _month_of_hour(hour: int) -> str:
    return f"{datetime.fromtimestamp(hour * _HOUR / 1000, _JAPAN):%Y-%m}"


Row = tuple[str, str, str, str, int, int, int]
"""課室, month, kind, name, how often, seconds in all, most seconds."""


def between(database: Database, since: str, until: str, unit: str | None) -> Sequence[Row]:
    """Add the figures of months up, for one 課室 or all."""
    ask = (
        "SELECT unit, month, kind, name, SUM(n), SUM(total), MAX(most) FROM figures"
        " WHERE month >= ? AND month <= ?"
    )
    values: list[str] = [since, until]
    if unit is not None:
        ask += " AND unit = ?"
        values.append(unit)
    ask += " GROUP BY unit, month, kind, name ORDER BY unit, month, kind, name"
    return [
        (held, month, kind, name, int(n), int(total), int(most))
        for held, month, kind, name, n, total, most in database.run(ask, values)
    ]


def grouped(rows: Sequence[Row]) -> Mapping[tuple[str, str], Mapping[str, Mapping[str, int]]]:
    """Give counts by 課室 and month, kind and name."""
    found: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
    for unit, month, kind, name, n, _total, _most in rows:
        found.setdefault((unit, month), {}).setdefault(kind, {})[name] = n
    return found
