"""異動・退職: what is open passes to who holds the post now, and nobody keeps another's letters.

It follows the directory: a post has no gap, for whatever is open in a 課室 goes to everyone who
comes into it. Words were sealed for devices that existed then; who asked seals them anew when told
of new readers.
"""

from collections.abc import Callable, Sequence
from importlib import import_module

import msgspec

from meti_desk.domain import review
from meti_desk.server import mail, permit_moves, registers, reviews, standing, units
from meti_desk.server.keys import ServerKey
from meti_desk.server.people import Change, Person
from meti_desk.server.storage import Database
from meti_desk.sync.permits import NOTED_MAIL, PERMIT, STANDING_MAIL
from meti_desk.sync.register import HELD, REGISTER
from meti_desk.sync.reviews import REVIEW, ReviewTold

KINDS = {
    PERMIT: "meti_desk.server.permit_moves:tell",
    NOTED_MAIL: "meti_desk.server.permit_moves:tell_noted",
    REVIEW: "meti_desk.server.successors:tell_reviews",
    REGISTER: "meti_desk.server.successors:tell_register",
}
"""By kind of case: `module:function` that takes the database, a person who is new in a post, a 課室
and the time, and posts to them what is open there and theirs to decide."""


def moved(database: Database, key: ServerKey | None, changes: Sequence[Change], at: int) -> None:
    """Do what follows from changes of the directory; inside the transaction that makes them."""
    for change in changes:
        _take_back(database, change)
        if not (change.left or change.moved):
            continue
        if key is None:
            permit_moves.remember(database, change.after.id, at)
        else:
            permit_moves.settle(database, key, change.after.id, at)
    for change in changes:
        _hand_over(database, change, at)


def _take_back(database: Database, change: Change) -> None:
    """Take letters about others out of the mail of who left, moved, or lost a post."""
    person = change.after
    if change.left:
        database.run("DELETE FROM mail WHERE person = ?", (person.id,))
        return
    before, now = change.posts
    if change.moved or before - now:
        for kind in KINDS:
            database.run(
                "DELETE FROM mail WHERE person = ? AND kind = ?"
                " AND id IN (SELECT id FROM cases WHERE kind = ? AND person <> ?)",
                (person.id, kind, kind, person.id),
            )
    if change.moved:
        database.run(
            "DELETE FROM mail WHERE person = ? AND kind = ?"
            " AND id IN (SELECT id FROM cases WHERE kind = ? AND unit <> ?)",
            (person.id, STANDING_MAIL, STANDING_MAIL, person.unit),
        )


def _hand_over(database: Database, change: Change, at: int) -> None:
    """Tell who is new in a 課室 what is decided there, and who is new in a post what is open."""
    person = change.after
    if change.left:
        return
    if change.joined or change.moved:
        standing.tell_of(database, (person.id,), person.unit, at)
    if change.joined:
        permit_moves.tell_own(database, person, at)
    before, now = change.posts
    if now and (before != now or change.moved or change.joined):
        for unit in _units(database, person):
            for place in KINDS.values():
                _named(place)(database, person, unit, at)


def _units(database: Database, person: Person) -> Sequence[str]:
    """List the 課室 for which a person decides."""
    if person.unit != units.EVERYWHERE:
        return [person.unit]
    marks = ", ".join("?" * len(KINDS))
    ask = "SELECT DISTINCT unit FROM cases WHERE kind IN "
    rows = database.run(f"{ask}({marks}) ORDER BY unit", [*KINDS])
    return [unit for (unit,) in rows]


def tell_reviews(database: Database, person: Person, unit: str, at: int) -> None:
    """Post the labels that wait to be judged (Art. 4-2); one that nobody could judge waits now."""
    rows = database.run(
        "SELECT body FROM cases WHERE unit = ? AND kind = ?"
        " AND state NOT IN ('valid', 'done', 'gone') ORDER BY id",
        (unit, REVIEW),
    )
    for (body,) in rows:
        told = msgspec.msgpack.decode(body, type=ReviewTold)
        judges = reviews.reviewers(database, unit, told.owner)
        if person.id not in judges:
            continue
        state = review.state_of((one.state for one in told.members), judged_by_somebody=True)
        if state == told.state:
            mail.post(database, (person.id,), REVIEW, told.id, body, at)
        else:
            new = msgspec.structs.replace(told, state=state, revision=told.revision + 1)
            _reopen(database, new, (told.owner, *judges), at)


def _reopen(database: Database, new: ReviewTold, people: Sequence[str], at: int) -> None:
    body = msgspec.msgpack.encode(new)
    rows = database.run(
        "UPDATE cases SET state = ?, revision = ?, body = ?, at = ?"
        " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
        (new.state, new.revision, body, at, REVIEW, new.id, new.revision - 1),
    )
    if rows:
        mail.post(database, people, REVIEW, new.id, body, at)
        told = {
            "what": "review-reopened", "review": new.id, "by": "", "revision": new.revision,
            "state": new.state,
        }  # fmt: skip
        database.record(at, told)


def tell_register(database: Database, person: Person, unit: str, at: int) -> None:
    """Post the 機密性3情報管理簿 of a 課室 to who is responsible for it now (Art. 11-2)."""
    if person.id not in registers.responsible(database, unit):
        return
    rows = database.run(
        "SELECT id, body FROM cases WHERE unit = ? AND kind = ? AND state = ? ORDER BY id",
        (unit, REGISTER, HELD),
    )
    for identity, body in rows:
        mail.post(database, (person.id,), REGISTER, identity, body, at)


def _named(place: str) -> Callable[..., object]:
    module, _, name = place.partition(":")
    found: Callable[..., object] = getattr(import_module(module), name)
    return found
