"""機密性3情報管理簿: what the lines of an entry come to (Arts. 10-4, 11-2, 11-5).

The lines tell what happened to a document and to its copies; they are only ever added. Here they
are read from the first to the last: where it is, who may access it, which copy is with whom, what
came back, what was destroyed, and what the last stock-taking found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath

from meti_desk.domain.policy import Policy

ENTERED, COPIED, NOTED = "entered", "copied", "noted"
RETURNED, DISPOSED, LOWERED, STOCK = "returned", "disposed", "lowered", "stock"
HELD, OVERDUE, MISSING = "held", "overdue", "missing"
NO_ACCESS = "register.no-access"
"""Nobody said yet who may access it (11-2)."""
NOT_IN_PLACE = "register.not-in-place"
"""It does not lie in a place that the 課室 designated (11-5)."""
IS_OVERDUE = "register.overdue"
"""A copy has not come back in time."""
IS_MISSING = "register.missing"
"""The stock-taking did not find it: 障害・事故等の報告 (Art. 99)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line with its words; what is empty says nothing. `sync.register` tells of the fields."""

    id: str
    what: str
    at: str
    count: int = 0
    first: int = 0
    permit: str = ""
    of: str = ""
    result: str = ""
    person: str = ""
    location: str = ""
    designated: str = ""
    access: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    due: str = ""
    how: str = ""
    reason: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy; `n` is its number behind that of the document, 0 while it has none."""

    id: str
    n: int
    how: str
    at: str
    state: str = HELD
    holder: str = ""
    location: str = ""
    permit: str = ""
    due: str = ""
    ended_at: str = ""
    ended_how: str = ""

    def state_on(self, today: date) -> str:
        """Give the state on a day: what had to come back and did not is overdue."""
        if self.state == HELD and self.due and self.due < today.isoformat():
            return OVERDUE
        return self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the lines of a document come to."""

    state: str = HELD
    location: str = ""
    designated: str = ""
    access: tuple[str, ...] = ()
    due: str = ""
    copies: Mapping[str, Copy] = field(default_factory=dict)
    entered_at: str = ""
    ended_at: str = ""
    ended_how: str = ""
    stock: Line | None = None

    def flags(self, today: date) -> tuple[str, ...]:
        """Name what is to be done about it, the gravest first."""
        if self.state != HELD:
            return ()
        late = any(one.state_on(today) == OVERDUE for one in self.copies.values())
        found = (
            (IS_MISSING, self.stock is not None and self.stock.result == MISSING),
            (IS_OVERDUE, late),
            (NOT_IN_PLACE, not self.designated),
            (NO_ACCESS, not self.access),
        )
        return tuple(code for code, holds in found if holds)


def fold(lines: Iterable[Line]) -> Entry:
    """Read an entry from its first line to its last."""
    entry = Entry()
    for line in lines:
        entry = _after(entry, line)
    return entry


def _after(entry: Entry, line: Line) -> Entry:
    if line.what == STOCK:
        return replace(entry, stock=line)
    if line.of:
        return _of_copy(entry, line)
    if line.what == COPIED:
        return replace(entry, copies={**entry.copies, **{one.id: one for one in _made(line)}})
    entry = replace(
        entry,
        location=line.location or entry.location,
        designated=line.designated or ("" if line.location else entry.designated),
        access=line.access or entry.access,
        due=line.due or entry.due,
    )
    if line.what == ENTERED:
        started = entry.entered_at or line.at
        return replace(entry, state=HELD, entered_at=started, ended_at="", ended_how="")
    if line.what in (DISPOSED, LOWERED):
        return replace(entry, state=line.what, ended_at=line.at, ended_how=line.how)
    return entry


def _made(line: Line) -> Iterable[Copy]:
    for at in range(line.count):
        yield Copy(
            id=copy_id(line.id, at + 1),
            n=line.first + at if line.first else 0,
            how=line.how,
            at=line.at,
            holder=line.holders[at] if at < len(line.holders) else "",
            location=line.location,
            permit=line.permit,
            due=line.due,
        )


def _of_copy(entry: Entry, line: Line) -> Entry:
    copy = entry.copies.get(line.of)
    if copy is None:
        return entry
    if line.what in (RETURNED, DISPOSED):
        copy = replace(copy, state=line.what, ended_at=line.at, ended_how=line.how)
    else:
        copy = replace(
            copy,
            holder=line.holders[0] if line.holders else copy.holder,
            location=line.location or copy.location,
            due=line.due or copy.due,
        )
    return replace(entry, copies={**entry.copies, line.of: copy})


def copy_id(line: str, number: int) -> str:
    """Name the `number`th copy that a line tells of, from 1."""
    return f"{line}.{number}"


def provisional(identity: str) -> str:
    """Give what stands for a number until the server gave one: unique, and seen to be none."""
    return f"仮-{identity[-8:]}"


def place_of(policy: Policy, unit: str, location: str) -> str:
    """Name the place of the 課室 (Art. 11-5) in which a file lies, or nothing."""
    where = location.replace("\\", "/")
    for known in policy.c3_places:
        folder = known.folder.replace("\\", "/").rstrip("/")
        inside = folder and ".." not in where and PurePosixPath(where).is_relative_to(folder)
        if known.unit == unit and where and (where == known.name or inside):
            return known.name
    return ""


def newest(lines: Sequence[Line], most: int) -> tuple[tuple[Line, ...], int]:
    """Keep the newest lines and tell how many of the oldest were left out."""
    cut = max(0, len(lines) - most)
    return tuple(lines[cut:]), cut
