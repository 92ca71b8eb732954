"""What came is told while another window is used: once, in kinds and numbers, if one wants it."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.services.permit_messages import PermitRow
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main import alerts
from meti_desk.ui.main.alerts import Alerts, SystemTray
from meti_desk.ui.main.notices import NOTIFY, SOON, News, Waiting, gather, news
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.review.corrections import CorrectionsPage
from meti_desk.ui.settings.page import SettingsPage
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk, paths
from tests.ui.fake_permits import day, mine, wish
from tests.ui.fake_sync import ENROLLED
from tests.ui.screenshots import settle
from tests.ui.shots_permits import look, review


class FakeTray(QObject):
    """A tray that keeps what it was told; a desktop can be without one."""

    clicked = Signal()
    there = True

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.said: list[str] = []
        self.shown = False

    def say(self, title: str, text: str) -> bool:
        assert title == "情報取扱いデスク"
        if self.there:
            self.said.append(text)
            self.shown = True
        return self.there

    def hide(self) -> None:
        self.shown = False


@pytest.fixture
def tray(monkeypatch: pytest.MonkeyPatch) -> type[FakeTray]:
    monkeypatch.setattr(alerts, "SystemTray", FakeTray)
    monkeypatch.setattr(FakeTray, "there", True)
    return FakeTray


@pytest.fixture
def window(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot, tray: type[FakeTray]
) -> MainWindow:
    """Open the window of one who asked, and let another one be used."""
    del tray
    desk.syncing.view = ENROLLED
    made = open_window(desk)
    qtbot.waitUntil(lambda: made.sidebar.notices._last is not None)
    settle(jobs, made)
    told(made)._away = lambda: True
    return made


def told(window: MainWindow) -> Alerts:
    assert window.background is not None
    return window.background.alerts


def tray_of(window: MainWindow) -> FakeTray:
    held = told(window)._tray
    assert isinstance(held, FakeTray)
    return held


def comes(window: MainWindow, desk: FakeDesk, *rows: PermitRow, **more: object) -> None:
    """Let the sync bring own permits."""
    desk.permits.held = replace(desk.permits.held, enrolled=True, mine=rows, **more)
    look(window)


def test_an_answer_is_told_once_and_a_press_leads_there(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    tray = tray_of(window)
    comes(window, desk, mine()[2])
    look(window)
    assert tray.said == ["申請への回答が1件届きました。"]
    window.showMinimized()
    tray.clicked.emit()
    settle(jobs, window)
    assert not window.isMinimized()
    assert window.sidebar._buttons["permits"].isChecked()
    assert not tray.shown, "the person has seen it"
    window.open_page("home")
    tray.clicked.emit()
    assert window.sidebar._buttons["home"].isChecked(), "a page is told of once"


def test_no_word_of_a_document_stands_in_a_message(window: MainWindow, desk: FakeDesk) -> None:
    desk.permits.as_head(3)
    desk.reviews.as_head()
    comes(window, desk, *mine())
    (said,) = tray_of(window).said
    words = {one.title for row in mine() for one in row.documents}
    words |= {row.reason for row in mine()} | {"鈴木", "佐藤", "docx", "example"}
    assert not [word for word in words if word in said]
    assert "許可の申請が3件" in said
    assert "回答が3件" in said


def test_nothing_is_told_outside_while_the_window_is_used(
    window: MainWindow, desk: FakeDesk
) -> None:
    told(window)._away = lambda: False
    comes(window, desk, mine()[2])
    assert tray_of(window).said == []
    told(window)._away = lambda: True
    look(window)
    assert tray_of(window).said == [], "it was told in the window"
    assert "回答が1件" in window._notice.accessibleName()


def test_a_permit_that_was_taken_back_is_told_though_the_grant_was_seen(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    granted = mine()[3]
    comes(window, desk, granted)
    window.sidebar.chosen.emit("permits")
    settle(jobs, window)
    gone = replace(granted, state="revoked", revision=3, ended_at="2026-11-22T09:00:00+09:00")
    comes(window, desk, gone)
    assert tray_of(window).said == ["申請への回答が1件届きました。"] * 2


def test_the_end_of_a_permit_is_told_some_days_before(window: MainWindow, desk: FakeDesk) -> None:
    early = wish(1, mine=True, decidable=False, state="granted", until=day(SOON + 1))
    comes(window, desk, early)
    assert tray_of(window).said == []
    comes(window, desk, replace(early, until=day(SOON)))
    assert tray_of(window).said == ["3日以内に期限が来る許可が1件あります。"]
    comes(window, desk, replace(early, state="expired", until=day(-1), report_due=True))
    assert tray_of(window).said[1:] == ["終了の報告が必要な許可が1件あります。"]


def test_what_was_there_at_the_start_is_not_told(
    open_window: Open, desk: FakeDesk, jobs: Jobs, qtbot: QtBot, tray: type[FakeTray]
) -> None:
    del tray
    desk.syncing.view = ENROLLED
    desk.permits.as_head(3)
    window = open_window(desk)
    qtbot.waitUntil(lambda: window.sidebar.notices._last is not None)
    told(window)._away = lambda: True
    rows = desk.permits.held.to_decide
    # One was decided on another device while a new one came: their number is the same.
    comes(window, desk, to_decide=(*rows[:2], wish(9)))
    assert tray_of(window).said == ["許可の申請が3件届いています。"]
    settle(jobs, window)


def test_it_can_be_switched_off_and_on(window: MainWindow, desk: FakeDesk, jobs: Jobs) -> None:
    window.open_page("settings")
    settle(jobs, window)
    page = window._pages["settings"]
    assert isinstance(page, SettingsPage)
    assert page.sync.notify.isChecked()
    page.sync.notify.click()
    settle(jobs, window)
    assert desk.kept[NOTIFY] == "off"
    comes(window, desk, mine()[2])
    assert tray_of(window).said == []
    assert "回答が1件" in window._notice.accessibleName(), "the window itself tells it"
    page.shown()
    settle(jobs, window)
    assert not page.sync.notify.isChecked()
    page.sync.notify.click()
    settle(jobs, window)
    assert gather(desk).notify
    comes(window, desk, mine()[2], mine()[5])
    assert tray_of(window).said == ["終了の報告が必要な許可が1件あります。"]


def test_without_a_tray_the_window_asks_for_attention(
    window: MainWindow, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QWidget] = []
    monkeypatch.setattr(FakeTray, "there", False)
    monkeypatch.setattr(QApplication, "alert", lambda one, _ms=0: asked.append(one))
    comes(window, desk, mine()[2])
    assert asked == [window]
    assert window.sidebar._buttons["permits"].count == 1


def test_the_real_tray_says_that_there_is_none_here(qapp: QApplication) -> None:
    assert qapp.platformName() == "offscreen"
    assert SystemTray(qapp).say("情報取扱いデスク", "申請への回答が1件届きました。") is False


def test_an_order_leads_to_its_task_and_several_kinds_lead_home(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.reviews.as_staff()
    look(window)
    tray = tray_of(window)
    tray.clicked.emit()
    settle(jobs, window)
    assert window.findChildren(CorrectionsPage)[-1].isVisible()
    window._outer.setCurrentIndex(0)
    window.open_page("settings")
    now = Waiting(answers=1, labels=2)
    several = news(frozenset({("answers", "p1 2026"), ("labels", "r1 1")}), now)
    assert several is not None
    assert several.page == "home"
    assert news(frozenset(), now) is None


def test_a_message_takes_nobody_out_of_what_is_being_done(
    window: MainWindow, desk: FakeDesk, jobs: Jobs
) -> None:
    window.open_files(list(paths("案.docx")))
    settle(jobs, window)
    above = window._outer.currentWidget()
    comes(window, desk, mine()[2])
    tray_of(window).clicked.emit()
    settle(jobs, window)
    assert window._outer.currentWidget() is above
    window.lock()
    settle(jobs, window)
    told(window).tell(News("申請への回答が1件届きました。", "permits"))
    tray_of(window).clicked.emit()
    settle(jobs, window)
    assert desk.state() == "locked"


def test_the_icon_goes_when_the_person_is_back_or_the_window_closes(
    window: MainWindow, desk: FakeDesk
) -> None:
    tray = tray_of(window)
    comes(window, desk, mine()[2])
    assert tray.shown
    QApplication.sendEvent(window, _activation())
    assert not tray.shown
    comes(window, desk, mine()[2], mine()[5])
    assert tray.shown
    window.close()
    assert not tray.shown


def _activation() -> QEvent:
    return QEvent(QEvent.Type.WindowActivate)


def test_the_page_begins_where_something_waits(
    open_window: Open, desk: FakeDesk, jobs: Jobs
) -> None:
    desk.permits.as_head(3)
    desk.permits.held = replace(desk.permits.held, to_decide=())
    desk.reviews.as_head()
    window = open_window(desk)
    look(window)
    window.sidebar.chosen.emit("review")
    settle(jobs, window)
    assert review(window).tabs.value == "labels"
    review(window).show_part("standing")
    window.sidebar.chosen.emit("review")
    settle(jobs, window)
    assert review(window).tabs.value == "standing", "where the person wanted to be"
