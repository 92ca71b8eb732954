"""The answers as large rows that are chosen by pointer, arrow keys or the keys 1 to 5."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from meti_desk.services.selfcheck_views import OptionView
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active, colour
from meti_desk.ui.widgets.build import empty

_HEIGHT = 50


class AnswerRow(QRadioButton):
    """One answer: a ring, its words, and the key that chooses it."""

    def __init__(self, text: str, key: int) -> None:
        super().__init__(text)
        self._key = key
        self.setAccessibleName(text)
        self.setAccessibleDescription(tr("キー {n}", n=key))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(active().pixels(_HEIGHT))

    def sizeHint(self) -> QSize:
        """Be one line high, with room for the ring and the key."""
        room = active().pixels(140)
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + room, active().pixels(_HEIGHT)
        )

    def hitButton(self, pos: QPoint) -> bool:
        """Let the whole row be clicked."""
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row in the colours of the theme."""
        on = self.isChecked()
        theme = active()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("primary" if on else "control"), 2 if on else 1))
        painter.setBrush(colour("soft" if on else "page"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        size = theme.pixels(21)
        ring = QRectF(theme.pixels(20), (self.height() - size) / 2, size, size)
        painter.setPen(QPen(colour("primary" if on else "control"), 2))
        painter.setBrush(colour("field"))
        painter.drawEllipse(ring)
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("primary"))
            inset = size * 0.25
            painter.drawEllipse(ring.adjusted(inset, inset, -inset, -inset))
        font = QFont(self.font())
        font.setPixelSize(theme.pixels(16))
        font.setBold(on)
        painter.setFont(font)
        painter.setPen(colour("text" if self.isEnabled() else "disabled"))
        words = self.rect().adjusted(theme.pixels(56), 0, -theme.pixels(60), 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())
        self._paint_key(painter)
        painter.end()

    def _paint_key(self, painter: QPainter) -> None:
        theme = active()
        side = theme.pixels(22)
        left = self.width() - side - theme.pixels(19)
        box = QRectF(left, (self.height() - side) / 2, side, side)
        font = QFont(self.font())
        font.setPixelSize(theme.pixels(12))
        painter.setFont(font)
        painter.setPen(QPen(colour("control"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colour("muted"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(self._key))


class Answers(QWidget):
    """The answers of one question; emits `chosen` with the value."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("回答"))
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._clicked)
        self._values: list[str] = []
        self._rows = QVBoxLayout(self)
        self._rows.setSpacing(6)
        self._rows.setContentsMargins(0, 0, 0, 0)

    def offer(self, options: Sequence[OptionView], chosen: str) -> None:
        """Show the answers of a question, one of them chosen perhaps."""
        for button in self._group.buttons():
            self._group.removeButton(button)
        empty(self._rows)
        self._values = [one.value for one in options]
        for place, option in enumerate(options):
            made = AnswerRow(option.text, place + 1)
            made.setChecked(option.value == chosen)
            self._group.addButton(made, place)
            self._rows.addWidget(made)
            made.show()

    @property
    def value(self) -> str:
        """Give the chosen value, or nothing."""
        place = self._group.checkedId()
        return self._values[place] if place >= 0 else ""

    def press(self, key: int) -> None:
        """Choose by the number key of a row."""
        button = self._group.button(key - 1)
        if button is not None and button.isEnabled():
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)
            button.click()

    def first(self) -> QWidget | None:
        """Give the row that takes the focus: the chosen one, else the first."""
        return self._group.checkedButton() or self._group.button(0)

    def _clicked(self, place: int) -> None:
        self.chosen.emit(self._values[place])
