"""Label: 格付 and 取扱制限 of one piece of information, and how sources join (Arts. 4, 6).

"Undecided" is a state of its own and never C1: it carries the floor that its decided sources give
and is handled as that floor and as 要保護 (rule: what cannot be decided is treated as protected).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce

from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.restriction import Restriction, Serves, stricter


@dataclass(frozen=True, slots=True)
class Terms:
    """The dates and hours of a label; `None` means that nothing was set.

    `embargo`: what the policy names (公表) is forbidden before that day (○月○日まで○○禁止).
    `use_until`: the last day of use. `keep_until`: retention (○月○日まで保存, Art. 12).
    `restore_hours`: ○時間以内復旧.
    """

    embargo: date | None = None
    use_until: date | None = None
    keep_until: date | None = None
    restore_hours: int | None = None

    def confidential_part(self) -> "Terms":
        """Keep only what serves 機密性, which alone is inherited (Art. 6)."""
        return Terms(embargo=self.embargo, use_until=self.use_until)


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided a label, when, and why (Art. 4-1); no part of the label's meaning."""

    by: str = ""
    post: str = ""
    at: str = ""
    """ISO 8601 with offset."""
    basis: str = ""
    """The reason that the person gave, or the policy's definition that applies."""
    sources: tuple[str, ...] = ()
    """Document ids of the sources (Art. 6)."""


@dataclass(frozen=True, slots=True)
class Label:
    """A decided label. `audience` is ○○限り: the only names that may see it, `None` for all."""

    confidentiality: Confidentiality
    integrity: Integrity = Integrity.I1
    availability: Availability = Availability.A1
    restrictions: frozenset[Restriction] = frozenset()
    audience: frozenset[str] | None = None
    terms: Terms = Terms()
    decision: Decision = field(default=Decision(), compare=False)

    decided = True

    @property
    def youkimitsu(self) -> bool:
        """要機密情報: C2 or C3 (Art. 2 (37))."""
        return self.confidentiality >= Confidentiality.C2

    @property
    def youhozen(self) -> bool:
        """要保全情報: I2 (Art. 2 (38))."""
        return self.integrity is Integrity.I2

    @property
    def youantei(self) -> bool:
        """要安定情報: A2 (Art. 2 (35))."""
        return self.availability is Availability.A2

    @property
    def youhogo(self) -> bool:
        """要保護情報: any of the three (Art. 2 (39))."""
        return self.youkimitsu or self.youhozen or self.youantei

    def inherited(self, *, widen: bool = False) -> "Label":
        """Give the part that a new document takes over: 機密性 and what serves it (Art. 6).

        `widen`: the policy lets all restrictions and terms be taken over. 完全性 and 可用性 are
        decided afresh in any case.
        """
        if widen:
            return replace(
                self,
                integrity=Integrity.I1,
                availability=Availability.A1,
                decision=Decision(),
            )
        return Label(
            confidentiality=self.confidentiality,
            restrictions=frozenset(
                r for r in self.restrictions if r.serves is Serves.CONFIDENTIALITY
            ),
            audience=self.audience,
            terms=self.terms.confidential_part(),
        )


@dataclass(frozen=True, slots=True)
class Undecided:
    """No label was decided yet; `at_least` is what the decided sources demand, if any."""

    at_least: Label | None = None

    decided = False

    def floor(self) -> Label:
        """Give the label under which it is handled: the floor, but at least C2 (要保護)."""
        least = self.at_least or Label(Confidentiality.C2)
        return replace(least, confidentiality=max(least.confidentiality, Confidentiality.C2))


AnyLabel = Label | Undecided


def effective(label: AnyLabel) -> Label:
    """Give the label whose measures apply: the label itself, or the floor of an undecided one."""
    return label if isinstance(label, Label) else label.floor()


def _latest(one: date | None, two: date | None) -> date | None:
    return max(filter(None, (one, two)), default=None)


def _earliest(one: date | None, two: date | None) -> date | None:
    return min(filter(None, (one, two)), default=None)


def _join_two(one: Label, two: Label) -> Label:
    audience = one.audience
    if two.audience is not None:
        audience = two.audience if audience is None else audience & two.audience
    return Label(
        confidentiality=max(one.confidentiality, two.confidentiality),
        integrity=max(one.integrity, two.integrity),
        availability=max(one.availability, two.availability),
        restrictions=stricter((*one.restrictions, *two.restrictions)),
        audience=audience,
        terms=Terms(
            embargo=_latest(one.terms.embargo, two.terms.embargo),
            use_until=_earliest(one.terms.use_until, two.terms.use_until),
            keep_until=_latest(one.terms.keep_until, two.terms.keep_until),
            restore_hours=min(
                filter(None, (one.terms.restore_hours, two.terms.restore_hours)), default=None
            ),
        ),
    )


def join(labels: Iterable[AnyLabel]) -> AnyLabel:
    """Join whole labels: the least label that is as strict as each of them.

    Used for archives and mails, whose members stay what they are (rule 8); for a new document made
    from sources use `inherit`. Idempotent, commutative, associative and monotone. An undecided
    member makes the result undecided with the floor of the others (rule 6). Of nothing: undecided.
    An empty audience is kept: `check_audience` turns it into the refusal that asks the 課室.
    """
    known = list(labels)
    floors = [label if isinstance(label, Label) else label.at_least for label in known]
    decided = [label for label in floors if label is not None]
    # The first is joined with itself too: a label alone may hold two restrictions of one verb.
    joined = reduce(_join_two, decided, decided[0]) if decided else None
    if joined is not None:
        joined = replace(joined, decision=Decision())
    if joined is None or any(isinstance(label, Undecided) for label in known):
        return Undecided(at_least=joined)
    return joined


def inherit(sources: Iterable[AnyLabel], *, widen: bool = False) -> AnyLabel:
    """Join what is inherited from sources: 機密性, its restrictions, audience, terms (Art. 6).

    `widen` is the policy's `widen_inheritance`.
    """
    parts: list[AnyLabel] = []
    for source in sources:
        if isinstance(source, Label):
            parts.append(source.inherited(widen=widen))
        else:
            least = source.at_least
            parts.append(Undecided(least.inherited(widen=widen) if least else None))
    return join(parts)


def check_audience(label: AnyLabel) -> None:
    """Refuse a label that nobody may see: its sources have disjoint audiences (rule 4).

    Raises `RuleViolation("label.audience-empty")`: the 課室情報セキュリティ責任者 has to be asked.
    """
    held = label if isinstance(label, Label) else label.at_least
    if held is not None and held.audience is not None and not held.audience:
        raise RuleViolation("label.audience-empty", articles=("6-1", "7-1"))


def at_least_as_strict(one: Label, two: Label) -> bool:
    """Tell whether `one` demands everything that `two` demands (the order behind the join)."""
    return join((one, two)) == join((one,))
