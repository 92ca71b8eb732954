"""異動・退職: permits of who left or moved end, and who is new in a post gets what is open."""

from contextlib import suppress

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit_steps import leave
from meti_desk.server import mail, noted
from meti_desk.server import permit_cases as cases
from meti_desk.server.keys import ServerKey
from meti_desk.server.people import Person, person
from meti_desk.server.storage import Database
from meti_desk.sync.permits import NOTED_MAIL, PERMIT

AT_ONCE = 100
_DUE, _WAITS = "permit-settle", "waiting"
LEFT, MOVED = "permit.note-left", "permit.note-moved"
"""Codes for the wording, in the place of a note (`PermitStatement.ended_note`)."""


def settle(database: Database, key: ServerKey, person_id: str, at: int) -> None:
    """End the requests and permits of somebody who left, or is in another 課室 now.

    A permit was given by who is responsible for the 課室 that asked; elsewhere it is asked for
    anew (Arts. 13, 24-7). Inside a transaction of the caller.
    """
    known = person(database, person_id)
    for case in cases.open_of(database, person_id):
        there = known is not None and known.active
        if known is not None and there and known.unit == case.statement.unit:
            continue
        permit = leave(case.permit, at=cases.moment(at), note=MOVED if there else LEFT)
        if permit == case.permit:
            continue
        # Another process may have ended it already.
        with suppress(RuleViolation), database.transaction():
            cases.step(database, key, case, permit, by="", at=at)


def remember(database: Database, person_id: str, at: int) -> None:
    """Remember whose permits end, where the key to sign that is not at hand."""
    database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, '', ?, ?, 1, 0, ?, ?) ON CONFLICT (kind, id) DO NOTHING",
        (_DUE, person_id, person_id, _WAITS, b"", at),
    )


def settle_remembered(database: Database, key: ServerKey, at: int) -> int:
    """Settle what was remembered; gives for how many people, `AT_ONCE` at most."""
    rows = database.run(
        "SELECT id FROM cases WHERE kind = ? AND state = ? LIMIT ?", (_DUE, _WAITS, AT_ONCE)
    )
    for (person_id,) in rows:
        settle(database, key, person_id, at)
        database.run("DELETE FROM cases WHERE kind = ? AND id = ?", (_DUE, person_id))
    return len(rows)


def tell(database: Database, whom: Person, unit: str, at: int) -> None:
    """Post to somebody new in a post which requests and permits of a 課室 are theirs to decide."""
    named = cases.stand_ins(database)
    for case in cases.open_in(database, unit):
        if cases.post_of(whom, case, named):
            post(database, whom, case, at)


def tell_own(database: Database, whom: Person, at: int) -> None:
    """Post to somebody who is back what they had asked for and what is not at its end."""
    for case in cases.open_of(database, whom.id):
        post(database, whom, case, at)


def post(database: Database, whom: Person, case: cases.Case, at: int) -> None:
    """Post a permit to one person."""
    mail.post(database, (whom.id,), PERMIT, case.statement.id, cases.told_of(case), at)


def tell_noted(database: Database, whom: Person, unit: str, at: int) -> None:
    """Post to somebody new in a post the notes of 口頭・書面で許可済 that wait to be confirmed."""
    for one in noted.open_in(database, unit):
        if whom.id in noted.judges(database, one):
            mail.post(database, (whom.id,), NOTED_MAIL, one.id, noted.written(one), at)
