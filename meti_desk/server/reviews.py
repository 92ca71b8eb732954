"""確認 on the server: labels that wait for who judges, judgements, orders (Art. 4-2).

A review is a case of kind `review`; its body is the `ReviewTold` that its people get. The server
sees ids, digests and codes; all words are sealed. Nobody judges what they decided themselves, and
who is responsible for another 課室 is answered as if there were no such review.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import msgspec

from meti_desk.domain import review
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.review import POSTS, read_code, state_of
from meti_desk.server import figures, mail, permit_early, units
from meti_desk.server.applying import Said
from meti_desk.server.storage import Database
from meti_desk.sync.reviews import (
    CORRECT,
    DONE,
    GONE,
    MOST_MEMBERS,
    OBJECTED,
    REVIEW,
    VALID,
    WAITING,
    Judgement,
    Replaced,
    ReviewAnswered,
    ReviewJudged,
    ReviewMember,
    ReviewOffered,
    ReviewTold,
    ReviewWithdrawn,
)

NOT_HELD = "review.not-held"
_LONGEST = 128
_ARTICLE = ("4-2",)
_UNTIL_ANSWERED = (*review.OPEN, CORRECT)


def offered(said: Said) -> None:
    """Take labels that wait to be judged, or the same ones sealed for others.

    Raises `InvalidInput`: `review.label`, `review.malformed`; `RuleViolation("review.not-yours")`.
    """
    asked = msgspec.msgpack.decode(said.body, type=ReviewOffered)
    _check(asked)
    held = find(said.database, asked.id)
    if held is not None:
        _sealed_anew(said, held, asked)
        for order in asked.carries_out:
            _carried_out(said, order, asked.label)
        return
    told = ReviewTold(
        id=asked.id, revision=0, state=WAITING, unit=said.person.unit, owner=said.person.id,
        owner_name=said.person.name, label=asked.label, decided_at=asked.decided_at,
        offered_at=_iso(said.at), words=asked.words, follows=tuple(o.id for o in asked.carries_out),
        members=tuple(
            ReviewMember(document=one.document, digest=one.digest) for one in asked.members
        ),
    )  # fmt: skip
    _put(said, told, "review-offered")
    _count(said, told.unit, "offered", len(told.members))
    for order in asked.carries_out:
        _carried_out(said, order, asked.label)


def withdrawn(said: Said) -> None:
    """Let documents go that need no judgement any more (`review.unknown`, `review.not-yours`)."""
    asked = msgspec.msgpack.decode(said.body, type=ReviewWithdrawn)
    states = review.OPEN if asked.why == "decided-anew" else _UNTIL_ANSWERED
    if not _reached(said, _own(said, asked.id), asked.id, 1):
        return

    def write() -> None:
        held = _known(said, asked.id)
        members = _moved(held, asked.documents, lambda state: GONE if state in states else state)
        if members != held.members:
            _put(said, msgspec.structs.replace(held, members=members), "review-withdrawn")

    _whatever_others_do(write)


def judged(said: Said) -> None:
    """Write a judgement down, unless somebody else judged since the reviewer looked.

    What is gone meanwhile is passed over, another seal changes nothing; a judgement of a state that
    is not here yet - after a restore - waits for it (`review.not-held`). Raises `RuleViolation`:
    `review.own`, `review.unknown`, `review.changed`, `review.note-missing`;
    `InvalidInput("review.label")`.
    """
    asked = msgspec.msgpack.decode(said.body, type=ReviewJudged)
    held = find(said.database, asked.id)
    if held is not None and held.owner == said.person.id:
        raise RuleViolation("review.own", articles=_ARTICLE)
    if held is not None and said.person.id not in reviewers(said.database, held.unit, held.owner):
        raise RuleViolation("review.unknown", articles=_ARTICLE)
    if not _reached(said, held, asked.id, asked.revision):
        return
    if asked.label:
        read_code(asked.label)
        if not asked.words:
            raise RuleViolation("review.note-missing", articles=_ARTICLE)
    step = Judgement(
        what=CORRECT if asked.label else VALID, person=said.person.id, name=said.person.name,
        post=_post(said), at=_iso(said.at), documents=asked.documents, label=asked.label,
        words=asked.words,
    )  # fmt: skip
    _step(said, step, asked.id, asked.revision, (review.OPEN, (*review.OPEN, VALID, CORRECT)))


def answered(said: Said) -> None:
    """Take an objection to an order: it is judged again.

    Raises `RuleViolation`: `review.unknown`, `review.changed`, `review.note-missing`.
    """
    asked = msgspec.msgpack.decode(said.body, type=ReviewAnswered)
    if not _reached(said, _own(said, asked.id), asked.id, asked.revision):
        return
    if not asked.words:
        raise RuleViolation("review.note-missing", articles=("7-1",))
    step = Judgement(
        what=OBJECTED, person=said.person.id, name=said.person.name, post="", at=_iso(said.at),
        documents=asked.documents, words=asked.words,
    )  # fmt: skip
    _step(said, step, asked.id, asked.revision, ((CORRECT,), (CORRECT,)))


def find(database: Database, identity: str) -> ReviewTold | None:
    """Find a review."""
    rows = database.run("SELECT body FROM cases WHERE kind = ? AND id = ?", (REVIEW, identity))
    return msgspec.msgpack.decode(rows[0][0], type=ReviewTold) if rows else None


def reviewers(database: Database, unit: str, owner: str) -> tuple[str, ...]:
    """List who judges what somebody of a 課室 decided: never themselves.

    The 課室情報セキュリティ責任者; if there is none but the owner, the 情報セキュリティ責任者.
    """
    for post in POSTS:
        others = [one for one in units.holders(database, unit, (post,)) if one != owner]
        if others:
            return tuple(others)
    return ()


def _check(asked: ReviewOffered) -> None:
    read_code(asked.label)
    names = [asked.id, *(one.document for one in asked.members)]
    names += [one.digest for one in asked.members]
    right = all(len(one) <= _LONGEST and one.isprintable() for one in names)
    documents = {one.document for one in asked.members}
    if not right or not asked.id or not 0 < len(asked.members) <= MOST_MEMBERS:
        raise InvalidInput("review.malformed")
    if "" in documents or len(documents) != len(asked.members):
        raise InvalidInput("review.malformed")


def _sealed_anew(said: Said, held: ReviewTold, asked: ReviewOffered) -> None:
    if held.owner != said.person.id:
        raise RuleViolation("review.not-yours", articles=_ARTICLE)
    waits = any(one.state in review.OPEN for one in held.members)
    if waits and [one.document for one in asked.members] == [o.document for o in held.members]:
        _put(said, msgspec.structs.replace(held, words=asked.words), "review-sealed")


def _carried_out(said: Said, order: Replaced, label: str) -> None:
    """Close what was ordered, if this label is the one that was ordered."""

    def write() -> None:
        held = find(said.database, order.id)
        if held is None or held.owner != said.person.id:
            return
        wanted = {
            document: step.label
            for step in held.judgements if step.what == CORRECT for document in step.documents
        }  # fmt: skip
        fits = tuple(one for one in order.documents if wanted.get(one) == label)
        members = _moved(held, fits, lambda state: DONE if state in (CORRECT, OBJECTED) else state)
        if members != held.members:
            _put(said, msgspec.structs.replace(held, members=members), "review-carried-out")
            moved = sum(one != old for one, old in zip(members, held.members, strict=True))
            _count(said, held.unit, DONE, moved)

    held = find(said.database, order.id)
    wait = {one.document for one in held.members if one.state == WAITING} if held else None
    if held is None or held.owner != said.person.id or wait is None:
        if held is None:
            permit_early.keep(said, _early(order.id), 1, NOT_HELD)
        return
    if wait & set(order.documents):
        # The order that it carries out comes later: the devices offer their logs anew.
        permit_early.keep(said, _early(order.id), held.revision + 1, NOT_HELD)
        return
    _whatever_others_do(write)


def _reached(said: Said, held: ReviewTold | None, identity: str, revision: int) -> bool:
    """Tell whether a review is as far as its speaker saw it; else what was said waits for it."""
    if held is not None and held.revision >= revision:
        return True
    permit_early.keep(said, _early(identity), revision, NOT_HELD)
    return False


def _early(identity: str) -> str:
    return f"{REVIEW}/{identity}"


def _whatever_others_do(write: Callable[[], None]) -> None:
    """Write anew what another process changed meanwhile; of facts nobody loses the race."""
    for last in (False, False, False, True):
        try:
            write()
        except RuleViolation as refused:
            if last or refused.code != "review.changed":
                raise
        else:
            return


def _own(said: Said, identity: str) -> ReviewTold | None:
    """Give a review of who speaks; nothing where there is none yet (`review.unknown`)."""
    held = find(said.database, identity)
    if held is not None and held.owner != said.person.id:
        raise RuleViolation("review.unknown", articles=_ARTICLE)
    return held


def _known(said: Said, identity: str) -> ReviewTold:
    held = find(said.database, identity)
    if held is None:
        raise RuleViolation("review.unknown", articles=_ARTICLE)
    return held


def _named(
    held: ReviewTold, revision: int, documents: tuple[str, ...],
    waiting: tuple[str, ...], also: tuple[str, ...],
) -> tuple[str, ...]:  # fmt: skip
    """Give the documents that are meant: all that wait, or those named, as far as not gone.

    `also` are the states in which a document may be that is named. What somebody said something
    about since that revision is `review.changed`, for all of them.
    """
    states = {one.document: one.state for one in held.members if one.state != GONE}
    named = [one for one in documents if one in states]
    meant = named if documents else [one for one, state in states.items() if state in waiting]
    since = {one for step in held.judgements if step.revision > revision for one in step.documents}
    right = all(states[one] in also for one in meant)
    if not meant or not right or since & set(meant):
        raise RuleViolation("review.changed", articles=_ARTICLE)
    return tuple(dict.fromkeys(meant))


def _moved(
    held: ReviewTold, documents: Iterable[str], state: Callable[[str], str]
) -> tuple[ReviewMember, ...]:
    named = frozenset(documents)
    return tuple(
        msgspec.structs.replace(one, state=state(one.state)) if one.document in named else one
        for one in held.members
    )


def _step(
    said: Said, step: Judgement, identity: str, revision: int,
    states: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:  # fmt: skip
    """Take a step of a review, whatever else happens to it at the same time."""

    def write() -> None:
        held = _known(said, identity)
        documents = _named(held, revision, step.documents, *states)
        made = msgspec.structs.replace(step, documents=documents, revision=held.revision + 1)
        members = _moved(held, documents, lambda _state: step.what)
        judgements = (*held.judgements, made)
        told = msgspec.structs.replace(held, members=members, judgements=judgements)
        _put(said, told, f"review-{step.what}")
        _count(said, held.unit, step.what, len(documents))

    _whatever_others_do(write)


def _count(said: Said, unit: str, what: str, documents: int) -> None:
    figures.add(said.database, unit, said.at, figures.REVIEW, what, n=documents)


def _put(said: Said, told: ReviewTold, what: str) -> None:
    """Write the next state of a review, tell its people, and record it in the audit chain."""
    database = said.database
    judges = reviewers(database, told.unit, told.owner)
    state = state_of((one.state for one in told.members), judged_by_somebody=bool(judges))
    told = msgspec.structs.replace(
        told,
        revision=told.revision + 1,
        state=state,
        owner_devices=units.devices(database, told.owner),
    )
    body = msgspec.msgpack.encode(told)
    if told.revision == 1:
        rows = database.run(
            "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
            " VALUES (?, ?, ?, ?, ?, 1, 0, ?, ?) ON CONFLICT (kind, id) DO NOTHING RETURNING 1",
            (REVIEW, told.id, told.unit, told.owner, state, body, said.at),
        )
    else:
        rows = database.run(
            "UPDATE cases SET state = ?, revision = ?, body = ?, at = ?"
            " WHERE kind = ? AND id = ? AND revision = ? RETURNING 1",
            (state, told.revision, body, said.at, REVIEW, told.id, told.revision - 1),
        )
    if not rows:
        raise RuleViolation("review.changed", articles=_ARTICLE)
    mail.post(database, (told.owner, *judges), REVIEW, told.id, body, said.at)
    database.record(
        said.at,
        {"what": what, "review": told.id, "by": said.person.id, "device": said.device.id,
         "revision": told.revision, "state": state},
    )  # fmt: skip
    permit_early.replay(database, said.key, _early(told.id), told.revision, said.at)


def _post(said: Said) -> str:
    held = units.posts_of(said.person.role)
    return next((post for post in POSTS if post in held), "")


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
