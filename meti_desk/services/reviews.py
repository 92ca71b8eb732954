"""確認 as an area of the desk: what waits to be judged, and what was ordered (Arts. 4-2, 5-1, 7-1).

A judgement and an answer wait in the log until the next sync; until the server has answered, the
review stands as it was, with `said` set. What the server refused is told by its code.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from meti_desk.domain import stored_label
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.events import label_body
from meti_desk.domain.events_review import review_body
from meti_desk.domain.label import Label
from meti_desk.domain.mailbox import Held
from meti_desk.domain.restriction import stricter
from meti_desk.domain.review import OPEN, POSTS, code, read_code
from meti_desk.services import enrolment, review_book, sealing
from meti_desk.services.context import Context
from meti_desk.services.review_book import UNSENT
from meti_desk.services.review_messages import (
    CorrectionTask,
    JudgeRequest,
    ReviewRow,
    ReviewsView,
)
from meti_desk.services.review_views import label_of, rows_of, unsent_row
from meti_desk.services.saying import say
from meti_desk.sync.mail import UNIT, UnitTold
from meti_desk.sync.packed import pack
from meti_desk.sync.reviews import (
    ANSWERED,
    CORRECT,
    JUDGED,
    ReviewAnswered,
    ReviewJudged,
    ReviewOrder,
    ReviewTold,
    words_about,
)
from meti_desk.sync.sealed import seal

SAID = "review-said"
"""Kind of what was said here about a review and not answered yet."""
MOST_SHOWN = 500
"""Reviews of each list of the view, the newest."""
_SHORT = re.compile(r"[0-9a-f]{6,32}")
_ARTICLE = ("4-2",)


class PendingSaid(msgspec.Struct, frozen=True):
    """What was said: at which place of the log, after how many steps of the review, and what."""

    seq: int
    steps: int
    what: str


class Reviews:
    """Reviews of this person, and those that they judge."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def view(self) -> ReviewsView:
        """Give everything that the pages show; the newest come first."""
        known, unit = self._who()
        if not known:
            return ReviewsView(enrolled=False, mine=self._unsent())
        judges = unit is not None and bool(set(unit.posts) & set(POSTS))
        told = [*review_book.all_told(self._ctx)]
        mine = [one for one in told if one.owner == known]
        others = [one for one in told if one.owner != known and judges]
        wait = [one for one in others if self._judgeable(one, unit)]
        done = [one for one in others if one.state not in (*OPEN, "nobody")]
        return ReviewsView(
            enrolled=True,
            judges=judges,
            to_judge=self._rows(wait, unit),
            judged=self._rows(done, unit),
            mine=(*self._unsent(), *self._rows(mine, unit)),
            tasks=self.tasks(),
        )

    def judge(self, request: JudgeRequest) -> tuple[ReviewRow, ...]:
        """Judge reviews alike (Art. 4-2): all, or where one cannot be judged, none.

        Raises `RuleViolation`: `review.unknown`, `review.own`, `review.judged` (nothing of it waits
        any more), `review.note-missing`, `review.unreadable` (its words are not sealed for this
        device yet); `InvalidInput`: `review.label`, `label.unknown-restriction`.
        """
        if request.c and not request.note.strip():
            raise RuleViolation("review.note-missing", articles=_ARTICLE)
        if not request.ids:
            raise InvalidInput("review.nothing")
        unit = enrolment.unit(self._ctx)
        found = [self._found(identity) for identity in request.ids]
        for told in found:
            self._check(told, unit, request)
        with self._ctx.open_store().transaction():
            for told in found:
                self._judge(told, unit, request)
        return self._rows(found, unit)

    def tasks(self) -> tuple[CorrectionTask, ...]:
        """Give the orders that are open (要修正)."""
        known, _ = self._who()
        if not known:
            return ()
        given: list[CorrectionTask] = []
        for told in review_book.all_told(self._ctx, review_book.TASK):
            if told.owner == known:
                given += self._tasks_of(told)
        return tuple(given)

    def answer(self, review_id: str, reason: str, documents: tuple[str, ...] = ()) -> ReviewRow:
        """Object to an order with a reason (相談, Art. 7-1); it is judged again.

        Raises `RuleViolation`: `review.unknown`, `review.not-ordered`, `review.note-missing`.
        """
        if not reason.strip():
            raise RuleViolation("review.note-missing", articles=("7-1",))
        unit = enrolment.unit(self._ctx)
        told = self._found(review_id)
        ordered = tuple(one.document for one in told.members if one.state == CORRECT)
        named = documents or ordered
        if told.owner != unit.person or not named or not set(named) <= set(ordered):
            raise RuleViolation("review.not-ordered", articles=_ARTICLE)
        about = words_about(told.id, "answer")
        words = seal(reason.strip().encode(), about, self._points(told, unit))
        said = ReviewAnswered(id=told.id, revision=told.revision, documents=named, words=words)
        body = review_body(
            review=told.id, documents=named, title=self._title(told, named[0]), what="answered",
            reason=reason.strip(),
        )  # fmt: skip
        self._say(told, ANSWERED, body, msgspec.msgpack.encode(said), "answered")
        return self._rows([told], unit)[0]

    # ---- judging

    def _check(self, told: ReviewTold, unit: UnitTold, request: JudgeRequest) -> None:
        if told.owner == unit.person:
            raise RuleViolation("review.own", articles=_ARTICLE)
        if not set(unit.posts) & set(POSTS):
            raise RuleViolation("review.not-yours", articles=_ARTICLE)
        if not self._meant(told, request):
            raise RuleViolation("review.judged", articles=_ARTICLE)
        if review_book.words_of(self._ctx, told) is None:
            raise RuleViolation("review.unreadable", articles=_ARTICLE)

    def _meant(self, told: ReviewTold, request: JudgeRequest) -> tuple[str, ...]:
        named = set(request.documents)
        states = (*OPEN, "valid", CORRECT) if named else OPEN
        return tuple(
            one.document
            for one in told.members
            if one.state in states and (not named or one.document in named)
        )

    def _judge(self, told: ReviewTold, unit: UnitTold, request: JudgeRequest) -> None:
        documents = self._meant(told, request)
        label, words, ordered = "", b"", None
        if request.c:
            ordered, handling = self._ordered(told, request)
            label = code(
                ordered.confidentiality.value, ordered.integrity.value, ordered.availability.value
            )
            order = ReviewOrder(note=request.note.strip(), handling=handling)
            about = words_about(told.id, "order")
            words = seal(pack(order), about, self._points(told, unit))
        elif request.note.strip():
            about = words_about(told.id, "order")
            order = ReviewOrder(note=request.note.strip())
            words = seal(pack(order), about, self._points(told, unit))
        said = ReviewJudged(
            id=told.id, revision=told.revision, label=label, documents=documents, words=words
        )
        what = CORRECT if label else "valid"
        body = review_body(
            review=told.id, documents=documents, title=self._title(told, documents[0]), what=what,
            label=label_body(ordered) if ordered else None, reason=request.note.strip(),
            owner=told.owner_name,
        )  # fmt: skip
        self._say(told, JUDGED, body, msgspec.msgpack.encode(said), what)

    def _ordered(self, told: ReviewTold, request: JudgeRequest) -> tuple[Label, str | None]:
        """Give the label that is ordered, and its handling; `None`: as it was decided."""
        words = review_book.words_of(self._ctx, told)
        before = words.handling if words is not None else ""
        _, i, a = read_code(told.label)
        label = code(request.c, request.i or i, request.a or a)
        c, i, a = read_code(label)
        vocabulary = self._ctx.policy.vocabulary
        read = stored_label.parse_texts(f"C{c};I{i};A{a}", before, vocabulary)
        held = read if isinstance(read, Label) else read.floor()
        if request.restrictions is None:
            return held, None
        chosen = []
        for name in request.restrictions:
            known = vocabulary.get(name)
            if known is None:
                raise InvalidInput("label.unknown-restriction", articles=_ARTICLE, name=name)
            chosen.append(known)
        made = Label(
            Confidentiality(c), Integrity(i), Availability(a), stricter(chosen), held.audience,
            held.terms,
        )  # fmt: skip
        return made, stored_label.handling_text(made)

    def _points(self, told: ReviewTold, unit: UnitTold) -> dict[str, bytes]:
        """Give the devices of all who read a judgement: who decided, who judges, this person."""
        judges = sealing.all_points(told.owner_devices, sealing.holding(unit, POSTS))
        return judges | sealing.own_points(self._ctx, unit)

    def _say(
        self, told: ReviewTold, kind: str, body: dict[str, object], said: bytes, what: str
    ) -> None:
        store = self._ctx.open_store()
        with store.transaction():
            event = say(self._ctx, kind, body, said)
            pending = msgspec.msgpack.encode(PendingSaid(event.seq, len(told.judgements), what))
            store.mailbox.put(Held(SAID, told.id, 0, what, pending, event.at))

    # ---- showing

    def _who(self) -> tuple[str, UnitTold | None]:
        known = enrolment.state(self._ctx)
        if not known.url:
            return "", None
        held = self._ctx.open_store().mailbox.get(UNIT, known.person)
        unit = msgspec.msgpack.decode(held.body, type=UnitTold) if held is not None else None
        return known.person, unit

    def _found(self, identity: str) -> ReviewTold:
        """Find a review by its id or the beginning of it, as the command line shows it."""
        told = review_book.told_of(self._ctx, identity)
        if told is None and _SHORT.fullmatch(identity):
            fits = [one for one in review_book.all_told(self._ctx) if one.id.startswith(identity)]
            told = fits[0] if len(fits) == 1 else None
        if told is None:
            raise RuleViolation("review.unknown", articles=_ARTICLE)
        return told

    def _judgeable(self, told: ReviewTold, unit: UnitTold | None) -> bool:
        if unit is None or told.owner == unit.person or not set(unit.posts) & set(POSTS):
            return False
        return unit.unit in (told.unit, "") and any(one.state in OPEN for one in told.members)

    def _rows(self, found: Iterable[ReviewTold], unit: UnitTold | None) -> tuple[ReviewRow, ...]:
        me = unit.person if unit else ""
        given = []
        for told in islice(found, MOST_SHOWN):
            row = rows_of(self._ctx, told)
            said, refusal = self._pending(told)
            given.append(
                msgspec.structs.replace(
                    row, judgeable=row.readable and self._judgeable(told, unit) and not said,
                    mine=told.owner == me, said=said, refusal=refusal,
                )
            )  # fmt: skip
        return tuple(given)

    def _unsent(self) -> tuple[ReviewRow, ...]:
        offers = islice(review_book.offers(self._ctx, UNSENT), MOST_SHOWN)
        return tuple(unsent_row(self._ctx, one) for one in offers)

    def _pending(self, told: ReviewTold) -> tuple[bool, str]:
        """Tell whether something that was said here is unanswered, and why it was refused."""
        store = self._ctx.open_store()
        held = store.mailbox.get(SAID, told.id)
        if held is None:
            return False, ""
        pending = msgspec.msgpack.decode(held.body, type=PendingSaid)
        since, me = told.judgements[pending.steps :], enrolment.state(self._ctx).person
        if any(step.person == me for step in since):
            return False, ""  # done, perhaps after it had to wait for what it speaks of
        refused = enrolment.outcome_of(self._ctx, pending.seq)
        if refused:
            return False, refused
        return not since, ""

    def _title(self, told: ReviewTold, document: str) -> str:
        words = review_book.words_of(self._ctx, told)
        names = [one.document for one in told.members]
        return words.titles[names.index(document)] if words is not None else ""

    def _tasks_of(self, told: ReviewTold) -> Sequence[CorrectionTask]:
        words = review_book.words_of(self._ctx, told)
        names = [one.document for one in told.members]
        said, _ = self._pending(told)
        documents = self._ctx.open_store().documents
        given = []
        for order in review_book.orders_in(self._ctx, told, (CORRECT,)):
            at = names.index(order.document)
            record = documents.get(order.document)
            before = words.handling if words else ""
            handling = before if order.handling is None else order.handling
            carried_out = record is not None and (
                record.label.replace(";", "") == order.label
                and order.handling in (None, record.handling)
            )
            given.append(
                CorrectionTask(
                    review=told.id, revision=told.revision, document=order.document,
                    title=words.titles[at] if words else (record.title if record else ""),
                    path=record.path if record else (words.places[at] if words else ""),
                    decided=label_of(self._ctx, told.label, before),
                    ordered=label_of(self._ctx, order.label, handling),
                    note=order.note, by=order.step.name, post=order.step.post, at=order.step.at,
                    said=said or carried_out,
                )
            )  # fmt: skip
        return given
