"""What is about to be done, and the facts that follow: the name of the button decides nothing.

Giving to an outside person is 提供 and sending to area 0 is 移送, whatever the act was called
(Art. 2 (27), (36)). What nobody declared counts as the stricter case: an unknown place lies
outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from meti_desk.domain.classification import Availability, Integrity
from meti_desk.domain.label import AnyLabel, Label, Undecided, effective
from meti_desk.domain.measures import PERMISSIONS, ROWS, Measure, MeasureState, MeasureStrength
from meti_desk.domain.permit import NotedPermit, Permit, PermitState
from meti_desk.domain.policy import Policy, RecipientKind, Scope, StandingDecision
from meti_desk.domain.standing import Standing
from meti_desk.domain.standing import answer as answered_by


class Action(StrEnum):
    """What the person asks for."""

    COPY = "copy"
    """複製する"""
    DISTRIBUTE = "distribute"
    """配付する・区域内で渡す"""
    PRINT = "print"
    """印刷する"""
    STORE = "store"
    """保存する"""
    TRANSFER = "transfer"
    """移送する（区域外）"""
    PROVIDE = "provide"
    """経済産業省外の者に提供する"""
    PUBLISH = "publish"
    """公表する"""
    TAKE_OUT = "take-out"
    """情報の持出し・端末の持出し"""
    DISPOSE = "dispose"
    """消去・廃棄"""


GIVING = frozenset({Action.DISTRIBUTE, Action.PROVIDE, Action.TRANSFER})
"""The acts in which somebody receives something."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's answer to a measure: needed or done, or not, with the reason."""

    yes: bool
    reason: str = ""

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """Read `yes`, `yes:REASON` or `no:REASON`; anything else is no answer yet and reads no."""
        word, _, reason = text.partition(":")
        return cls(word.strip().lower() == "yes", reason.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Everything about one act that is not in the label. What is left out is the stricter case.

    `area`: class of the place that the information goes to, or at which it is handled; `None` was
    not declared. `digest`: normalized content digest. `today`: without it no term has run out, no
    permit and no exemption is in force.
    """

    electronic: bool = True
    recipients: tuple[str, ...] = ()
    contractor: bool = False
    area: int | None = None
    carried: Literal["", "medium", "paper"] = ""
    """Carried by hand instead of sent."""
    system_carried: bool = False
    """端末の持出し: a system that handles the information goes out itself."""
    device_issued: bool = True
    """経済産業省支給の情報機器."""
    via: Literal["", "mail", "file-service", "social-media", "general-terms"] = ""
    sender: str = ""
    recipient_knows_sender: bool = False
    received: bool | None = None
    """Whether it came from somebody else, so that sending it is 転送; `None` counts as yes."""
    leaves_second_copy: bool | None = None
    """Whether a second readable file stays; `None`: as the act usually does."""
    reconnects: bool = False
    """A terminal that was on outside lines comes back to the lines of the ministry."""
    place: str = ""
    """The folder or safe in which it is stored."""
    encrypted_at_rest: bool = False
    erases: Literal["information", "medium", "paper"] = "information"
    official_record: bool | None = None
    """行政文書: `None` was not declared; a reference copy is `False`."""
    record_released: bool = False
    """移管 or 廃棄 and the consent are recorded."""
    on_hold: bool = False
    """開示請求, 訴訟 or 監査 keeps it."""
    retention_until: date | None = None
    today: date | None = None
    digest: str = ""
    kind: str = ""
    """The kind of document, for a 包括許可."""
    permits: tuple[Permit | NotedPermit, ...] = ()
    standing: tuple[Standing, ...] = ()
    """What the responsible person decided in advance, and for which 課室 the act is done."""
    unit: str = ""
    decisions: Mapping[str, Choice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """One act seen as the standard sees it."""

    action: Action
    given: AnyLabel
    about: Circumstances
    policy: Policy

    @property
    def label(self) -> Label:
        """Give the label whose measures apply; paper has 機密性 only (Art. 2 (6)-(9))."""
        label = effective(self.given)
        if self.electronic:
            return label
        return replace(label, integrity=Integrity.I1, availability=Availability.A1)

    @property
    def decided(self) -> bool:
        """Tell whether somebody decided the label."""
        return not isinstance(self.given, Undecided)

    @property
    def electronic(self) -> bool:
        """Tell whether an electronic record leaves or stays, not paper."""
        return self.about.electronic and self.about.carried != "paper"

    @property
    def outside(self) -> tuple[str, ...]:
        """Give the recipients outside the ministry."""
        return self.policy.outside(self.about.recipients)

    @property
    def provides(self) -> bool:
        """提供: somebody outside the ministry receives it."""
        gives = self.action in GIVING or self.action is Action.TAKE_OUT
        return self.action is Action.PROVIDE or (
            gives and (self.about.contractor or bool(self.outside))
        )

    @property
    def moves_out(self) -> bool:
        """移送: it goes to outside the controlled area (Art. 2 (27)), whoever receives it."""
        if self.action in (Action.TRANSFER, Action.TAKE_OUT):
            return True
        if self.action in GIVING:
            return not self.policy.is_controlled(self.about.area)
        return self.action in (Action.COPY, Action.STORE) and self._far

    @property
    def processes_outside(self) -> bool:
        """要管理対策区域外での情報処理 (Art. 77)."""
        here = self.action in (Action.COPY, Action.STORE, Action.PRINT)
        return self.action is Action.TAKE_OUT or (here and self._far)

    @property
    def _far(self) -> bool:
        return self.about.area is not None and not self.policy.is_controlled(self.about.area)

    @property
    def sends(self) -> bool:
        """送信: it leaves over a line."""
        return (
            self.electronic
            and not self.about.carried
            and (self.action in GIVING or bool(self.about.via))
        )

    @property
    def second_file(self) -> bool:
        """Tell whether a second readable file stays."""
        if self.about.leaves_second_copy is not None:
            return self.about.leaves_second_copy
        backup = any(self.choice(one) == Choice(yes=True) for one in ("backup", "store-backup"))
        makes = self.action in GIVING or self.action in (Action.COPY, Action.TAKE_OUT)
        return backup or (self.electronic and makes)

    @property
    def recipient_kind(self) -> RecipientKind:
        """Tell for standing decisions who receives it."""
        if self.about.contractor:
            return "contractor"
        return "outside" if self.provides else "inside"

    def choice(self, measure: str) -> Choice | None:
        """Give the person's answer to a measure, without its reason where it is yes."""
        answer = self.about.decisions.get(measure)
        return Choice(yes=True) if answer and answer.yes else answer

    def permit(self, article: str, *, restriction: str = "") -> Permit | NotedPermit | None:
        """Find what permits this act under an article, a signed permit before a noted one."""
        for one in self.about.permits:
            if isinstance(one, Permit) and self._covers(one, article, restriction):
                return one
        return next((one for one in self.about.permits if isinstance(one, NotedPermit)), None)

    def asked(self, article: str, *, restriction: str = "") -> str:
        """Give the request that waits (申請中) and would permit this act if granted, or nothing.

        One about another content, act or recipient says nothing of this act: whoever waited for
        it would wait in vain. Its period need not have begun, only not be over.
        """
        for one in self.about.permits:
            if isinstance(one, Permit) and one.state is PermitState.REQUESTED:
                since = min(one.scope.since, self.about.today or one.scope.since)
                scope = replace(one.scope, since=since)
                would = replace(one, state=PermitState.GRANTED, scope=scope)
                if self._covers(would, article, restriction):
                    return one.id
        return ""

    def _covers(self, permit: Permit, article: str, restriction: str) -> bool:
        about = self.about
        articles = {article}
        if article == "10-4" and permit.scope.includes_copies:
            articles |= {"13", "77-1"}
        fits = any(
            permit.covers(
                article=one, digest=about.digest, action=self.action.value,
                recipients=about.recipients, today=about.today, kind=about.kind,
            )
            for one in articles
        )  # fmt: skip
        return fits and (not restriction or restriction in permit.scope.restrictions)

    def exempt(self, article: str, scopes: tuple[Scope, ...] = ("",)) -> str:
        """Give the rulings that exempt this act from an article, or nothing.

        An undecided label is exempt from nothing: it is not 機密性2情報 as the articles say.
        """
        if not self.decided:
            return ""
        label = effective(self.given)
        found = [
            self.policy.exemption(article, label, scope=scope, today=self.about.today)
            for scope in scopes
        ]
        held = [one.reference for one in found if one is not None]
        return "; ".join(dict.fromkeys(held)) if len(held) == len(scopes) else ""


def duty(
    measure: str, *, done: bool, why: str = "", reason: str = "", by: str = "",
    automatic: bool = False, later: bool = False, articles: tuple[str, ...] = (),
) -> Measure:  # fmt: skip
    """Make a mandatory measure."""
    return Measure(
        id=measure,
        articles=articles or ROWS[measure],
        strength=MeasureStrength.MANDATORY,
        state=MeasureState.DONE if done else _unmet(later=later),
        why=why,
        reason=reason,
        fulfilled_by=by,
        automatic=automatic,
        later=later and not done,
    )


def _unmet(*, later: bool) -> MeasureState:
    return MeasureState.WAITING if later else MeasureState.OPEN


def confirmed(facts: Facts, measure: str, why: str, articles: tuple[str, ...] = ()) -> Measure:
    """Make a duty that a person has to say was met."""
    answer = facts.about.decisions.get(measure)
    done = answer is not None and answer.yes
    told = answer.reason if answer else ""
    return duty(
        measure, done=done, why=why, reason=told, by="person" if done else "", articles=articles
    )


def prohibited(
    measure: str, why: str, articles: tuple[str, ...] = (), *, let_through: str = ""
) -> Measure:
    """Make a prohibition; `let_through` names what lets this one act pass."""
    return Measure(
        id=measure,
        articles=articles or ROWS[measure],
        strength=MeasureStrength.PROHIBITED,
        state=MeasureState.DONE if let_through else MeasureState.OPEN,
        why=why,
        fulfilled_by=let_through,
    )


def permitted(
    facts: Facts, measure: str, *, exemption: str = "", restriction: str = "",
    article: str = "", articles: tuple[str, ...] = (),
) -> Measure:  # fmt: skip
    """Make a duty that a permission meets: exempt, permitted, noted, asked for, or missing."""
    if exemption:
        return duty(measure, done=True, why="exempt", reason=exemption, by="exemption")
    under = article or PERMISSIONS[measure]
    found = facts.permit(under, restriction=restriction)
    missing = "restriction.needs-permit" if restriction else "permission.none"
    if isinstance(found, Permit):
        return duty(measure, done=True, why="permission.granted", by=found.id, articles=articles)
    if isinstance(found, NotedPermit):
        why = "permission.noted" if found.confirmed else "permission.noted-unconfirmed"
        told = f"{found.who}, {found.when}, {found.how}"
        return duty(measure, done=True, why=why, reason=told, by="noted", articles=articles)
    asked = facts.asked(under, restriction=restriction)
    open_one = duty(measure, done=False, why=missing, articles=articles)
    if not asked:
        return open_one
    return replace(open_one, state=MeasureState.WAITING, why="permission.waiting", reason=asked)


def considered(facts: Facts, measure: str, *, demanded_by: str = "") -> Measure:
    """Make a 検討: answered by the person, by a standing decision, or open.

    `demanded_by` - a restriction, a permit, a ruling - makes it a duty that the application
    carries out; an answer of no then leaves it open.
    """
    answer = facts.about.decisions.get(measure)
    if demanded_by:
        refused = answer is not None and not answer.yes
        why = "decision.contradicts-duty" if refused else "demanded"
        return duty(measure, done=not refused, why=why, reason=demanded_by, automatic=True)
    strength = MeasureStrength.CONSIDER
    state, why, told, by = MeasureState.OPEN, "decision.none", "", ""
    standing = _standing(facts, measure)
    if answer is not None:
        state = MeasureState.DONE if answer.yes else MeasureState.DECLINED
        why, told, by = "decision.made", answer.reason, "person"
        if not answer.yes and not answer.reason:
            state, why, by = MeasureState.OPEN, "decision.reason-missing", ""
    elif standing is not None and facts.decided:
        state = MeasureState.DONE if standing.needed else MeasureState.DECLINED
        why, told, by = "decision.standing", f"{standing.id}: {standing.reason}", standing.id
    return Measure(
        id=measure,
        articles=ROWS[measure],
        strength=strength,
        state=state,
        why=why,
        reason=told,
        fulfilled_by=by,
        automatic=state is MeasureState.DONE,
    )


def _standing(facts: Facts, measure: str) -> Standing | StandingDecision | None:
    """Find what was decided in advance, by the ministry or for the 課室; that it is needed wins."""
    about = facts.about
    ruled = facts.policy.standing_decision(measure, facts.label, facts.recipient_kind, about.today)
    decided = answered_by(
        about.standing, measure=measure, label=facts.given, recipients=about.recipients,
        today=about.today, unit=about.unit,
    )  # fmt: skip
    if ruled is not None and (ruled.needed or decided is None or not decided.needed):
        return ruled
    return decided
