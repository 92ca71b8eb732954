"""Draws the icons with Qt's painter; loaded after the first page stands there."""

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from meti_desk.data import read_text
from meti_desk.ui.line_art import SIDE, STROKE, outline
from meti_desk.ui.theme import active, colour


@lru_cache(maxsize=256)
def pixmap(name: str, value: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Draw an icon of `resources/icons` in the colour `value` (`#rrggbb`) at `size` pixels."""
    shape = _outline(name)
    drawn = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(drawn.width() / SIDE, drawn.height() / SIDE)
    round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(QColor(value), STROKE, Qt.PenStyle.SolidLine, round_cap, round_join))
    painter.drawPath(shape)
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=64)
def _outline(name: str) -> QPainterPath:
    return outline(read_text("resources", f"icons/{name}.svg"))


def paint_mark(mark: QWidget, name: str, role: str, ground: str, size: int) -> None:
    """Paint an icon in the middle of its widget, on a round ground if `ground` names a role."""
    painter = QPainter(mark)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if ground:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ground))
        painter.drawEllipse(mark.rect())
    drawn = pixmap(name, active().value(role), size, mark.devicePixelRatioF())
    left, top = (mark.width() - size) / 2, (mark.height() - size) / 2
    painter.drawPixmap(
        QRectF(left, top, size, size), drawn, QRectF(0, 0, drawn.width(), drawn.height())
    )
    painter.end()
