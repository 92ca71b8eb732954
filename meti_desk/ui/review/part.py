"""The frame of a part of 許可・確認: the list above, below it what is chosen and what to do."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, panel, row, rule
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pair import Pair
from meti_desk.ui.widgets.rows import RowsModel
from meti_desk.ui.widgets.scroll import Scroll
from meti_desk.ui.widgets.table import Table

T = TypeVar("T")
_ROOM = 820
_TABLE = 220
_FIXED = 0.78
"""Part of the width that columns of a fixed width may take: the rest is for names of documents."""
_LARGE = 1.4
"""Size of text from which the keys are told above the buttons."""


class ListPart(QWidget, Generic[T]):
    """`spare` names columns that can be left out: what is chosen tells all below the list.

    Many rows can be chosen; what was chosen stays chosen when the rows are read anew.
    """

    chosen_changed = Signal()
    carried = Signal(str)
    """Something was done; the sentence says what. The page reads everything anew."""

    def __init__(
        self,
        model: RowsModel[T],
        name: str,
        widths: tuple[int, ...],
        *,
        many: bool = True,
        spare: tuple[int, ...] = (),
    ) -> None:
        super().__init__()
        self.model = model
        self.table = Table(model, name, widths)
        self._name = name
        self._many = many
        if many:
            self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            every = QShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll), self)
            every.activated.connect(self.choose_all)
        self.table.setMinimumHeight(active().pixels(_TABLE))
        self.table.selectionModel().selectionChanged.connect(self._told)
        self._quiet = False
        self._widths, self._spare = widths, spare

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns out, the spare ones first, where the others would have no room."""
        super().resizeEvent(event)
        hidden: set[int] = set()
        room = event.size().width() * _FIXED
        for place in self._spare:
            taken = sum(width for at, width in enumerate(self._widths) if at not in hidden)
            if active().pixels(taken) <= room:
                break
            hidden.add(place)
        for place in range(len(self._widths)):
            self.table.setColumnHidden(place, place in hidden)

    def lay_out(self, about: QWidget, form: QWidget, bar: "Bar") -> None:
        """Put the list above, below it what is chosen beside what is done, the buttons last."""
        whole = column(spacing=14, margins=(32, 4, 32, 24))
        whole.addWidget(self.table, 1)
        whole.addWidget(Pair(about, form, room=_ROOM))
        scroll = Scroll(panel(whole), self._name)
        framed = column(spacing=0)
        framed.addWidget(scroll, 1)
        framed.addWidget(rule())
        framed.addWidget(bar)
        self.setLayout(framed)

    @property
    def chosen(self) -> tuple[T, ...]:
        """Give the rows that are chosen, in their order."""
        places = {index.row() for index in self.table.selectionModel().selectedRows()}
        return tuple(self.model.rows[at] for at in sorted(places) if at < len(self.model.rows))

    def show_rows(self, rows: Sequence[T]) -> None:
        """Show other rows; the first one is chosen where nothing that was chosen is left."""
        held = [self.model.key(one) for one in self.chosen]
        self._quiet = True
        self.model.show_rows(rows)
        places = [at for key in held if (at := self.model.place_of(key)) >= 0]
        self.choose(places or ([0] if rows else []))
        self._quiet = False
        self.chosen_changed.emit()
        set_reading_order(self.window())

    def choose(self, places: Sequence[int]) -> None:
        """Choose these rows and no others."""
        selection = self.table.selectionModel()
        flag = QItemSelectionModel.SelectionFlag
        selection.clearSelection()
        for at in places:
            index = self.model.index(at, 0)
            selection.select(index, flag.Select | flag.Rows)
        if places:
            selection.setCurrentIndex(self.model.index(places[0], 0), flag.NoUpdate)

    def choose_all(self) -> None:
        """Choose all rows, and give the list the keyboard."""
        self.table.selectAll()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _told(self) -> None:
        if not self._quiet:
            self.chosen_changed.emit()


class Bar(QFrame):
    """The buttons of a part: they stay in sight below what scrolls, with what keys do the same."""

    def __init__(self, *buttons: QWidget, keys: str = "") -> None:
        super().__init__()
        self.setProperty("ground", "page")
        self.says = Text(keys, "small")
        self._line = row(spacing=12)
        whole = column(spacing=6, margins=(32, 12, 32, 12))
        if active().scale < _LARGE:
            self._line.addWidget(self.says, 1)
        else:
            self._line.addStretch(1)
            whole.addWidget(self.says)
        for one in buttons:
            self._line.addWidget(one)
        whole.addLayout(self._line)
        if not keys:
            self.says.hide()
            self._line.insertStretch(0, 1)
        self.setLayout(whole)

    def add(self, button: QWidget) -> None:
        """Put one more before the others."""
        self._line.insertWidget(self._line.count() - 1, button)


def shortcut(owner: QWidget, keys: str) -> QShortcut:
    """Make a key that works wherever the keyboard is, as long as its owner is shown."""
    return QShortcut(QKeySequence(keys), owner)
