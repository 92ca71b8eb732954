"""Staff and their devices: a one-time code makes a device of a person (enrolment)."""

import hashlib
import secrets
from collections.abc import Sequence

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.server import units
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
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


def put_people(database: Database, staff: Sequence[Person], at: int) -> None:
    """Add people or change them, all or none (`server.person`)."""
    for person in staff:
        if not person.id or len(person.id) > _LONGEST:
            raise InvalidInput("server.person", person=person.id[:_LONGEST])

    def write() -> None:
        for person in staff:
            database.run(
                "INSERT INTO people (id, name, unit, mail, role, active)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name,"
                " unit = excluded.unit, mail = excluded.mail, role = excluded.role,"
                " active = excluded.active",
                (person.id, person.name, person.unit, person.mail, person.role, int(person.active)),
            )
            database.record(at, {"what": "person", "person": person.id, "active": person.active})
        for unit in sorted({person.unit for person in staff}):
            units.announce(database, unit, at)

    database.together(write)


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


def set_opening(database: Database, known: Device, opening: bytes, at: int) -> None:
    """Take the point of a device's key, and tell who seals for it; inside a transaction."""
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
