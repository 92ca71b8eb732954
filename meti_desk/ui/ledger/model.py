"""取扱記録 as rows and columns."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from meti_desk.services.messages import LedgerRow
from meti_desk.ui.ledger.dragging import MIME, Carried, pack
from meti_desk.ui.strings import label_line, term, tr
from meti_desk.ui.widgets.build import tip
from meti_desk.ui.widgets.dates import shown_moment

_Index = QModelIndex | QPersistentModelIndex


def row_texts(row: LedgerRow) -> tuple[str, str, str, str]:
    """Give moment, event, document and label of a row as they are read."""
    label = label_line(row.label) if row.label is not None else ""
    event = term(f"event.{row.kind}")
    action = row.detail.get("action")
    if isinstance(action, str) and action:
        event = f"{event}：{term(f'action.{action}')}"
    return shown_moment(row.at), event, row.title, label


def details(row: LedgerRow) -> list[tuple[str, str]]:
    """Give name and value of what else an entry says, as far as it is for people."""
    names = {
        "recipients": tr("相手"),
        "method": tr("保護の方法"),
        "algorithms": tr("暗号"),
        "reason": tr("理由"),
        "receipt": tr("受付番号"),
    }
    told = [(name, row.detail.get(key)) for key, name in names.items()]
    found = [(name, _shown(value)) for name, value in told if value]
    method = row.detail.get("method")
    if method:
        found = [(n, term(f"method.{method}") if v == method else v) for n, v in found]
    return [*found, (tr("記録番号"), row.id)]


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return "・".join(str(one) for one in value)
    return str(value)


class LedgerModel(QAbstractTableModel):
    """Rows of 取扱記録, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[LedgerRow] = []
        self._heads = (tr("日時"), tr("出来事"), tr("文書"), tr("格付・取扱制限"))

    def show_rows(self, rows: Sequence[LedgerRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row(self, place: int) -> LedgerRow | None:
        """Give the entry of a row."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the entries."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the text of a cell."""
        shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if not index.isValid() or role not in shown:
            return None
        text = row_texts(self._rows[index.row()])[index.column()]
        return tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let rows of documents be dragged."""
        held = super().flags(index)
        entry = self.row(index.row()) if index.isValid() else None
        return held | Qt.ItemFlag.ItemIsDragEnabled if entry and entry.document else held

    def mimeTypes(self) -> list[str]:
        """Name what a drag carries."""
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Carry the documents of the rows."""
        rows = (self.row(index.row()) for index in indexes)
        return pack(Carried(one.document, one.title) for one in rows if one and one.document)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]
