"""Rows of anything as a table: texts under heads, the full text as a tip."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from meti_desk.ui.widgets.build import tip

T = TypeVar("T")
_Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel, Generic[T]):
    """`cells` gives the texts of a row, `key` what names it when the rows are asked for anew."""

    def __init__(
        self,
        heads: tuple[str, ...],
        cells: Callable[[T], tuple[str, ...]],
        key: Callable[[T], str],
    ) -> None:
        super().__init__()
        self._heads = heads
        self._cells_of = cells
        self.key = key
        self.rows: tuple[T, ...] = ()
        self._cells: list[tuple[str, ...]] = []
        self._bold: frozenset[tuple[int, int]] = frozenset()

    def show_rows(self, rows: Sequence[T]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self._cells = [self._cells_of(one) for one in self.rows]
        self._bold = frozenset()
        self.endResetModel()

    def stress(self, places: frozenset[tuple[int, int]], sign: str) -> None:
        """Let cells stand out, by a sign before their text and by bold letters."""
        before = self._bold
        self._bold = places
        self._cells = [self._cells_of(one) for one in self.rows]
        for line, place in places:
            texts = list(self._cells[line])
            texts[place] = f"{sign}{texts[place]}"
            self._cells[line] = tuple(texts)
        if before or places:
            last = self.index(len(self.rows) - 1, len(self._heads) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def text(self, line: int, place: int) -> str:
        """Give the text of a cell."""
        return self._cells[line][place]

    def place_of(self, key: str) -> int:
        """Give the line of a row, or -1."""
        return next((at for at, one in enumerate(self.rows) if self.key(one) == key), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the rows."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the text of a cell, and the whole row as its tip."""
        if not index.isValid():
            return None
        texts = self._cells[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip("\n".join(filter(None, texts)))
        if role == Qt.ItemDataRole.FontRole and (index.row(), index.column()) in self._bold:
            bold = QFont()
            bold.setBold(True)
            return bold
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]
