"""Tab order as the page is read: widgets made late would else come last."""

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QStackedWidget, QWidget

from meti_desk.ui.widgets.flow import Flow


def in_reading_order(widget: QWidget) -> list[QWidget]:
    """Give the widgets below that take the focus by Tab, in the order of the layouts."""
    found = [widget] if widget.focusPolicy() & Qt.FocusPolicy.TabFocus else []
    if isinstance(widget, QScrollArea):
        inner = widget.widget()
        return found + (in_reading_order(inner) if inner is not None else [])
    if isinstance(widget, QStackedWidget):
        for place in range(widget.count()):
            page = widget.widget(place)
            found += in_reading_order(page) if page is not None else []
        return found
    if isinstance(widget, Flow):
        return found + [one for part in widget.parts() for one in in_reading_order(part)]
    layout = widget.layout()
    return found + (_of_layout(layout) if layout is not None else [])


def _of_layout(layout: QLayout) -> list[QWidget]:
    found: list[QWidget] = []
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            found += in_reading_order(widget)
        elif inner is not None:
            found += _of_layout(inner)
    return found


def set_reading_order(widget: QWidget) -> None:
    """Chain the widgets below so that Tab follows the page."""
    chain = in_reading_order(widget)
    for before, after in pairwise(chain):
        QWidget.setTabOrder(before, after)
