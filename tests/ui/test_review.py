"""許可・確認: decided one by one and many at once, by keyboard alone, each with its reason."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from meti_desk.domain.errors import RuleViolation
from meti_desk.services.permit_messages import PermitRow
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.review.compare import SIGN, lines, odd_ones
from meti_desk.ui.review.corrections import CorrectionsPage
from meti_desk.ui.review.page import ReviewPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_permits import day, wish
from tests.ui.screenshots import settle
from tests.ui.shots_permits import MANY, as_head, review
from tests.ui.test_flows import click, named, type_in

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(open_window: Open, desk: FakeDesk) -> MainWindow:
    made = open_window(desk)
    as_head(made, desk, MANY)
    return made


@pytest.fixture
def page(window: MainWindow, jobs: Jobs) -> ReviewPage:
    window.sidebar.chosen.emit("review")
    settle(jobs, window)
    return review(window)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key wherever the keyboard is."""
    held = QApplication.focusWidget()
    assert held is not None
    QTest.keyClick(held, key, modifier)


def shown(window: QWidget) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def test_forty_requests_are_granted_by_three_keys(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    window.sidebar._buttons["review"].setFocus()
    press(Qt.Key.Key_Space)
    settle(jobs, window)
    press(Qt.Key.Key_A, CTRL)
    press(Qt.Key.Key_Return, CTRL)
    settle(jobs, window)
    (made,) = desk.permits.decisions
    assert (len(made.ids), made.granted) == (MANY, True)
    page = review(window)
    assert page.requests.model.rows == ()
    assert "40件を許可しました" in page.banner.accessibleName()
    assert named(window, "許可の申請")
    assert not page.requests.form.grant.isEnabled()
    page.show_part("decided")
    assert page.decided.model.text(0, 0) == "決定（未送信）"


def test_what_differs_among_the_chosen_stands_out(page: ReviewPage, jobs: Jobs) -> None:
    part = page.requests
    assert not part.model.text(1, 4).startswith(SIGN), "one alone differs from nothing"
    part.choose_all()
    settle(jobs, page)
    marked = {
        (line, place)
        for line in range(len(part.model.rows))
        for place in range(6)
        if part.model.text(line, place).startswith(SIGN)
    }
    assert marked == {(1, 4), (1, 5), (2, 3)}
    bold = part.model.data(part.model.index(1, 4), Qt.ItemDataRole.FontRole)
    assert bold is not None
    texts = shown(page)
    assert "40件の申請" in texts
    assert "◆ press@example.com（1件）" in texts
    assert "ちがう" in texts


def test_comparing_is_by_the_most_frequent_value() -> None:
    rows = ["a", "a", "b", ""]
    fields = [("name", lambda one: one), ("nothing", lambda _one: "")]
    (line,) = lines(rows, fields)
    assert line.values[0] == ("a", 2)
    assert not line.same
    assert odd_ones(rows, fields) == {(2, 0), (3, 0)}
    assert odd_ones([], fields) == frozenset()


def test_one_is_granted_with_measures_and_a_shorter_period(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs
) -> None:
    part = page.requests
    part.choose((1,))
    form = part.form
    form.measures.checks["encryption"].setChecked(True)
    type_in(form.measures.other.edit, "電話で確かめる")
    form.until.show_iso(day(91))
    form.grant.click()
    assert desk.permits.decisions == []
    assert form.until.edit.property("bad") == "true"
    form.until.show_iso(day(10))
    form.waived.setChecked(True)
    type_in(form.note.edit, "急ぎのため")
    form.grant.click()
    settle(jobs, page)
    (made,) = desk.permits.decisions
    assert made.ids == ("p2",)
    assert made.designated == ("encryption", "電話で確かめる")
    assert (made.until, made.report_waived, made.note) == (day(10), True, "急ぎのため")
    assert form.measures.measures == ()
    assert form.note.text == ""


def test_a_refusal_needs_its_reason(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    part = page.requests
    part.table.setFocus()
    press(Qt.Key.Key_Return, CTRL | SHIFT)
    assert desk.permits.decisions == []
    assert part.form.note.edit.hasFocus()
    part.form.measures.checks["split"].setChecked(True)
    type_in(part.form.note.edit, "要旨で足りるため")
    press(Qt.Key.Key_Return, CTRL | SHIFT)
    settle(jobs, page)
    (made,) = desk.permits.decisions
    assert (made.ids, made.granted, made.note) == (("p1",), False, "要旨で足りるため")
    assert made.designated == ()


def test_what_one_may_not_decide_is_left_out(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    rows = desk.permits.held.to_decide
    desk.permits.held = replace(
        desk.permits.held, to_decide=(replace(rows[0], decidable=False), *rows[1:3])
    )
    page.shown()
    settle(jobs, page)
    part = page.requests
    part.choose((0,))
    assert not part.form.grant.isEnabled()
    assert "あなたには決められません" in shown(page)
    part.choose_all()
    assert part.form.grant.text() == "2件を許可する"


def test_a_decision_that_fails_keeps_what_was_typed(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_request: object) -> tuple[PermitRow, ...]:
        raise RuleViolation("permit.wrong-decider", articles=("13",), post="課長")

    monkeypatch.setattr(desk.permits, "decide", refuse)
    part = page.requests
    type_in(part.form.note.edit, "急ぎ")
    part.form.grant.click()
    settle(jobs, page)
    assert page.banner.isVisible()
    assert part.form.note.text == "急ぎ"
    assert part.form.grant.isEnabled()


def test_what_was_chosen_stays_chosen_when_more_arrives(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs
) -> None:
    part = page.requests
    part.choose((2,))
    more = (wish(99), *desk.permits.held.to_decide)
    desk.permits.held = replace(desk.permits.held, to_decide=more)
    page.shown()
    settle(jobs, page)
    assert [one.id for one in part.chosen] == ["p3"]


def test_noted_permissions_are_confirmed_or_denied_with_a_word(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs
) -> None:
    click(page, "口頭・書面の許可（1件）")
    click(page, "許可していない")
    assert desk.permits.judged == []
    type_in(page.noted.note.edit, "聞いていない")
    click(page, "許可していない")
    settle(jobs, page)
    assert desk.permits.judged == [("n1", False, "聞いていない")]
    assert page.noted.model.rows == ()
    desk.permits.as_head()
    page.shown()
    settle(jobs, page)
    page.noted.table.setFocus()
    press(Qt.Key.Key_Return, CTRL)
    settle(jobs, page)
    assert desk.permits.judged[-1] == ("n1", True, "")


def test_a_permit_is_revoked_with_a_reason(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    click(page, "決めた許可（1件）")
    click(page, "許可を取り消す")
    assert desk.permits.taken_back == []
    type_in(page.decided.note.edit, "相手が変わったため")
    click(page, "許可を取り消す")
    settle(jobs, page)
    assert desk.permits.taken_back == [("p90", "相手が変わったため")]
    assert not named(page, "許可を取り消す").isEnabled()


def test_the_end_is_recorded_by_who_found_out(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    click(page, "決めた許可（1件）")
    assert not named(page, "終了を確かめた").isEnabled()
    page.decided.choose((page.decided.model.place_of("p91"),))
    click(page, "終了を確かめた")
    assert desk.permits.found == []
    type_in(page.decided.report.edit, "本人に聞き、返却を確かめた")
    click(page, "終了を確かめた")
    settle(jobs, page)
    assert desk.permits.found == [("p91", "本人に聞き、返却を確かめた")]


def test_a_measure_is_decided_in_advance_and_ended(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs
) -> None:
    click(page, "あらかじめの決定")
    form = page.standing.form
    click(page, "あらかじめ決める")
    assert desk.permits.stood == []
    form.measure._choose("split")
    click(page, "決定: 行う")
    form.levels[2].setChecked(True)
    type_in(form.recipients.edit, "@example.com, iin@example.jp")
    type_in(form.reason.edit, "郵送もするため")
    click(page, "あらかじめ決める")
    settle(jobs, page)
    (made,) = desk.permits.stood
    assert (made.measure, made.answer, made.levels) == ("split", "yes", (2,))
    assert made.recipients == ("@example.com", "iin@example.jp")
    assert made.reason == "郵送もするため"
    page.standing.choose((page.standing.model.place_of("s1"),))
    click(page, "選んだ決定を終える")
    settle(jobs, page)
    ended = {one.id: one.in_force for one in desk.permits.held.standing}
    assert ended == {"s1": False, "s2": True}


def test_labels_are_found_valid_by_keyboard(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    desk.reviews.as_head(MANY)
    page.shown()
    settle(jobs, page)
    click(page, "格付の確認（40件）")
    press(Qt.Key.Key_A, CTRL)
    settle(jobs, page)
    assert "◆ 機密性1（1件）" in shown(page)
    press(Qt.Key.Key_Return, CTRL)
    settle(jobs, page)
    (made,) = desk.reviews.judged
    assert (len(made.ids), made.c) == (MANY, 0)
    assert page.labels.model.rows == ()


def test_an_order_names_the_label_and_why(page: ReviewPage, desk: FakeDesk, jobs: Jobs) -> None:
    click(page, "格付の確認（3件）")
    assert "元の文書：令和7年度_審査要領.docx" in shown(page)
    assert named(page, "審査資料_01.docxのある場所を開く")
    click(page, "修正を指示する")
    assert desk.reviews.judged == []
    click(page, "機密性: 3")
    page.labels.form.others.setChecked(True)
    type_in(page.labels.form.restrictions.edit, "複製禁止")
    click(page, "修正を指示する")
    assert page.labels.form.note.edit.hasFocus()
    type_in(page.labels.form.note.edit, "個人の評価があるため")
    click(page, "修正を指示する")
    settle(jobs, page)
    (made,) = desk.reviews.judged
    assert (made.ids, made.c, made.i, made.restrictions) == (("r1",), 3, 0, ("複製禁止",))
    assert page.labels.form.levels == (0, 0, 0)


def test_an_order_about_many_keeps_the_level_of_each(
    page: ReviewPage, desk: FakeDesk, jobs: Jobs
) -> None:
    click(page, "格付の確認（3件）")
    page.labels.choose_all()
    click(page, "完全性: 2")
    type_in(page.labels.form.note.edit, "原本のため")
    click(page, "3件の修正を指示する")
    settle(jobs, page)
    assert {(one.c, one.i, one.ids) for one in desk.reviews.judged} == {
        (2, 2, ("r1",)), (1, 2, ("r2",)), (3, 2, ("r3",)),
    }  # fmt: skip


def test_an_order_is_carried_out_or_answered(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    desk.reviews.as_staff()
    window = open_window(desk)
    settle(jobs, window)
    click(window, "格付の修正の指示を見る")
    settle(jobs, window)
    shown_page = window.findChildren(CorrectionsPage)[-1]
    assert "機密性3・複製禁止・完全性2・可用性1" in shown(shown_page)
    click(window, "応募者名簿.xlsxの指示に意見がある")
    click(window, "応募者名簿.xlsxについて意見を送る")
    assert desk.reviews.answers == []
    type_in(shown_page.cards[0].reason.edit, "要旨だけのため")
    click(window, "応募者名簿.xlsxについて意見を送る")
    settle(jobs, window)
    assert desk.reviews.answers == [("r90", "要旨だけのため", ("d90",))]
    assert not shown_page.cards[0].again.isEnabled()


def test_an_order_leads_to_the_decision_screen(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.reviews.as_staff()
    window = open_window(desk)
    window.desktop.task_wanted.emit("corrections", None)
    settle(jobs, window)
    click(window, "応募者名簿.xlsxの格付を決め直す")
    settle(jobs, window)
    assert desk.suggested
