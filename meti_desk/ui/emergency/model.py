"""The two tables: algorithms, and the files that rest on those that are compromised."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from meti_desk.services.emergency_messages import AffectedFile, AlgorithmRow
from meti_desk.ui.strings import term, tr

_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    """Texts in columns under heads; `tips` say in full what a narrow column cuts."""

    def __init__(self, heads: tuple[str, ...]) -> None:
        super().__init__()
        self._heads = heads
        self._cells: Sequence[tuple[str, ...]] = ()
        self._tips: Sequence[str] = ()

    def _fill(self, cells: Sequence[tuple[str, ...]], tips: Sequence[str]) -> None:
        self.beginResetModel()
        self._cells, self._tips = cells, tips
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the rows."""
        return 0 if parent is not None and parent.isValid() else len(self._cells)

    def columnCount(self, _parent: _Index | None = None) -> int:
        """Count the columns."""
        return len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Give the text of a cell, and in full where it is asked for."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tips[index.row()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Give the head of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        return None


class AlgorithmModel(_Rows):
    """暗号の一覧; those in use alone, or all."""

    def __init__(self) -> None:
        super().__init__((tr("暗号"), tr("状態"), tr("使用")))
        self.rows: tuple[AlgorithmRow, ...] = ()
        self._all: tuple[AlgorithmRow, ...] = ()
        self._unused = False

    def show_rows(self, rows: Sequence[AlgorithmRow]) -> None:
        """Show the table anew."""
        self._all = tuple(rows)
        self.show_unused(unused=self._unused)

    def show_unused(self, *, unused: bool) -> None:
        """Show all, or those that are used or marked."""
        self._unused = unused
        self.rows = tuple(
            one for one in self._all if unused or one.used or one.state == "compromised"
        )
        cells = [(one.name, term(f"crypto.{one.state}"), str(one.used)) for one in self.rows]
        tips = [" ".join(filter(None, (one.id, one.since, one.reference))) for one in self.rows]
        self._fill(cells, tips)


class AffectedModel(_Rows):
    """The files that are concerned, and how far each is."""

    def __init__(self) -> None:
        super().__init__((tr("ファイル"), tr("暗号"), tr("状態")))
        self.rows: tuple[AffectedFile, ...] = ()

    def show_rows(self, rows: Sequence[AffectedFile]) -> None:
        """Show the files anew."""
        self.rows = tuple(rows)
        cells = [
            (Path(one.path).name or one.title, "・".join(one.algorithms), term(f"copy.{one.state}"))
            for one in self.rows
        ]
        self._fill(cells, [_tip(one) for one in self.rows])

    def count(self, state: str) -> int:
        """Count the files in a state."""
        return sum(one.state == state for one in self.rows)


def _tip(one: AffectedFile) -> str:
    given = tr("渡した相手：{names}", names="・".join(one.recipients)) if one.recipients else ""
    return "\n".join(filter(None, (one.path, given, one.replaced_by)))
