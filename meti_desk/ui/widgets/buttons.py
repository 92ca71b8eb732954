"""Buttons, with the accessible name that every one of them must have."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from meti_desk.ui import icons
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import restyle


def plain(text: str) -> str:
    """Take the mnemonic out of a caption: `次へ(&N)` is read as 次へ."""
    head, sign, _key = text.partition("(&")
    return head if sign else text.replace("&", "")


class Button(QPushButton):
    """A push button: `primary`, `secondary`, `quiet`, `link`, `nav`, `pill`, `chip`, `option`."""

    _ROLES: ClassVar = {"primary": "on-primary", "nav": "text", "pill": "text", "chip": "text"}

    _icon = ""  # asked for by Qt before the constructor is through

    def __init__(
        self,
        text: str,
        kind: str = "secondary",
        *,
        icon_name: str = "",
        name: str = "",
        small: bool = False,
        on: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(text)
        self._icon = icon_name
        self._tone = ""
        self.setProperty("kind", kind)
        self.setProperty("compact", "yes" if small else "no")
        self.setAccessibleName(name or plain(text))
        self.setAutoDefault(False)
        if kind in {"nav", "chip", "option", "filecard", "section"}:
            self.setCheckable(True)
        if icon_name:
            self.tint()
            self.toggled.connect(self.tint)
        if on is not None:
            self._on = on
            self.clicked.connect(self._act)

    def _act(self) -> None:
        self._on()

    def set_tone(self, tone: str, icon_name: str = "") -> None:
        """Colour a pill by `success` or `warning`; its text must say the same."""
        self._tone = tone
        self._icon = icon_name or self._icon
        self.setProperty("tone", tone)
        restyle(self)
        self.tint()

    def rename(self, text: str) -> None:
        """Change the caption and the accessible name with it."""
        self.setText(text)
        self.setAccessibleName(plain(text))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hand, which is asked for only now: it takes `Qt`, which the start spares."""
        from PySide6.QtCore import Qt

        self.setCursor(Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press what has the keyboard, as Space does; a key that is held presses once."""
        from PySide6.QtCore import Qt

        plain_key = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain_key:
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def tint(self) -> None:
        """Draw the icon in the colours of the theme shown now."""
        if not self._icon or not icons.drawing():
            return
        kind = str(self.property("kind"))
        role = self._tone or self._ROLES.get(kind, "primary")
        if kind in {"nav", "chip"} and self.isChecked():
            role = "primary"
        size = 16 if kind in {"pill", "chip", "link"} else 18 if kind == "nav" else 20
        pixels = active().pixels(size)
        self.setIcon(icons.icon(self._icon, role, size))
        self.setIconSize(QSize(pixels, pixels))


class Segmented(QWidget):
    """One choice of a few, side by side; arrow keys move within, Tab enters and leaves.

    Emits `chosen` with the value when the person chooses, not when the program sets it.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, options: Sequence[tuple[object, str]], *, small: bool = False
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in options]
        layout = QHBoxLayout(self)
        layout.setSpacing(0)
        layout.setContentsMargins(0, 0, 0, 0)
        last = len(options) - 1
        for place, (_value, text) in enumerate(options):
            button = Button(text, "segment", name=f"{name}: {text}", small=small)
            button.setCheckable(True)
            button.setProperty(
                "edge", "first" if place == 0 else "last" if place == last else "mid"
            )
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            self._group.addButton(button, place)
            layout.addWidget(button)
        if small:
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group.idClicked.connect(self._clicked)

    @property
    def value(self) -> object | None:
        """Give what is chosen, or nothing."""
        place = self._group.checkedId()
        return self._values[place] if place >= 0 else None

    def set_value(self, value: object | None) -> None:
        """Choose without telling; an unknown value clears the choice."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)
            return
        held = self._group.checkedButton()
        if held is not None:
            self._group.setExclusive(False)
            held.setChecked(False)
            self._group.setExclusive(True)

    def button(self, value: object) -> QPushButton:
        """Give the button of a value."""
        found = self._group.button(self._values.index(value))
        if not isinstance(found, QPushButton):
            raise TypeError(value)
        return found

    def _clicked(self, place: int) -> None:
        self.chosen.emit(self._values[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrow keys."""
        from PySide6.QtCore import Qt

        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        move = step.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        place = max(0, min(len(self._values) - 1, self._group.checkedId() + move))
        button = self._group.button(place)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.click()
