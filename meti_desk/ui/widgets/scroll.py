"""A scroll area that can be reached by keyboard as soon as there is something to scroll."""

from PySide6.QtWidgets import QScrollArea, QWidget

_NO_FOCUS, _TAB_FOCUS = 0, 1
"""Of `Qt.FocusPolicy`, written as a property so that the first page need not name `Qt`."""


class Scroll(QScrollArea):
    """Scrolls a panel up and down; takes the focus only while it is longer than its place."""

    def __init__(self, inner: QWidget, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setProperty("focusPolicy", _NO_FOCUS)
        self.setWidget(inner)
        self.verticalScrollBar().rangeChanged.connect(self._ranged)

    def _ranged(self, _low: int, high: int) -> None:
        self.setProperty("focusPolicy", _TAB_FOCUS if high > 0 else _NO_FOCUS)
