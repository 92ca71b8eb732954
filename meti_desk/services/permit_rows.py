"""Permits as they are shown: what the server signed, with the words that this device can read."""

from typing import NamedTuple

import msgspec

from meti_desk.domain.permit import PermitState, may_decide
from meti_desk.services import enrolment, server_time
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.services.permit_held import Known, permit_of
from meti_desk.services.permit_messages import LAPSED, LEFT, PermitDocument, PermitRow
from meti_desk.services.permit_words import ReportWords, report_of, words_of
from meti_desk.sync.permits import LAPSED as NOTE_LAPSED
from meti_desk.sync.permits import PermitWords


def posts(ctx: Context) -> tuple[str, ...]:
    """Give the posts that the person holds, as far as the server told."""
    known = enrolment.state(ctx)
    if not known.url or ctx.open_store().mailbox.get("unit", known.person) is None:
        return ()
    return enrolment.unit(ctx).posts


class Said(NamedTuple):
    """The words of a permit; `sound`: nothing says that they are others than were asked with."""

    words: PermitWords | None = None
    sound: bool = True


def titles_of(ctx: Context, one: Known) -> tuple[str, ...]:
    """Give the titles of its documents, where this device can read them."""
    said = words(ctx, one).words
    return said.titles if said else ()


def words(ctx: Context, one: Known) -> Said:
    """Give its words: those written here, or those that this device can open.

    What others wrote has to fit the digest in the signed statement. A request of an earlier version
    has none: while it is undecided its words are not believed; after that they cannot be exchanged
    any more, and are shown as they came.
    """
    if one.own.words is not None:
        return Said(one.own.words)
    found = words_of(ctx, one.id, one.told.words, one.devices) if one.told else None
    if found is None:
        return Said()
    statement = one.statement
    if statement is None:
        return Said(found.words, sound=False)
    bound = statement.words_digest
    waits = statement.state == PermitState.REQUESTED.value
    return Said(found.words, sound=found.digest == bound if bound else not waits)


def row(ctx: Context, one: Known, held: tuple[str, ...], *, brief: bool = False) -> PermitRow:
    """Show a permit to a person who holds these posts; `brief`: without what has to be unsealed."""
    known = enrolment.state(ctx)
    told = Said() if brief else words(ctx, one)
    scope, said = one.scope, told.words
    base = PermitRow(
        id=one.id,
        state=_state(ctx, one),
        revision=one.revision,
        articles=scope.articles if scope else (),
        actions=scope.actions if scope else (),
        documents=_documents(ctx, one, said),
        blanket=scope.blanket if scope else "",
        recipients=scope.recipients if scope else (),
        since=scope.since if scope else "",
        until=scope.until if scope else "",
        restrictions=scope.restrictions if scope else (),
        includes_copies=scope.includes_copies if scope else False,
        reason=said.reason if said else "",
        measures=said.measures if said else (),
        requester=ctx.actor(),
        requested_at=one.at,
        mine=one.mine(known),
        verified=one.sound or not one.came,
        words_sound=told.sound,
        refusal=one.refusal,
        refused_at=one.own.refused_at if one.refusal else "",
        pending=one.pending,
        left=one.left is not None,
    )
    return _decided(ctx, known, one, base, held, brief=brief)


def _decided(
    ctx: Context, known: SyncState, one: Known, base: PermitRow, held: tuple[str, ...], *,
    brief: bool,
) -> PermitRow:  # fmt: skip
    told, statement = one.told, one.statement
    if told is None or statement is None:
        return base
    said = ReportWords(text="") if brief else report_of(ctx, one.id, told.report, one.devices)
    permit = permit_of(one)
    due = permit is not None and permit.report_due(server_time.today(ctx))
    return msgspec.structs.replace(
        base,
        unit=statement.unit,
        requester=statement.requester or statement.requested_by,
        requested_at=statement.requested_at,
        decider=statement.decider or statement.decided_by,
        post=statement.post,
        decided_at=statement.decided_at,
        designated=statement.designated,
        note=statement.note,
        report=one.own.report or said.text,
        uses=said.uses,
        report_waived=statement.report_waived,
        report_due=due and one.left is None,
        unreported=due and one.left is not None,
        reported_at=statement.reported_at,
        reporter=statement.reporter or statement.reported_by,
        ended_at=statement.ended_at,
        ender=statement.ender or statement.ended_by,
        ended_note=statement.ended_note,
        decidable=_decidable(ctx, known, one, held)
        and (words(ctx, one).sound if brief else base.words_sound),
    )


def _decidable(ctx: Context, known: SyncState, one: Known, held: tuple[str, ...]) -> bool:
    statement = one.statement
    if statement is None or one.left is not None or not one.sound or one.pending:
        return False
    waits = _signed_state(ctx, one) == PermitState.REQUESTED.value
    others = statement.requested_by != known.person
    return waits and others and decides(ctx, statement.scope.articles, held)


def decides(ctx: Context, articles: tuple[str, ...], held: tuple[str, ...]) -> bool:
    """Tell whether one of the posts may decide all these articles."""
    return bool(deciding_post(ctx, articles, held))


def deciding_post(ctx: Context, articles: tuple[str, ...], held: tuple[str, ...]) -> str:
    """Give the post by which the person may decide all these articles, or nothing."""
    stand_ins = ctx.policy.permits.stand_ins
    return next((post for post in held if may_decide(articles, post, stand_ins)), "")


def _state(ctx: Context, one: Known) -> str:
    undecided = one.statement is None or one.statement.state == PermitState.REQUESTED.value
    if one.left is not None and undecided and not one.refusal:
        return LEFT
    return _signed_state(ctx, one)


def _signed_state(ctx: Context, one: Known) -> str:
    if one.statement is None and one.refusal:
        return PermitState.REFUSED.value
    permit, today = permit_of(one), server_time.today(ctx)
    if permit is None:
        return one.statement.state if one.statement else PermitState.REQUESTED.value
    by_office = permit.state is PermitState.WITHDRAWN and not permit.ended_by
    # Over is over, whether the server has said so already or not.
    if permit.lapsed(today) or (by_office and permit.ended_note == NOTE_LAPSED):
        return LAPSED
    return permit.state_on(today).value


def _documents(ctx: Context, one: Known, said: PermitWords | None) -> tuple[PermitDocument, ...]:
    asked, told = one.own.asked, one.told
    ids = told.documents if told else asked.documents if asked else ()
    labels = told.labels if told else asked.labels if asked else ()
    titles = said.titles if said else ()
    documents = ctx.open_store().documents
    made = []
    for place, name in enumerate(ids):
        title = titles[place] if place < len(titles) else ""
        if not title and one.statement is not None:
            record = documents.get(name)
            title = record.title if record else ""
        label = labels[place] if place < len(labels) else ""
        made.append(PermitDocument(id=name, title=title, label=label))
    return tuple(made)
