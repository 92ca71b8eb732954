"""Look, language and size of text change while the window is open; nothing is cut when large."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meti_desk.ui import theme
from meti_desk.ui.app import Session
from meti_desk.ui.demo.hand import Hand
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.strings import choose_language
from tests.ui.fake_desk import FakeDesk, paths


@pytest.fixture
def session(qapp: QApplication, qtbot: QtBot) -> Iterator[Session]:
    desk = FakeDesk()
    desk.put_setting("theme", "light")
    made = Session(qapp, desk, ())
    made.open(desk)
    assert made.window is not None
    qtbot.waitUntil(lambda: not made.jobs.busy)
    yield made
    made.window.close()
    made.jobs.close()
    made._translations.choose("ja")
    choose_language("ja")
    theme.apply(qapp, theme.Theme())


def window_of(session: Session) -> MainWindow:
    assert session.window is not None
    return session.window


def hand_of(session: Session) -> Hand:
    return Hand(window_of(session), session.jobs)


def ground(window: QWidget) -> QColor:
    return window.grab().toImage().pixelColor(window.width() // 2, window.height() - 4)


def test_the_theme_changes_at_once_and_stays_on_the_page(session: Session) -> None:
    hand = hand_of(session)
    hand.press("設定")
    assert ground(window_of(session)).lightnessF() > 0.9
    hand.press("暗い")
    hand.settle()
    assert ground(window_of(session)).lightnessF() < 0.2
    assert hand.sees("明るい")
    hand.press("明るい")
    hand.settle()
    assert ground(window_of(session)).lightnessF() > 0.9


def test_the_language_changes_at_once_and_back(session: Session) -> None:
    hand = hand_of(session)
    hand.press("設定")
    hand.press("English")
    hand.settle()
    assert hand.sees("Settings")
    assert not hand.sees("設定")
    hand.press("日本語")
    hand.settle()
    assert hand.sees("設定")


def cut(window: QWidget) -> list[str]:
    """Name the buttons whose words do not have the room they need."""
    return [
        f"{one.accessibleName()}: {one.width()} < {one.minimumSizeHint().width()}"
        for one in window.findChildren(QPushButton)
        if one.isVisible() and one.width() < one.minimumSizeHint().width()
    ]


@pytest.mark.parametrize("size", ["150%", "200%"])
def test_large_text_is_shown_whole_on_every_page(session: Session, size: str) -> None:
    hand = hand_of(session)
    hand.press("設定")
    small = QApplication.font().pixelSize()
    hand.press(size)
    hand.settle()
    assert QApplication.font().pixelSize() >= small * 1.4
    assert cut(window_of(session)) == []
    for page in ("ホーム", "自己点検", "取扱記録"):
        hand.press(page)
        assert cut(window_of(session)) == [], page
    window_of(session).open_files(list(paths()))
    hand.settle()
    assert cut(window_of(session)) == []


def test_the_colours_of_the_system_are_followed_when_that_is_wanted(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = hand_of(session)
    hand.press("設定")
    hand.press("端末に合わせる")
    hand.settle()
    shown = theme.Theme("dark")
    monkeypatch.setattr(type(session._held), "shown", lambda _self: shown)
    session._follow()
    assert theme.active() == shown
    assert ground(window_of(session)).lightnessF() < 0.2
