"""取扱記録から選ぶ: a small window beside the decision screen, from which documents are taken."""

from PySide6.QtCore import QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QDialog, QWidget

from meti_desk.services.messages import LedgerRow
from meti_desk.ui.ledger.model import LedgerModel
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.table import Table

_PAUSE = 250
_MOST = 300
_SIZE = (620, 480)


class SourcePicker(QDialog):
    """Lists documents of the record, each once; a row is dragged over or taken by the button."""

    picked = Signal(str, str)
    """Id and title."""

    def __init__(self, desktop: Desktop, parent: QWidget) -> None:
        super().__init__(parent)
        self._desktop = desktop
        self.setWindowTitle(tr("取扱記録から元の文書を選ぶ"))
        self.setProperty("ground", "page")
        self.resize(*(active().pixels(side) for side in _SIZE))
        self.banner = Banner()
        self.search = Field(tr("文書を探す"))
        self.model = LedgerModel()
        self.table = Table(self.model, tr("取扱記録の文書"), (150, 0, 0, 190))
        self.table.hideColumn(1)
        self.table.setDragEnabled(True)
        self.take = Button(tr("元の文書にする"), "primary", on=self._take)
        close = Button(tr("閉じる"), on=self.close)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.ask)
        self.search.edit.textEdited.connect(lambda _text: self._pause.start())
        self.table.doubleClicked.connect(lambda _index: self._take())
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        says = Text(tr("行を選ぶか、元の文書の欄へ引いて運びます。"), "small")
        whole = column(self.banner, self.search, spacing=10, margins=(20, 18, 20, 18))
        whole.addWidget(self.table, 1)
        whole.addWidget(says)
        whole.addLayout(row(None, close, self.take, spacing=12))
        self.setLayout(whole)
        self.take.setEnabled(False)

    def ask(self) -> None:
        """List the documents that match."""
        desk, words = self._desktop.desk, self.search.text
        self._desktop.ask(self, lambda _job: desk.ledger(words, _MOST), self._show, self.banner)

    def _show(self, rows: tuple[LedgerRow, ...]) -> None:
        documents = {one.document: one for one in reversed(rows) if one.document}
        self.model.show_rows(tuple(reversed(documents.values())))
        self.take.setEnabled(False)

    def _chosen(self, current: QModelIndex) -> None:
        self.take.setEnabled(self.model.row(current.row()) is not None)

    def _take(self) -> None:
        entry = self.model.row(self.table.currentIndex().row())
        if entry is not None:
            self.picked.emit(entry.document, entry.title)
