"""The rows of a run over many files; the same few texts however many rows there are."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from meti_desk.services.messages import DoneFile
from meti_desk.services.report import outcome
from meti_desk.ui.strings import label_line, term, told, tr

_Index = QModelIndex | QPersistentModelIndex

ALL, DONE, SKIPPED, REFUSED, CANCELLED = "all", "done", "skipped", "refused", "cancelled"
OUTCOMES = (DONE, SKIPPED, REFUSED, CANCELLED)


def became(row: DoneFile) -> str:
    """Name what became of a file; what was not begun because of a cancel is no refusal."""
    if row.error is not None and row.error.code == "batch.cancelled":
        return CANCELLED
    return outcome(row)


def outcome_word(name: str) -> str:
    """Say what became of a file."""
    words = {
        ALL: tr("すべて"),
        DONE: tr("済み"),
        SKIPPED: tr("飛ばした"),
        REFUSED: tr("できなかった"),
        CANCELLED: tr("中止"),
    }
    return words[name]


def reason(row: DoneFile) -> str:
    """Say why, in one line: the cause of a refusal, or what is to be known."""
    if row.error is not None:
        said = told(row.error)
        return " ".join(filter(None, (said.cause, said.remedy, said.article)))
    return " ".join(term(f"note.{note.partition(':')[0]}") for note in row.notes)


_CELLS: tuple[Callable[[DoneFile, str], str], ...] = (
    lambda row, _name: Path(row.path).name,
    lambda _row, name: outcome_word(name),
    lambda row, _name: label_line(row.label) if row.label is not None else "",
    lambda row, _name: reason(row),
)
"""What each column shows of a row and the name of its outcome."""


class ResultModel(QAbstractTableModel):
    """The rows, all or those with one outcome; texts are made when a row is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[DoneFile, ...] = ()
        self._names: list[str] = []
        self._shown: list[int] = []
        self._heads = (tr("ファイル"), tr("結果"), tr("格付・取扱制限"), tr("理由"))

    def show_rows(self, rows: Sequence[DoneFile]) -> Counter[str]:
        """Show all rows of a run; gives how many there are of each outcome."""
        self.beginResetModel()
        self._all = tuple(rows)
        self._names = [became(row) for row in self._all]
        self._shown = list(range(len(self._all)))
        self.endResetModel()
        return Counter(self._names)

    def filter(self, name: str) -> None:
        """Show the rows of one outcome, or all."""
        self.beginResetModel()
        self._shown = [at for at, one in enumerate(self._names) if name in {ALL, one}]
        self.endResetModel()

    def row(self, place: int) -> DoneFile | None:
        """Give the row at a place of the table."""
        return self._all[self._shown[place]] if 0 <= place < len(self._shown) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the rows that are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the text of a cell; the tip of a file is its whole path."""
        if not index.isValid():
            return None
        place = self._shown[index.row()]
        row, at = self._all[place], index.column()
        if role == Qt.ItemDataRole.ToolTipRole and at == 0:
            return row.path
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        return _CELLS[at](row, self._names[place])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]
