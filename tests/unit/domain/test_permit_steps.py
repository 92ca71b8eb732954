"""申請から終了報告まで: each step, who may take it, and when it is too late."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import (
    DECIDERS,
    SYSTEM_HEAD,
    SYSTEM_MANAGER,
    UNIT_HEAD,
    Permit,
    PermitScope,
    PermitState,
)
from meti_desk.domain.permit_steps import (
    Decision,
    decide,
    expire,
    lapse,
    leave,
    report_end,
    request,
    revoke,
    withdraw,
)

NOON = "2026-11-22T12:00:00+09:00"
FIRST, LAST, AFTER = date(2026, 11, 22), date(2026, 11, 30), date(2026, 12, 1)
SCOPE = PermitScope(
    articles=frozenset({"13"}), digests=frozenset({"ab"}), actions=frozenset({"provide"}),
    recipients=frozenset({"x@example.com"}), since=FIRST, until=LAST,
)  # fmt: skip
YES, NO = Decision(granted=True), Decision(granted=False, note="不要")


def scope(*articles: str, **more: object) -> PermitScope:
    return replace(SCOPE, articles=frozenset(articles), **more)  # type: ignore[arg-type]  # fields


def asked(of: PermitScope = SCOPE) -> Permit:
    return request(permit_id="P1", scope=of, by="職員", at=NOON, reason="審査のため")


def decided(
    permit: Permit | None = None, decision: Decision = YES, *, post: str = UNIT_HEAD,
    by: str = "課長", today: date = FIRST, labels: tuple[str, ...] = (),
    stand_ins: tuple[str, ...] = (),
) -> Permit:  # fmt: skip
    return decide(
        permit or asked(), decision, by=by, post=post, at=NOON, today=today, labels=labels,
        stand_ins=stand_ins,
    )  # fmt: skip


def revoked(permit: Permit | None = None, *, by: str = "課長", today: date = FIRST) -> Permit:
    return revoke(permit or decided(), by=by, post=UNIT_HEAD, at=NOON, note="誤り", today=today)


def code(step: object, *given: object, **named: object) -> str:
    with pytest.raises((RuleViolation, InvalidInput)) as caught:
        step(*given, **named)  # type: ignore[operator]  # a step
    return caught.value.code


def test_the_way_of_a_request() -> None:
    assert asked().state is PermitState.REQUESTED
    assert decided().state is PermitState.GRANTED
    with_measures = decided(decision=replace(YES, designated=("encryption",)))
    assert with_measures.state is PermitState.CONDITIONAL
    no = decided(decision=NO)
    assert (no.state, no.note, no.decided_by) == (PermitState.REFUSED, "不要", "課長")
    back = withdraw(asked(), by="職員", at=NOON)
    assert (back.state, back.ended_by, back.ended_at) == (PermitState.WITHDRAWN, "職員", NOON)
    assert report_end(decided(), by="職員", at=NOON).state is PermitState.REPORTED
    assert expire(decided(), LAST).state is PermitState.GRANTED
    over = expire(decided(), AFTER)
    assert over.state is PermitState.EXPIRED
    assert report_end(over, by="職員", at=NOON).reported_at == NOON
    assert expire(asked(), AFTER).state is PermitState.REQUESTED


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"articles": frozenset()}, "articles"),
        ({"digests": frozenset()}, "documents"),
        ({"actions": frozenset()}, "actions"),
        ({"until": date(2026, 11, 21)}, "period"),
    ],
)
def test_a_request_says_what_it_is_for(change: dict[str, object], what: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(replace(SCOPE, **change))  # type: ignore[arg-type]  # the fields above
    assert (caught.value.code, caught.value.params) == ("permit.incomplete", {"what": what})


def test_a_request_has_a_reason_and_a_person() -> None:
    for by, reason in (("", "x"), ("x", " ")):
        told = code(request, permit_id="P", scope=SCOPE, by=by, at=NOON, reason=reason)
        assert told == "permit.incomplete"


@pytest.mark.parametrize("articles", [("99",), ("13", "38-9"), ("19-4", "13")])
def test_what_nobody_decides_together_is_asked_apart(articles: tuple[str, ...]) -> None:
    assert code(asked, scope(*articles)) == "permit.no-decider"


def test_devices_lines_and_services_need_no_document() -> None:
    for article in ("19-4", "38-2", "38-3", "38-4", "38-5", "38-8", "38-9", "73-3", "77-5", "82-1"):
        assert asked(scope(article, digests=frozenset())).state is PermitState.REQUESTED
    for article in ("7-1", "9", "10-4", "13", "77-1"):
        assert code(asked, scope(article, digests=frozenset())) == "permit.incomplete"


@pytest.mark.parametrize("article", sorted(DECIDERS))
def test_each_article_is_decided_by_its_posts_alone(article: str) -> None:
    everyone = {post for posts in DECIDERS.values() for post in posts}
    for post in everyone:
        if post in DECIDERS[article]:
            state = decided(asked(scope(article)), post=post).state
            notice = article == "19-4"
            assert state is (PermitState.ACKNOWLEDGED if notice else PermitState.GRANTED)
        else:
            told = code(decided, asked(scope(article)), post=post)
            assert told == "permit.wrong-decider"
    assert decided(asked(scope(article)), post="補佐", stand_ins=("補佐",)).decided_by == "課長"
    assert code(decided, asked(scope(article)), post="補佐") == "permit.wrong-decider"


def test_nobody_decides_their_own_request_or_takes_back_their_own_permit() -> None:
    assert code(decided, by="職員") == "permit.own-request"
    assert code(revoked, by="職員") == "permit.own-request"


def test_a_refusal_and_a_revocation_say_why() -> None:
    assert code(decided, decision=Decision(granted=False, note=" ")) == "permit.reason-missing"
    told = code(revoke, decided(), by="課長", post=UNIT_HEAD, at=NOON, note="", today=FIRST)
    assert told == "permit.reason-missing"


def test_a_notice_is_received_and_never_refused() -> None:
    notice = asked(scope("19-4", digests=frozenset()))
    assert code(decided, notice, NO, post=SYSTEM_MANAGER) == "permit.only-received"
    got = decided(notice, post=SYSTEM_MANAGER)
    assert got.state is PermitState.ACKNOWLEDGED
    assert not got.report_due(AFTER)
    for step in (expire(got, AFTER), leave(got, at=NOON, note="n")):
        assert step == got


def test_a_decision_may_shorten_the_period_and_never_lengthen_it() -> None:
    short = decided(decision=replace(YES, until=date(2026, 11, 25)))
    assert short.scope.until == date(2026, 11, 25)
    for until in (AFTER, date(2026, 11, 21)):
        assert code(decided, decision=replace(YES, until=until)) == "permit.period"
    assert code(decided, today=AFTER) == "permit.period-over"
    assert decided(decision=NO, today=AFTER).state is PermitState.REFUSED


@pytest.mark.parametrize(
    ("articles", "labels", "waived"),
    [
        (("77-1",), ("C3I2A1",), True),
        (("77-5",), ("C2I2A1", "C2I1A1"), True),
        (("77-5",), ("C2I1A1", "C3I1A1"), False),
        (("77-5",), ("C1I2A1",), False),
        (("77-5",), ("U",), False),
        (("77-5",), (), False),
        (("77-1", "38-8"), ("C3I1A1",), False),
        (("38-8",), ("C2I1A1",), True),
    ],
)
def test_of_a_carried_system_only_c2_is_spared_the_report(
    articles: tuple[str, ...], labels: tuple[str, ...], *, waived: bool
) -> None:
    decision = replace(YES, report_waived=True)
    permit = asked(scope(*articles))
    if waived:
        done = decided(permit, decision, post=SYSTEM_HEAD, labels=labels)
        assert done.report_waived
        assert not done.report_due(AFTER)
    else:
        told = code(decided, permit, decision, post=SYSTEM_HEAD, labels=labels)
        assert told == "permit.report-not-waivable"
        assert decided(permit, post=SYSTEM_HEAD, labels=labels).report_due(AFTER)


def test_no_step_is_taken_twice_or_too_late() -> None:
    over = expire(decided(), AFTER)
    done = report_end(over, by="職員", at=NOON)
    gone = revoked()
    for permit in (decided(), decided(decision=NO), over, done, gone):
        assert code(decided, permit) == "permit.wrong-state"
        assert code(withdraw, permit, by="職員", at=NOON) == "permit.wrong-state"
    for permit in (asked(), decided(decision=NO), over, done, gone):
        assert code(revoked, permit) == "permit.wrong-state"
    assert code(revoked, today=AFTER) == "permit.wrong-state"
    for permit in (asked(), decided(decision=NO), done):
        assert code(report_end, permit, by="職員", at=NOON) == "permit.wrong-state"
    assert code(withdraw, asked(), by="別人", at=NOON) == "permit.not-yours"


def test_a_permit_taken_back_stays_so_with_its_report() -> None:
    gone = revoked()
    assert (gone.ended_by, gone.ended_note, gone.decided_by) == ("課長", "誤り", "課長")
    told = report_end(gone, by="職員", at=NOON)
    assert (told.state, told.reported_at) == (PermitState.REVOKED, NOON)
    assert code(report_end, told, by="職員", at=NOON) == "permit.wrong-state"


def test_where_no_report_comes_those_responsible_find_out() -> None:
    over = expire(decided(), AFTER)
    assert report_end(over, by="課長", post=UNIT_HEAD, at=NOON).reported_by == "課長"
    assert code(report_end, over, by="係長", post=SYSTEM_HEAD, at=NOON) == "permit.not-yours"


def test_who_leaves_has_no_requests_and_no_permits() -> None:
    assert leave(asked(), at=NOON, note="n").state is PermitState.WITHDRAWN
    gone = leave(decided(), at=NOON, note="n")
    assert (gone.state, gone.ended_by, gone.ended_note) == (PermitState.REVOKED, "", "n")
    assert gone.report_due(FIRST)
    over = expire(decided(), AFTER)
    assert leave(over, at=NOON, note="n") == over


def test_a_request_that_nobody_decided_in_time_is_ended_by_the_office() -> None:
    waits = asked()
    assert (waits.lapsed(LAST), waits.lapsed(AFTER)) == (False, True)
    assert lapse(waits, LAST, at=NOON, note="n") == waits
    over = lapse(waits, AFTER, at=NOON, note="n")
    assert (over.state, over.ended_by, over.ended_note) == (PermitState.WITHDRAWN, "", "n")
    for held in (decided(), withdraw(waits, by=waits.requested_by, at=NOON), over):
        assert not held.lapsed(AFTER)
        assert lapse(held, AFTER, at=NOON, note="n") == held
