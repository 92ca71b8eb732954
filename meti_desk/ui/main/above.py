"""Show a page above what is shown, and give the keyboard back when it is left."""

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QScrollArea,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from meti_desk.ui.main.page import Page
from meti_desk.ui.widgets.order import in_reading_order


def open_above(outer: QStackedWidget, page: QWidget, left: SignalInstance) -> None:
    """Show `page` with its first control focused; `left` leads back to what was pressed."""
    below, pressed = outer.currentWidget(), QApplication.focusWidget()

    def back() -> None:
        outer.removeWidget(page)
        page.deleteLater()
        if below is not None:
            outer.setCurrentWidget(below)
            for one in below.findChildren(Page):
                if one.renews and one.isVisibleTo(below):
                    one.shown()
        if pressed is not None and isValid(pressed) and pressed.isVisible():
            pressed.setFocus()

    left.connect(back)
    outer.addWidget(page)
    outer.setCurrentWidget(page)
    enter(page)


def enter(page: QWidget) -> None:
    """Focus where the page begins: what it names as `first`, else what first does something.

    That is no empty list, nothing that only scrolls, and not the pills: a slip there would change
    what one declares about the place.
    """
    first = getattr(page, "first", None)
    if isinstance(first, QWidget) and first.isEnabled():
        first.setFocus()
        return
    for one in in_reading_order(page):
        if isinstance(one, QScrollArea) or not one.isEnabled() or not one.isVisibleTo(page):
            continue
        if isinstance(one, QAbstractItemView) and one.model().rowCount() == 0:
            continue
        if one.property("kind") == "pill":
            continue
        one.setFocus()
        return
