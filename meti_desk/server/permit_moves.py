"""異動・退職: permits of who left or moved end, and who is new in a post gets what is open."""

from contextlib import suppress

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit_steps import leave
from meti_desk.server import mail, noted
from meti_desk.server import permit_cases as cases
from meti_desk.server.keys import ServerKey
from meti_desk.server.people import Person
from meti_desk.server.storage import Database
from meti_desk.sync.permits import NOTED_MAIL, PERMIT

AT_ONCE = 200
LEFT, MOVED = "permit.note-left", "permit.note-moved"
"""Codes for the wording, in the place of a note (`PermitStatement.ended_note`)."""


def settle(database: Database, key: ServerKey, at: int) -> int:
    """End the requests and permits of people who left, or who are in another 課室 now.

    A permit was given by who is responsible for the 課室 that asked; elsewhere it is asked for
    anew (Arts. 13, 24-7). Inside a transaction of the caller; gives how many, `AT_ONCE` at most.
    """
    rows = database.run(
        "SELECT c.id, p.active FROM cases c JOIN people p ON p.id = c.person"
        " WHERE c.kind = ? AND c.state IN ('requested', 'granted', 'conditional')"
        " AND (p.active = 0 OR p.unit <> c.unit) ORDER BY c.id LIMIT ?",
        (PERMIT, AT_ONCE),
    )
    for permit_id, active in rows:
        case = cases.load(database, permit_id)
        if case is None:
            continue
        permit = leave(case.permit, at=cases.moment(at), note=MOVED if active else LEFT)
        # Another process may have settled it already.
        with suppress(RuleViolation), database.transaction():
            cases.step(database, key, case, permit, by="", at=at)
    return len(rows)


def tell(database: Database, person: Person, unit: str, at: int) -> None:
    """Post to somebody new in a post which requests and permits of a 課室 are theirs to decide."""
    named = cases.stand_ins(database)
    for case in cases.open_in(database, unit):
        if cases.post_of(person, case, named):
            post(database, person, case, at)


def tell_own(database: Database, person: Person, at: int) -> None:
    """Post to somebody who is back what they had asked for and what is not at its end."""
    for case in cases.open_of(database, person.id):
        post(database, person, case, at)


def post(database: Database, person: Person, case: cases.Case, at: int) -> None:
    """Post a permit to one person."""
    mail.post(database, (person.id,), PERMIT, case.statement.id, cases.told_of(case), at)


def tell_noted(database: Database, person: Person, unit: str, at: int) -> None:
    """Post to somebody new in a post the notes of 口頭・書面で許可済 that wait to be confirmed."""
    for one in noted.open_in(database, unit):
        if person.id in noted.judges(database, one):
            mail.post(database, (person.id,), NOTED_MAIL, one.id, noted.written(one), at)
