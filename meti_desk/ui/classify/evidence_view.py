"""Why a label is proposed: for each part of it, where it comes from, with what was found."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from meti_desk.services.messages import Evidence
from meti_desk.ui.strings import Reason, reasons, tr
from meti_desk.ui.widgets.build import Text, column, empty, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.order import set_reading_order

_FIRST = 4
"""Origins that are shown at once; the others come at a press."""
_BESIDE = 8
"""Characters of the parts that still stand beside their sentence; longer ones stand above it."""
_TONES = {"1": "", "2": "primary", "3": "danger"}


class EvidenceView(QFrame):
    """One row for each origin: the parts that it speaks for, the sentence, the words found."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "note")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self._hidden: list[QWidget] = []
        self.more = Button("", "link", on=self._swap)
        self.setLayout(column(self._rows, row(self.more, None), spacing=2, margins=(12, 8, 12, 8)))
        self.hide()

    def show_items(self, items: Sequence[Evidence]) -> None:
        """Show what speaks for the label of one document."""
        empty(self._rows)
        made = [_line(one) for one in reasons(items)]
        for line in made:
            self._rows.addWidget(line)
        self._hidden = made[_FIRST:]
        for line in self._hidden:
            line.hide()
        self.more.setVisible(bool(self._hidden))
        self.more.rename(tr("ほかの手がかり{n}件", n=len(self._hidden)))
        self.setVisible(bool(made))

    def _swap(self) -> None:
        for line in self._hidden:
            line.show()
        self.more.hide()
        set_reading_order(self.window())


def _line(one: Reason) -> QWidget:
    texts = column(Text(one.said, "section"), spacing=0)
    if one.found:
        texts.addWidget(Text(one.found, "small"))
    mark = tag(one.what, _TONES.get(one.level, "warning"))
    if len(one.what) > _BESIDE:
        return panel(column(row(mark, None), texts, spacing=2))
    line = row(spacing=10)
    line.addLayout(column(2, mark, None, spacing=0))
    line.addLayout(texts, 1)
    return panel(line)
