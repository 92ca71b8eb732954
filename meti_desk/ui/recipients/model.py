"""The recipients as rows and columns."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from meti_desk.ui.recipients.words import certificates_word, place_word
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meti_desk.services.recipient_messages import RecipientView

_Index = QModelIndex | QPersistentModelIndex


class RecipientsModel(QAbstractTableModel):
    """Name, place and certificate of each recipient."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[RecipientView] = []
        self._heads = (tr("宛先"), tr("省内・省外"), tr("証明書"))

    def show_rows(self, rows: "Sequence[RecipientView]") -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def place_of(self, mail: str) -> int:
        """Give the row of a recipient, or -1."""
        return next((at for at, one in enumerate(self.rows) if one.mail == mail), -1)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Count the recipients."""
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Count the columns."""
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give the text of a cell; the tip tells the mail address."""
        if not index.isValid():
            return None
        one = self.rows[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(" ".join(filter(None, (one.name, one.organisation, one.mail))))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        shown = (one.name or one.mail, place_word(inside=one.inside), certificates_word(one))
        return shown[index.column()]

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]
