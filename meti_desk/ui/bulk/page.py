"""まとめて格付: how many files, how many have a label already, and one decision for them."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout

from meti_desk.services.messages import ClassifyRequest, RestrictionOffer
from meti_desk.ui.bulk.counting import Counting, Counts
from meti_desk.ui.classify.draft import Draft
from meti_desk.ui.classify.label_panel import LabelPanel
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import PlacePill
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.order import set_reading_order

_PAUSE = 200
_NAMED = 6
"""Folders that are named; the others are counted."""
OPEN, ALL = "open", "all"


class BulkPage(Page):
    """One decision for many files; each is still looked at alone, and refused where it must be."""

    left = Signal()
    started = Signal(object)
    """The order, as `ClassifyRequest`."""

    def __init__(self, desktop: Desktop, given: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._given = given
        self.draft = Draft(())
        self.label = LabelPanel(self.draft, proposing=False)
        self.which = Segmented(
            tr("対象"), [(OPEN, tr("格付のないものだけ")), (ALL, tr("すべて"))], small=True
        )
        self.which.set_value(OPEN)
        self.report = Check(tr("結果をCSVに保存する"))
        self.resume = Check(tr("前に済んだ分を飛ばす"))
        self._count = Text("", "small", wrap=False)
        self._found = Text(tr("数えています…"), "h2")
        self._labelled = Text("", "body")
        self._places = Text("", "small")
        self._csv = Elided(self._report_path(), "small")
        self._note = Text("", "small")
        self._go = Button(tr("まとめて格付する"), "primary", on=self._start)
        self._counting = Counting(desktop, self.banner, self._counted)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask_mark)
        self._lay_out()
        self.label.changed.connect(self._changed)
        self.report.toggled.connect(self._show_state)
        self._show_state()

    def _lay_out(self) -> None:
        top = row(
            IconMark("shield", "primary", 24),
            Text(tr("まとめて格付"), "h1", wrap=False),
            self._count,
            None,
            PlacePill(self.desktop),
            spacing=14,
            margins=(28, 14, 28, 14),
        )
        columns = Columns(
            Column(panel(self._aside()), tr("ファイル"), 360, "subtle"),
            Column(self.label, tr("格付"), 0, "page"),
            room=900,
        )
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addWidget(self._note, 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self._leave))
        bottom.addWidget(self._go)
        banner = banner_line(self.banner)
        whole = column(panel(top, "page"), banner, rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _aside(self) -> QVBoxLayout:
        change = Button(tr("変える"), "link", name=tr("CSVの保存先を変える"), on=self._change)
        self._csv_line = panel(row(spacing=8))
        line = self._csv_line.layout()
        if isinstance(line, QHBoxLayout):
            line.addWidget(self._csv, 1)
            line.addWidget(change)
        says = Text(
            tr(
                "同じ格付でよいファイルだけを選んでください。元の文書や表示からもっと高い格付が要るもの、ほかの人が決めたものは、理由とともに断られ、変わりません。"
            ),
            "small",
        )
        counted = card(
            column(self._found, self._labelled, self._places, spacing=4, margins=(16, 14, 16, 14))
        )
        return column(
            Text(tr("ファイル"), "h2"),
            counted,
            6,
            Text(tr("対象"), "h3"),
            self.which,
            self.resume,
            6,
            Text(tr("記録"), "h3"),
            self.report,
            self._csv_line,
            6,
            says,
            None,
            spacing=8,
            margins=(24, 24, 24, 24),
        )

    def shown(self) -> None:
        """List the files and count which have a label already."""
        desk, given = self.desktop.desk, self._given
        self.desktop.ask(self, lambda _job: desk.restrictions(), self._offered, self.banner)
        self.desktop.ask(self, lambda _job: desk.files_in(given), self._listed, self.banner)

    def _offered(self, offers: tuple[RestrictionOffer, ...]) -> None:
        self.label.offer(offers)
        self.label.show_draft()
        set_reading_order(self)

    def _listed(self, paths: tuple[str, ...]) -> None:
        self.draft.paths = paths
        self._count.setText(tr("{n}件のファイル", n=len(paths)))
        folders = list(dict.fromkeys(str(Path(one).parent) for one in paths))
        more = len(folders) - _NAMED
        named = [Path(one).name or one for one in folders[:_NAMED]]
        tail = [tr("ほか{n}個のフォルダ", n=more)] if more > 0 else []
        self._places.setText("\n".join((*named, *tail)))
        self._show_state()
        self._counting.begin(paths)

    def _counted(self, counts: Counts) -> None:
        self._found.setText(tr("{n}件", n=counts.total))
        lines = [
            tr("格付あり {n}件", n=counts.labelled),
            tr("格付なし {n}件", n=counts.open),
        ]
        if counts.unread:
            lines.append(tr("読めない {n}件", n=counts.unread))
        if counts.seen < counts.total:
            lines.append(tr("（{n}件まで確かめました）", n=counts.seen))
        self._labelled.setText("　".join(lines))

    def _changed(self) -> None:
        self._show_state()
        self._pause.start()

    def _ask_mark(self) -> None:
        if self.draft.c is None:
            return
        desk, request = self.desktop.desk, self.draft.classify_request()
        self.desktop.ask(
            self, lambda _job: desk.preview_mark(request), self.label.show_mark, self.banner
        )

    def _show_state(self) -> None:
        draft = self.draft
        self._csv_line.setVisible(self.report.isChecked())
        self._go.setEnabled(draft.label_complete)
        if not draft.paths:
            said = tr("ファイルが見つかりません。") if self._count.text() else ""
        elif draft.c is None:
            said = tr("機密性を選んでください。")
        elif not draft.label_complete:
            said = tr("理由を書いてください。")
        else:
            said = tr("一件ずつ確かめて置き換えます。途中で中止しても、済んだ分は残ります。")
        self._note.setText(said)

    def _report_path(self) -> str:
        first = Path(self._given[0]) if self._given else Path.home()
        return str(first.parent / tr("格付の結果.csv"))

    def _change(self) -> None:
        start = self._csv.text()
        path, _ = QFileDialog.getSaveFileName(self, tr("CSVの保存先"), start, "CSV (*.csv)")
        if path:
            self._csv.setText(path)
            self._csv.setToolTip(path)

    def _leave(self) -> None:
        self._counting.stop()
        self.left.emit()

    def order(self) -> ClassifyRequest:
        """Give the decision as a request."""
        return msgspec.structs.replace(
            self.draft.classify_request(),
            undecided_only=self.which.value == OPEN,
            resume=self.resume.isChecked(),
            report=self._csv.text() if self.report.isChecked() else "",
        )

    def _start(self) -> None:
        self._counting.stop()
        self.started.emit(self.order())
