"""A page with the stamp of a signature on it, as it will stand there; a click moves it."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen

from meti_desk.services.preview_messages import PageView
from meti_desk.services.signing_messages import StampPlace
from meti_desk.ui.redaction.canvas import PageCanvas

_INK = QColor(33, 82, 158)
"""The colour of the stamp in the document, whatever the theme of the window is."""
_LINE = 15.0
"""Points from line to line."""


class StampCanvas(PageCanvas):
    """Shows where the stamp will be; `placed` gives its upper left corner in points."""

    placed = Signal(float, float)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._place: StampPlace | None = None
        self._lines: tuple[str, ...] = ()
        self.size_in_points = (0.0, 0.0)

    def show_page(self, view: PageView | None, page: int) -> None:
        """Show a page."""
        super().show_page(view, page)
        self.size_in_points = (view.points_wide, view.points_high) if view else (0.0, 0.0)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if self.filled else Qt.CursorShape.ArrowCursor
        )

    def show_stamp(self, place: StampPlace | None, lines: tuple[str, ...]) -> None:
        """Show the stamp at a place, or none."""
        self._place, self._lines = place, lines
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the page and the stamp."""
        super().paintEvent(event)
        if self._place is None or not self.filled:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, scale, place = self._frame(), self._scale(), self._place
        painter.translate(frame.topLeft())
        painter.scale(scale, scale)
        box = QRectF(place.x, place.y, place.width, place.height)
        painter.fillRect(box, QColor(255, 255, 255, 225))
        painter.setPen(QPen(_INK, 1))
        painter.drawRect(box)
        painter.fillRect(QRectF(place.x, place.y, 3, place.height), _INK)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        for number, line in enumerate(self._lines):
            painter.setPen(_INK if number == 0 else Qt.GlobalColor.black)
            painter.drawText(QPointF(place.x + 9, place.y + _LINE * (number + 1)), line)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the middle of the stamp where the person clicks."""
        if not self.filled or self._place is None:
            return
        point = (event.position() - self._frame().topLeft()) / self._scale()
        wide, high = self.size_in_points
        x = min(max(point.x() - self._place.width / 2, 0), max(wide - self._place.width, 0))
        y = min(max(point.y() - self._place.height / 2, 0), max(high - self._place.height, 0))
        self.placed.emit(round(x, 1), round(y, 1))

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        """Draw nothing: a stamp has its size."""

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Draw nothing."""
