"""From one state of a permit to the next: 申請, 決定, 取下げ, 取消し, 期限, 終了報告.

A state never goes back, and only one decision is ever made. Whoever is not allowed a step, or comes
too late for it, is refused by a code; nothing is changed then. The server takes these steps; a
device only shows which of them its person could take.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import (
    ACTIVE,
    CARRIED,
    NOTICES,
    WITHOUT_DOCUMENTS,
    Permit,
    PermitScope,
    PermitState,
    deciders,
    may_decide,
)

WRONG_STATE = "permit.wrong-state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is decided (許可・条件付許可・却下), or that a 届出 was received.

    `designated` are measures of the decider (Art. 13), `until` may shorten the period.
    """

    granted: bool
    designated: tuple[str, ...] = ()
    note: str = ""
    report_waived: bool = False
    until: date | None = None


def request(*, permit_id: str, scope: PermitScope, by: str, at: str, reason: str) -> Permit:
    """Ask (申請・届出・相談).

    Raises `InvalidInput("permit.incomplete", what=…)`, and `RuleViolation("permit.no-decider")`
    where no one post may decide all of its articles: those are asked one by one.
    """
    if not reason.strip():
        raise InvalidInput("permit.incomplete", what="reason")
    check_scope(scope, by)
    return Permit(id=permit_id, scope=scope, requested_by=by, requested_at=at, reason=reason)


def check_scope(scope: PermitScope, by: str) -> None:
    """Refuse what cannot be asked; the same codes as `request`."""
    named = bool(scope.digests or scope.blanket)
    missing = {
        "articles": not scope.articles,
        "documents": not named and not scope.articles <= WITHOUT_DOCUMENTS,
        "actions": not scope.actions,
        "period": scope.until < scope.since,
        "by": not by.strip(),
    }
    for what, is_missing in missing.items():
        if is_missing:
            raise InvalidInput("permit.incomplete", what=what)
    if not deciders(scope.articles):
        raise RuleViolation("permit.no-decider", articles=tuple(sorted(scope.articles)))


def decide(
    permit: Permit, decision: Decision, *, by: str, post: str, at: str, today: date,
    stand_ins: Collection[str] = (), labels: Collection[str] = (),
) -> Permit:  # fmt: skip
    """Grant, with designated measures where there are any, or refuse; a 届出 is received.

    `labels` are those of the documents (`C2I2A1`); they say whether the report of a carried system
    may be waived (Art. 77-7). Raises `RuleViolation`: `permit.wrong-state`, `permit.own-request`
    (nobody decides their own), `permit.wrong-decider`, `permit.reason-missing` (a refusal says
    why), `permit.only-received`, `permit.period-over`, `permit.report-not-waivable`; and
    `InvalidInput("permit.period")`.
    """
    _expect(permit, PermitState.REQUESTED)
    _may_judge(permit, by, post, stand_ins)
    articles = tuple(sorted(permit.scope.articles))
    received = bool(permit.scope.articles & NOTICES)
    if received and not decision.granted:
        raise RuleViolation("permit.only-received", articles=articles)
    if not decision.granted and not decision.note.strip():
        raise RuleViolation("permit.reason-missing", articles=articles)
    decided = replace(
        permit, state=PermitState.REFUSED, decided_by=by, decided_at=at, note=decision.note
    )
    if received:
        return replace(decided, state=PermitState.ACKNOWLEDGED)
    if not decision.granted:
        return decided
    _check_waiver(permit, decision, labels)
    given = PermitState.CONDITIONAL if decision.designated else PermitState.GRANTED
    return replace(
        decided,
        state=given,
        scope=replace(permit.scope, until=_period(permit.scope, decision.until, today)),
        designated=decision.designated,
        report_waived=decision.report_waived,
    )


def withdraw(permit: Permit, *, by: str, at: str, note: str = "") -> Permit:
    """Take a request back (取下げ), by the one who made it and before it is decided.

    Raises `RuleViolation`: `permit.wrong-state`, `permit.not-yours`.
    """
    _expect(permit, PermitState.REQUESTED)
    if by != permit.requested_by:
        raise RuleViolation("permit.not-yours", id=permit.id)
    return _ended(permit, PermitState.WITHDRAWN, by, at, note)


