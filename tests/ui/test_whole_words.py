"""Nothing that can be read is cut: on every page, in both languages, at 100, 150 and 200 % text."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meti_desk.ui import theme
from meti_desk.ui.app import Translations
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.strings import Language
from meti_desk.ui.widgets.build import Text
from meti_desk.ui.widgets.elided import Elided
from tests.ui import screenshots

SCALES = (1.0, 1.5, 2.0) if os.environ.get("METI_DESK_FULL") else (1.5, 2.0)
SLACK = 1
"""Pixels by which a text may be measured larger than it is painted."""


def lacks_room(shown: QWidget) -> str:
    """Say how a text is larger than its widget, or nothing."""
    if isinstance(shown, Elided):
        # Names of files and paths are shortened in their middle; they are whole in the tip.
        return "" if shown.toolTip() == shown.text() else "shortened and told nowhere"
    if isinstance(shown, QLabel) and shown.wordWrap():
        box, deep = shown.contentsRect(), shown.heightForWidth(shown.width())
        flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
        room = QRect(0, 0, box.width(), 10_000)
        took = shown.fontMetrics().boundingRect(room, flags, shown.text())
        if deep > shown.height() or took.width() > box.width() + SLACK:
            return f"{took.width()}x{deep} in {box.width()}x{shown.height()}"
        return ""
    wanted = shown.sizeHint() if isinstance(shown, QLabel | QCheckBox) else shown.minimumSizeHint()
    if shown.width() < wanted.width() - SLACK or shown.height() < wanted.height() - SLACK:
        return f"{wanted.width()}x{wanted.height()} in {shown.width()}x{shown.height()}"
    return ""


def out_of_reach(shown: QWidget) -> str:
    """Say where a part of a widget lies outside what holds it and cannot be scrolled to."""
    box = QRect(QPoint(0, 0), shown.size())
    walk: QWidget = shown
    while (holder := walk.parentWidget()) is not None and not walk.isWindow():
        if isinstance(holder.parentWidget(), QAbstractScrollArea):
            return ""
        box.translate(walk.pos())
        if not holder.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box):
            return f"{box.getRect()} outside {holder.rect().getRect()} of {type(holder).__name__}"
        walk = holder
    return ""


def cut(window: QWidget) -> list[str]:
    """Name every visible text that is not shown whole, with the reason."""
    found: list[QLabel | QPushButton | QCheckBox] = [
        *window.findChildren(QLabel),
        *window.findChildren(QPushButton),
        *window.findChildren(QCheckBox),
    ]
    return [
        f"{one.text() or one.accessibleName()}: {why}"
        for one in found
        if one.isVisible()
        and (one.text() or one.layout())
        and (why := lacks_room(one) or out_of_reach(one))
    ]


@pytest.fixture
def translations(qapp: QApplication) -> Iterator[Translations]:
    held = Translations(qapp)
    yield held
    held.choose("ja")
    theme.apply(qapp, theme.Theme())


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", list(screenshots.PAGES))
def test_no_words_are_cut(
    qtbot: QtBot, jobs: Jobs, translations: Translations, name: str, language: Language,
    scale: float,
) -> None:  # fmt: skip
    translations.choose(language)
    window, _desk = screenshots.make(name, theme.Theme("light", scale), jobs)
    # A text that became longer asks its layout for room, and that one the next: on a busy machine
    # this may come after everything else is done.
    with contextlib.suppress(qtbot.TimeoutError):
        qtbot.waitUntil(lambda: not cut(window), timeout=3_000)
    try:
        assert cut(window) == []
    finally:
        window.close()
        window.deleteLater()


def test_the_check_finds_what_is_cut(qtbot: QtBot) -> None:
    page = QWidget()
    layout = QVBoxLayout(page)
    narrow, low, outside = QPushButton("識別コード"), Text("あ" * 200), Text("外", wrap=False)
    narrow.setFixedWidth(30)
    low.setFixedHeight(20)
    layout.addWidget(narrow)
    layout.addWidget(low)
    outside.setParent(page)
    outside.move(page.width() + 500, 0)
    qtbot.addWidget(page)
    page.resize(300, 200)
    page.show()
    assert len(cut(page)) == 3
