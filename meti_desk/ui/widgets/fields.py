"""Fields with a visible label above them, which is their accessible name too."""

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from meti_desk.ui.theme import active, colour
from meti_desk.ui.widgets.build import Text, column, restyle

_TICK = (QPointF(0.24, 0.52), QPointF(0.43, 0.72), QPointF(0.78, 0.30))


class Field(QWidget):
    """A labelled line of text with a hint below and room for what is wrong with it."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        secret: bool = False,
        text: str = "",
        small: bool = False,
        required: str = "",
    ) -> None:
        super().__init__()
        self.edit = QLineEdit(text)
        self.edit.setAccessibleName(label)
        self.edit.setAccessibleDescription(hint)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        if small:
            self.edit.setProperty("compact", "yes")
        shown = Text(f"{label}　{required}" if required else label, "small" if small else "strong")
        shown.setBuddy(self.edit)
        self._label = shown
        self._hint = Text(hint, "small")
        self._hint.setVisible(bool(hint))
        self._wrong = Text("", "error")
        self._wrong.hide()
        self.setLayout(column(shown, self.edit, self._hint, self._wrong, spacing=4))

    @property
    def text(self) -> str:
        """Give what was typed, without white space around it."""
        return self.edit.text().strip()

    def relabel(self, label: str) -> None:
        """Ask for something else in the same field."""
        self._label.setText(label)
        self.edit.setAccessibleName(label)
        self.refuse("")

    def set_hint(self, text: str) -> None:
        """Show another hint below the field."""
        self._hint.tell(text)
        self.edit.setAccessibleDescription(text)

    def refuse(self, text: str) -> None:
        """Say what is wrong with the field, or nothing when it is well."""
        self._wrong.tell(text)
        self.edit.setProperty("bad", "true" if text else "false")
        restyle(self.edit)
        if text:
            self.edit.setAccessibleDescription(text)


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
