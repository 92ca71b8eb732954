"""What this device knows of reviews: those it offered itself, and those the server told of."""

from collections.abc import Iterator

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.mailbox import Held
from meti_desk.services import sealing
from meti_desk.services.context import Context
from meti_desk.services.enrolment import SyncState
from meti_desk.sync.mail import Mail
from meti_desk.sync.reviews import (
    CORRECT,
    OBJECTED,
    REVIEW,
    Judgement,
    Replaced,
    ReviewMember,
    ReviewOrder,
    ReviewTold,
    ReviewWords,
    words_about,
)

OWN = "review-own"
"""Kind of what was offered from this device; never from the server."""
UNSENT, KNOWN = "unsent", "known"
TASK = "task"
"""State of a review of one's own that has an order: 要修正."""


class OwnOffer(msgspec.Struct, frozen=True, kw_only=True):
    """A review as it was offered here: kept whole, because it may have to be sealed for others."""

    id: str
    label: str
    decided_at: str
    members: tuple[ReviewMember, ...]
    words: ReviewWords
    carries_out: tuple[Replaced, ...] = ()
    sealed_for: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is open for a document; `handling` `None`: as it was."""

    review: str
    document: str
    label: str
    handling: str | None
    step: Judgement
    note: str


def taken(ctx: Context, known: SyncState, piece: Mail) -> str:
    """Take a review that the server tells of; gives the word under which it is listed."""
    try:
        told = msgspec.msgpack.decode(piece.body, type=ReviewTold)
    except msgspec.DecodeError:
        raise InvalidInput("sync.not-understood") from None
    mailbox = ctx.open_store().mailbox
    own = mailbox.get(OWN, told.id)
    if own is not None and own.state == UNSENT:
        mailbox.put(own._replace(state=KNOWN))
    ordered = any(one.state == CORRECT for one in told.members)
    return TASK if told.owner == known.person and ordered else told.state


def offers(ctx: Context, state: str = "") -> Iterator[OwnOffer]:
    """Give what was offered from this device, the newest first."""
    for held in ctx.open_store().mailbox.of(OWN, state):
        yield msgspec.msgpack.decode(held.body, type=OwnOffer)


def keep(ctx: Context, offer: OwnOffer, state: str) -> None:
    """Keep an offer."""
    at = ctx.clock.now().isoformat(timespec="seconds")
    body = msgspec.msgpack.encode(offer)
    ctx.open_store().mailbox.put(Held(OWN, offer.id, 0, state, body, at))


def told_of(ctx: Context, review: str) -> ReviewTold | None:
    """Give a review as the server told of it last."""
    held = ctx.open_store().mailbox.get(REVIEW, review)
    return _read(held) if held is not None else None


def all_told(ctx: Context, state: str = "") -> Iterator[ReviewTold]:
    """Give all reviews that the server told of, the newest first."""
    for held in ctx.open_store().mailbox.of(REVIEW, state):
        told = _read(held)
        if told is not None:
            yield told


def _read(held: Held) -> ReviewTold | None:
    try:
        return msgspec.msgpack.decode(held.body, type=ReviewTold)
    except msgspec.DecodeError:
        return None  # of a later version


def words_of(ctx: Context, told: ReviewTold) -> ReviewWords | None:
    """Open the words of a review; nothing where they are not for this device."""
    words = sealing.opened(ctx, told.words, words_about(told.id), ReviewWords)
    fits = words is not None and len(words.titles) == len(words.places) == len(told.members)
    return words if fits else None


def order_words(ctx: Context, told: ReviewTold, step: Judgement) -> ReviewOrder:
    """Open the words of an order; empty ones where they are not for this device."""
    about = words_about(told.id, "order")
    return sealing.opened(ctx, step.words, about, ReviewOrder) or ReviewOrder()


def open_orders(ctx: Context, person: str) -> Iterator[Order]:
    """Give the orders that this person has to carry out or to answer, the newest first."""
    for told in all_told(ctx, TASK):
        if told.owner == person:
            yield from orders_in(ctx, told, (CORRECT,))


def orders_in(
    ctx: Context, told: ReviewTold, states: tuple[str, ...] = (CORRECT, OBJECTED)
) -> Iterator[Order]:
    """Give the newest order of each document that is in one of the states."""
    steps = {
        document: step
        for step in told.judgements
        if step.what == CORRECT
        for document in step.documents
    }
    opened: dict[bytes, ReviewOrder] = {}
    for member in told.members:
        step = steps.get(member.document)
        if member.state not in states or step is None:
            continue
        if step.words not in opened:
            opened[step.words] = order_words(ctx, told, step)
        words = opened[step.words]
        yield Order(
            review=told.id, document=member.document, label=step.label, handling=words.handling,
            step=step, note=words.note,
        )  # fmt: skip
