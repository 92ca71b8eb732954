"""申請・許可・届出・報告: what a permission covers (Arts. 7-1, 10-4, 13, 19-4, 38, 73, 77, 82).

Offline a request stays 申請中 and is never a permission. A permit has a scope - which content,
which acts, to whom, from when to when - and it ends; its end asks for the report. Whether its
signature is good is found out elsewhere; here is only what it says. The steps from one state to
the next are in `domain.permit_steps`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.policy import Policy
from meti_desk.domain.recipients import all_named

UNIT_HEAD = "課室情報セキュリティ責任者"
SYSTEM_HEAD = "情報システムセキュリティ責任者"
OFFICE_HEAD = "情報セキュリティ責任者"
SYSTEM_MANAGER = "情報システムセキュリティ管理者"

DECIDERS: Mapping[str, tuple[str, ...]] = {
    "7-1": (UNIT_HEAD,),
    "9": (UNIT_HEAD,),
    "10-4": (UNIT_HEAD,),
    "13": (UNIT_HEAD,),
    "19-4": (SYSTEM_MANAGER,),
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

NOTICES = frozenset({"19-4"})
"""届出: received, never granted and never refused."""
SYSTEMS = frozenset({"38-8", "77-5", "82-1"})
"""The articles that speak of a device or a system, whatever information lies on it."""
WITHOUT_DOCUMENTS = NOTICES | SYSTEMS | {"38-2", "38-3", "38-4", "38-5", "38-9", "73-3"}
"""What may be asked without naming documents: what it is about stands in the words."""
REPORTS = frozenset({"13", "38-8", "77-1", "77-5", "82-1"})
"""Where something was handled outside, so that its end is reported (Arts. 77-3, 77-7)."""
CARRIED = frozenset({"38-8", "77-5"})
"""A system carried out: only for 機密性2情報 may the report be waived (Art. 77-7)."""


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
    ACKNOWLEDGED = "acknowledged"
    """受理 of a 届出 (Art. 19-4)"""
    REVOKED = "revoked"
    """取消し"""
    EXPIRED = "expired"
    """期限切れ"""
    REPORTED = "reported"
    """終了報告済 (Art. 77-3)"""


ACTIVE = (PermitState.GRANTED, PermitState.CONDITIONAL)
"""The states in which something is permitted."""


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
        """Tell whether every recipient is one of those named, and one is where any is named."""
        return all_named(self.recipients, recipients)


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
    reported_by: str = ""
    """Who reported: the asker, or one of those responsible who found out (状況の確認)."""
    ended_by: str = ""
    """Who took it back (取下げ・取消し); empty for the office, when people leave or move."""
    ended_at: str = ""
    ended_note: str = ""

    def state_on(self, today: date) -> PermitState:
        """Give the state on a day: a permission whose period is over has expired."""
        if self.state in ACTIVE and today > self.scope.until:
            return PermitState.EXPIRED
        return self.state

    def lapsed(self, today: date) -> bool:
        """Tell whether the period ran out before anybody decided: nobody can grant it any more."""
        return self.state is PermitState.REQUESTED and today > self.scope.until

    def report_due(self, today: date) -> bool:
        """Tell whether the end - of the period, or before it - asks for the report (77-3, 77-7)."""
        over = self.state_on(today) in (PermitState.EXPIRED, PermitState.REVOKED)
        reports = bool(self.scope.articles & REPORTS)
        return over and reports and not self.report_waived and not self.reported_at

    def covers(
        self, *, article: str, digest: str, action: str, recipients: Iterable[str],
        today: date | None, kind: str = "",
    ) -> bool:  # fmt: skip
        """Tell whether this act is permitted; without a date nothing is.

        `kind` is the kind of document that a 包括許可 names.
        """
        scope = self.scope
        if today is None or self.state_on(today) not in ACTIVE or today < scope.since:
            return False
        content = bool(digest) and digest in scope.digests
        blanket = bool(scope.blanket) and scope.blanket == kind
        # Asked for a device as such: it holds for whatever lies on it (Arts. 38-8, 77-5, 82-1).
        device = article in SYSTEMS and not scope.digests and not scope.blanket
        fits = article in scope.articles and action in scope.actions
        return fits and (content or blanket or device) and scope.allows_recipients(recipients)


def deciders(articles: Iterable[str]) -> tuple[str, ...]:
    """Give the posts that may decide all of these articles together; none where there is no such.

    An article that nobody decides has none either.
    """
    held = [DECIDERS.get(article, ()) for article in sorted(articles)]
    return tuple(post for post in held[0] if all(post in one for one in held)) if held else ()


def may_decide(articles: Iterable[str], post: str, stand_ins: Collection[str] = ()) -> bool:
    """Tell whether a post may decide all these articles; a stand-in only where policy names one.

    `stand_ins` are the posts that `policy.permits` names.
    """
    return all(
        bool(may) and (post in may or post in stand_ins)
        for may in (DECIDERS.get(article, ()) for article in articles)
    )


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
    if not may_decide(("13",), post, policy.permits.stand_ins):
        raise RuleViolation("permit.wrong-decider", articles=("13",), post=post)
    return replace(noted, confirmed_by=by)
