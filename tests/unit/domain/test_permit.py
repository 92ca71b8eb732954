"""Who decides what, and what a permit covers."""

from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.permit import (
    DECIDERS,
    OFFICE_HEAD,
    SYSTEM_HEAD,
    SYSTEM_MANAGER,
    UNIT_HEAD,
    NotedPermit,
    Permit,
    PermitScope,
    PermitState,
    confirm,
    deciders,
    may_decide,
    note_permit,
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


def granted(scope: PermitScope = SCOPE, **more: object) -> Permit:
    given = Permit(
        id="P1", scope=scope, requested_by="職員", requested_at=NOON, state=PermitState.GRANTED,
        decided_by="課長", decided_at=NOON,
    )  # fmt: skip
    return replace(given, **more)  # type: ignore[arg-type]  # any field


def test_only_the_posts_of_the_article_decide() -> None:
    assert may_decide(["77-1", "38-8"], SYSTEM_HEAD)
    assert not may_decide(["77-1", "13"], SYSTEM_HEAD)
    assert not may_decide(["38-9"], UNIT_HEAD)
    assert not may_decide(["14-2"], UNIT_HEAD)
    assert may_decide(["13"], "総括補佐", ["総括補佐"])
    assert not may_decide(["14-2"], "総括補佐", ["総括補佐"])
    assert not may_decide(["13"], "総括補佐")


@pytest.mark.parametrize(
    ("articles", "posts"),
    [
        (["13", "77-1"], (UNIT_HEAD,)),
        (["77-1", "77-5"], (SYSTEM_HEAD, UNIT_HEAD)),
        (["77-1", "38-9"], (SYSTEM_HEAD,)),
        (["13", "38-9"], ()),
        (["19-4"], (SYSTEM_MANAGER,)),
        (["19-4", "13"], ()),
        (["99"], ()),
        ([], ()),
    ],
)
def test_articles_together_need_a_post_that_decides_them_all(
    articles: list[str], posts: tuple[str, ...]
) -> None:
    assert deciders(articles) == posts


def test_who_decides_by_article() -> None:
    unit_alone = {article for article, posts in DECIDERS.items() if posts == (UNIT_HEAD,)}
    system_alone = {article for article, posts in DECIDERS.items() if posts == (SYSTEM_HEAD,)}
    assert unit_alone == {"7-1", "9", "10-4", "13", "82-1"}
    assert system_alone == {"38-2", "38-3", "38-4", "38-5", "38-9"}
    assert {
        article: set(DECIDERS[article]) for article in ("38-8", "77-1", "77-5", "73-3", "19-4")
    } == {
        "38-8": {SYSTEM_HEAD, UNIT_HEAD},
        "77-1": {SYSTEM_HEAD, UNIT_HEAD},
        "77-5": {SYSTEM_HEAD, UNIT_HEAD},
        "73-3": {OFFICE_HEAD, UNIT_HEAD},
        "19-4": {SYSTEM_MANAGER},
    }


ACT = {"article": "13", "digest": "ab", "action": "provide", "recipients": ("x@example.com",)}


def covers(permit: Permit, **changed: object) -> bool:
    act = {**ACT, "today": FIRST, **changed}
    return permit.covers(**act)  # type: ignore[arg-type]  # the fields of ACT


def test_a_permit_covers_what_it_says() -> None:
    assert covers(granted())
    assert covers(granted(), today=LAST)
    assert covers(granted(), recipients=("a@UNIV.example", "x@Example.com"))
    assert covers(granted(replace(SCOPE, recipients=frozenset())), recipients=())


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
        {"recipients": ("y@example.com,a@univ.example",)},
        {"recipients": ()},
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


def test_a_permit_for_a_device_holds_for_what_lies_on_it() -> None:
    device = granted(replace(SCOPE, articles=frozenset({"77-5"}), digests=frozenset()))
    assert covers(device, article="77-5", digest="any")
    assert not covers(device, article="13", digest="any")
    assert not covers(device, article="77-5", today=AFTER)
    named = granted(replace(SCOPE, articles=frozenset({"77-5"})))
    assert not covers(named, article="77-5", digest="any")


def test_the_end_of_the_period_asks_for_the_report_unless_waived() -> None:
    assert not granted().report_due(LAST)
    assert granted().report_due(AFTER)
    assert not granted(report_waived=True).report_due(AFTER)
    assert not replace(granted(), state=PermitState.REPORTED, reported_at=NOON).report_due(AFTER)
    revoked = replace(granted(), state=PermitState.REVOKED, ended_at=NOON)
    assert revoked.report_due(FIRST)
    assert not replace(revoked, reported_at=NOON).report_due(AFTER)
    assert not replace(granted(), state=PermitState.REFUSED).report_due(AFTER)


@pytest.mark.parametrize("article", ["7-1", "10-4", "38-4", "38-9", "73-3"])
def test_what_was_not_handled_outside_has_no_end_to_report(article: str) -> None:
    assert not granted(replace(SCOPE, articles=frozenset({article}))).report_due(AFTER)


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
