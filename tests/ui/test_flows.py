"""What people do in the window, from first run to result, with a desk in memory."""

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.domain.errors import RuleViolation
from meti_desk.ui.handle.password import PasswordBlock
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.ledger.page import LedgerPage
from meti_desk.ui.main.drop import DropCard
from meti_desk.ui.main.task import Task
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.selfcheck.page import SelfCheckPage
from meti_desk.ui.selfcheck.sections import REVIEW
from meti_desk.ui.welcome.first_run import FirstRunPage
from meti_desk.ui.welcome.unlock import UnlockPage
from meti_desk.ui.widgets.fields import Field
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE, FakeDesk, paths
from tests.ui.screenshots import settle, task

ALT = Qt.KeyboardModifier.AltModifier


def type_in(edit: QLineEdit, text: str) -> None:
    """Type as a Japanese input method does: the text comes in one piece."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(edit, event)


def named(window: QWidget, name: str) -> QPushButton:
    """Find the visible button with an accessible name."""
    found = [
        one
        for one in window.findChildren(QPushButton)
        if one.accessibleName() == name and one.isVisible()
    ]
    assert len(found) == 1, [one.accessibleName() for one in window.findChildren(QPushButton)]
    return found[0]


def click(window: QWidget, name: str) -> None:
    """Press a button by its name."""
    QTest.mouseClick(named(window, name), Qt.MouseButton.LeftButton)


def test_first_run_asks_for_name_and_two_equal_passphrases(open_window: Open, jobs: Jobs) -> None:
    desk = FakeDesk("new")
    window = open_window(desk)
    page = window.findChildren(FirstRunPage)[0]
    page.begin()
    assert desk.state() == "new"
    type_in(page.person.name.edit, "山田")
    page.passphrase.first.edit.setText("みじかい")
    page.begin()
    assert desk.state() == "new"
    page.passphrase.first.edit.setText(PASSPHRASE)
    page.passphrase.second.edit.setText(PASSPHRASE + "x")
    page.begin()
    assert desk.state() == "new"
    page.passphrase.second.edit.setText(PASSPHRASE)
    click(window, "始める")
    settle(jobs, window)
    assert desk.state() == "open"
    assert desk.person().name == "山田"
    assert named(window, "ホーム").isChecked()


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(open_window: Open, jobs: Jobs) -> None:
    desk = FakeDesk("locked")
    window = open_window(desk)
    gate = window.findChildren(UnlockPage)[0]
    gate.field.edit.setText("ちがう")
    QTest.keyClick(gate.field.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert gate.banner.isVisible()
    assert desk.state() == "locked"
    gate.field.edit.setText(PASSPHRASE)
    QTest.keyClick(gate.field.edit, Qt.Key.Key_Return)
    settle(jobs, window)
    assert desk.state() == "open"


def test_the_key_ring_is_offered_inside_the_area_only(open_window: Open, jobs: Jobs) -> None:
    window = open_window(FakeDesk("locked"))
    gate = window.findChildren(UnlockPage)[0]
    assert not gate.by_keyring.isVisible()
    click(window, "区域外")
    assert gate.by_keyring.isVisible()


def test_saving_takes_two_clicks_when_sources_are_labelled(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    click(window, "格付して保存する")
    settle(jobs, window)
    order = desk.handled[0]
    assert order.plan.paths == paths()
    assert order.out == ""
    assert order.plan.label is not None
    assert (order.plan.label.c, order.plan.label.audience) == (2, ("審査委員",))
    assert task(window).currentWidget() is task(window).result


def _provide(window: MainWindow, jobs: Jobs) -> Task:
    click(window, "省外に提供")
    shown = task(window)
    type_in(shown.decide.next.giving.to.edit, "iin@example.com")
    settle(jobs, window)
    return shown


def test_providing_waits_for_permission_and_decisions_then_shows_all(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    shown = _provide(window, jobs)
    assert not shown.decide._go.isEnabled()
    rows = shown.decide.next.measures._rows
    for name in ("signature",):
        choice, reason = rows[name].choice, rows[name].reason
        assert choice is not None
        assert reason is not None
        QTest.mouseClick(choice.button("no"), Qt.MouseButton.LeftButton)
        type_in(reason.edit, "内容が公知のため")
    settle(jobs, window)
    assert not shown.decide._go.isEnabled()
    check = rows["restriction:audience"].check
    assert check is not None
    check.click()
    settle(jobs, window)
    assert not shown.decide._go.isEnabled()
    click(window, "口頭・書面の許可を記入する")
    choices = [one.edit for one in rows["permission"].findChildren(Field)]
    for edit, text in zip(choices, ("課長 鈴木", "11月20日", "口頭"), strict=True):
        type_in(edit, text)
    settle(jobs, window)
    assert shown.decide._go.isEnabled()
    click(window, "保護して提供の準備をする")
    settle(jobs, window)
    order = desk.handled[0]
    assert order.plan.permit_noted == "課長 鈴木, 11月20日, 口頭"
    assert order.plan.decisions == {
        "signature": "no:内容が公知のため",
        "restriction:audience": "yes",
        "password": "yes:要機密情報を移送するため",
        "split": "no:暗号化とパスワードの別送により保護するため",
    }
    assert order.plan.to == ("iin@example.com",)
    assert order.out.endswith("提供用")


def test_the_password_is_hidden_copied_and_cleared(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    shown = task(window)
    shown.decide.draft.action = "provide"
    shown._carry(shown.decide.draft)
    settle(jobs, window)
    block = shown.result.findChildren(PasswordBlock)[0]
    secret = "mofu-7Kpq-29xd-Lw4t-Bs"
    assert secret not in block._shown.text()
    click(window, "表示する")
    assert block._shown.text() == secret
    click(window, "パスワードをコピー")
    assert QGuiApplication.clipboard().text() == secret
    assert block._clipboard._timer.isActive()
    assert block._clipboard._timer.interval() == 30_000
    block._clipboard._timer.timeout.emit()
    assert QGuiApplication.clipboard().text() == ""
    click(window, "パスワードをコピー")
    click(window, "ホームへ")
    assert QGuiApplication.clipboard().text() == ""


def test_a_lower_label_than_proposed_needs_a_reason(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    click(window, "機密性: 機密性1")
    settle(jobs, window)
    shown = task(window).decide
    assert shown.label.reason.isVisible()
    assert not shown._go.isEnabled()
    type_in(shown.label.reason.edit, "公表済みのため")
    settle(jobs, window)
    assert shown._go.isEnabled()
    assert desk.planned[-1].label is not None
    assert desk.planned[-1].label.reason == "公表済みのため"


def test_publishing_c2_is_forbidden_in_words(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    click(window, "公表する")
    settle(jobs, window)
    shown = task(window).decide
    assert not shown._go.isEnabled()
    assert shown.next.measures._rows["confirm-c1"]._state.text() == "できません"


def test_cancel_stops_between_files_and_leads_back(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    desk.gate = Event()
    click(window, "格付して保存する")
    shown = task(window)
    qtbot.waitUntil(lambda: shown.working._now.text() == Path(paths()[0]).name)
    click(window, "中止する")
    settle(jobs, window)
    assert shown.currentWidget() is shown.decide
    assert shown.decide.banner.isVisible()
    assert not desk.handled


def test_closing_while_working_waits_for_a_safe_point(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    desk.gate = Event()
    click(window, "格付して保存する")
    assert not window.close()
    assert window.isVisible()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert not desk.handled


def test_a_refusal_is_told_with_its_article(open_window: Open, desk: FakeDesk, jobs: Jobs) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    desk.failing = RuleViolation("permission.missing", articles=("13-1",))
    shown = task(window)
    shown.decide.draft.action = "provide"
    shown._carry(shown.decide.draft)
    settle(jobs, window)
    assert "第13条第1項" in shown.decide.banner.accessibleName()


def test_locking_asks_for_the_passphrase_again(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.idle.expired.emit()
    settle(jobs, window)
    assert desk.state() == "locked"
    assert window.findChildren(UnlockPage)


def test_idle_time_starts_anew_with_every_key(open_window: Open, desk: FakeDesk) -> None:
    window = open_window(desk)
    window.idle.set_minutes(5)
    timer = window.idle._timer
    timer.setInterval(300_000)
    timer.start(1_000_000)
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert timer.isActive()


def _check(window: MainWindow, jobs: Jobs) -> SelfCheckPage:
    click(window, "自己点検")
    settle(jobs, window)
    page = window._pages["selfcheck"]
    assert isinstance(page, SelfCheckPage)
    return page


def test_the_wizard_is_answered_by_number_keys(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot
) -> None:
    window = open_window(desk)
    page = _check(window, jobs)
    focused = QApplication.focusWidget()
    assert focused is page.question.answers.first()
    QTest.keyClick(focused, "2")  # type: ignore[call-overload]
    settle(jobs, window)
    first = desk.selfcheck.saved[0]
    assert (first.link_id, first.value) == ("give-1", "partly")
    type_in(page.question.reason.edit, "一部だけ")
    settle(jobs, window)
    assert desk.selfcheck.saved[-1].reason == "一部だけ"
    QTest.keyClick(page.question.reason.edit, Qt.Key.Key_N, ALT)
    qtbot.waitUntil(lambda: page._current == "give-2")
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_B, ALT)
    qtbot.waitUntil(lambda: page._current == "give-1")


def test_review_lists_what_is_missing_and_hands_in(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk)
    page = _check(window, jobs)
    page._go(REVIEW)
    settle(jobs, window)
    assert not page.review.submit.isEnabled()
    desk.selfcheck.answer_all()
    page.shown()
    settle(jobs, window)
    click(window, "提出する")
    settle(jobs, window)
    assert desk.selfcheck.state == "submitted"
    assert page.review.withdraw.isVisible()
    page.export_to(str(tmp_path / "a.docx"))
    settle(jobs, window)
    assert desk.selfcheck.written == [tmp_path / "a.docx"]


def test_records_are_searched_verified_and_exported(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk)
    click(window, "取扱記録")
    settle(jobs, window)
    page = window._pages["ledger"]
    assert isinstance(page, LedgerPage)
    assert page.model.rowCount() == 8
    type_in(page.search.edit, "人事")
    settle(jobs, window)
    assert page.model.rowCount() == 1
    desk.intact = False
    click(window, "改ざんがないか確かめる")
    settle(jobs, window)
    assert "ev-17" in page.banner.accessibleName()
    page.export_to(str(tmp_path / "l.csv"))
    settle(jobs, window)
    assert desk.exported == [str(tmp_path / "l.csv")]


@pytest.mark.parametrize("action", ["区域内で渡す", "移送する"])
def test_other_actions_only_show_their_measures(
    open_window: Open, desk: FakeDesk, jobs: Jobs, action: str
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    click(window, action)
    settle(jobs, window)
    assert not task(window).decide._go.isEnabled()
    assert desk.planned[-1].area == (0 if action == "移送する" else None)


def test_a_proposal_stands_chosen_and_its_reason_can_be_changed_or_withdrawn(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    shown = _provide(window, jobs).decide
    row = shown.next.measures._rows["split"]
    assert row.choice is not None
    assert row.reason is not None
    assert row.choice.value == "no"
    assert "暗号化とパスワードの別送により保護するため" in row._why.text()
    assert shown.draft.answers["split"].startswith("no:")
    assert "split" not in desk.planned[-1].decisions
    click(window, "分割して別の経路で送るの理由を直す")
    row.reason.edit.selectAll()
    type_in(row.reason.edit, "一通で足りるため")
    settle(jobs, window)
    assert shown.draft.answers["split"] == "no:一通で足りるため"
    row.reason.edit.clear()
    row._typed()
    settle(jobs, window)
    assert "split" not in shown.draft.answers


def test_what_is_done_already_is_one_line_that_opens_by_keyboard(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    measures = _provide(window, jobs).decide.next.measures
    purpose = measures._rows["purpose"]
    assert not purpose.isVisible()
    assert "4件" in measures.more.text()
    measures.more.setFocus()
    QTest.keyClick(measures.more, Qt.Key.Key_Space)
    assert purpose.isVisible()
    assert measures.more.accessibleName().endswith("閉じる")


@pytest.mark.parametrize(
    ("action", "inside", "area"),
    [
        ("保存する", True, 1),
        ("区域内で渡す", True, 1),
        ("区域内で渡す", False, None),
        ("省外に提供", True, None),
        ("移送する", True, 0),
    ],
)
def test_the_declared_place_counts_for_what_stays(
    open_window: Open, desk: FakeDesk, jobs: Jobs, action: str, *, inside: bool, area: int | None
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    if inside:
        click(window, "区域外")
    click(window, action)
    settle(jobs, window)
    assert desk.planned[-1].area == area


def test_what_cannot_be_carried_out_here_is_said_before(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    shown = _provide(window, jobs).decide
    shown.next.measures.decided.emit("backup", "yes")
    settle(jobs, window)
    assert "ここではまだ行えない" in shown._note.text()
    assert not shown._go.isEnabled()


def test_a_signature_that_is_necessary_asks_for_the_key(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk, paths())
    settle(jobs, window)
    shown = _provide(window, jobs).decide
    choice = shown.next.measures._rows["signature"].choice
    assert choice is not None
    QTest.mouseClick(choice.button("yes"), Qt.MouseButton.LeftButton)
    settle(jobs, window)
    assert "鍵のパスワード" in shown._note.text()
    assert not shown._go.isEnabled()
    QTest.keyClicks(shown.next.giving.key.edit, "pin")
    settle(jobs, window)
    assert "鍵のパスワード" not in shown._note.text()


def test_the_records_behind_a_question_are_shown_alone_until_all_are_wanted(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    window.desktop.records_wanted.emit(("ev-3", "ev-5", "ev-99"))
    settle(jobs, window)
    page = window._pages["ledger"]
    assert isinstance(page, LedgerPage)
    assert page.model.rowCount() == 2
    assert "2件だけ" in page._count.text()
    click(window, "すべての記録を見る")
    settle(jobs, window)
    assert page.model.rowCount() == 8
    assert not page.clear.isVisible()


def test_home_leads_to_what_rests_on_a_persons_word(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    window = open_window(desk)
    for name, count in (("許可の記録を見る", 2), ("相談の記録を見る", 1)):
        click(window, "ホーム")
        settle(jobs, window)
        click(window, name)
        settle(jobs, window)
        page = window._pages["ledger"]
        assert isinstance(page, LedgerPage)
        assert page.model.rowCount() == count


def _dropped(window: QWidget, target: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)), QUrl("https://example.com/a.docx")])
    where = target.rect().center()
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where, copy, data, left, none)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(where), copy, data, left, none)
    QApplication.sendEvent(target, drop)


def test_dropped_files_are_taken_and_web_addresses_are_not(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path
) -> None:
    window = open_window(desk)
    _dropped(window, window.findChildren(DropCard)[0], tmp_path / "a.docx")
    settle(jobs, window)
    shown = task(window).decide
    assert list(shown.draft.paths) == [str(tmp_path / "a.docx")]
    _dropped(window, shown, tmp_path / "b.docx")
    settle(jobs, window)
    assert list(shown.draft.paths) == [str(tmp_path / "a.docx"), str(tmp_path / "b.docx")]


def test_files_are_chosen_in_a_dialog(
    open_window: Open, desk: FakeDesk, jobs: Jobs, tmp_path: Path, qapp: QApplication
) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"x")
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    window = open_window(desk)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(10, window, answer)
            return
        dialog.findChildren(QLineEdit)[0].setText(str(path))
        dialog.accept()

    QTimer.singleShot(0, window, answer)
    click(window, "ファイルを選ぶ")
    settle(jobs, window)
    assert task(window).decide.draft.paths == (str(path),)
