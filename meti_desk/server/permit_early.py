"""What was said of a state that the server does not hold (yet): kept, and done when it comes.

After a restore the devices offer their logs again, one after another: a decision may come before
its request, a report before the decision. Its sayer is told that it is not done; once the state is
there that it speaks of, it is judged like anything else, by who its sayer is then.
"""

import msgspec

from meti_desk.server import applying, people
from meti_desk.server.applying import Said
from meti_desk.server.keys import ServerKey
from meti_desk.server.storage import Database
from meti_desk.sync.mail import OUTCOME
from meti_desk.sync.permits import PERMIT
from meti_desk.sync.wire import EventBody, WireEvent

_KIND = "permit-early"
"""A case for each thing said: `person` is the permit's id, `until` the revision spoken of, `unit`
the device that said it."""
_MOST = 20
"""How much is kept of one permit: more than its states, less than a flood."""
_MOST_OF_DEVICE = 500
"""How much is kept of one device, whatever ids it names: more than somebody decides between a
backup and its restore, and no place to fill for one who makes ids up."""
_DAYS = 90
"""How long it is kept: devices that were away for longer send their logs again all the same."""
_DAY = 86_400_000
NOT_HELD = "permit.not-held"


class Early(msgspec.Struct, frozen=True):
    """Something said, as its event had it."""

    device: str
    seq: int
    kind: str
    version: int
    body: bytes


def keep(said: Said, permit_id: str, revision: int, code: str = NOT_HELD) -> None:
    """Keep what was said for later, and tell its sayer that it is not done (`permit.not-held`).

    Reviews and the register wait here too, under ids and a code of their own.
    """
    event, database = said.event, said.database
    ((count,),) = database.run(
        "SELECT COUNT(*) FROM cases WHERE person = ? AND kind = ?", (permit_id, _KIND)
    )
    ((of_device,),) = database.run(
        "SELECT COUNT(*) FROM cases WHERE unit = ? AND kind = ?", (said.device.id, _KIND)
    )
    if count < _MOST and of_device < _MOST_OF_DEVICE:
        early = Early(said.device.id, event.seq, event.kind, event.version, said.body)
        database.run(
            "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
            " VALUES (?, ?, ?, ?, 'waiting', 1, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING",
            (
                _KIND, f"{permit_id}/{early.device}:{early.seq}", early.device, permit_id,
                revision, msgspec.msgpack.encode(early), said.at,
            ),
        )  # fmt: skip
    applying.tell(database, said.device, said.person, event, code, said.at)


def replay(database: Database, key: ServerKey, permit_id: str, revision: int, at: int) -> None:
    """Do what was kept and speaks of a state that is reached now, in the order of the states."""
    rows = database.run(
        "SELECT id, body FROM cases WHERE person = ? AND kind = ? AND until <= ?"
        " ORDER BY until, at, id",
        (permit_id, _KIND, revision),
    )
    # Taken out first: what is done now may reach a further state, and come here again.
    mine = [row for row in rows if _taken(database, row[0])]
    for _, body in mine:
        _do(database, key, msgspec.msgpack.decode(body, type=Early), at)


def replay_missed(database: Database, key: ServerKey, at: int) -> None:
    """Do what came at the very moment in which another process wrote the state it waited for."""
    rows = database.run(
        "SELECT DISTINCT p.id, p.revision FROM cases e"
        " JOIN cases p ON p.kind = ? AND p.id = e.person"
        " WHERE e.kind = ? AND e.state = 'waiting' AND e.until <= p.revision",
        (PERMIT, _KIND),
    )
    for permit_id, revision in rows:
        replay(database, key, permit_id, revision, at)


def drop_old(database: Database, at: int) -> None:
    """Let go what waited in vain for `_DAYS` days; its sayer was told at once that it is not done.

    Inside a transaction of the caller.
    """
    database.run(
        "DELETE FROM cases WHERE kind = ? AND state = 'waiting' AND at < ?",
        (_KIND, at - _DAYS * _DAY),
    )


def _taken(database: Database, identity: str) -> bool:
    rows = database.run(
        "DELETE FROM cases WHERE kind = ? AND id = ? RETURNING 1", (_KIND, identity)
    )
    return bool(rows)


def _do(database: Database, key: ServerKey, early: Early, at: int) -> None:
    device = people.device(database, early.device)
    person = people.person(database, device.person) if device else None
    if device is None or person is None:
        return
    database.run(
        "DELETE FROM mail WHERE person = ? AND kind = ? AND id = ?",
        (person.id, OUTCOME, f"{early.device}:{early.seq}"),
    )
    body = msgspec.msgpack.encode(EventBody(said=early.body))
    event = WireEvent(early.seq, early.kind, early.version, body, b"", b"")
    applying.apply(database, key, device, person, event, at)
