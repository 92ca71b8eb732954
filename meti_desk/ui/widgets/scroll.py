"""A scroll area that can be reached by keyboard as soon as there is something to scroll."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scroll(QScrollArea):
    """Scrolls a panel up and down; takes the focus only while it is longer than its place."""

    def __init__(self, inner: QWidget, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inner)
        self.verticalScrollBar().rangeChanged.connect(self._ranged)

    def _ranged(self, _low: int, high: int) -> None:
        policy = Qt.FocusPolicy.TabFocus if high > 0 else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
