from dataclasses import replace
from datetime import date

import pytest

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.domain.selfcheck import (
    AnswerSet,
    AnswerValue,
    EnableWhen,
    EvidenceSpec,
    Fault,
    Form,
    Item,
    Option,
    Period,
    Section,
    StandardRef,
    Text,
    check,
    fiscal_window,
    fiscal_year,
    form_hash,
    meaning_hash,
)
from meti_desk.domain.selfcheck_answers import (
    Answer,
    Missing,
    Origin,
    Progress,
    applicable,
    check_withdraw,
    make_answer,
    missing,
    progress,
    submit,
)

AT = "2026-10-01T09:00:00+09:00"
T = Text("問", "q")
ALL = AnswerSet("all", tuple(Option(value, Text(value.value)) for value in AnswerValue))
DUTY = AnswerSet("duty", tuple(o for o in ALL.options if o.value is not AnswerValue.NOT_APPLICABLE))


def item(link_id: str, **more: object) -> Item:
    base = Item(link_id, "s1", "art-4_p1", T, T, T, T, "all")
    return replace(base, **more)  # type: ignore[arg-type] # tests name real fields


def form(*items: Item, **more: object) -> Form:
    base = Form(
        url="urn:test",
        version="2026.1",
        derived_from="",
        role=T,
        title=T,
        ask=T,
        period=Period(2026, T, date(2026, 10, 1), date(2026, 11, 30)),
        standard=StandardRef("s", "r", "0" * 64),
        answer_sets=(ALL, DUTY),
        sections=(Section("s1", T),),
        items=items,
    )
    return replace(base, **more)  # type: ignore[arg-type] # tests name real fields


def faults(made: Form) -> list[Fault]:
    return check(made, clauses={"art-4_p1"}, collectors={"decided"})


def given(made: Form, **values: str) -> dict[str, Answer]:
    answers = {}
    for name, value in values.items():
        asked = made.item(name)
        assert asked is not None
        answers[name] = make_answer(made, asked, AnswerValue(value), at=AT)
    return answers


FOLLOW_UP = (EnableWhen("a", "!=", AnswerValue.NOT_APPLICABLE),)


def test_a_sound_form_has_no_faults() -> None:
    assert faults(form(item("a"), item("b", enable_when=FOLLOW_UP))) == []


@pytest.mark.parametrize(
    ("made", "reason", "link_id"),
    [
        (form(item("a"), item("a")), "link-id.repeated", "a"),
        (form(item("a"), retired=("a",)), "link-id.reused", "a"),
        (form(item("a", supersedes="old")), "supersedes.not-retired", "a"),
        (form(item("a", change="changed")), "change.without-note", "a"),
        (form(item("a", clause="art-4_p9")), "clause.unknown", "a"),
        (form(item("a", also=("art-104_p1",))), "clause.unknown", "a"),
        (form(item("a", section="s2"), item("b")), "section.unknown", "a"),
        (form(item("a", answer_set="none")), "answer-set.unknown", "a"),
        (form(item("a", enable_when=(EnableWhen("x", "=", AnswerValue.DONE),))),
         "enable-when.unknown", "a"),
        (form(item("b", enable_when=FOLLOW_UP), item("a")), "enable-when.not-earlier", "b"),
        (form(item("a", enable_when=FOLLOW_UP)), "enable-when.not-earlier", "a"),
        (form(item("a", answer_set="duty"), item("b", enable_when=FOLLOW_UP)),
         "enable-when.answer", "b"),
        (form(item("a", evidence=EvidenceSpec("none"))), "collector.unknown", "a"),
        (form(item("a", answer_set="duty", evidence=EvidenceSpec(
            "decided", contradicts=(AnswerValue.NOT_APPLICABLE,)))), "contradicts.unknown", "a"),
        (form(item("a"), sections=(Section("s1", T), Section("s2", T))), "section.empty", ""),
        (form(item("a"), answer_sets=(ALL, ALL)), "answer-set.repeated", ""),
        (form(item("a"), period=Period(2026, T, date(2026, 12, 1), date(2026, 11, 30))),
         "period.dates", ""),
    ],
)  # fmt: skip
def test_each_fault_is_found_where_it_is(made: Form, reason: str, link_id: str) -> None:
    assert [(fault.reason, fault.link_id) for fault in faults(made)] == [(reason, link_id)]


def test_a_follow_up_applies_only_after_its_question_was_answered() -> None:
    made = form(item("a"), item("b", enable_when=FOLLOW_UP))
    assert [one.link_id for one in applicable(made, {})] == ["a"]
    assert [one.link_id for one in applicable(made, given(made, a="done"))] == ["a", "b"]
    assert [one.link_id for one in applicable(made, given(made, a="not-applicable"))] == ["a"]


def test_a_question_behind_one_that_does_not_apply_does_not_apply_either() -> None:
    made = form(
        item("a"),
        item("b", enable_when=FOLLOW_UP),
        item("c", enable_when=(EnableWhen("b", "=", AnswerValue.DONE),)),
    )
    answers = given(made, a="done", b="done")
    assert len(applicable(made, answers)) == 3
    hidden = answers | given(made, a="not-applicable")
    assert [one.link_id for one in applicable(made, hidden)] == ["a"]


