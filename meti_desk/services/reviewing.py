"""Offering labels to who judges them (確認, Art. 4-2), at the time of a sync.

Looked at are the decisions that were recorded since the last time, however long that is: of each
document the last one counts. Files that got the same label in one act are one review. What nobody
has judged yet is sealed anew when other people, or other devices, have to read it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from meti_desk.domain import review
from meti_desk.domain.events_review import review_body
from meti_desk.domain.ledger import Event
from meti_desk.services import enrolment, review_book, sealing
from meti_desk.services.context import Context
from meti_desk.services.review_book import KNOWN, UNSENT, Order, OwnOffer
from meti_desk.services.review_decisions import Decided, decided_since
from meti_desk.services.saying import say
from meti_desk.sync.mail import UnitTold
from meti_desk.sync.packed import pack
from meti_desk.sync.projection import MOST_SAID
from meti_desk.sync.reviews import (
    CORRECT,
    MOST_MEMBERS,
    OFFERED,
    VALID,
    WITHDRAWN,
    Replaced,
    ReviewMember,
    ReviewOffered,
    ReviewWithdrawn,
    ReviewWords,
    words_about,
)
from meti_desk.sync.sealed import seal

SEEN = "review.seen"
"""How far of 取扱記録 was looked at."""
FROM = "review.from"
"""The first day whose decisions are offered, where the policy names none."""
_AT_ONCE = 2_000
"""Entries that are looked at in one transaction."""
_ONE_ACT = timedelta(hours=1)
"""Decisions alike that are further apart are not one act."""
_MOST_VOICES = 20
_MOST_DAYS = 36_500
_ROOM = MOST_SAID - 2_048


def prepare(ctx: Context) -> bool:
    """Offer, withdraw and seal anew what has to be; tells whether anything was said.

    Nothing before the server has told who judges here.
    """
    known = enrolment.state(ctx)
    if not known.url or ctx.open_store().mailbox.get("unit", known.person) is None:
        return False
    work = _Offering(ctx, enrolment.unit(ctx))
    said = work.new_decisions()
    said = work.moot_orders() or said
    return work.sealed_anew() or said


def reader_points(ctx: Context, told: UnitTold) -> dict[str, bytes]:
    """Give the devices of who judges what this person decides, and the person's own."""
    own = sealing.own_points(ctx, told)
    for post in review.POSTS:
        others = sealing.holding(told, (post,), others=True)
        if others:
            return sealing.all_points(others) | own
    return own


