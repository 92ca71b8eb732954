"""申請・許可: the person's own requests, what came back, and what is in force."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.services.permit_messages import NotedRow, PermitRow, PermitsView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.permits.detail import PermitCard
from meti_desk.ui.permits.empty import EmptyCard
from meti_desk.ui.permits.words import (
    action_names,
    documents_line,
    last_day,
    noted_word,
    state_word,
)
from meti_desk.ui.strings import Told, term, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns, even_margins
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.rows import RowsModel
from meti_desk.ui.widgets.table import Table
from meti_desk.ui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from collections.abc import Callable

Entry = PermitRow | NotedRow
_ACTIVE = ("granted", "conditional")


def entry_cells(one: Entry) -> tuple[str, ...]:
    """Give state, act, documents and period of an entry."""
    if isinstance(one, PermitRow):
        return state_word(one), documents_line(one), action_names(one.actions), last_day(one)
    return (
        noted_word(one),
        one.title,
        term(f"action.{one.action}", one.action) if one.action else tr("口頭・書面の許可"),
        "",
    )


def part_of(one: Entry) -> str:
    """Tell under which part an entry is listed: `open`, `active`, `report`, `over`."""
    if isinstance(one, NotedRow):
        return "over" if one.left or one.state == "confirmed" else "open"
    if one.left:
        return "over"
    if one.report_due and one.pending != "permit-reported":
        return "report"
    if one.state in _ACTIVE:
        return "active"
    return "open" if one.state == "requested" else "over"


class PermitsPage(Page):
    """List at the left, the chosen one at the right; new requests by the button at the top."""

    renews = True

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._entries: tuple[Entry, ...] = ()
        self._chosen, self._read_once = "", False
        self.ask = Button(
            tr("申請する"), "primary", small=True, icon_name="plus", name=tr("新しく申請する"),
            on=lambda: desktop.task_wanted.emit("ask", None),
        )  # fmt: skip
        self.export = Button(tr("記録を書き出す"), small=True, icon_name="export", on=self._export)
        self.tabs = Tabs(
            tr("申請・許可の種類"),
            [
                ("all", tr("すべて")),
                ("open", tr("返事待ち")),
                ("active", tr("有効")),
                ("report", tr("要報告")),
                ("over", tr("終了")),
            ],
        )
        self.model: RowsModel[Entry] = RowsModel(
            (tr("状態"), tr("文書"), tr("取扱い"), tr("期限")), entry_cells, lambda one: one.id
        )
        self.table = Table(self.model, tr("申請・許可の一覧"), (140, 0, 150, 110))
        self.card = PermitCard()
        self._none = EmptyCard(desktop)
        self._lay_out()
        self.tabs.chosen.connect(self._show_part)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.card.withdrawn.connect(self._withdraw)
        self.card.reported.connect(self._report)

    def _lay_out(self) -> None:
        self.table.setMinimumHeight(active().pixels(260))
        left = column(
            self.tabs, row(self.ask, self.export, None, spacing=8), spacing=12,
            margins=(32, 4, 16, 24),
        )  # fmt: skip
        left.addWidget(self.table, 1)
        right = column(self._none, self.card, None, spacing=14, margins=(16, 4, 32, 24))
        columns = Columns(
            Column(panel(left), tr("申請・許可の一覧"), 620),
            Column(panel(right), tr("選んだ申請"), 0),
            room=1000,
            ruled=False,
        )
        even_margins(columns, left, right)
        top = column(
            head(tr("申請・許可"), Pills(self.desktop)), self.banner, spacing=10,
            margins=(32, 26, 32, 8),
        )  # fmt: skip
        whole = column(top, spacing=0)
        whole.addWidget(columns, 1)
        self.setLayout(whole)

    @property
    def first(self) -> QWidget:
        """Where the page begins for the keyboard: the list, or the button to ask."""
        return self.table if self.model.rows or not self._read_once else self.ask

    def shown(self) -> None:
        """Read all of them anew, and take what was answered for seen."""
        from meti_desk.ui.main.notices import take_as_seen

        desk = self.desktop.desk

        def work(_job: object) -> PermitsView:
            view = desk.permits.view()
            take_as_seen(desk, view)
            return view

        self.desktop.ask(self, work, self._show, self.banner)

    def _show(self, view: PermitsView) -> None:
        self._read_once = True
        noted = tuple(one for one in view.noted if one.mine)
        self._entries = tuple(
            sorted((*view.mine, *noted), key=lambda one: part_of(one) != "report")
        )
        for key in ("open", "active", "report", "over"):
            self.tabs.count(key, sum(part_of(one) == key for one in self._entries))
        self.ask.setEnabled(view.enrolled)
        self.export.setEnabled(bool(view.mine))
        self._none.tell(enrolled=view.enrolled, any_there=bool(self._entries))
        self._show_part(self.tabs.value)
        self.desktop.waiting_changed.emit()

    def _show_part(self, key: str) -> None:
        rows = [one for one in self._entries if key in {"all", part_of(one)}]
        self.model.show_rows(rows)
        place = self.model.place_of(self._chosen)
        if rows:
            self.table.selectRow(max(0, place))
        else:
            says = tr("ここには何もありません。") if self._entries else ""
            self.card.show_nothing(says)
        set_reading_order(self)

    def _choose(self, current: QModelIndex) -> None:
        if not current.isValid():
            return
        one = self.model.rows[current.row()]
        self._chosen = one.id
        if isinstance(one, PermitRow):
            self.card.show_permit(one)
        else:
            self.card.show_noted(one)

    def show_one(self, permit_id: str) -> None:
        """Choose one of them as soon as they are listed."""
        self._chosen = permit_id
        self.tabs.show_value("all")
        self.shown()

    def _change(self, work: "Callable[[object], PermitRow]", said: str) -> None:
        def done(one: PermitRow) -> None:
            self._chosen = one.id
            self.shown()
            self.table.setFocus()  # what was pressed is gone
            self.banner.tell(Told(said), "well")

        self.desktop.ask(self, work, done, self.banner)

    def _withdraw(self, permit_id: str) -> None:
        area = self.desktop.desk.permits
        self._change(lambda _job: area.withdraw(permit_id), tr("申請を取り下げました。"))

    def _report(self, permit_id: str, text: str) -> None:
        area = self.desktop.desk.permits
        self._change(
            lambda _job: area.report(permit_id, text),
            tr("終了を報告しました。次の同期で責任者に届きます。"),
        )

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("許可の記録の書き出し先"), "許可の記録.docx", "Word (*.docx);;CSV (*.csv)"
        )
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write the records (Arts. 77-2, 77-6) and say where they lie."""
        area = self.desktop.desk.permits

        def done(written: Path) -> None:
            self.banner.tell(Told(tr("書き出しました。"), str(written)), "well")

        self.desktop.ask(self, lambda _job: area.record(Path(path)), done, self.banner)
