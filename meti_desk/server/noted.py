"""口頭・書面で許可済（要確認）: told to those who decide Art. 13, until one of them confirms it."""

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit import deciders
from meti_desk.server import mail, units
from meti_desk.server import permit_cases as cases
from meti_desk.server import permit_checks as checks
from meti_desk.server.applying import Said
from meti_desk.server.storage import Database
from meti_desk.sync.permits import NOTED_MAIL, NotedJudged, NotedState, NotedTold

ARTICLES = ("13",)
WAITING, CONFIRMED, DENIED = "waiting", "confirmed", "denied"


def told(said: Said) -> None:
    """Take a note in: `permit.malformed`, `permit.left`, `permit.id-taken`, `permit.words-changed`.

    Told again by the same person while it waits, it only renews the seal; one that came without a
    digest is bound to its words then, by a new revision.
    """
    what = msgspec.msgpack.decode(said.body, type=NotedTold)
    checks.active(said.person)
    checks.code(what.event)
    noted = NotedState(
        id=checks.identity(what.id), revision=1, state=WAITING, person=said.person.id,
        name=said.person.name, event=what.event, at=cases.moment(said.at),
        words=checks.sealed(what.words), unit=said.person.unit, digest=checks.digest(what.digest),
    )  # fmt: skip
    rows = said.database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
        (
            NOTED_MAIL, noted.id, noted.unit, noted.person, noted.state, 1, 0,
            msgspec.msgpack.encode(noted), said.at,
        ),
    )  # fmt: skip
    if rows:
        _record(said, noted)
        tell(said.database, noted, said.at)
        return
    held = load(said.database, noted.id)
    if held is None or (held.person, held.event) != (noted.person, noted.event):
        raise RuleViolation("permit.id-taken")
    if held.state == WAITING:
        _again(said, held, noted)


def _again(said: Said, held: NotedState, noted: NotedState) -> None:
    same_words = held.words == noted.words
    new = msgspec.structs.replace(held, words=noted.words)
    if checks.renews(held.digest, noted.digest, same_words=same_words):
        bound = msgspec.structs.replace(new, revision=held.revision + 1, digest=noted.digest)
        _write(said, held, bound)
    elif not same_words:
        _write(said, held, new)


def judged(said: Said) -> None:
    """Confirm a note, or say that it was not so; nobody their own.

    Raises `RuleViolation`: `permit.not-held`, `permit.own-request`, `permit.wrong-decider`,
    `permit.reason-missing` (a denial says why), `permit.changed`.
    """
    what = msgspec.msgpack.decode(said.body, type=NotedJudged)
    checks.active(said.person)
    held = load(said.database, checks.identity(what.id))
    if held is None:
        raise RuleViolation("permit.not-held")
    if held.person == said.person.id:
        raise RuleViolation("permit.own-request", articles=ARTICLES)
    named = cases.stand_ins(said.database)
    post = units.post_for(said.person.role, said.person.unit, held.unit, ARTICLES, named)
    if not post:
        raise RuleViolation("permit.wrong-decider", articles=ARTICLES)
    note = checks.note(what.note)
    state = CONFIRMED if what.right else DENIED
    if (held.judged_by, held.state, held.note) == (said.person.id, state, note):
        return
    if what.revision != held.revision or held.state != WAITING:
        raise RuleViolation(cases.CHANGED)
    if not what.right and not note:
        raise RuleViolation("permit.reason-missing", articles=ARTICLES)
    new = msgspec.structs.replace(
        held, revision=held.revision + 1, state=state, note=note, judged_by=said.person.id,
        judge=said.person.name, post=post, judged_at=cases.moment(said.at),
    )  # fmt: skip
    _write(said, held, new)
    _record(said, new)


def load(database: Database, noted_id: str) -> NotedState | None:
    """Find a note."""
    rows = database.run("SELECT body FROM cases WHERE kind = ? AND id = ?", (NOTED_MAIL, noted_id))
    return msgspec.msgpack.decode(rows[0][0], type=NotedState) if rows else None


def open_in(database: Database, unit: str) -> list[NotedState]:
    """List the notes of a 課室 that wait."""
    rows = database.run(
        "SELECT body FROM cases WHERE unit = ? AND kind = ? AND state = ? ORDER BY id",
        (unit, NOTED_MAIL, WAITING),
    )
    return [msgspec.msgpack.decode(body, type=NotedState) for (body,) in rows]


def tell(database: Database, noted: NotedState, at: int) -> None:
    """Post a note to who noted it and to all who may confirm it."""
    people = {noted.person, *judges(database, noted)}
    mail.post(database, people, NOTED_MAIL, noted.id, written(noted), at)


def written(noted: NotedState) -> bytes:
    """Give a note as its mail has it."""
    return msgspec.msgpack.encode(noted)


def judges(database: Database, noted: NotedState) -> list[str]:
    """List who may confirm it."""
    posts = (*deciders(ARTICLES), *cases.stand_ins(database))
    return units.holders(database, noted.unit, posts)


def _write(said: Said, held: NotedState, new: NotedState) -> None:
    rows = said.database.run(
        "UPDATE cases SET state = ?, revision = ?, body = ?, at = ?"
        " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
        (
            new.state, new.revision, msgspec.msgpack.encode(new), said.at, NOTED_MAIL, held.id,
            held.revision,
        ),
    )  # fmt: skip
    if not rows:
        raise RuleViolation(cases.CHANGED)
    tell(said.database, new, said.at)


def _record(said: Said, noted: NotedState) -> None:
    about = {"what": "noted", "id": noted.id, "state": noted.state, "by": said.person.id}
    said.database.record(said.at, about)
