"""Flows of permits, reviews and the register by keys alone: where the keyboard is after each."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.register.stock import StockPage
from meti_desk.ui.review.corrections import CorrectionsPage
from meti_desk.ui.settings.page import SettingsPage
from meti_desk.ui.strings import Told
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.scroll import Scroll
from tests.ui import screenshots
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.fake_sync import CODE, URL
from tests.ui.screenshots import settle, task
from tests.ui.shots_permits import as_head, as_staff, permits, register, review

SPACE, ENTER, TAB = Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Tab
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press a key wherever the keyboard is."""
    QTest.keyClick(held(), key, modifier)


def held() -> QWidget:
    one = QApplication.focusWidget()
    assert one is not None, "the keyboard is nowhere"
    return one


def go(name: str) -> None:
    """Press Tab until the control of this name has the keyboard."""
    for _ in range(200):
        if held().accessibleName() == name:
            return
        press(TAB)
    pytest.fail(f"{name} is not reached; the keyboard is at {held().accessibleName()}")


def opened(window: MainWindow, page: str, jobs: Jobs) -> None:
    """Open a page from the navigation by keys, and go into it."""
    window.activateWindow()
    window.sidebar._buttons[page].setFocus()
    press(ENTER)
    settle(jobs, window)
    press(Qt.Key.Key_F6)


@pytest.fixture
def window(open_window: Open, desk: FakeDesk, jobs: Jobs) -> MainWindow:
    made = open_window(desk)
    settle(jobs, made)
    return made


