"""A link of the navigation, with how many things wait behind it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active, colour
from meti_desk.ui.widgets.buttons import Button

_BADGE, _EDGE, _LETTERS = 22, 10, 12
_MOST = 99


class NavLink(Button):
    """Shows a number at its right; its name says the number, too."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__(f"  {text}", "nav", icon_name=icon_name, name=text)
        self._plain = text
        self.count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, count: int) -> None:
        """Show how many wait; none shows nothing."""
        self.count = count
        name = tr("{name}（{n}件）", name=self._plain, n=count) if count else self._plain
        self.setAccessibleName(name)
        self.setToolTip(name if count else "")
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Leave room for the number."""
        return self._with_badge(super().minimumSizeHint())

    def sizeHint(self) -> QSize:
        """Leave room for the number."""
        return self._with_badge(super().sizeHint())

    def _with_badge(self, size: QSize) -> QSize:
        return QSize(size.width() + (active().pixels(_BADGE) if self.count else 0), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the link, then the number on its ground."""
        super().paintEvent(event)
        if not self.count:
            return
        look = active()
        text = str(self.count) if self.count <= _MOST else f"{_MOST}+"
        font = QFont(self.font())
        font.setPixelSize(look.pixels(_LETTERS))
        font.setBold(True)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        high = look.pixels(_BADGE)
        wide = max(high, painter.fontMetrics().horizontalAdvance(text) + look.pixels(10))
        box = QRectF(
            self.width() - wide - look.pixels(_EDGE), (self.height() - high) / 2, wide, high
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("danger"))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(colour("page"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        painter.end()
