"""Permits, noted permissions and standing decisions as the server tells of them.

A permit is kept only with the server's own signature over its statement, and never replaced by an
older state of it. When new people can read for the 課室, the words of what is not decided yet are
sealed anew for them.
"""

import msgspec

from meti_desk.domain import events_permit
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.ledger import Event
from meti_desk.domain.permit import PermitState
from meti_desk.services import (
    enrolment,
    permit_held,
    permit_noted,
    permit_standing,
    sealing,
    server_time,
)
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.services.permit_words import SALT, digest_of, sealed
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, Mail, Outcome, UnitTold
from meti_desk.sync.permit_scope import scope_of
from meti_desk.sync.sealed import readers_of

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def permit(ctx: Context, known: SyncState, mail: Mail) -> str | None:
    """Take a permit in; gives its state, or `None` where what is here stays.

    Raises `InvalidInput("permit.unverified")` for what the server did not sign as this permit,
    when nothing better is here.
    """
    try:
        before = permit_held.read(ctx, mail.id)
    except MetiDeskError:
        before = None
    try:
        statement = permit_held.verified(ctx, known, mail.id, mail.body)
    except InvalidInput:
        if before is not None and before.sound:
            return None
        raise
    if before is not None and before.sound and before.revision > statement.revision:
        return None
    server_time.saw(ctx, statement.requested_at, statement.decided_at, statement.reported_at)
    return statement.state


def prepare(ctx: Context) -> bool:
    """Say before a sync what is to be said again: words for new readers, noted permissions.

    Requests that those who decide now cannot read are sealed anew for them.
    """
    known = enrolment.state(ctx)
    if not known.url or ctx.open_store().mailbox.get(UNIT, known.person) is None:
        return False
    told = enrolment.unit(ctx)
    asked = [one.id for one in ctx.open_store().mailbox.of(permit_held.OWN)]
    again = [_seal_anew(ctx, known, told, permit_held.read(ctx, one)) for one in asked]
    return any(again)


def _seal_anew(ctx: Context, known: SyncState, told: UnitTold, one: permit_held.Known) -> bool:
    asked, words = one.own.asked, one.own.words
    state = one.statement.state if one.statement else PermitState.REQUESTED.value
    waits = state == PermitState.REQUESTED.value and not one.refusal
    if asked is None or words is None or not waits:
        return False
    articles = asked.scope.articles
    devices = {reader.device for reader in sealing.deciding(ctx, told, articles)}
    if asked.digest and devices <= readers_of(asked.words):
        return False
    # A new server gets the whole log: what was said to another one is not asked anew.
    if one.own.seq <= known.since or asked.scope.until < server_time.today(ctx).isoformat():
        return False
    plain = one.own.plain
    if not asked.digest:  # asked by an earlier version: its words are bound now
        words = msgspec.structs.replace(words, salt=ctx.ids.token(SALT))
        plain = msgspec.msgpack.encode(words)
    try:
        closed = sealed(ctx, told, one.id, plain, articles)
    except MetiDeskError:
        return False  # nobody else can read it now; it is looked at again before the next sync
    again = msgspec.structs.replace(asked, words=closed, digest=digest_of(one.id, plain))
    scope = scope_of(asked.scope)
    body = events_permit.asked_body(
        one.id, scope, titles=words.titles, reason=words.reason, measures=words.measures
    )
    with ctx.open_store().transaction():
        say(ctx, events_permit.PERMIT_ASKED, body, msgspec.msgpack.encode(again))
        kept = msgspec.structs.replace(one.own, asked=again, words=words, plain=plain)
        permit_held.keep_own(ctx, one.id, kept)
    return True


def refused(ctx: Context, told: Outcome, event: Event) -> None:
    """Show the code of a refusal at what it is about; it no longer waits for an answer."""
    about = events_permit.about(event.data())
    if not about:
        return
    at = ctx.clock.now().isoformat(timespec="seconds")
    if event.kind in (events_permit.PERMIT_NOTED_TOLD, events_permit.PERMIT_CONFIRMED):
        permit_noted.refused(ctx, about, told.code, at)
        return
    if event.kind == events_permit.STANDING_DECIDED:
        permit_standing.refused(ctx, about, told.code, at)
        return
    own = permit_held.own(ctx, about)
    if own.seq == told.seq:
        kept = msgspec.structs.replace(own, waiting="", refusal=told.code, refused_at=at)
        permit_held.keep_own(ctx, about, kept)