class _Offering:
    """One time of looking: who reads, and what is known of earlier reviews."""

    def __init__(self, ctx: Context, unit: UnitTold) -> None:
        self._ctx = ctx
        self._unit = unit
        self._points = reader_points(ctx, unit)
        self._known: dict[str, _Known] | None = None
        self._open: tuple[Order, ...] | None = None

    def new_decisions(self) -> bool:
        """Offer what was decided since the last time."""
        store = self._ctx.open_store()
        said = False
        # From the beginning every level is met on the way; later the record is asked for few.
        levels: dict[str, int] | None = {} if store.settings.get(SEEN, "0") == "0" else None
        while True:
            seen = int(store.settings.get(SEEN, "0"))
            found = list(islice(store.ledger.since(seen), _AT_ONCE))
            if not found:
                return said
            with store.transaction():
                said = self._look_at(found, levels) or said
                store.settings.put(SEEN, str(found[-1].seq))

    def _look_at(self, found: Sequence[Event], levels: dict[str, int] | None) -> bool:
        decided, gone = decided_since(self._ctx, found, self._since(), levels)
        offers = [one for one in decided if self._wanted(one)]
        moot: dict[tuple[str, str], list[str]] = {}
        for document, why in gone:
            self._withdraw(document, why, moot)
        for one in decided:
            if not self._same(one):
                self._withdraw(one.document, "decided-anew", moot, but=self._orders(one))
        for (identity, why), documents in moot.items():
            self._say_withdrawn(identity, documents, why)
        groups = [*_acts(offers, self._orders)]
        for group in groups:
            self._offer(group)
        return bool(moot or groups)

    def _since(self) -> str:
        """Give the first day whose decisions are offered; empty: all that is looked at.

        A device that comes to a server for the first time may have recorded for years: nobody
        judges thousands of old decisions at once. What is older is offered when it is decided anew.
        """
        policy, settings = self._ctx.policy.review, self._ctx.open_store().settings
        if policy.since is not None:
            return policy.since.isoformat()
        if settings.get(SEEN, "0") == "0" and not settings.get(FROM):
            first = self._ctx.clock.now() - timedelta(days=max(0, min(policy.days, _MOST_DAYS)))
            settings.put(FROM, first.date().isoformat())
        return settings.get(FROM)

    # ---- what is known already

    def _before(self) -> "dict[str, _Known]":
        """Index by document: its newest review, of this device or another of the person."""
        if self._known is None:
            self._known = {}
            for told in review_book.all_told(self._ctx):
                if told.owner == self._unit.person:
                    for member in told.members:
                        state = _Known(told.id, told.label, None, member.state, told.decided_at)
                        held = self._known.get(member.document)
                        if held is None or held.at <= state.at:
                            self._known[member.document] = state
            for offer in review_book.offers(self._ctx):
                self._from_here(offer)
        return self._known

    def _from_here(self, offer: OwnOffer) -> None:
        known = self._known if self._known is not None else {}
        for member in offer.members:
            held = known.get(member.document)
            if held is not None and held.review == offer.id:
                held.handling = offer.words.handling
            elif held is None or held.at <= offer.decided_at:
                known[member.document] = _Known(
                    offer.id, offer.label, offer.words.handling, UNSENT, offer.decided_at
                )

    def _wanted(self, one: Decided) -> bool:
        """Tell whether a decision is to be judged, and is not the one that is judged already."""
        if self._orders(one):
            return True
        policy = self._ctx.policy.review
        if one.published or not review.is_offered(
            one.c, one.before, levels=policy.levels, lowered=policy.lowered
        ):
            return False
        return not self._same(one)

    def _same(self, one: Decided) -> bool:
        """Tell whether this label is offered already.

        A later version of a document with the same label asks for no second judgement.
        """
        held = self._before().get(one.document)
        if held is None or held.state == "gone":
            return False
        return held.label == one.label and held.handling in (None, one.handling)

    def _orders(self, one: Decided) -> tuple[str, ...]:
        """Name the reviews whose orders this decision carries out."""
        if self._open is None:
            self._open = tuple(review_book.open_orders(self._ctx, self._unit.person))
        return tuple(
            order.review
            for order in self._open
            if order.document == one.document
            and order.label == one.label
            and order.handling in (None, one.handling)
        )

    # ---- what is said

    def _withdraw(
        self, document: str, why: str, moot: dict[tuple[str, str], list[str]],
        but: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Note that the newest review of a document need not be judged any more, if it waits."""
        held = self._before().get(document)
        waits = (*review.OPEN, UNSENT, "nobody")
        ends = waits if why == "decided-anew" else (*waits, "correct")
        if held is None or held.state not in ends or held.review in but:
            return
        moot.setdefault((held.review, why), []).append(document)
        held.state = "gone"

    def _say_withdrawn(self, identity: str, documents: Sequence[str], why: str) -> None:
        said = ReviewWithdrawn(id=identity, documents=tuple(documents), why=why)
        record = self._ctx.open_store().documents.get(documents[0])
        body = review_body(
            review=identity, documents=documents, title=record.title if record else "", what=why
        )
        say(self._ctx, WITHDRAWN, body, msgspec.msgpack.encode(said))

    def _offer(self, group: "Sequence[Decided]") -> None:
        """Offer one act; in halves where it has no room in one piece."""
        first = group[0]
        links: dict[str, list[str]] = {}
        for one in group:
            for order in self._orders(one):
                links.setdefault(order, []).append(one.document)
        offer = OwnOffer(
            id=self._ctx.ids.token(16).hex(),
            label=first.label,
            decided_at=max(one.at for one in group),
            members=tuple(ReviewMember(document=o.document, digest=o.digest) for o in group),
            words=ReviewWords(
                titles=tuple(one.title for one in group),
                places=tuple(one.place for one in group),
                reason=first.reason,
                handling=first.handling,
                evidence=_together(group),
            ),
            carries_out=tuple(
                Replaced(id=order, documents=tuple(named)) for order, named in links.items()
            ),
        )
        if len(group) > 1 and len(self._wire(offer)) > _ROOM:
            half = len(group) // 2
            self._offer(group[:half])
            self._offer(group[half:])
            return
        self._say(offer, "offered", first.body)
        self._from_here(offer)

    def _wire(self, offer: OwnOffer) -> bytes:
        about = words_about(offer.id)
        return msgspec.msgpack.encode(
            ReviewOffered(
                id=offer.id, label=offer.label, decided_at=offer.decided_at, members=offer.members,
                words=seal(pack(offer.words), about, self._points), carries_out=offer.carries_out,
                device=enrolment.enrolled(self._ctx).device,
                opening=self._ctx.open_store().sealer.opening_point(),
            )
        )  # fmt: skip

    def _say(self, offer: OwnOffer, what: str, label: dict[str, object] | None = None) -> None:
        body = review_body(
            review=offer.id, documents=[one.document for one in offer.members],
            title=offer.words.titles[0], what=what, label=label,
        )  # fmt: skip
        say(self._ctx, OFFERED, body, self._wire(offer))
        told = review_book.told_of(self._ctx, offer.id)
        kept = msgspec.structs.replace(offer, sealed_for=sealing.fingerprint(self._points))
        review_book.keep(self._ctx, kept, UNSENT if told is None else KNOWN)

    def sealed_anew(self) -> bool:
        """Seal what nobody has judged yet for those who judge it now."""
        now = sealing.fingerprint(self._points)
        said = False
        for offer in [*review_book.offers(self._ctx)]:
            told = review_book.told_of(self._ctx, offer.id)
            waits = told is None or told.state in (*review.OPEN, "nobody")
            if waits and offer.sealed_for != now:
                with self._ctx.open_store().transaction():
                    self._say(offer, "sealed")
                said = True
        return said

    def moot_orders(self) -> bool:
        """Let go what a later decision about the same document made moot.

        An order, when a later decision was found valid; what waits, when another device of the
        person decided anew.
        """
        known = self._before()
        moot: dict[tuple[str, str], list[str]] = {}
        for state in (review_book.TASK, *review.OPEN, "nobody"):
            for told in review_book.all_told(self._ctx, state):
                if told.owner != self._unit.person:
                    continue
                for member in told.members:
                    held = known.get(member.document)
                    if held is None or held.review == told.id or held.at <= told.decided_at:
                        continue
                    if member.state in review.OPEN:
                        moot.setdefault((told.id, "decided-anew"), []).append(member.document)
                    elif member.state == CORRECT and held.state == VALID:
                        moot.setdefault((told.id, "judged-anew"), []).append(member.document)
        fresh = {key: docs for key, docs in moot.items() if self._not_said(key, docs)}
        for (identity, why), documents in fresh.items():
            self._say_withdrawn(identity, documents, why)
        return bool(fresh)

    def _not_said(self, key: tuple[str, str], documents: Sequence[str]) -> bool:
        """Tell whether this was not said before: an answer may take weeks."""
        mark = f"review.moot.{key[0]}.{key[1]}"
        now = " ".join(sorted(documents))
        settings = self._ctx.open_store().settings
        if settings.get(mark) == now:
            return False
        settings.put(mark, now)
        return True


class _Known:
    """The newest review of a document; `handling` `None`: not known on this device."""

    __slots__ = ("at", "handling", "label", "review", "state")

    def __init__(
        self, identity: str, label: str, handling: str | None, state: str, at: str
    ) -> None:
        self.review = identity
        self.label = label
        self.handling = handling
        self.state = state
        self.at = at


def _acts(
    decided: Iterable[Decided], orders: Callable[[Decided], tuple[str, ...]]
) -> Iterator[list[Decided]]:
    """Put decisions of one act together: the same label and reason, soon after one another."""
    groups: dict[object, list[Decided]] = {}
    for one in decided:
        key = (one.label, one.handling, one.reason, orders(one))
        group = groups.get(key)
        near = group and _moment(one.at) - _moment(group[-1].at) <= _ONE_ACT
        if group and near and len(group) < MOST_MEMBERS:
            group.append(one)
            continue
        if group:
            yield group
        groups[key] = [one]
    yield from groups.values()


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _together(group: Sequence[Decided]) -> tuple[str, ...]:
    """Give what speaks for the labels of one act: each voice once, the first ones."""
    voices = [*dict.fromkeys(voice for one in group for voice in one.evidence)]
    more = len(voices) - _MOST_VOICES
    return (*voices[:_MOST_VOICES], f"more:{more}") if more > 0 else tuple(voices)
