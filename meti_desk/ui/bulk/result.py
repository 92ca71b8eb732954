"""What became of many files: counted, listed, filtered by outcome, each with its reason."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from meti_desk.services.messages import Done
from meti_desk.ui.bulk.model import ALL, CANCELLED, OUTCOMES, REFUSED, ResultModel, outcome_word
from meti_desk.ui.bulk.model import reason as reason_of
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, empty, panel, row
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll
from meti_desk.ui.widgets.table import Table

_LEAST_TABLE = 200


class BulkResult(QWidget):
    """The table, and ways on: go on where it was cancelled, open the report, back home."""

    finished = Signal()
    resumed = Signal()
    opened = Signal(str)
    """The path of a file that is to be decided by itself."""

    def __init__(self, opener: Callable[[str], None] = open_place) -> None:
        super().__init__()
        self._open = opener
        self._report = ""
        self.model = ResultModel()
        self._mark = IconMark("check", "success", 24, "success-soft")
        self._title = Text("", "h1")
        self._filters = QHBoxLayout()
        self.filter: Segmented | None = None
        self.table = Table(self.model, tr("ファイルごとの結果"), (300, 120, 250, 0))
        self.table.setMinimumHeight(active().pixels(_LEAST_TABLE))
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        self._detail = Text(tr("行を選ぶと、くわしい内容を示します。"), "small")
        self.open = Button(tr("この文書を開く"), small=True, on=self._open_row)
        self.open.setEnabled(False)
        self._where = Elided("", "small")
        self._csv = Button(tr("CSVを開く"), small=True, on=lambda: self._open(self._report))
        self._report_line = panel(row(spacing=12))
        self.go_on = Button(tr("続きを行う"), icon_name="check", on=self.resumed.emit)
        self._home = Button(tr("ホームへ"), "primary", on=self.finished.emit)
        self._lay_out()

    def _lay_out(self) -> None:
        line = self._report_line.layout()
        if isinstance(line, QHBoxLayout):
            line.addWidget(Text(tr("結果のCSV"), "strong", wrap=False))
            line.addWidget(self._where, 1)
            line.addWidget(self._csv)
        top = row(self._mark, spacing=16, margins=(0, 0, 0, 8))
        top.addWidget(self._title, 1)
        inside = column(top, self._filters, spacing=12, margins=(32, 26, 32, 8))
        inside.addWidget(self.table, 1)
        told = row(spacing=12, margins=(16, 10, 16, 10))
        told.addWidget(self._detail, 1)
        told.addLayout(column(None, self.open, None))
        inside.addWidget(card(told))
        inside.addWidget(self._report_line)
        whole = column(spacing=0)
        whole.addWidget(Scroll(panel(inside), tr("結果")), 1)
        whole.addLayout(row(None, self.go_on, self._home, spacing=12, margins=(32, 12, 32, 20)))
        self.setLayout(whole)

    def show_done(self, done: Done) -> None:
        """Show the rows of a run."""
        counted = self.model.show_rows(done.files)
        total, bad, left = len(done.files), counted[REFUSED], counted[CANCELLED]
        if left:
            self._mark.show_icon("alert", "warning", "warning-soft")
            self._title.setText(
                tr("中止しました（{total}件のうち{n}件が残っています）", total=total, n=left)
            )
        elif bad:
            self._mark.show_icon("alert", "danger", "danger-soft")
            self._title.setText(tr("{total}件のうち{n}件ができませんでした", total=total, n=bad))
        else:
            self._mark.show_icon("check", "success", "success-soft")
            self._title.setText(tr("終わりました（{n}件）", n=total))
        self._offer_filters(total, counted)
        self._detail.setText(tr("行を選ぶと、くわしい内容を示します。"))
        self._report = done.report
        self._where.setText(done.report)
        self._where.setToolTip(done.report)
        self._report_line.setVisible(bool(done.report))
        self.go_on.setVisible(bool(left))
        (self.go_on if left else self._home).setFocus()
        set_reading_order(self)

    def _offer_filters(self, total: int, counted: dict[str, int]) -> None:
        empty(self._filters)
        options = [(ALL, total), *((name, counted.get(name, 0)) for name in OUTCOMES)]
        self.filter = Segmented(
            tr("示す結果"),
            [
                (name, tr("{word} {n}件", word=outcome_word(name), n=count))
                for name, count in options
                if count or name == ALL
            ],
            small=True,
        )
        self.filter.set_value(ALL)
        self.filter.chosen.connect(lambda name: self.model.filter(str(name)))
        self._filters.addWidget(self.filter)
        self._filters.addStretch(1)

    def _open_row(self) -> None:
        entry = self.model.row(self.table.currentIndex().row())
        if entry is not None:
            self.opened.emit(entry.path)

    def _chosen(self, current: QModelIndex) -> None:
        entry = self.model.row(current.row())
        self.open.setEnabled(entry is not None)
        if entry is None:
            return
        made = "、".join(Path(one).name for one in entry.out)
        lines = (
            entry.path,
            reason_of(entry),
            tr("結果：{where}", where=made) if made else "",
        )
        self._detail.setText("\n".join(filter(None, lines)))
