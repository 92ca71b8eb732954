"""申請から終了報告まで, and what a permit covers."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import (
    DECIDERS,
    SYSTEM_HEAD,
    UNIT_HEAD,
    NotedPermit,
    Permit,
    PermitScope,
    PermitState,
    confirm,
    decide,
    expire,
    may_decide,
    note_permit,
    report_end,
    request,
    withdraw,
)
from meti_desk.domain.policy import Permits
from meti_desk.standard.policy_file import shipped_policy

POLICY = shipped_policy()
NOON = "2026-11-22T12:00:00+09:00"
FIRST, LAST, AFTER = date(2026, 11, 22), date(2026, 11, 30), date(2026, 12, 1)
SCOPE = PermitScope(
    articles=frozenset({"13"}), digests=frozenset({"ab"}), actions=frozenset({"provide"}),
    recipients=frozenset({"X@example.com", "@univ.example"}), since=FIRST, until=LAST,
)  # fmt: skip


def asked(scope: PermitScope = SCOPE) -> Permit:
    return request(permit_id="P1", scope=scope, by="職員", at=NOON, reason="審査のため")


def granted(scope: PermitScope = SCOPE, **more: object) -> Permit:
    return decide(
        asked(scope), granted=True, by="課長", post=UNIT_HEAD, at=NOON, policy=POLICY, **more
    )  # type: ignore[arg-type]  # any field


def test_the_way_of_a_request() -> None:
    assert asked().state is PermitState.REQUESTED
    assert granted().state is PermitState.GRANTED
    assert granted(designated=("encryption",)).state is PermitState.CONDITIONAL
    no = decide(
        asked(), granted=False, by="課長", post=UNIT_HEAD, at=NOON, policy=POLICY, note="不要"
    )
    assert (no.state, no.note) == (PermitState.REFUSED, "不要")
    assert withdraw(asked(), by="職員").state is PermitState.WITHDRAWN
    assert report_end(granted(), at=NOON).state is PermitState.REPORTED
    assert expire(granted(), LAST).state is PermitState.GRANTED
    over = expire(granted(), AFTER)
    assert over.state is PermitState.EXPIRED
    assert report_end(over, at=NOON).reported_at == NOON


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"articles": frozenset()}, "articles"),
        ({"articles": frozenset({"99"})}, "articles"),
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
        with pytest.raises(InvalidInput, match=r"permit\.incomplete"):
            request(permit_id="P", scope=SCOPE, by=by, at=NOON, reason=reason)


def test_nobody_decides_their_own_request() -> None:
    with pytest.raises(RuleViolation, match=r"permit\.own-request"):
        decide(asked(), granted=True, by="職員", post=UNIT_HEAD, at=NOON, policy=POLICY)


def test_only_the_posts_of_the_article_decide() -> None:
    with pytest.raises(RuleViolation, match=r"permit\.wrong-decider"):
        decide(asked(), granted=True, by="係長", post=SYSTEM_HEAD, at=NOON, policy=POLICY)
    stand_in = replace(POLICY, permits=Permits(stand_ins=("総括補佐",)))
    given = decide(asked(), granted=True, by="補佐", post="総括補佐", at=NOON, policy=stand_in)
    assert given.decided_by == "補佐"
    assert may_decide(["77-1", "38-8"], SYSTEM_HEAD, POLICY)
    assert not may_decide(["77-1", "13"], SYSTEM_HEAD, POLICY)
    assert not may_decide(["38-9"], UNIT_HEAD, POLICY)
    assert not may_decide(["14-2"], UNIT_HEAD, POLICY)


def test_who_decides_by_article() -> None:
    unit_alone = {article for article, posts in DECIDERS.items() if posts == (UNIT_HEAD,)}
    system_alone = {article for article, posts in DECIDERS.items() if posts == (SYSTEM_HEAD,)}
    assert unit_alone == {"7-1", "9", "10-4", "13", "82-1"}
    assert system_alone == {"38-2", "38-3", "38-4", "38-5", "38-9"}


def test_a_refusal_says_why() -> None:
    with pytest.raises(RuleViolation, match=r"permit\.reason-missing"):
        decide(asked(), granted=False, by="課長", post=UNIT_HEAD, at=NOON, policy=POLICY)


def test_no_step_is_taken_twice() -> None:
    with pytest.raises(RuleViolation, match=r"permit\.wrong-state"):
        decide(granted(), granted=True, by="部長", post=UNIT_HEAD, at=NOON, policy=POLICY)
    with pytest.raises(RuleViolation, match=r"permit\.wrong-state"):
        withdraw(granted(), by="職員")
    with pytest.raises(RuleViolation, match=r"permit\.wrong-state"):
        report_end(asked(), at=NOON)
    with pytest.raises(RuleViolation, match=r"permit\.not-yours"):
        withdraw(asked(), by="別人")


ACT = {"article": "13", "digest": "ab", "action": "provide", "recipients": ("x@example.com",)}


def covers(permit: Permit, **changed: object) -> bool:
    act = {**ACT, "today": FIRST, **changed}
    return permit.covers(**act)  # type: ignore[arg-type]  # the fields of ACT


def test_a_permit_covers_what_it_says() -> None:
    assert covers(granted())
    assert covers(granted(), today=LAST)
    assert covers(granted(), recipients=("a@UNIV.example", "x@Example.com"))
    assert covers(granted(), recipients=())


@pytest.mark.parametrize(
    "changed",
    [
        {"today": None},
        {"today": date(2026, 11, 21)},
        {"today": AFTER},
        {"digest": "cd"},
        {"digest": ""},
        {"action": "publish"},
        {"article": "77-1"},
        {"recipients": ("x@example.com", "y@example.com")},
        {"recipients": ("a@sub.univ.example",)},
    ],
)
def test_a_permit_covers_nothing_else(changed: dict[str, object]) -> None:
    assert not covers(granted(), **changed)


@pytest.mark.parametrize(
    "state", sorted({*PermitState} - {PermitState.GRANTED, PermitState.CONDITIONAL})
)
def test_only_a_granted_permit_covers(state: PermitState) -> None:
    assert not covers(replace(granted(), state=state))


def test_a_blanket_permit_covers_its_kind_of_document() -> None:
    blanket = granted(replace(SCOPE, digests=frozenset(), blanket="議事概要"))
    assert covers(blanket, digest="any", kind="議事概要")
    assert not covers(blanket, digest="any", kind="名簿")
    assert not covers(blanket, digest="", kind="")


def test_the_end_of_the_period_asks_for_the_report_unless_waived() -> None:
    assert not granted().report_due(LAST)
    assert granted().report_due(AFTER)
    assert not granted(report_waived=True).report_due(AFTER)
    assert not report_end(granted(), at=NOON).report_due(AFTER)


@pytest.mark.parametrize(
    "text", ["課長, 11/20, 電話で", "課長、11/20、電話で", "課長，11/20，電話で"]
)
def test_a_noted_permission_says_who_when_and_how(text: str) -> None:
    assert note_permit(text, POLICY) == NotedPermit(who="課長", when="11/20", how="電話で")


def test_a_noted_permission_is_unconfirmed_until_another_confirms_it() -> None:
    noted = note_permit("課長, 11/20, 口頭, 会議の後", POLICY)
    assert not noted.confirmed
    assert noted.how == "口頭, 会議の後"
    done = confirm(noted, by="課長", post=UNIT_HEAD, actor="職員", policy=POLICY)
    assert done.confirmed
    with pytest.raises(RuleViolation, match=r"permit\.own-request"):
        confirm(noted, by="職員", post=UNIT_HEAD, actor="職員", policy=POLICY)
    with pytest.raises(RuleViolation, match=r"permit\.wrong-decider"):
        confirm(noted, by="係長", post=SYSTEM_HEAD, actor="職員", policy=POLICY)


@pytest.mark.parametrize("text", ["", "課長", "課長, 11/20", ", ,"])
def test_half_a_note_is_none(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"permit\.noted-incomplete"):
        note_permit(text, POLICY)


def test_policy_may_forbid_noted_permissions() -> None:
    strict = replace(POLICY, permits=Permits(noted_allowed=False))
    with pytest.raises(RuleViolation, match=r"permit\.noted-not-allowed"):
        note_permit("課長, 11/20, 口頭", strict)
