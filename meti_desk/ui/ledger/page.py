"""取扱記録: search, look at an entry, verify the chain, export."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFileDialog

from meti_desk.services.messages import LedgerRow
from meti_desk.services.ports import ChainState
from meti_desk.ui.ledger.model import LedgerModel, details, row_texts
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.scroll import Scroll
from meti_desk.ui.widgets.table import Table

_PAUSE = 250
_LEAST_TABLE = 150
_WIDE = 1.5
"""Size of text above which search and buttons do not fit in one line."""
_MOST = 500
"""Entries that are listed at once; the search narrows them."""
_EVERY = 100_000
"""Entries that are looked through for those that a question of the self-check rests on."""


class LedgerPage(Page):
    """The list of what was done with which document (Arts. 77-2, 77-6)."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.search = Field(tr("記録を探す（文書名・出来事・相手など）"))
        self.verify = Button(tr("改ざんがないか確かめる"), icon_name="shield", on=self._verify)
        self.export = Button(tr("書き出す"), icon_name="export", on=self._export)
        self.model = LedgerModel()
        self.table = self._table()
        self._only: frozenset[str] = frozenset()
        self.clear = Button(tr("すべての記録を見る"), "link", on=self._show_all)
        self.clear.hide()
        self._count = Text("", "small", wrap=False)
        self._detail = Text(tr("行を選ぶと、くわしい内容を示します。"), "small")
        self.lineage = Button(
            tr("元の文書と作られた文書を見る"), small=True, icon_name="branch", on=self._lineage
        )
        self.lineage.setEnabled(False)
        line = row(spacing=12, margins=(16, 10, 16, 10))
        line.addWidget(self._detail, 1)
        line.addLayout(column(None, self.lineage, None))
        detail = card(line)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.shown)
        self.search.edit.textEdited.connect(self._wait)
        self.search.edit.returnPressed.connect(self.shown)
        tools = self._tools()
        whole = column(
            head(tr("取扱記録"), Pills(desktop)),
            self.banner,
            4,
            tools,
            row(self._count, self.clear, None, spacing=12),
            spacing=10,
            margins=(32, 26, 32, 24),
        )
        whole.addWidget(self.table, 1)
        whole.addWidget(detail)
        self.table.setMinimumHeight(active().pixels(_LEAST_TABLE))
        self.setLayout(column(Scroll(panel(whole), tr("取扱記録"))))

    def _tools(self) -> QBoxLayout:
        """Search and buttons in one line, or in two where large text leaves no room."""
        if active().scale > _WIDE:
            return column(self.search, row(self.verify, self.export, None, spacing=12), spacing=10)
        tools = row(spacing=12)
        tools.addWidget(self.search, 1)
        for button in (self.verify, self.export):
            tools.addLayout(column(None, button))
        return tools

    def _table(self) -> Table:
        table = Table(self.model, tr("取扱記録の一覧"), (150, 210, 0, 260))
        table.setDragEnabled(True)
        table.selectionModel().currentRowChanged.connect(self._chosen)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy)
        return table

    def _copy(self) -> None:
        """Put the document on the clipboard, to be pasted as a source on the decision screen."""
        entry = self.model.row(self.table.currentIndex().row())
        if entry is not None and entry.document:
            data = self.model.mimeData([self.table.currentIndex()])
            QGuiApplication.clipboard().setMimeData(data)
            self.banner.tell(
                Told(tr("文書をコピーしました。格付して保護の画面に貼ると、元の文書になります。")),
                "well",
            )

    def shown(self) -> None:
        """List what matches the search."""
        desk, words = self.desktop.desk, self.search.text
        most = _MOST if not self._only else _EVERY
        self._pause.stop()
        self.desktop.ask(self, lambda _job: desk.ledger(words, most), self._show, self.banner)

    def show_only(self, events: Sequence[str]) -> None:
        """Show these entries alone, until the person asks for all."""
        self._only = frozenset(events)
        self.search.edit.clear()
        self.shown()

    def _show_all(self) -> None:
        self._only = frozenset()
        self.search.edit.setFocus()
        self.shown()

    def _wait(self) -> None:
        self._pause.start()

    def _show(self, rows: tuple[LedgerRow, ...]) -> None:
        shown = [one for one in rows if not self._only or one.id in self._only]
        self.model.show_rows(shown)
        self.clear.setVisible(bool(self._only))
        if self._only:
            self._count.setText(tr("関わる{n}件だけを示しています。", n=len(shown)))
        else:
            self._count.setText(tr("{n}件", n=len(shown)))

    def _chosen(self, current: QModelIndex) -> None:
        entry = self.model.row(current.row())
        if entry is None:
            return
        facts = "　".join(f"{name}：{value}" for name, value in details(entry))
        head = "　".join(filter(None, row_texts(entry)))
        self._detail.setText("\n".join(filter(None, (head, facts))))

        self.lineage.setEnabled(bool(entry.document))

    def _lineage(self) -> None:
        entry = self.model.row(self.table.currentIndex().row())
        if entry is not None and entry.document:
            self.desktop.task_wanted.emit("lineage", entry.document)

    def _verify(self) -> None:
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.verify_ledger(), self._verified, self.banner)

    def _verified(self, state: ChainState) -> None:
        if state.intact:
            self.banner.tell(
                Told(tr("改ざんはありません。"), tr("{n}件すべてを確かめました。", n=state.events)),
                "well",
            )
            return
        self.banner.tell(
            Told(
                tr("記録のつながりが途中で切れています。"),
                tr(
                    "最初に合わない記録は {id} です。管理者に知らせてください。",
                    id=state.first_bad or "",
                ),
            )
        )

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("取扱記録の書き出し先"), "取扱記録.csv", "CSV (*.csv);;JSON (*.json)"
        )
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write 取扱記録 to a file and say where it lies."""
        desk = self.desktop.desk

        def done(written: str) -> None:
            self.banner.tell(Told(tr("書き出しました。"), written), "well")

        self.desktop.ask(self, lambda _job: desk.export_ledger(path), done, self.banner)
