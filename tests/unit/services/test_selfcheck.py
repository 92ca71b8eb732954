import json
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from meti_desk.domain import events as ev
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.domain.ledger import first_bad
from meti_desk.domain.selfcheck import Text, answers_key
from meti_desk.services.selfcheck import SelfChecks
from meti_desk.services.selfcheck_views import Answered, AnswerRequest, FormView, ItemView
from meti_desk.standard.selfcheck_file import Sheet, shipped
from tests.unit.services.selfcheck_world import JST, SetClock, World

URL = "urn:meti-desk:selfcheck:staff"


def say(checks: SelfChecks, link_id: str, value: str, **more: object) -> Answered:
    return checks.answer(
        msgspec.convert({"form": "", "link_id": link_id, "value": value} | more, AnswerRequest)
    )


def one(view: FormView, link_id: str) -> ItemView:
    return next(item for item in view.items if item.link_id == link_id)


def answer_all(checks: SelfChecks) -> None:
    for item in checks.show().items:
        if not item.answer:
            say(checks, item.link_id, "done", reason="紙の記録による")


def changed_sheet(link_id: str, **changes: object) -> Sheet:
    sheet = shipped()[0]
    items = tuple(
        replace(item, **changes) if item.link_id == link_id else item  # type: ignore[arg-type] # real fields
        for item in sheet.form.items
    )
    return replace(sheet, form=replace(sheet.form, version="2026.2", items=items))


def test_an_answer_is_kept_at_once_and_found_after_a_restart() -> None:
    world = World()
    say(world.checks(), "use-access", "not-done", reason="権限が広い", plan="直す")
    view = world.checks().show("staff")
    answer = one(view, "use-access").answer
    assert answer is not None
    assert (answer.value, answer.reason, answer.text) == (
        "not-done",
        "権限が広い",
        "実施していない",
    )
    assert answer.lacks == ("by-when",)
    assert (answer.form_version, answer.form_hash) == (view.version, view.form_hash)
    assert view.answered == 1
    (row,) = world.checks().list_forms().forms
    assert (row.answered, row.applicable, row.state) == (1, view.applicable, "open")
    assert (row.deadline, row.days_left) == ("2026-11-30", 41)


def test_the_view_has_the_shape_of_the_contract() -> None:
    world = World()
    world.handle("provide", "remove-metadata")
    shown = json.loads(msgspec.json.encode(world.checks().show()))
    assert (shown["form"], shown["version"]) == (URL, "2026.1")
    assert len(shown["items"]) == len(shipped()[0].form.items)
    item = next(item for item in shown["items"] if item["link_id"] == "provide-metadata")
    assert item["clause"] == "art-14_p7"
    assert item["clause_text"] == "第14条第7項"
    assert item["answer"] is None
    assert item["evidence"]["figures"][0] == {
        "code": "provided-scrubbed.total",
        "label": "今年度の省外への提供",
        "number": 1,
        "severity": "info",
        "events": ["e1"],
    }
    assert shown["next"] == shown["items"][0]["link_id"]


def test_sections_count_what_applies_and_follow_ups_come_and_go() -> None:
    world = World()
    checks = world.checks()
    before = {section.id: section.applicable for section in checks.show().sections}
    assert before["publish"] == 1
    assert "publish-metadata" in say(checks, "publish-c1", "done").enabled
    gone = say(checks, "publish-c1", "not-applicable")
    assert "publish-metadata" not in gone.enabled
    with pytest.raises(InvalidInput, match=r"answer\.not-asked"):
        say(checks, "publish-metadata", "done")
    (publish,) = [section for section in checks.show().sections if section.id == "publish"]
    assert (publish.answered, publish.applicable) == (1, 1)


