"""The report of the office: what was done in each 課室, month by month, and what is open now.

No row names a person; who has to be asked is the responsible person of the 課室. Figures of few
people can still tell something about one of them: the report is for the office alone.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import figures
from meti_desk.server.permit_cases import Kept, day
from meti_desk.server.storage import Database
from meti_desk.sync.permit_scope import permit_of
from meti_desk.sync.permits import PERMIT, PermitStatement

DAYS_AWAY = 30
_DAY = 86_400_000
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_FIRST, _LAST = "2000-01", "2099-12"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. `mean` and `most` are seconds where something took time."""

    unit: str
    month: str
    kind: str
    name: str
    n: int
    mean: int = 0
    most: int = 0


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand in a 課室 now: `what` of the words below, and how many."""

    unit: str
    what: str
    n: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; `at` is when it was made (ISO 8601).

    `now` holds: `people`, `people-without-device`, `devices`, `devices-away` (not seen for 30
    days), `permit.STATE`, `permit-reports-overdue`, `review.STATE`.
    """

    at: str
    since: str
    until: str
    lines: tuple[Line, ...]
    now: tuple[Open, ...]


def report(
    database: Database, at: int, *, unit: str | None = None, since: str = "", until: str = ""
) -> Report:
    """Make the report of months (`2026-04`), of one 課室 or all; one state of the database.

    Raises `InvalidInput("report.month")`.
    """
    first, last = _month(since, _FIRST), _month(until, _LAST)
    with database.snapshot():
        rows = figures.between(database, first, last, unit)
        now = _now(database, at, unit)
    return Report(
        at=datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds"),
        since=since,
        until=until,
        lines=tuple(
            Line(
                unit=held, month=month, kind=kind, name=name, n=n,
                mean=round(total / n) if n else 0, most=most,
            )
            for held, month, kind, name, n, total, most in rows
        ),
        now=now,
    )  # fmt: skip


def table(found: Report) -> bytes:
    """Write a report as CSV that Excel opens (UTF-8 with a byte order mark)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("課室", "月", "種類", "名前", "件数", "平均（秒）", "最長（秒）"))
    for one in found.lines:
        row = (one.unit, one.month, one.kind, one.name, one.n, one.mean or "", one.most or "")
        writer.writerow([_cell(value) for value in row])
    for held in found.now:
        writer.writerow([_cell(held.unit), "現在", _cell(held.what), "", held.n, "", ""])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> object:
    """Give a cell that no spreadsheet takes for a formula: a 課室 is what somebody typed."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


_COUNTS: Mapping[str, str] = {
    "people": "SELECT unit, COUNT(*) FROM people p WHERE active = 1 {unit} GROUP BY unit",
    "people-without-device": (
        "SELECT p.unit, COUNT(*) FROM people p WHERE p.active = 1 {unit} AND NOT EXISTS"
        " (SELECT 1 FROM devices d WHERE d.person = p.id AND d.revoked_at IS NULL) GROUP BY p.unit"
    ),
    "devices": (
        "SELECT p.unit, COUNT(*) FROM devices d JOIN people p ON p.id = d.person"
        " WHERE d.revoked_at IS NULL AND p.active = 1 {unit} GROUP BY p.unit"
    ),
    "devices-away": (
        "SELECT p.unit, COUNT(*) FROM devices d JOIN people p ON p.id = d.person"
        " WHERE d.revoked_at IS NULL AND p.active = 1 AND d.seen_at < {away} {unit}"
        " GROUP BY p.unit"
    ),
}
"""Counts by 課室; `p` is the table whose column `unit` counts. Numbers alone are put in."""
OVERDUE = "SELECT unit, body FROM cases WHERE kind = ? AND state = ?"
_STATES = (
    "SELECT p.unit, p.state, COUNT(*) FROM cases p WHERE p.kind = ? {unit} GROUP BY p.unit, p.state"
)


def _now(database: Database, at: int, unit: str | None) -> tuple[Open, ...]:
    only, values = ("", ()) if unit is None else ("AND p.unit = ?", (unit,))
    found = [
        Open(unit=held, what=what, n=int(n))
        for what, ask in _COUNTS.items()
        for held, n in database.run(ask.format(unit=only, away=int(at) - DAYS_AWAY * _DAY), values)
    ]
    overdue = _overdue(database, at, unit)
    found += [Open(unit=one, what="permit-reports-overdue", n=n) for one, n in overdue.items()]
    for kind in ("permit", "review"):
        rows = database.run(_STATES.format(unit=only), (kind, *values))
        found += [Open(unit=held, what=f"{kind}.{state}", n=int(n)) for held, state, n in rows]
    return tuple(sorted(found, key=lambda one: (one.unit, one.what)))


_OVER = {"expired": "until > 0", "revoked": "until > 0"}
_RUN_OUT = {"granted": "until BETWEEN 1 AND {at}", "conditional": "until BETWEEN 1 AND {at}"}
"""Where permits are looked for by their state: over with a report to come, or just run out."""


def _overdue(database: Database, at: int, unit: str | None) -> Mapping[str, int]:
    """Count the permits that are over and whose 終了報告 is due (Arts. 77-3, 77-7).

    Whether one is due stands in the statement: those for which it may be are looked at one by one.
    Each state is asked for alone, so that both engines go by an index; those that are at their end
    have left it (`permit_cases`).
    """
    counts: Counter[str] = Counter()
    only, values = ("", ()) if unit is None else (" AND unit = ?", (unit,))
    for state, when in (_OVER | _RUN_OUT).items():
        ask = OVERDUE + only + " AND " + when.format(at=int(at))
        for held, body in database.walk(ask, (PERMIT, state, *values)):
            counts[held] += permit_of(_statement(body)).report_due(day(at))
    return +counts


def _statement(body: bytes) -> PermitStatement:
    kept = msgspec.msgpack.decode(body, type=Kept)
    return msgspec.msgpack.decode(kept.told.statement, type=PermitStatement)


def _month(text: str, otherwise: str) -> str:
    if text and not _MONTH.fullmatch(text):
        raise InvalidInput("report.month", month=text[:20])
    return text or otherwise


def totals(found: Report) -> Sequence[tuple[str, str, int]]:
    """Add the lines up over all 課室 and months, for people who look at a screen."""
    sums: dict[tuple[str, str], int] = {}
    for one in found.lines:
        sums[one.kind, one.name] = sums.get((one.kind, one.name), 0) + one.n
    return [(kind, name, n) for (kind, name), n in sorted(sums.items())]
