"""Staff and their devices: a one-time code makes a device of a person (enrolment)."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from importlib import import_module

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import units
from meti_desk.server.keys import ServerKey
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.server.words import one_line
from meti_desk.sync.wire import GENESIS

DAYS = 7
"""How long a code is good."""
_DAY = 86_400_000
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 16
PUBLIC_LENGTH = 32
_LONGEST = 200
_DEVICES = (
    "SELECT id, person, name, public, enrolled_at, revoked_at, last_seq, head, seen_at, opening"
    " FROM devices"
)


class Person(msgspec.Struct, frozen=True):
    """A member of staff as the directory tells.

    `role`: words of `server.units` (`staff`, `responsible`, `system`, `head`, `office`), parted by
    spaces.
    """

    id: str
    name: str = ""
    unit: str = ""
    mail: str = ""
    role: str = "staff"
    active: bool = True


class Change(msgspec.Struct, frozen=True):
    """A change of the directory: who somebody was - `None`: nobody yet -, and who they are now."""

    before: Person | None
    after: Person

    @property
    def left(self) -> bool:
        """Tell whether the person is gone."""
        return not self.after.active

    @property
    def joined(self) -> bool:
        """Tell whether the person is new, or back."""
        return self.after.active and (self.before is None or not self.before.active)

    @property
    def moved(self) -> bool:
        """Tell whether the person was in another 課室 before (異動)."""
        before = self.before
        return self.after.active and before is not None and before.unit != self.after.unit

    @property
    def posts(self) -> tuple[frozenset[str], frozenset[str]]:
        """Give the posts held before and now."""
        was = units.posts_of(self.before.role) if self.before and self.before.active else ()
        now = units.posts_of(self.after.role) if self.after.active else ()
        return frozenset(was), frozenset(now)


MOVES = ("meti_desk.server.successors:moved",)
"""What follows from changes of the directory: `module:function` that takes the database, the
server's key or `None`, the changes and the time; inside the transaction that makes them."""


class Device(msgspec.Struct, frozen=True):
    """A device of a person; times are milliseconds since 1970, 0 and `None`: never."""

    id: str
    person: str
    name: str
    public: bytes
    enrolled_at: int
    revoked_at: int | None
    last_seq: int
    head: bytes
    seen_at: int
    opening: bytes = b""
    """The point under which others seal what this device may read."""


class Code(msgspec.Struct, frozen=True):
    """A fresh code: what the person types, and when it ends (milliseconds)."""

    code: str
    expires: int


def put_person(database: Database, person: Person, at: int) -> None:
    """Add a person or change one (`server.person`)."""
    put_people(database, (person,), at)


def put_people(
    database: Database, staff: Sequence[Person], at: int, key: ServerKey | None = None
) -> Sequence[Change]:
    """Add people or change them, all or none; gives what changed (`server.person`).

    Who left loses the devices at once (Art. 24-7), and what waited for them goes to who holds the
    post now. Permits end with the signature of `key`; without it at the next look of a process
    that has it (`server.permits.sweep`).
    """
    for new in staff:
        words = msgspec.structs.astuple(new)[:-1]
        if not new.id or not all(map(fits, words)):
            raise InvalidInput("server.person", person=ascii(new.id[:_LONGEST])[1:-1])

    def write() -> Sequence[Change]:
        if all(person(database, one.id) == one for one in staff):
            return ()  # nobody waits for a directory that changes nothing
        database.hold_directory(alone=True)
        found = (_written(database, new, at) for new in staff)
        changes = [change for change in found if change is not None]
        for change in changes:
            if change.left:
                _close(database, change.after.id, at)
        concerned = {one.unit for change in changes for one in (change.before, change.after) if one}
        # Somebody who decides for all 課室 is told to all of them: once is enough.
        everywhere = units.EVERYWHERE in concerned
        for unit in [units.EVERYWHERE] if everywhere else sorted(concerned):
            units.announce(database, unit, at)
        for place in MOVES:
            _named(place)(database, key, changes, at)
        return changes

    return database.together(write)


def fits(word: str) -> bool:
    """Tell whether a word of the directory is one line, and not too long."""
    return len(word) <= _LONGEST and one_line(word)


def _written(database: Database, new: Person, at: int) -> Change | None:
    """Write a person down, unless that is how they stand in the directory already."""
    before = person(database, new.id)
    if before == new:
        return None
    database.run(
        "INSERT INTO people (id, name, unit, mail, role, active)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
        " unit = excluded.unit, mail = excluded.mail, role = excluded.role,"
        " active = excluded.active",
        (new.id, new.name, new.unit, new.mail, new.role, int(new.active)),
    )
    database.record(at, {"what": "person", "person": new.id, "active": new.active})
    return Change(before, new)


def _close(database: Database, person_id: str, at: int) -> None:
    """Refuse all devices of a person from now on."""
    rows = database.run(
        "UPDATE devices SET revoked_at = ? WHERE person = ? AND revoked_at IS NULL RETURNING id",
        (at, person_id),
    )
    for (device_id,) in sorted(rows):
        database.record(at, {"what": "revoked", "device": device_id})


