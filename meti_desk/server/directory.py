"""The staff directory as a CSV: read whole, then taken over whole, with who left."""

import csv
import io
from collections.abc import Sequence

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import people, units
from meti_desk.server.syncing import Server

COLUMNS = ("id", "name", "unit", "mail", "role")
ACTIVE = "active"
_YES = frozenset({"", "1", "true", "yes", "在籍"})
_NO = frozenset({"0", "false", "no", "退職", "離職"})


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
    `server.people`, `server.role`, `server.active`, `server.person-twice`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp932", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if not set(rows.fieldnames or ()) >= set(COLUMNS):
        raise InvalidInput("server.people", columns=",".join(COLUMNS))
    staff: dict[str, people.Person] = {}
    for row in rows:
        identity, name, unit, mail, role = (row[one].strip() for one in COLUMNS)
        if not units.is_role(role):
            raise InvalidInput("server.role", role=role[:40])
        if identity in staff:
            raise InvalidInput("server.person-twice", person=identity[:40])
        active = _active(row.get(ACTIVE, ""))
        staff[identity] = people.Person(identity, name, unit, mail, role, active)
    return [*staff.values()]


def take(server: Server, data: bytes, at: int, *, complete: bool = False) -> Taken:
    """Take the directory over, all of it or nothing.

    `complete`: whoever is not in the file has left. A file by which more than half would leave is
    not believed (`server.too-many-left`); then the column `active` says who did.
    """
    staff = read(data)
    changes = people.put_people(
        server.database, [*staff, *(_absent(server, staff) if complete else ())], at, server.key
    )
    return Taken(
        people=len(staff),
        changed=len(changes),
        joined=sum(one.joined for one in changes),
        moved=sum(one.moved for one in changes),
        left=sum(one.left and one.before is not None for one in changes),
    )


def _absent(server: Server, staff: Sequence[people.Person]) -> Sequence[people.Person]:
    named = {one.id for one in staff}
    held = people.everybody(server.database)
    gone = [msgspec.structs.replace(one, active=False) for one in held if one.id not in named]
    if 2 * len(gone) > len(held):
        raise InvalidInput("server.too-many-left", left=len(gone), known=len(held))
    return gone


def _active(word: str) -> bool:
    told = word.strip().lower()
    if told not in _YES | _NO:
        raise InvalidInput("server.active", active=word[:40])
    return told in _YES
