"""A page with what becomes black on it; areas are drawn with the mouse, or typed beside it."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from meti_desk.formats.redaction import RedactionArea
from meti_desk.services.preview_messages import PageView
from meti_desk.ui.theme import active, colour

_LEAST = 4
"""Pixels below which a drag was a click."""
_HEIGHT = 380


class PageCanvas(QWidget):
    """Shows a page of pixels; `drawn` gives an area in points, as the reader sees the page."""

    drawn = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(active().pixels(_HEIGHT))
        self._view: PageView | None = None
        self._image = QImage()
        self._page = 1
        self._boxes: list[RedactionArea] = []
        self._solid = False
        self._drag: tuple[QPointF, QPointF] | None = None

    def show_page(self, view: PageView | None, page: int) -> None:
        """Show a page; pixels that do not fit its size show nothing."""
        self._view, self._page, self._image = None, page, QImage()
        if view is not None and len(view.pixels) == 3 * view.width * view.height:
            self._view = view
            kind = QImage.Format.Format_BGR888
            self._image = QImage(view.pixels, view.width, view.height, 3 * view.width, kind)
        self.setCursor(Qt.CursorShape.CrossCursor if self._view else Qt.CursorShape.ArrowCursor)
        self.update()

    def show_boxes(self, boxes: list[RedactionArea], *, solid: bool) -> None:
        """Show what becomes black: framed, or as it will be."""
        self._boxes, self._solid = boxes, solid
        self.update()

    @property
    def filled(self) -> bool:
        """Tell whether a page is shown."""
        return not self._image.isNull()

    def _frame(self) -> QRectF:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2, 0, size.width(), size.height())

    def _scale(self) -> float:
        wide = self._view.points_wide if self._view is not None else 0
        return self._frame().width() / wide if wide > 0 else 1.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page, the boxes, and the one that is being drawn."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame, scale = self._frame(), self._scale()
        painter.drawImage(frame, self._image)
        painter.setPen(colour("line"))
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QPen(Qt.GlobalColor.black if self._solid else Qt.GlobalColor.red, 1.5))
        for one in self._boxes:
            box = QRectF(one.x * scale, one.y * scale, one.width * scale, one.height * scale)
            box.translate(frame.topLeft())
            if self._solid:
                painter.fillRect(box, Qt.GlobalColor.black)
            else:
                painter.drawRect(box)
        if self._drag is not None:
            painter.drawRect(QRectF(*self._drag).normalized())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin an area."""
        if self.filled and event.button() == Qt.MouseButton.LeftButton:
            self._drag = (event.position(), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self._drag is not None:
            self._drag = (self._drag[0], event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End an area and tell of it."""
        if self._drag is None:
            return
        frame, scale = self._frame(), self._scale()
        box = QRectF(self._drag[0], event.position()).normalized() & frame
        self._drag = None
        self.update()
        if box.width() >= _LEAST and box.height() >= _LEAST:
            box.translate(-frame.topLeft())
            values = (box.x(), box.y(), box.width(), box.height())
            self.drawn.emit(RedactionArea(self._page, *(round(v / scale, 1) for v in values)))
