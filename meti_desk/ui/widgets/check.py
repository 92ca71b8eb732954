"""A check box in the colours of the theme."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from meti_desk.ui.theme import active, colour

_TICK = (QPointF(0.24, 0.52), QPointF(0.43, 0.72), QPointF(0.78, 0.30))


class Check(QCheckBox):
    """A check box painted with the colours of the theme, 24 px large."""

    def __init__(self, text: str, *, checked: bool = False) -> None:
        super().__init__(text)
        self.setAccessibleName(text)
        self.setChecked(checked)

    def sizeHint(self) -> QSize:
        """Leave room for box and text."""
        metrics = self.fontMetrics()
        box = active().pixels(24)
        return QSize(box + 12 + metrics.horizontalAdvance(self.text()), max(box, 32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint box, tick and text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = active().pixels(22)
        box = QRectF(1, (self.height() - size) / 2, size, size)
        on = self.isChecked()
        painter.setPen(QPen(colour("primary" if on else "control"), 2))
        painter.setBrush(colour("primary" if on else "field"))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            pen = QPen(colour("on-primary"), size / 9)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            points = [box.topLeft() + p * size for p in _TICK]
            painter.drawPolyline(points)
        painter.setPen(colour("text" if self.isEnabled() else "disabled"))
        text = self.rect().adjusted(size + 12, 0, 0, 0)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.end()

    def hitButton(self, pos: QPoint) -> bool:
        """Let the whole line be clicked."""
        return self.rect().contains(pos)
