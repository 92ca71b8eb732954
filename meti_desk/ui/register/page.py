"""機密性3情報管理簿: search, correct, hand over, take back, take stock, export (Art. 11-2)."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.services.register_messages import RegisterEnd, RegisterNote, RegisterRow
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.register.entry import EntryCard
from meti_desk.ui.register.words import entry_state, entry_title, number_word
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns, even_margins
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.rows import RowsModel
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from meti_desk.services.register_messages import RegisterView

_PAUSE = 250


def _cells(one: RegisterRow) -> tuple[str, ...]:
    return (
        number_word(one.number, provisional=one.provisional),
        entry_title(one),
        one.keeper,
        entry_state(one),
    )


class RegisterPage(Page):
    """List at the left, the chosen entry at the right."""

    renews = True

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._chosen = ""
        self.search = Field(tr("管理簿を探す（題名・番号・所在・人）"), small=True)
        self.ended = Check(tr("終わったものも示す"))
        self.stock = Button(
            tr("棚卸しをする"), small=True, icon_name="check-square",
            on=lambda: desktop.task_wanted.emit("stock", None),
        )  # fmt: skip
        self.export = Button(tr("書き出す"), small=True, icon_name="export", on=self._export)
        self.model: RowsModel[RegisterRow] = RowsModel(
            (tr("番号"), tr("文書"), tr("持っている人"), tr("状態")),
            _cells, lambda one: one.id,
        )  # fmt: skip
        self.table = Table(self.model, tr("機密性3情報管理簿の一覧"), (140, 0, 120, 120))
        self.entry = EntryCard()
        self._says, self._count = Text("", "small"), Text("", "small", wrap=False)
        self._none = card(column(self._says, margins=(18, 14, 18, 14)), "evidence")
        self._none.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.shown)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.table.setMinimumHeight(active().pixels(260))
        tools = Flow(gap=8)
        for one in (self.stock, self.export):
            tools.add(one)
        left = column(
            self.search, tools, row(self._count, None, self.ended, spacing=8), spacing=10,
            margins=(32, 4, 16, 24),
        )  # fmt: skip
        left.addWidget(self.table, 1)
        right = column(self._none, self.entry, None, spacing=14, margins=(16, 4, 32, 24))
        columns = Columns(
            Column(panel(left), tr("機密性3情報管理簿の一覧"), 620),
            Column(panel(right), tr("選んだ記載"), 0),
            room=1000,
            ruled=False,
        )
        even_margins(columns, left, right)
        self._unit = Text("", "small")
        top = column(
            head(tr("機密性3情報管理簿"), Pills(self.desktop)), self._unit, self.banner,
            spacing=8, margins=(32, 26, 32, 8),
        )  # fmt: skip
        whole = column(top, spacing=0)
        whole.addWidget(columns, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.search.edit.textEdited.connect(self._pause.start)
        self.search.edit.returnPressed.connect(self.shown)
        self.ended.toggled.connect(self.shown)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.entry.noted.connect(self._note)
        self.entry.returned.connect(self._give_back)
        self.entry.disposed.connect(self._dispose)

    @property
    def first(self) -> QWidget:
        """Where the page begins for the keyboard: the list, or the search."""
        return self.table if self.model.rows else self.search.edit

    def shown(self) -> None:
        """List what matches the search."""
        self._pause.stop()
        area, words, ended = self.desktop.desk.register, self.search.text, self.ended.isChecked()
        self.desktop.ask(self, lambda _job: area.view(words, ended=ended), self._show, self.banner)

    def _show(self, view: "RegisterView") -> None:
        self.model.show_rows(view.entries)
        self._count.setText(tr("{n}件", n=len(view.entries)))
        self._unit.tell(
            tr("{unit}の全員の分を示しています。", unit=view.unit)
            if view.responsible
            else tr("自分が持つ分を示しています。")
        )
        self.stock.setVisible(view.responsible)
        self._none.setVisible(not view.entries)
        self._says.setText(
            tr("合うものはありません。")
            if self.search.text
            else tr("機密性3と決めた文書は、自動でここに載ります。今はありません。")
        )
        place = self.model.place_of(self._chosen)
        self.entry.setVisible(bool(view.entries))
        if view.entries:
            self.table.selectRow(max(0, place))
        set_reading_order(self)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            one = self.model.rows[current.row()]
            self._chosen = one.id
            self.entry.show_entry(one)

    def _change(self, work: "Callable[[object], RegisterRow]", said: str) -> None:
        def done(_row: RegisterRow) -> None:
            self.shown()
            self.table.setFocus()  # what was pressed is gone
            self.desktop.waiting_changed.emit()
            self.banner.tell(Told(said), "well")

        self.desktop.ask(self, work, done, self.banner)

    def _note(self, note: RegisterNote) -> None:
        area = self.desktop.desk.register
        self._change(lambda _job: area.note(note), tr("管理簿に記録しました。"))

    def _give_back(self, end: RegisterEnd) -> None:
        area = self.desktop.desk.register
        self._change(lambda _job: area.give_back(end), tr("返却を記録しました。"))

    def _dispose(self, end: RegisterEnd) -> None:
        area = self.desktop.desk.register
        self._change(lambda _job: area.dispose(end), tr("消去・廃棄を記録しました。"))

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("管理簿の書き出し先"), "機密性3情報管理簿.docx",
            "Word (*.docx);;CSV (*.csv)",
        )  # fmt: skip
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write the register, with boxes to tick, and say where it lies."""
        area, ended = self.desktop.desk.register, self.ended.isChecked()

        def done(written: Path) -> None:
            self.banner.tell(Told(tr("書き出しました。"), str(written)), "well")

        self.desktop.ask(self, lambda _job: area.export(Path(path), ended=ended), done, self.banner)
