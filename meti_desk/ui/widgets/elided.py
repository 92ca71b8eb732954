"""A line of text that is shortened in its middle when it does not fit."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from meti_desk.ui.widgets.build import Text


class Elided(Text):
    """Shows a file name or path in one line, whatever the width."""

    def __init__(self, text: str = "", role: str = "body") -> None:
        super().__init__(text, role, wrap=False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Be as narrow as needed."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        box = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, box.width()
        )
        painter.drawText(box, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()
