"""あらかじめの決定: made by who decides Art. 13, signed, told to everybody of the 課室."""

from collections.abc import Iterable

import msgspec

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.server import mail, units
from meti_desk.server import permit_cases as cases
from meti_desk.server import permit_checks as checks
from meti_desk.server.applying import Said
from meti_desk.server.noted import ARTICLES
from meti_desk.server.storage import Database
from meti_desk.sync.permit_scope import standing_of
from meti_desk.sync.permits import (
    STANDING_MAIL,
    StandingSaid,
    StandingStatement,
    StandingTold,
    standing_message,
)

IN_FORCE, ENDED = "in-force", "ended"


def decided(said: Said) -> None:
    """Take a decision in, or end it; whoever holds the post may end one of the own 課室.

    Raises `RuleViolation`: `permit.wrong-decider`, `permit.not-held`, `permit.id-taken` (another
    one has this id), `permit.period-over`, `standing.no-unit`; `InvalidInput`: `standing.invalid`,
    `permit.malformed`.
    """
    told = msgspec.msgpack.decode(said.body, type=StandingSaid)
    checks.active(said.person)
    checks.standing(told)
    named = cases.stand_ins(said.database)
    person = said.person
    post = units.post_for(person.role, person.unit, person.unit, ARTICLES, named)
    if not post:
        raise RuleViolation("permit.wrong-decider", articles=ARTICLES)
    if person.unit == units.EVERYWHERE:
        raise RuleViolation("standing.no-unit")
    held = load(said.database, told.id)
    if held is not None:
        _further(said, held, told)
    elif told.ended:
        raise RuleViolation("permit.not-held")
    else:
        _first(said, told, post)


def _first(said: Said, told: StandingSaid, post: str) -> None:
    try:
        wrong = standing_of(told).problem
    except ValueError:
        wrong = "day"
    if wrong or told.answer not in ("yes", "no"):
        raise InvalidInput("standing.invalid")
    until = checks.day(told.until)
    if until < cases.day(said.at):
        raise RuleViolation("permit.period-over")
    made = StandingStatement(
        said=told, revision=1, unit=said.person.unit, decided_by=said.person.id,
        decider=said.person.name, post=post, decided_at=cases.moment(said.at),
    )  # fmt: skip
    body = _signed(said, made)
    rows = said.database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
        (
            STANDING_MAIL, told.id, made.unit, made.decided_by, IN_FORCE, 1, cases.end_of(until),
            body, said.at,
        ),
    )  # fmt: skip
    if not rows:
        raise RuleViolation("permit.id-taken")
    _tell(said, made, body)


def _further(said: Said, held: StandingStatement, told: StandingSaid) -> None:
    """End a decision; anything else under its id is either known or another decision."""
    same = msgspec.structs.replace(held.said, ended=False)
    if held.unit != said.person.unit or msgspec.structs.replace(told, ended=False) != same:
        raise RuleViolation("permit.id-taken")
    if held.said.ended or not told.ended:
        return
    made = msgspec.structs.replace(
        held, said=msgspec.structs.replace(held.said, ended=True), revision=held.revision + 1,
        ended_by=said.person.id, ended_at=cases.moment(said.at),
    )  # fmt: skip
    body = _signed(said, made)
    rows = said.database.run(
        "UPDATE cases SET state = ?, revision = ?, body = ?, at = ?"
        " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
        (ENDED, made.revision, body, said.at, STANDING_MAIL, told.id, held.revision),
    )
    if not rows:
        raise RuleViolation(cases.CHANGED)
    _tell(said, made, body)


def load(database: Database, standing_id: str) -> StandingStatement | None:
    """Find a decision in advance."""
    rows = database.run(
        "SELECT body FROM cases WHERE kind = ? AND id = ?", (STANDING_MAIL, standing_id)
    )
    return _statement(rows[0][0]) if rows else None


def tell_of(database: Database, people: Iterable[str], unit: str, at: int) -> None:
    """Post to people what is decided in advance in a 課室: they are new there."""
    rows = database.run(
        "SELECT id, body FROM cases WHERE unit = ? AND kind = ? AND state = ? AND until > ?"
        " ORDER BY id",
        (unit, STANDING_MAIL, IN_FORCE, at),
    )
    known = tuple(people)
    for identity, body in rows:
        mail.post(database, known, STANDING_MAIL, identity, body, at)


def _statement(body: bytes) -> StandingStatement:
    told = msgspec.msgpack.decode(body, type=StandingTold)
    return msgspec.msgpack.decode(told.statement, type=StandingStatement)


def _signed(said: Said, made: StandingStatement) -> bytes:
    written = msgspec.msgpack.encode(made)
    signature = said.key.sign(standing_message(written))
    return msgspec.msgpack.encode(StandingTold(statement=written, signature=signature))


def _tell(said: Said, made: StandingStatement, body: bytes) -> None:
    about = {
        "what": "standing", "id": made.said.id, "revision": made.revision, "by": said.person.id,
    }  # fmt: skip
    said.database.record(said.at, about)
    people = units.people_of(said.database, made.unit)
    mail.post(said.database, people, STANDING_MAIL, made.said.id, body, said.at)
