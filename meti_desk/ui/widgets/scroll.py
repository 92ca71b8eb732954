"""A scroll area that can be reached by keyboard as soon as there is something to scroll."""

from PySide6.QtGui import QResizeEvent
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the height follow from the width alone, where texts break.

        The least size that Qt works out for texts that break is that of a narrower place, and
        would leave empty room to scroll to.
        """
        inner = self.widget()
        layout = inner.layout() if inner is not None else None
        if inner is not None and layout is not None:
            inner.setMinimumHeight(1 if layout.hasHeightForWidth() else 0)
        super().resizeEvent(event)

    def _ranged(self, _low: int, high: int) -> None:
        self.setProperty("focusPolicy", _TAB_FOCUS if high > 0 else _NO_FOCUS)
