"""申請・許可・報告: a permission as a state machine (Arts. 10-4, 13, 38-8, 77, 82-1).

Offline a request stays 申請中 and is never a permission. A permit has a scope - which content,
which acts, to whom, from when to when - and it ends; its end asks for the report. Whether its
signature is good is found out elsewhere; here is only what it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.policy import Policy

UNIT_HEAD = "課室情報セキュリティ責任者"
SYSTEM_HEAD = "情報システムセキュリティ責任者"
OFFICE_HEAD = "情報セキュリティ責任者"

DECIDERS: Mapping[str, tuple[str, ...]] = {
    "7-1": (UNIT_HEAD,),
    "9": (UNIT_HEAD,),
    "10-4": (UNIT_HEAD,),
    "13": (UNIT_HEAD,),
    "38-2": (SYSTEM_HEAD,),
    "38-3": (SYSTEM_HEAD,),
    "38-4": (SYSTEM_HEAD,),
    "38-5": (SYSTEM_HEAD,),
    "38-8": (SYSTEM_HEAD, UNIT_HEAD),
    "38-9": (SYSTEM_HEAD,),
    "73-3": (OFFICE_HEAD, UNIT_HEAD),
    "77-1": (SYSTEM_HEAD, UNIT_HEAD),
    "77-5": (SYSTEM_HEAD, UNIT_HEAD),
    "82-1": (UNIT_HEAD,),
}
"""Who may decide what, by article; Art. 9 stands for restrictions that need a permit."""


class PermitState(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    """申請中"""
    GRANTED = "granted"
    """許可"""
    CONDITIONAL = "conditional"
    """条件付許可"""
    REFUSED = "refused"
    """却下"""
    WITHDRAWN = "withdrawn"
    """取下げ"""
    EXPIRED = "expired"
    """期限切れ"""
    REPORTED = "reported"
    """終了報告済 (Art. 77-3)"""


_ACTIVE = (PermitState.GRANTED, PermitState.CONDITIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitScope:
    """What a permit is for. `blanket` (包括許可) names a kind of document instead of digests.

    `digests` are normalized content digests, `actions` the names of acts (`provide`, …),
    `recipients` mail addresses or, beginning with `@`, domains; empty: nobody is named because
    nobody receives it. Both days of the period belong to it.
    """

    articles: frozenset[str]
    digests: frozenset[str] = frozenset()
    blanket: str = ""
    actions: frozenset[str]
    recipients: frozenset[str] = frozenset()
    since: date
    until: date
    restrictions: frozenset[str] = frozenset()
    """Names of 要許可 restrictions that it permits."""
    includes_copies: bool = False
    """Whether it includes the approval of Art. 10-4 and the one protected file under 複製禁止."""

    def allows_recipients(self, recipients: Iterable[str]) -> bool:
        """Tell whether every recipient is one of those named."""
        named = {one.strip().lower() for one in self.recipients}
        return all(
            one.strip().lower() in named or f"@{one.strip().lower().rpartition('@')[2]}" in named
            for one in recipients
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """One request and what became of it. Times are ISO 8601 with offset."""

    id: str
    scope: PermitScope
    requested_by: str
    requested_at: str
    reason: str = ""
    state: PermitState = PermitState.REQUESTED
    decided_by: str = ""
    decided_at: str = ""
    designated: tuple[str, ...] = ()
    """Measures that the responsible person designates (Art. 13): ids, or words of their own."""
    note: str = ""
    report_waived: bool = False
    """終了報告を要しない (Art. 77-3, second sentence)."""
    reported_at: str = ""

    def state_on(self, today: date) -> PermitState:
        """Give the state on a day: a permission whose period is over has expired."""
        if self.state in _ACTIVE and today > self.scope.until:
            return PermitState.EXPIRED
        return self.state

    def report_due(self, today: date) -> bool:
        """Tell whether the end of the period asks for the report (Arts. 77-3, 77-7)."""
        return self.state_on(today) is PermitState.EXPIRED and not self.report_waived

    def covers(
        self, *, article: str, digest: str, action: str, recipients: Iterable[str],
        today: date | None, kind: str = "",
    ) -> bool:  # fmt: skip
        """Tell whether this act is permitted; without a date nothing is.

        `kind` is the kind of document that a 包括許可 names.
        """
        scope = self.scope
        if today is None or self.state_on(today) not in _ACTIVE or today < scope.since:
            return False
        content = bool(digest) and digest in scope.digests
        blanket = bool(scope.blanket) and scope.blanket == kind
        fits = article in scope.articles and action in scope.actions
        return fits and (content or blanket) and scope.allows_recipients(recipients)


def request(*, permit_id: str, scope: PermitScope, by: str, at: str, reason: str) -> Permit:
    """Ask (申請). Raises `InvalidInput("permit.incomplete", what=…)`."""
    missing = {
        "articles": not scope.articles or not scope.articles <= DECIDERS.keys(),
        "documents": not scope.digests and not scope.blanket,
        "actions": not scope.actions,
        "period": scope.until < scope.since,
        "reason": not reason.strip(),
        "by": not by.strip(),
    }
    for what, is_missing in missing.items():
        if is_missing:
            raise InvalidInput("permit.incomplete", what=what)
    return Permit(id=permit_id, scope=scope, requested_by=by, requested_at=at, reason=reason)


def may_decide(articles: Iterable[str], post: str, policy: Policy) -> bool:
    """Tell whether a post may decide all these articles; a stand-in only where policy names one."""
    stand_in = post in policy.permits.stand_ins
    return all(stand_in or post in DECIDERS.get(article, ()) for article in articles)


def decide(
    permit: Permit, *, granted: bool, by: str, post: str, at: str, policy: Policy,
    designated: tuple[str, ...] = (), note: str = "", report_waived: bool = False,
) -> Permit:  # fmt: skip
    """Grant, with designated measures where there are any, or refuse (許可・条件付許可・却下).

    Raises `RuleViolation`: `permit.wrong-state`, `permit.own-request` (nobody decides their own),
    `permit.wrong-decider`, `permit.reason-missing` (a refusal says why).
    """
    _expect(permit, PermitState.REQUESTED)
    articles = tuple(sorted(permit.scope.articles))
    if by == permit.requested_by:
        raise RuleViolation("permit.own-request", articles=articles)
    if not may_decide(articles, post, policy):
        raise RuleViolation("permit.wrong-decider", articles=articles, post=post)
    if not granted and not note.strip():
        raise RuleViolation("permit.reason-missing", articles=articles)
    given = PermitState.CONDITIONAL if designated else PermitState.GRANTED
    return replace(
        permit,
        state=given if granted else PermitState.REFUSED,
        decided_by=by,
        decided_at=at,
        designated=designated if granted else (),
        note=note,
        report_waived=report_waived and granted,
    )


def withdraw(permit: Permit, *, by: str) -> Permit:
    """Take a request back (取下げ), by the one who made it and before it is decided."""
    _expect(permit, PermitState.REQUESTED)
    if by != permit.requested_by:
        raise RuleViolation("permit.not-yours", id=permit.id)
    return replace(permit, state=PermitState.WITHDRAWN)


def report_end(permit: Permit, *, at: str) -> Permit:
    """Report the end (終了報告, Art. 77-3); also before the period is over."""
    _expect(permit, *_ACTIVE, PermitState.EXPIRED)
    return replace(permit, state=PermitState.REPORTED, reported_at=at)


def expire(permit: Permit, today: date) -> Permit:
    """Write down that the period is over; else nothing changes."""
    return replace(permit, state=permit.state_on(today))


def _expect(permit: Permit, *states: PermitState) -> None:
    if permit.state not in states:
        raise RuleViolation("permit.wrong-state", id=permit.id, state=permit.state.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedPermit:
    """口頭・書面で許可済（要確認）: noted by the person who acts.

    It is listed as unconfirmed until the responsible person says so.
    """

    who: str
    when: str
    how: str
    confirmed_by: str = ""

    @property
    def confirmed(self) -> bool:
        """Tell whether the responsible person confirmed it."""
        return bool(self.confirmed_by)


def note_permit(text: str, policy: Policy) -> NotedPermit:
    """Read `who, when, how`; commas may be Japanese, and the last part may have more of them.

    Where there is no comma, white space parts them.

    Raises `RuleViolation("permit.noted-not-allowed")` where policy does not allow it, and
    `InvalidInput("permit.noted-incomplete")` when a part is missing.
    """
    if not policy.permits.noted_allowed:
        raise RuleViolation("permit.noted-not-allowed", articles=("13",))
    commas = text.replace("、", ",").replace("，", ",")
    parts = commas.split(",", 2) if "," in commas else text.split(maxsplit=2)
    filled = [part.strip() for part in parts if part.strip()]
    if len(filled) != len(("who", "when", "how")):
        raise InvalidInput("permit.noted-incomplete")
    return NotedPermit(who=filled[0], when=filled[1], how=filled[2])


def confirm(noted: NotedPermit, *, by: str, post: str, actor: str, policy: Policy) -> NotedPermit:
    """Confirm a noted permission; the same rules as for a decision."""
    if by == actor:
        raise RuleViolation("permit.own-request", articles=("13",))
    if not may_decide(("13",), post, policy):
        raise RuleViolation("permit.wrong-decider", articles=("13",), post=post)
    return replace(noted, confirmed_by=by)