def test_any_needs_one_condition_and_all_needs_each() -> None:
    conditions = (
        EnableWhen("a", "=", AnswerValue.DONE),
        EnableWhen("b", "=", AnswerValue.DONE),
    )
    for behavior, shown in (("any", True), ("all", False)):
        third = item("c", enable_when=conditions, enable_behavior=behavior)
        made = form(item("a"), item("b"), third)
        assert (third in applicable(made, given(made, a="done", b="partly"))) is shown


def test_progress_counts_only_what_applies() -> None:
    made = form(item("a"), item("b", enable_when=FOLLOW_UP))
    assert progress(made, {}) == Progress(0, 1)
    assert progress(made, given(made, a="done")) == Progress(1, 2)
    assert progress(made, given(made, a="not-applicable", b="done")) == Progress(1, 1)
    assert progress(made, {}, "s2") == Progress(0, 0)


def test_not_done_needs_reason_plan_and_date() -> None:
    made = form(item("a"))
    assert missing(made, {}) == [Missing("a", "answer")]
    bare = given(made, a="not-done")
    assert [gap.what for gap in missing(made, bare)] == ["reason", "plan", "by-when"]
    whole = make_answer(
        made, made.items[0], AnswerValue.NOT_DONE, at=AT,
        reason="なし", plan="直す", by_when="2026-12-15",
    )  # fmt: skip
    assert missing(made, {"a": whole}) == []


def test_against_the_evidence_needs_a_reason() -> None:
    made = form(item("a"))
    answer = make_answer(made, made.items[0], AnswerValue.DONE, at=AT, origin=Origin.AGAINST)
    assert missing(made, {"a": answer}) == [Missing("a", "against-reason")]
    assert missing(made, {"a": replace(answer, reason="紙で渡した")}) == []


def test_unknown_can_be_handed_in() -> None:
    made = form(item("a"))
    assert missing(made, given(made, a="unknown")) == []


def test_what_is_not_offered_cannot_be_answered() -> None:
    made = form(item("a", answer_set="duty"))
    with pytest.raises(InvalidInput) as caught:
        make_answer(made, made.items[0], AnswerValue.NOT_APPLICABLE, at=AT)
    assert caught.value.code == "answer.not-offered"
    with pytest.raises(InvalidInput) as caught:
        make_answer(made, made.items[0], AnswerValue.NOT_DONE, at=AT, by_when="来月")
    assert caught.value.code == "answer.by-when"


def test_an_answer_stays_when_the_meaning_stayed_and_goes_when_it_changed() -> None:
    made = form(item("a"))
    answers = given(made, a="done")
    helped = form(item("a", help=Text("別の説明"), text=Text("問", "another translation")))
    assert form_hash(helped) != form_hash(made)
    assert progress(helped, answers).complete
    changed = form(item("a", text=Text("別の問")))
    assert missing(changed, answers) == [Missing("a", "changed")]
    assert meaning_hash(changed, changed.items[0]) != meaning_hash(made, made.items[0])


def test_handing_in_pins_the_form_and_gives_a_receipt() -> None:
    made = form(item("a"), item("b", enable_when=FOLLOW_UP))
    answers = given(made, a="not-applicable", b="done")
    done = submit(made, answers, person="花子", at=AT, today=date(2026, 11, 30))
    assert [answer.link_id for answer in done.answers] == ["a"], "b does not apply"
    assert done.form_hash == form_hash(made)
    assert not done.late
    assert len(done.receipt) == 64
    other = submit(made, answers, person="太郎", at=AT, today=date(2026, 12, 1))
    assert other.late
    assert other.receipt != done.receipt


def test_an_incomplete_form_is_refused_with_its_first_gap() -> None:
    made = form(item("a"), item("b"))
    with pytest.raises(RuleViolation) as caught:
        submit(made, given(made, a="done"), person="花子", at=AT, today=date(2026, 11, 1))
    assert caught.value.code == "selfcheck.incomplete"
    assert caught.value.params == {"missing": 1, "first": "b"}
    assert caught.value.articles == ("92-2",)


def test_taking_back_ends_with_the_deadline() -> None:
    made = form(item("a"))
    done = submit(made, given(made, a="done"), person="花子", at=AT, today=date(2026, 11, 1))
    assert check_withdraw(made, done, today=date(2026, 11, 30)) is done
    with pytest.raises(RuleViolation, match=r"selfcheck\.withdraw-after-deadline"):
        check_withdraw(made, done, today=date(2026, 12, 1))
    for gone in (None, replace(done, withdrawn_at=AT)):
        with pytest.raises(RuleViolation, match=r"selfcheck\.not-submitted"):
            check_withdraw(made, gone, today=date(2026, 11, 1))


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 3, 31), 2026)],
)
def test_the_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert fiscal_year(day) == year
    first, after = fiscal_window(year)
    assert first <= day < after
