"""Measures to promise or to designate: the usual ones by a press, others in words (Art. 13)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from meti_desk.ui.permits.wish import PROMISED, split_list
from meti_desk.ui.strings import measure, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import column
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.fields import Field

_LARGE = 1.3
"""Size of text from which the boxes stand one below the other."""


class MeasuresBox(QWidget):
    """Check boxes in two columns, and a field for what is none of them."""

    changed = Signal()

    def __init__(self, other: str) -> None:
        super().__init__()
        self.checks = {one: Check(measure(one)[0]) for one in PROMISED}
        self.other = Field(other, small=True, hint=tr("複数のときは、読点で区切ります"))
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(16)  # the focus indicator of one leaves the next box in sight
        side_by_side = 2 if active().scale < _LARGE else 1
        for at, box in enumerate(self.checks.values()):
            grid.addWidget(box, *divmod(at, side_by_side))
            box.toggled.connect(self.changed)
        for at in range(side_by_side):
            grid.setColumnStretch(at, 1)
        self.other.edit.textEdited.connect(self.changed)
        self.setLayout(column(grid, self.other, spacing=8))

    @property
    def measures(self) -> tuple[str, ...]:
        """Give ids of what was chosen, then the words."""
        chosen = tuple(one for one, box in self.checks.items() if box.isChecked())
        return (*chosen, *split_list(self.other.text))

    def show_measures(self, measures: Sequence[str]) -> None:
        """Show measures as chosen."""
        for one, box in self.checks.items():
            box.setChecked(one in measures)
        self.other.edit.setText("、".join(one for one in measures if one not in self.checks))
