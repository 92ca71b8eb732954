"""One choice out of many in a menu, where there is no room to show all side by side."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy

from meti_desk.ui.widgets.buttons import Button


class Choice(Button):
    """A button that says what is chosen and opens the others; `chosen` tells a person's choice."""

    chosen = Signal(str)

    def __init__(self, name: str, options: Sequence[tuple[str, str]], value: str = "") -> None:
        super().__init__("", "option")
        self.setCheckable(False)
        self._name = name
        self._options = dict(options)
        self._value = ""
        menu = QMenu(self)
        for key, text in options:
            action = QAction(text, menu)
            action.triggered.connect(lambda _on=False, key=key: self._choose(key))
            menu.addAction(action)
        self.setMenu(menu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(value or next(iter(self._options), ""))

    @property
    def value(self) -> str:
        """Give what is chosen."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose without telling."""
        self._value = value
        text = self._options.get(value, "")
        self.setText(f"{text}　▾")
        self.setAccessibleName(f"{self._name}: {text}")

    def _choose(self, value: str) -> None:
        self.set_value(value)
        self.chosen.emit(value)