def new_code(database: Database, person: str, fingerprint: str, at: int) -> Code:
    """Make a code for a person; the server keeps its hash only.

    The code ends in the first letters of the server key's fingerprint, so that the client knows
    that it talks to the server that made it. Raises `InvalidInput("server.person")`.
    """
    if not database.run("SELECT 1 FROM people WHERE id = ? AND active = 1", (person,)):
        raise InvalidInput("server.person", person=person[:_LONGEST])
    secret = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    made = Code(f"{secret}-{fingerprint}", at + DAYS * _DAY)

    def write() -> None:
        values = (_hashed(secret), person, made.expires)
        database.run("INSERT INTO codes (hash, person, expires) VALUES (?, ?, ?)", values)
        database.record(at, {"what": "code", "person": person, "expires": made.expires})

    database.together(write)
    return made


def enrol(database: Database, code: str, public: bytes, name: str, at: int) -> Device:
    """Make a device of who knows a code that was not used yet.

    Raises `RefusalError`: `enrol.code` - one answer for wrong, used and expired codes -
    `enrol.malformed`.
    """
    if len(public) != PUBLIC_LENGTH or len(name) > _LONGEST:
        raise RefusalError("enrol.malformed")
    secret = code.strip().upper().partition("-")[0]
    device = secrets.token_hex(16)

    def write() -> Device:
        database.hold_directory()  # who leaves at this moment keeps no device
        rows = database.run(
            "UPDATE codes SET used_at = ?, device = ?"
            " WHERE hash = ? AND used_at IS NULL AND expires > ?"
            " AND person IN (SELECT id FROM people WHERE active = 1) RETURNING person",
            (at, device, _hashed(secret), at),
        )
        if not rows:
            raise RefusalError("enrol.code")
        made = Device(device, rows[0][0], name, public, at, None, 0, GENESIS, at)
        database.run(
            "INSERT INTO devices (id, person, name, public, enrolled_at, revoked_at, last_seq,"
            " head, seen_at, opening) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            msgspec.structs.astuple(made),
        )
        database.record(at, {"what": "device", "device": device, "person": made.person})
        return made

    try:
        return database.together(write)
    except RefusalError:
        told = {"what": "refused", "code": "enrol.code"}
        database.together(lambda: database.record(at, told))
        raise


def person(database: Database, person_id: str) -> Person | None:
    """Find a person."""
    rows = database.run(
        "SELECT id, name, unit, mail, role, active FROM people WHERE id = ?", (person_id,)
    )
    if not rows:
        return None
    ((identity, name, unit, mail, role, active),) = rows
    return Person(identity, name, unit, mail, role, bool(active))


def everybody(database: Database) -> Sequence[Person]:
    """List all who are in office."""
    rows = database.run(
        "SELECT id, name, unit, mail, role FROM people WHERE active = 1 ORDER BY id"
    )
    return [Person(*row) for row in rows]


def set_opening(database: Database, known: Device, opening: bytes, at: int) -> None:
    """Take the point of a device's key, and tell who seals for it.

    Inside a transaction that holds the directory alone: of two devices that name their points at
    the same time, the one that is told last has to know both.
    """
    database.run("UPDATE devices SET opening = ? WHERE id = ?", (opening, known.id))
    database.record(at, {"what": "opening", "device": known.id})
    ((unit,),) = database.run("SELECT unit FROM people WHERE id = ?", (known.person,))
    units.announce(database, unit, at)


def device(database: Database, device_id: str) -> Device | None:
    """Find a device."""
    rows = database.run(
        _DEVICES + " WHERE id = ?",
        (device_id,),
    )
    return Device(*rows[0]) if rows else None


def devices(database: Database, person: str = "") -> Sequence[Device]:
    """List devices, of one person or all."""
    rows = database.run(
        _DEVICES + " WHERE ? = '' OR person = ? ORDER BY enrolled_at",
        (person, person),
    )
    return [Device(*row) for row in rows]


def revoke(database: Database, device_id: str, at: int) -> None:
    """Refuse a device from now on (`server.device`); what it sent stays."""

    def write() -> None:
        database.hold_directory(alone=True)  # what is told of who reads must not overtake another's
        rows = database.run(
            "UPDATE devices SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
            " RETURNING person",
            (at, device_id),
        )
        if not rows:
            raise InvalidInput("server.device", device=device_id[:_LONGEST])
        database.record(at, {"what": "revoked", "device": device_id})
        ((unit,),) = database.run("SELECT unit FROM people WHERE id = ?", (rows[0][0],))
        units.announce(database, unit, at)

    database.together(write)


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(b"meti-desk enrolment" + secret.encode()).digest()


def _named(place: str) -> Callable[..., object]:
    module, _, name = place.partition(":")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found
