"""Two things side by side while there is room, one below the other where there is not."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from meti_desk.ui.theme import active


class Pair(QWidget):
    """Stacks below `room` pixels of width (at 100 %); both have the same width beside each other.

    Unlike `Columns` it does not scroll by itself: it is a part of something that does.
    """

    def __init__(self, left: QWidget, right: QWidget, *, room: int, gap: int = 16) -> None:
        super().__init__()
        self._room = room
        self._parts = (left, right)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setSpacing(gap)
        self._box.setContentsMargins(0, 0, 0, 0)
        for one in self._parts:
            self._box.addWidget(one, 1)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as the wider of both: they can be stacked."""
        widest = max(one.minimumSizeHint().width() for one in self._parts)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack, or put side by side again."""
        super().resizeEvent(event)
        stacked = event.size().width() < active().pixels(self._room)
        way = QBoxLayout.Direction
        wanted = way.TopToBottom if stacked else way.LeftToRight
        if self._box.direction() != wanted:
            self._box.setDirection(wanted)
