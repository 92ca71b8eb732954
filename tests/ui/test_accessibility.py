"""Every page by keyboard alone, every focusable widget with a name, both themes."""

import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPushButton,
    QRadioButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.widgets.buttons import Segmented
from tests.ui import screenshots

LOOKS = ("light", "dark") if os.environ.get("METI_DESK_FULL") else ("light",)
"""Names and order of the keyboard do not follow from the colours: both looks in the full run."""


def takes_tab(widget: QWidget) -> bool:
    """Tell whether a widget should be reached by Tab now."""
    policy = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(policy) and widget.isVisible() and widget.isEnabled()


def in_group(widget: QWidget) -> bool:
    """Tell whether arrow keys, not Tab, move between this widget and its like."""
    return isinstance(widget, QRadioButton) or isinstance(widget.parentWidget(), Segmented)


def walk(window: QWidget, key: Qt.Key) -> set[QWidget]:
    """Press Tab or Shift+Tab until the focus comes round; give what was visited."""
    seen: set[QWidget] = set()
    for _ in range(300):
        held = QApplication.focusWidget() or window
        QTest.keyClick(held, key)
        now = QApplication.focusWidget()
        if now is None or now in seen:
            break
        seen.add(now)
    return seen


@pytest.fixture
def page(jobs: Jobs, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    name, look = request.param
    window, _desk = screenshots.make(name, theme.Theme(look), jobs)
    window.activateWindow()
    yield window
    window.close()
    window.deleteLater()


EVERY = pytest.mark.parametrize(
    "page",
    [(name, look) for name in screenshots.PAGES for look in LOOKS],
    indirect=True,
    ids="-".join,
)


@EVERY
def test_everything_by_keyboard_with_names_and_plain_labels(page: MainWindow) -> None:
    check_names(page)
    check_labels_and_tables(page)
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        wanted = {one for one in page.findChildren(QWidget) if takes_tab(one)}
        seen = walk(page, key)
        missed = {one for one in wanted - seen if takes_tab(one) and not in_group(one)}
        assert wanted
        assert not missed, [(type(one).__name__, one.accessibleName()) for one in missed]


def check_names(page: QWidget) -> None:
    buddies = {label.buddy() for label in page.findChildren(QLabel) if label.buddy() is not None}
    nameless = [
        (type(one).__name__, one.toolTip())
        for one in page.findChildren(QWidget)
        if one.focusPolicy() != Qt.FocusPolicy.NoFocus
        and one.isVisible()
        and not one.accessibleName()
        and one not in buddies
    ]
    assert not nameless


def check_labels_and_tables(page: QWidget) -> None:
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
    for table in page.findChildren(QTableView):
        assert not table.tabKeyNavigation()


def test_the_checks_find_what_is_wrong(page_of_faults: QWidget) -> None:
    with pytest.raises(AssertionError):
        check_names(page_of_faults)
    with pytest.raises(AssertionError):
        check_labels_and_tables(page_of_faults)


@pytest.fixture
def page_of_faults(qtbot: QtBot) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.addWidget(QPushButton("text alone is no explicit name"))
    layout.addWidget(QLabel("<b>rich</b>"))
    qtbot.addWidget(page)
    page.show()
    return page


@pytest.mark.parametrize("page", [("selfcheck", "light")], indirect=True)
def test_the_focus_ring_lies_outside_the_box_and_moves_nothing(page: MainWindow) -> None:
    from meti_desk.ui.widgets.focus import FocusRing

    button = page.sidebar._buttons["ledger"]
    before = button.geometry()
    page.sidebar._buttons["home"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.sidebar._buttons["home"], Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    ring = page.findChildren(FocusRing)[0]
    assert focused is not None
    assert ring.isVisible()
    box = focused.rect().translated(focused.mapTo(page, focused.rect().topLeft()))
    assert ring.geometry().contains(box)
    assert ring.geometry() != box
    assert button.geometry() == before


@pytest.mark.parametrize(
    "name", ["home", "provide", "selfcheck", "settings", "welcome", "ledger", "result"]
)
def test_large_text_cuts_nothing_that_cannot_be_scrolled_to(jobs: Jobs, name: str) -> None:
    window, _desk = screenshots.make(name, theme.Theme("light", 1.5), jobs)
    try:
        for label in window.findChildren(QLabel):
            if not label.isVisible() or label.sizePolicy().horizontalPolicy().name == "Ignored":
                continue
            needed = label.heightForWidth(label.width()) if label.wordWrap() else 0
            assert label.height() >= needed, label.text()
    finally:
        window.close()
        window.deleteLater()


def test_arrows_pass_a_link_that_opens_a_task(qtbot: QtBot, jobs: Jobs) -> None:
    """Down from ホーム goes on to what lies below; only Space follows the link that is reached."""
    window, _desk = screenshots.make("home", theme.Theme("light", 1), jobs)
    qtbot.addWidget(window)
    buttons = window.sidebar.findChildren(QPushButton)
    links = [one for one in buttons if one.isCheckable() and one.isVisible()]
    links[0].setFocus()
    for place in range(2):
        QTest.keyClick(links[place], Qt.Key.Key_Down)
    assert window.focusWidget() is links[2]
    assert [one.isChecked() for one in links].index(True) == 0
    QTest.keyClick(links[2], Qt.Key.Key_Space)
    assert [place for place, one in enumerate(links) if one.isChecked()] == [2]
