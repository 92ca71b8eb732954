"""Names and values below each other: what is known of one thing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, empty, panel, row

_NAMES = 104
"""Pixels that the names take, at 100 %."""


class Facts(QWidget):
    """Lines of a name and a value; both wrap."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(spacing=6)
        self.setLayout(self._lines)

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show other facts; none leaves no room."""
        empty(self._lines)
        for name, value in facts:
            caption = Text(name, "small")
            caption.setFixedWidth(active().pixels(_NAMES))
            line = row(spacing=12)
            line.addLayout(column(2, caption, None, spacing=0))
            line.addWidget(Text(value, "body"), 1)
            self._lines.addWidget(panel(line))
        if not facts or self.parentWidget() is not None:  # alone it would be a window for a moment
            self.setVisible(bool(facts))
