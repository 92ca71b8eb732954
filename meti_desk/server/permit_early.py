"""What was said of a state that the server does not hold (yet): kept, and done when it comes.

After a restore the devices offer their logs again, one after another: a decision may come before
its request, a report before the decision. Its sayer is told that it is not done; once the state is
there that it speaks of, it is judged like anything else, by who its sayer is then.
"""

import msgspec

from meti_desk.server import applying, people
from meti_desk.server.applying import Said
from meti_desk.server.storage import Database
from meti_desk.sync.mail import OUTCOME
from meti_desk.sync.wire import EventBody, WireEvent

_KIND = "permit-early"
_MOST = 20
"""How much is kept of one permit: more than its states, less than a flood."""
NOT_HELD = "permit.not-held"


class Early(msgspec.Struct, frozen=True):
    """Something said, and the revision that it speaks of."""

    device: str
    seq: int
    kind: str
    version: int
    revision: int
    body: bytes


def keep(said: Said, permit_id: str, revision: int) -> None:
    """Keep what was said for later, and tell its sayer that it is not done (`permit.not-held`)."""
    event = said.event
    new = Early(said.device.id, event.seq, event.kind, event.version, revision, said.body)
    held = _held(said.database, permit_id)
    others = [one for one in held if (one.device, one.seq) != (new.device, new.seq)]
    if len(others) < _MOST:
        _put(said.database, permit_id, said.person.id, [*others, new], said.at)
    applying.tell(said.database, said.device, said.person, event, NOT_HELD, said.at)


def replay(said: Said, permit_id: str, revision: int) -> None:
    """Do what was kept and speaks of a state that is reached now, in the order of the states."""
    held = _held(said.database, permit_id)
    ready = [one for one in held if one.revision <= revision]
    if not ready:
        return
    _put(said.database, permit_id, "", [one for one in held if one not in ready], said.at)
    for one in sorted(ready, key=lambda one: one.revision):
        _do(said, one)


def _do(said: Said, early: Early) -> None:
    database = said.database
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
    applying.apply(database, said.key, device, person, event, said.at)


def _held(database: Database, permit_id: str) -> list[Early]:
    rows = database.run("SELECT body FROM cases WHERE kind = ? AND id = ?", (_KIND, permit_id))
    return msgspec.msgpack.decode(rows[0][0], type=list[Early]) if rows else []


def _put(database: Database, permit_id: str, person: str, kept: list[Early], at: int) -> None:
    if not kept:
        database.run("DELETE FROM cases WHERE kind = ? AND id = ?", (_KIND, permit_id))
        return
    database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, '', ?, 'waiting', 1, 0, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
        " body = excluded.body, revision = cases.revision + 1, at = excluded.at",
        (_KIND, permit_id, person, msgspec.msgpack.encode(kept), at),
    )