def test_an_answer_can_be_confirmed_from_the_records_only_as_they_suggest() -> None:
    world = World()
    world.classify("d1")
    checks = world.checks()
    confirmed = say(checks, "label-mark", "done", confirm=True).item.answer
    assert confirmed is not None
    assert confirmed.origin == "confirmed-from-evidence"
    with pytest.raises(InvalidInput, match=r"answer\.not-suggested"):
        say(checks, "label-mark", "partly", confirm=True)
    with pytest.raises(InvalidInput, match=r"answer\.not-suggested"):
        say(checks, "use-access", "done", confirm=True)
    own = say(checks, "use-access", "done").item.answer
    assert own is not None
    assert own.origin == "own"


def test_an_answer_against_the_records_needs_a_reason() -> None:
    world = World()
    world.handle("provide", "remove-metadata=open")
    checks = world.checks()
    say(checks, "move-permission", "partly", reason="一件")
    answer = say(checks, "provide-metadata", "done").item.answer
    assert answer is not None
    assert (answer.origin, answer.lacks) == ("against-evidence", ("against-reason",))
    with_reason = say(checks, "provide-metadata", "done", reason="紙で渡した").item.answer
    assert with_reason is not None
    assert with_reason.lacks == ()


def test_records_that_come_after_the_answer_are_seen_before_handing_in() -> None:
    world = World()
    checks = world.checks()
    answer_all(checks)
    assert checks.show().missing == ()
    say(checks, "publish-c1", "not-applicable")
    assert checks.show().missing == ()
    world.handle("publish", "confirm-c1=open")
    assert [(gap.link_id, gap.what) for gap in checks.show().missing] == [
        ("publish-c1", "against-reason")
    ]
    with pytest.raises(RuleViolation, match=r"selfcheck\.incomplete"):
        checks.submit()


def test_handing_in_freezes_the_answers_and_records_no_answer() -> None:
    world = World()
    checks = world.checks()
    answer_all(checks)
    sent = checks.outgoing()
    done = checks.submit()
    assert done.state == "submitted"
    assert len(done.receipt) == 64
    view = world.checks().show()
    assert (view.state, view.receipt) == ("submitted", done.receipt)
    assert [link_id for link_id, _ in sent] == [item.link_id for item in view.items if item.answer]
    (event,) = world.store.ledger.events(kinds=[ev.SELFCHECK_SUBMIT])
    assert set(event.data()) == {"form", "version", "form_hash", "receipt"}
    assert first_bad(world.store.ledger.held) is None
    with pytest.raises(RuleViolation, match=r"selfcheck\.submitted"):
        say(checks, "use-access", "partly")
    with pytest.raises(RuleViolation, match=r"selfcheck\.submitted"):
        checks.submit()
    world.handle("publish")
    assert one(checks.show(), "publish-c1").answer is not None
    assert checks.show().missing == ()


def test_taking_back_opens_the_answers_until_the_deadline() -> None:
    world = World()
    checks = world.checks()
    answer_all(checks)
    first = checks.submit()
    assert checks.withdraw().state == "open"
    say(checks, "use-access", "partly")
    second = checks.submit()
    assert second.receipt != first.receipt
    world.clock = SetClock(datetime(2026, 12, 1, 0, 0, tzinfo=JST))
    with pytest.raises(RuleViolation, match=r"selfcheck\.withdraw-after-deadline"):
        world.checks().withdraw()
    kinds = [event.kind for event in world.store.ledger.held]
    assert kinds == [ev.SELFCHECK_SUBMIT, ev.SELFCHECK_WITHDRAW, ev.SELFCHECK_SUBMIT]


def test_late_is_said_and_not_refused() -> None:
    world = World(clock=SetClock(datetime(2026, 12, 3, 9, 0, tzinfo=JST)))
    answer_all(world.checks())
    assert world.checks().submit().state == "late"
    assert world.checks().show().days_left == -3


def test_handing_in_is_recorded_whole_or_not_at_all() -> None:
    world = World()
    answer_all(world.checks())

    def full(form: str, link_id: str, answer: bytes) -> None:
        raise EnvironmentProblem("disk.full")

    world.store.answers.save = full  # type: ignore[method-assign] # the disk fails at this moment
    with pytest.raises(EnvironmentProblem, match=r"disk\.full"):
        world.checks().submit()
    del world.store.answers.save
    assert world.store.ledger.held == []
    assert world.checks().show().state == "open"


