"""The staff directory as a CSV: read whole, then taken over whole, with who left."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import people, units
from meti_desk.server.syncing import Server

COLUMNS = ("id", "name", "unit", "mail", "role")
ACTIVE = "active"
_MORE = "\n"
"""Where a row keeps what is behind its last column: a name that no column has."""
_YES = frozenset({"", "1", "true", "yes", "在籍"})
_NO = frozenset({"0", "false", "no", "退職", "離職"})
_FEW = 10
"""Of fewer people than this, more than half may really leave at once, if it is said of each."""
_SURE = 3
"""A file in which UTF-8 read so many characters beyond ASCII is no Shift_JIS."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """How many people the file names, and what changed: new ones, moves, people who left."""

    people: int
    changed: int
    joined: int
    moved: int
    left: int


def read(data: bytes) -> list[people.Person]:
    """Read all of the directory before any of it is written; Excel writes UTF-8 or Shift_JIS.

    Columns as `COLUMNS`, and `active` if there is one (empty: in office). Raises `InvalidInput`:
    `server.people`, and with the `line` that is wrong `server.people-encoding`,
    `server.people-row` (no CSV, or more columns than the first line names), `server.person-empty`
    (no id), `server.person-words`, `server.role`, `server.active`, `server.person-twice`.
    """
    staff: dict[str, people.Person] = {}
    for line, row in _rows(_text(data)):
        identity, name, unit, mail, role = (row[one].strip() for one in COLUMNS)
        if not identity:
            raise InvalidInput("server.person-empty", line=line)
        if not all(people.fits(word) for word in (identity, name, unit, mail, role)):
            raise InvalidInput("server.person-words", line=line)
        if not units.is_role(role):
            raise InvalidInput("server.role", role=role[:40], line=line)
        if identity in staff:
            raise InvalidInput("server.person-twice", person=identity[:40], line=line)
        active = _active(row.get(ACTIVE, ""), line)
        staff[identity] = people.Person(identity, name, unit, mail, role, active)
    return [*staff.values()]


def _text(data: bytes) -> str:
    """Decode a file strictly: a letter that cannot be read could be one of an id."""
    body = data.removeprefix(BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        wrong = error.start
    read = sum(not one.isascii() for one in body[:wrong].decode())
    if read < _SURE and body == data:
        try:
            return body.decode("cp932")
        except UnicodeDecodeError as error:
            wrong = error.start
    raise InvalidInput("server.people-encoding", line=body.count(b"\n", 0, wrong) + 1)


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Give each row with the number of the line on which it begins."""
    rows = csv.DictReader(io.StringIO(text, newline=""), restkey=_MORE, restval="")
    try:
        if not set(rows.fieldnames or ()) >= set(COLUMNS):
            raise InvalidInput("server.people", columns=",".join(COLUMNS))
        for row in rows:
            more = "".join(row.pop(_MORE, ()))
            line = rows.line_num - sum(word.count("\n") for word in row.values())
            if more.strip():
                raise InvalidInput("server.people-row", line=line)
            yield line, row
    except csv.Error:
        raise InvalidInput("server.people-row", line=rows.reader.line_num) from None


def take(server: Server, data: bytes, at: int, *, complete: bool = False) -> Taken:
    """Take the directory over, all of it or nothing.

    `complete`: whoever is not in the file has left. A file by which more than half would leave is
    not believed (`server.too-many-left`), whether it leaves them out or says it in the column
    `active`; the latter is believed where there are fewer than ten people.
    """
    staff = read(data)
    gone = _gone(server, staff, complete=complete)
    changes = people.put_people(server.database, [*staff, *gone], at, server.key)
    return Taken(
        people=len(staff),
        changed=len(changes),
        joined=sum(one.joined for one in changes),
        moved=sum(one.moved for one in changes),
        left=sum(one.left and one.before is not None for one in changes),
    )


def _gone(
    server: Server, staff: Sequence[people.Person], *, complete: bool
) -> Sequence[people.Person]:
    """Give who left without being named; refuse what cannot be believed."""
    named = {one.id: one.active for one in staff}
    held = people.everybody(server.database)
    absent = [one for one in held if complete and one.id not in named]
    told = sum(not named.get(one.id, True) for one in held)
    left = len(absent) + (told if len(held) >= _FEW else 0)
    if 2 * left > len(held):
        raise InvalidInput("server.too-many-left", left=left, known=len(held))
    return [msgspec.structs.replace(one, active=False) for one in absent]


def _active(word: str, line: int) -> bool:
    told = word.strip().lower()
    if told not in _YES | _NO:
        raise InvalidInput("server.active", active=word[:40], line=line)
    return told in _YES
