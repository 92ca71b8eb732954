"""Parts of a page, one shown at a time: chips that wrap, each with how many wait there."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.flow import Flow


class Tabs(Flow):
    """Emits `chosen` with the key of the part that the person wants to see."""

    chosen = Signal(str)

    def __init__(self, name: str, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__(gap=8)
        self.setAccessibleName(name)
        self._names = dict(parts)
        self._buttons: dict[str, Button] = {}
        self.value = parts[0][0]
        for key, text in parts:
            button = Button(text, "chip")
            button.clicked.connect(lambda _on=False, key=key: self._choose(key))
            self._buttons[key] = button
            self.add(button)
        self.show_value(self.value)

    def button(self, key: str) -> Button:
        """Give the chip of a part."""
        return self._buttons[key]

    def count(self, key: str, waiting: int) -> None:
        """Say how many wait in a part; none is not said."""
        name = self._names[key]
        self._buttons[key].rename(tr("{name}（{n}件）", name=name, n=waiting) if waiting else name)

    def offer(self, key: str, *, offered: bool) -> None:
        """Show or hide a part."""
        self._buttons[key].setVisible(offered)

    def show_value(self, key: str) -> None:
        """Show which part is seen, without telling."""
        self.value = key
        for name, button in self._buttons.items():
            button.setChecked(name == key)

    def _choose(self, key: str) -> None:
        self.show_value(key)
        self.chosen.emit(key)