def test_f6_changes_between_navigation_and_page(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    as_staff(window, desk)
    opened(window, "permits", jobs)
    assert held() is permits(window).table
    press(Qt.Key.Key_F6)
    assert held() is window.sidebar._buttons["permits"]
    window.open_page("home")
    settle(jobs, window)
    press(Qt.Key.Key_F6)
    assert held().property("kind") != "pill", "a slip there changes what one declares"


def test_enter_presses_a_button_once_however_long_it_is_held(qtbot: QtBot) -> None:
    pressed: list[int] = []
    button = Button("押す", on=lambda: pressed.append(1))
    qtbot.addWidget(button)
    button.show()
    QTest.keyClick(button, ENTER)
    QTest.keyClick(button, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    QTest.keyClick(button, ENTER, CTRL)
    again = QKeyEvent(QEvent.Type.KeyPress, ENTER, NONE, autorep=True)
    QApplication.sendEvent(button, again)
    assert len(pressed) == 2


def test_a_request_is_withdrawn_by_keys(window: MainWindow, desk: FakeDesk, jobs: Jobs) -> None:
    as_staff(window, desk)
    opened(window, "permits", jobs)
    permits(window).table.selectRow(permits(window).model.place_of("p2"))
    go("申請を取り下げる…")
    press(ENTER)
    assert held().accessibleName() == "取り下げるのをやめる", "a key too many changes nothing"
    press(TAB)
    press(ENTER)
    settle(jobs, window)
    row = next(one for one in desk.permits.held.mine if one.id == "p2")
    assert row.pending == "permit-withdrawn"
    assert held() is permits(window).table


def test_the_end_is_reported_by_keys_and_the_form_goes(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    as_staff(window, desk)
    opened(window, "permits", jobs)
    permits(window).table.selectRow(permits(window).model.place_of("p4"))
    go("終了を報告する…")
    press(ENTER)
    QTest.keyClicks(held(), "erased")
    press(ENTER, CTRL)
    settle(jobs, window)
    row = next(one for one in desk.permits.held.mine if one.id == "p4")
    assert (row.pending, row.report) == ("permit-reported", "erased")
    assert held() is permits(window).table
    assert not permits(window).card.report.isVisible(), "it was told already"


def test_the_keyboard_goes_on_to_what_waits_next(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    as_head(window, desk, 2)
    opened(window, "review", jobs)
    assert held() is review(window).requests.table
    press(ENTER, CTRL)
    settle(jobs, window)
    assert held() is review(window).requests.table
    press(ENTER, CTRL)
    settle(jobs, window)
    assert len(desk.permits.decisions) == 2
    assert held() is review(window).tabs.button("labels")
    press(ENTER)
    assert review(window).labels.isVisible()


def test_an_order_that_is_begun_is_not_taken_for_valid(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    as_head(window, desk)
    opened(window, "review", jobs)
    page = review(window)
    page.show_part("labels")
    page.labels.table.setFocus()
    go("機密性: そのまま")
    press(Qt.Key.Key_Right)
    press(ENTER, CTRL)
    assert desk.reviews.judged == []
    assert "改める格付を選んでいます" in page.labels.form.note._wrong.text()
    QTest.keyClicks(page.labels.form.note.edit, "reason")
    press(ENTER, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(jobs, window)
    assert [one.c for one in desk.reviews.judged] == [1]


def test_the_register_is_kept_by_keys(window: MainWindow, desk: FakeDesk, jobs: Jobs) -> None:
    as_head(window, desk)
    opened(window, "register", jobs)
    page = register(window)
    assert held() is page.table
    page.table.selectRow(2)
    go("記載を直す…")
    press(ENTER)
    assert held() is page.entry.location.edit
    go("記録をやめる")
    press(ENTER)
    assert held() is page.entry.mend
    press(ENTER)
    page.entry.reason.edit.setFocus()
    QTest.keyClicks(held(), "moved")
    press(ENTER)
    settle(jobs, window)
    assert [one.reason for one in desk.register.notes] == ["moved"]
    assert held() is page.table


def test_stock_is_taken_row_by_row_with_one_key(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    as_head(window, desk)
    window.desktop.task_wanted.emit("stock", None)
    settle(jobs, window)
    part = window.findChildren(StockPage)[-1].part
    assert held() is part.table
    count = len(part.model.rows)
    for done in range(1, count + 1):
        press(Qt.Key.Key_1, CTRL)
        assert len(part.results) == done
    assert held() is part.go
    press(ENTER)
    settle(jobs, window)
    assert held() is part.stop


def test_a_device_is_enrolled_and_leaves_by_keys(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    opened(window, "settings", jobs)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    go("サーバーのアドレス")
    QTest.keyClicks(held(), URL)
    press(ENTER)
    assert held() is page.sync.code.edit, "the number is missing"
    QTest.keyClicks(held(), "wrong")
    press(ENTER)
    settle(jobs, window)
    assert held() is page.sync.code.edit
    page.sync.code.edit.selectAll()
    QTest.keyClicks(held(), CODE)
    press(ENTER)
    settle(jobs, window)
    assert desk.syncing.view.last, "it hears at once who decides"
    assert held() is page.sync.now
    go("登録を外す…")
    press(ENTER)
    assert held().accessibleName() == "登録を外すのをやめる"
    press(ENTER)
    assert held() is page.sync.leave
    assert desk.syncing.view.enrolled


def in_sight(one: QWidget, scroll: Scroll) -> bool:
    box = QRect(one.mapTo(scroll.viewport(), QPoint(0, 0)), one.size())
    return scroll.viewport().rect().contains(box)


def test_what_has_the_keyboard_stays_in_sight_and_old_news_goes(
    window: MainWindow, jobs: Jobs, qtbot: QtBot
) -> None:
    opened(window, "settings", jobs)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    scroll = page.findChildren(Scroll)[0]
    page.keys.now.edit.setFocus()
    qtbot.waitUntil(lambda: in_sight(page.keys.now.edit, scroll))
    room = scroll.viewport().rect().bottom()
    place = page.keys.now.edit.mapTo(scroll.viewport(), QPoint(0, 0)).y()
    bar = scroll.verticalScrollBar()
    bar.setValue(bar.value() - (room - place - page.keys.now.edit.height()))
    page.banner.tell(Told("同期しました。", "次に確かめます。"), "well")
    qtbot.waitUntil(lambda: in_sight(page.keys.now.edit, scroll))
    window.open_page("home")
    window.open_page("settings")
    settle(jobs, window)
    assert not page.banner.isVisible()


def test_an_order_is_carried_out_by_keys_and_home_is_up_to_date(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.reviews.as_staff()
    opened(window, "home", jobs)
    go("格付の修正の指示を見る")
    press(ENTER)
    settle(jobs, window)
    page = window.findChildren(CorrectionsPage)[-1]
    assert held() is page.cards[0].again
    press(ENTER)
    settle(jobs, window)
    decide = task(window).decide
    assert (decide.draft.c, decide.draft.restrictions) == (3, ["複製禁止"])
    assert "個人の評価が入っているため" in decide.label.reason.text
    texts = [one.text() for one in decide.findChildren(QLabel) if one.isVisible()]
    assert any("修正の指示" in one and "鈴木 一郎" in one for one in texts)
    desk.reviews.held = replace(desk.reviews.held, tasks=())
    task(window).left.emit()
    settle(jobs, window)
    assert page.cards == [], "it is read anew"
    press(ENTER)
    settle(jobs, window)
    texts = [one.text() for one in window.findChildren(QLabel) if one.isVisible()]
    assert not any("修正の指示" in one for one in texts)


@pytest.mark.parametrize("name", list(screenshots.PAGES))
def test_nothing_has_to_be_scrolled_sideways(jobs: Jobs, name: str) -> None:
    window, _desk = screenshots.make(name, theme.Theme(), jobs)
    try:
        wide = [
            one.accessibleName()
            for one in window.findChildren(Scroll)
            if one.isVisible() and one.horizontalScrollBar().maximum() > 0
        ]
        assert wide == []
    finally:
        window.close()
        window.deleteLater()
