"""Reviews in the shape in which they are shown."""

from meti_desk.domain import stored_label
from meti_desk.services import review_book, sealing
from meti_desk.services.context import Context, who
from meti_desk.services.messages import LabelView
from meti_desk.services.review_book import OwnOffer
from meti_desk.services.review_messages import ReviewDocument, ReviewRow, ReviewStep
from meti_desk.services.views import label_view
from meti_desk.sync.reviews import OBJECTED, Judgement, ReviewTold, ReviewWords, words_about


def label_of(ctx: Context, code: str, handling: str) -> LabelView:
    """Show a label that came as its code and the line of its 取扱制限."""
    spelled = f"{code[:2]};{code[2:4]};{code[4:]}"
    read = stored_label.parse_texts(spelled, handling, ctx.policy.vocabulary)
    return label_view(read) or LabelView()


def rows_of(ctx: Context, told: ReviewTold) -> ReviewRow:
    """Show a review as the server told of it."""
    words = review_book.words_of(ctx, told)
    return ReviewRow(
        id=told.id,
        revision=told.revision,
        state=told.state,
        owner=told.owner_name,
        label=label_of(ctx, told.label, words.handling if words else ""),
        decided_at=told.decided_at,
        documents=tuple(
            ReviewDocument(
                id=one.document, state=one.state, digest=one.digest,
                title=words.titles[at] if words else "", place=words.places[at] if words else "",
            )
            for at, one in enumerate(told.members)
        ),
        unit=told.unit,
        offered_at=told.offered_at,
        reason=words.reason if words else "",
        evidence=_evidence(words),
        steps=tuple(_step(ctx, told, one, words) for one in told.judgements),
        follows=told.follows,
        readable=words is not None,
    )  # fmt: skip


def unsent_row(ctx: Context, offer: OwnOffer) -> ReviewRow:
    """Show an offer that the server does not know yet."""
    words = offer.words
    return ReviewRow(
        id=offer.id,
        revision=0,
        state=review_book.UNSENT,
        owner=who(ctx.person()),
        label=label_of(ctx, offer.label, words.handling),
        decided_at=offer.decided_at,
        documents=tuple(
            ReviewDocument(
                id=one.document, state=review_book.UNSENT, digest=one.digest,
                title=words.titles[at], place=words.places[at],
            )
            for at, one in enumerate(offer.members)
        ),
        reason=words.reason,
        evidence=_evidence(words),
        follows=tuple(one.id for one in offer.carries_out),
        mine=True,
    )  # fmt: skip


def _evidence(words: ReviewWords | None) -> tuple[tuple[str, str], ...]:
    told = words.evidence if words else ()
    parted = (one.partition(":") for one in told)
    return tuple((code, text) for code, _, text in parted)


def _step(ctx: Context, told: ReviewTold, step: Judgement, words: ReviewWords | None) -> ReviewStep:
    note, label = "", None
    if step.what == OBJECTED:
        plain = sealing.opened_bytes(ctx, step.words, words_about(told.id, "answer"))
        note = plain.decode(errors="replace") if plain is not None else ""
    else:
        order = review_book.order_words(ctx, told, step)
        note = order.note
        if step.label:
            before = words.handling if words else ""
            handling = before if order.handling is None else order.handling
            label = label_of(ctx, step.label, handling)
    return ReviewStep(
        what=step.what, by=step.name, post=step.post, at=step.at, documents=step.documents,
        label=label, note=note,
    )  # fmt: skip
