"""Line icons, tinted with a colour of the theme at the moment they are painted."""

from functools import lru_cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from meti_desk.data import read_text
from meti_desk.ui.line_art import SIDE, STROKE, outline
from meti_desk.ui.theme import active, colour

_SMALL = 18
"""Up to this size the ground is a little larger than the icon, beyond it twice as large."""


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


def icon(name: str, role: str, size: int = 20) -> QIcon:
    """Give a button's icon in the colour of a role of the theme shown now."""
    return QIcon(pixmap(name, active().value(role), active().pixels(size), 2.0))


class IconMark(QWidget):
    """An icon that stands beside text, on a round ground if `ground` names a role.

    It carries no meaning alone: the text beside it says the same, so that it has no accessible
    name and takes no focus.
    """

    def __init__(self, name: str, role: str = "text", size: int = 20, ground: str = "") -> None:
        super().__init__()
        self._name, self._role, self._size, self._ground = name, role, size, ground
        self._fit()

    def show_icon(self, name: str, role: str, ground: str = "") -> None:
        """Show another icon in the same place."""
        self._name, self._role, self._ground = name, role, ground
        self._fit()
        self.update()

    def _fit(self) -> None:
        grown = self._size * 2 if self._size > _SMALL else self._size + 8
        box = active().pixels(grown if self._ground else self._size)
        self.setFixedSize(box, box)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and icon in the colours of the theme shown now."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = active()
        if self._ground:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(self._ground))
            painter.drawEllipse(self.rect())
        size = theme.pixels(self._size)
        drawn = pixmap(self._name, theme.value(self._role), size, self.devicePixelRatioF())
        left, top = (self.width() - size) / 2, (self.height() - size) / 2
        painter.drawPixmap(
            QRectF(left, top, size, size), drawn, QRectF(0, 0, drawn.width(), drawn.height())
        )
        painter.end()