def test_last_years_answer_stands_beside_the_question() -> None:
    world = World(clock=SetClock(datetime(2025, 10, 20, 9, 0, tzinfo=JST)))
    sheet = shipped()[0]
    period = replace(sheet.form.period, year=2025)
    last_form = replace(sheet.form, version="2025.1", period=period)
    world.sheets = [replace(sheet, form=last_form)]
    say(world.checks(), "use-access", "partly", reason="一部の権限")
    say(world.checks(), "area-class", "done")
    assert world.checks().show().version == "2025.1"
    changed = changed_sheet(
        "area-class", change="changed", supersedes="area-class-old", change_note=Text("変更", "new")
    )
    world.sheets, world.clock = [changed], SetClock()
    view = world.checks().show()
    assert view.answered == 0, "last year's answers answer nothing this year"
    previous = one(view, "use-access").previous
    assert previous is not None
    assert (previous.text, previous.reason, previous.comparable) == ("一部実施", "一部の権限", True)
    area = one(view, "area-class")
    assert area.previous is not None
    assert (area.previous.comparable, area.change_note) == (False, "変更")
    assert one(view, "use-backup").previous is None


def test_a_form_that_changes_within_the_year_keeps_only_what_means_the_same() -> None:
    world = World()
    say(world.checks(), "use-access", "done")
    say(world.checks(), "area-class", "done")
    world.sheets = [changed_sheet("use-access", text=Text("別の設問ですか。", "Another question?"))]
    view = world.checks().show()
    assert view.version == "2026.2"
    stale = one(view, "use-access").answer
    assert stale is not None
    assert (stale.stale, stale.lacks) == (True, ("changed",))
    kept = one(view, "area-class").answer
    assert kept is not None
    assert not kept.stale
    assert view.answered == 1


@pytest.mark.parametrize(
    ("link_id", "value", "more", "code"),
    [
        ("use-access", "yes", {}, "answer.unknown-value"),
        ("use-purpose", "not-applicable", {}, "answer.not-offered"),
        ("no-such", "done", {}, "selfcheck.no-item"),
        ("use-access", "done", {"form": "cio"}, "selfcheck.no-form"),
        ("use-access", "not-done", {"by_when": "12/15"}, "answer.by-when"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_and_not_kept(
    link_id: str, value: str, more: dict[str, object], code: str
) -> None:
    world = World()
    with pytest.raises(InvalidInput) as caught:
        say(world.checks(), link_id, value, **more)
    assert caught.value.code == code
    assert world.store.answers.rows == {}


def test_a_damaged_answer_is_told_and_not_guessed() -> None:
    world = World()
    world.store.answers.save(answers_key(URL, 2026), "use-access", b'{"value": "done"')
    with pytest.raises(EnvironmentProblem, match=r"selfcheck\.unreadable"):
        world.checks().show()


def test_locked_means_that_nothing_is_shown_but_the_procedure() -> None:
    checks = World().checks(locked=True)
    assert len(checks.procedure().steps) == 7
    with pytest.raises(EnvironmentProblem, match=r"store\.locked"):
        checks.show()


def test_everything_is_there_in_english() -> None:
    view = World().checks("en").show()
    assert view.title == "Self-check FY2026 (staff)"
    assert view.items[0].options[0].text == "Done"
    assert view.items[0].clause_text == "Art. 4-1"


def test_dates_are_those_of_the_persons_clock() -> None:
    world = World(clock=SetClock(datetime(2026, 11, 30, 23, 59, tzinfo=JST)))
    assert world.checks().show().days_left == 0
    world.clock = SetClock(datetime(2026, 11, 30, 23, 59, tzinfo=UTC).astimezone(JST))
    assert world.checks().show().days_left == -1
