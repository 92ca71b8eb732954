"""What this device holds of others, and when it lets go of it (異動, Art. 24-7).

Requests, labels to be judged and the register of a 課室 come to who holds a post there. When the
server tells that the person holds it no longer, they are forgotten here, their sealed words first
of all. What is the person's own stays; of what they decided stays the signed statement, which says
what was permitted to whom, without the words that only the office reads. 取扱記録 stays as it is.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

import msgspec

from meti_desk.domain import review
from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.events_store import FORGOTTEN, forgotten_body
from meti_desk.domain.mailbox import Held
from meti_desk.domain.permit import DECIDERS, UNIT_HEAD, may_decide
from meti_desk.services import permit_held, permit_noted, register_book, reviews
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync.mail import Mail, UnitTold
from meti_desk.sync.permits import (
    NOTED_MAIL,
    PERMIT,
    STANDING_MAIL,
    NotedState,
    PermitTold,
    StandingStatement,
    StandingTold,
)
from meti_desk.sync.register import REGISTER, RegisterTold
from meti_desk.sync.reviews import REVIEW, ReviewTold

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidInput)
_COUNT = "others.forgotten"
"""The setting that keeps how many things were forgotten and not recorded yet."""
_KNOWN_POSTS = frozenset(post for posts in DECIDERS.values() for post in posts)


def unit_told(ctx: Context, known: SyncState, mail: Mail) -> str | None:
    """Take what the server tells of the person, and let go of what is theirs no longer.

    `None` for what this version does not understand: what is here stays.
    """
    try:
        told = msgspec.msgpack.decode(mail.body, type=UnitTold)
    except _UNREADABLE:
        return None
    settings = ctx.open_store().settings
    count = let_go(ctx, known.person, told) + int(settings.get(_COUNT, "0"))
    if count:
        settings.put(_COUNT, str(count))
    return ""


def prepare(ctx: Context) -> bool:
    """Record that something was forgotten, so that it is said with this sync; tells whether so."""
    store = ctx.open_store()
    count = int(store.settings.get(_COUNT, "0"))
    if not count:
        return False
    with store.transaction():
        store.ledger.append(FORGOTTEN, forgotten_body(count=count), ctx.clock.now())
        store.settings.put(_COUNT, "0")
    return True


def let_go(ctx: Context, person: str, told: UnitTold) -> int:
    """Forget what came only by a post, or a 課室, that is not the person's any more.

    Gives how many things were forgotten or lost their words. Done twice it does nothing more; what
    the server tells for a post that is still held stays, in whatever order it came. What cannot be
    read - of a later version - stays: nobody knows whose it is.
    """
    mailbox = ctx.open_store().mailbox
    who = _Holder(person, told, tuple(ctx.policy.permits.stand_ins))
    count = 0
    for kind, rule in _RULES.items():
        for held in mailbox.of(kind):
            try:
                after = rule(held, who)
            except _UNREADABLE:
                continue
            if after == held:
                continue
            count += 1
            mailbox.drop(kind, held.id)
            if after is not None:
                mailbox.put(after)
            elif kind in _BESIDE:
                mailbox.drop(_BESIDE[kind], held.id)
    return count


class _Holder(NamedTuple):
    """Who works here, what the server tells of them, and who may stand in by the policy."""

    person: str
    told: UnitTold
    stand_ins: tuple[str, ...]

    def holds(self, unit: str, posts: Collection[str]) -> bool:
        """Tell whether one of these posts is theirs, for this 課室 or for the whole ministry."""
        return self.told.unit in (unit, "") and not set(posts).isdisjoint(self.told.posts)

    def decides(self, unit: str, articles: Collection[str]) -> bool:
        """Tell whether they may decide these articles for a 課室, also as a stand-in (代理).

        A post that no article names may be one that a newer policy lets stand in.
        """
        return self.holds(unit, self.told.posts) and any(
            may_decide(articles, post, self.stand_ins) or post not in _KNOWN_POSTS
            for post in self.told.posts
        )


def _review(held: Held, who: _Holder) -> Held | None:
    one = msgspec.msgpack.decode(held.body, type=ReviewTold)
    return held if one.owner == who.person or who.holds(one.unit, review.POSTS) else None


def _register(held: Held, who: _Holder) -> Held | None:
    one = msgspec.msgpack.decode(held.body, type=RegisterTold)
    return held if one.person == who.person or who.holds(one.unit, (UNIT_HEAD,)) else None


def _permit(held: Held, who: _Holder) -> Held | None:
    one = msgspec.msgpack.decode(held.body, type=PermitTold)
    statement = permit_held.statement_of(one)
    mine = who.person in (statement.requested_by, statement.reported_by)
    if mine or who.decides(statement.unit, statement.scope.articles):
        return held
    if who.person not in (statement.decided_by, statement.ended_by):
        return None
    bare = msgspec.structs.replace(one, words=b"", report=b"")
    return held if bare == one else held._replace(body=msgspec.msgpack.encode(bare))


def _noted(held: Held, who: _Holder) -> Held | None:
    one = msgspec.msgpack.decode(held.body, type=NotedState)
    mine = one.person == who.person
    return held if mine or who.decides(one.unit, permit_noted.ARTICLES) else None


def _standing(held: Held, who: _Holder) -> Held | None:
    one = msgspec.msgpack.decode(held.body, type=StandingTold)
    statement = msgspec.msgpack.decode(one.statement, type=StandingStatement)
    here = who.told.unit in (statement.unit, "")
    return held if here or statement.decided_by == who.person else None


_RULES: Mapping[str, Callable[[Held, _Holder], Held | None]] = {
    REVIEW: _review,
    REGISTER: _register,
    PERMIT: _permit,
    NOTED_MAIL: _noted,
    STANDING_MAIL: _standing,
}
"""By kind: what stays of a thing - itself, less of it, or nothing."""
_BESIDE: Mapping[str, str] = {
    REVIEW: reviews.SAID,
    REGISTER: register_book.OWN,
    PERMIT: permit_held.OWN,
    NOTED_MAIL: permit_noted.OWN,
}
"""What this device itself noted beside it, under the same id."""