def revoke(
    permit: Permit, *, by: str, post: str, at: str, note: str, today: date,
    stand_ins: Collection[str] = (),
) -> Permit:  # fmt: skip
    """Take back a permit that was given (取消し), by who may decide it, with the reason.

    Raises `RuleViolation` as `decide`; what has run out cannot be taken back.
    """
    if permit.state_on(today) not in ACTIVE:
        raise _wrong(permit, permit.state_on(today))
    _may_judge(permit, by, post, stand_ins)
    if not note.strip():
        raise RuleViolation("permit.reason-missing", articles=tuple(sorted(permit.scope.articles)))
    return _ended(permit, PermitState.REVOKED, by, at, note)


def leave(permit: Permit, *, at: str, note: str) -> Permit:
    """End what a person had when they leave or move: requests and permits; else nothing changes.

    `note` is a code for the wording. It is the office that ends it, so `ended_by` is empty.
    """
    if permit.state is PermitState.REQUESTED:
        return _ended(permit, PermitState.WITHDRAWN, "", at, note)
    if permit.state in ACTIVE:
        return _ended(permit, PermitState.REVOKED, "", at, note)
    return permit


def lapse(permit: Permit, today: date, *, at: str, note: str) -> Permit:
    """End a request whose period is over and that nobody decided; else nothing changes.

    As with `leave` it is the office that ends it, and `note` is a code for the wording: to those
    who know no such end it is a request that was taken back.
    """
    if permit.lapsed(today):
        return _ended(permit, PermitState.WITHDRAWN, "", at, note)
    return permit


def report_end(
    permit: Permit, *, by: str, at: str, post: str = "", stand_ins: Collection[str] = ()
) -> Permit:
    """Report the end (終了報告, Arts. 77-3, 77-7); also before the period is over.

    Who got the permit reports; where the report does not come, one of those who may decide finds
    out how things stand and says so (状況の確認). A permit that was taken back stays so, with its
    report. Raises `RuleViolation`: `permit.wrong-state`, `permit.not-yours`.
    """
    _expect(permit, *ACTIVE, PermitState.EXPIRED, PermitState.REVOKED)
    if permit.reported_at:
        raise _wrong(permit, PermitState.REPORTED)
    if by != permit.requested_by and not may_decide(permit.scope.articles, post, stand_ins):
        raise RuleViolation("permit.not-yours", id=permit.id)
    gone = permit.state is PermitState.REVOKED
    state = PermitState.REVOKED if gone else PermitState.REPORTED
    return replace(permit, state=state, reported_at=at, reported_by=by)


def expire(permit: Permit, today: date) -> Permit:
    """Write down that the period is over; else nothing changes."""
    return replace(permit, state=permit.state_on(today))


def _may_judge(permit: Permit, by: str, post: str, stand_ins: Collection[str]) -> None:
    articles = tuple(sorted(permit.scope.articles))
    if by == permit.requested_by:
        raise RuleViolation("permit.own-request", articles=articles)
    if not may_decide(articles, post, stand_ins):
        raise RuleViolation("permit.wrong-decider", articles=articles, post=post)


def _check_waiver(permit: Permit, decision: Decision, labels: Collection[str]) -> None:
    """Art. 77-3 lets the report be waived for any class, 77-7 for 機密性2情報 alone."""
    if not decision.report_waived or not permit.scope.articles & CARRIED:
        return
    if not labels or not all(label.startswith("C2") for label in labels):
        raise RuleViolation("permit.report-not-waivable", articles=("77-7",))


def _period(scope: PermitScope, until: date | None, today: date) -> date:
    last = until or scope.until
    if last < scope.since or last > scope.until:
        raise InvalidInput("permit.period")
    if last < today:
        raise RuleViolation("permit.period-over")
    return last


def _ended(permit: Permit, state: PermitState, by: str, at: str, note: str) -> Permit:
    return replace(permit, state=state, ended_by=by, ended_at=at, ended_note=note)


def _expect(permit: Permit, *states: PermitState) -> None:
    if permit.state not in states:
        raise _wrong(permit, permit.state)


def _wrong(permit: Permit, state: PermitState) -> RuleViolation:
    return RuleViolation(WRONG_STATE, id=permit.id, state=state.value)
