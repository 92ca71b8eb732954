"""分割する: which file, how many parts, how many are needed, and which way each one goes."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.services.splitting_messages import RouteView, SplitRequest
from meti_desk.ui.findings.look import folder_for
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.splitting.routes import Routes
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

FOLDER = "分割"
_COUNTS = (2, 3, 4, 5)
_USUAL = 3


class SplitPage(Page):
    """One file at a time: each set has ways of its own."""

    left = Signal()
    started = Signal(object)
    """The order, as `SplitRequest`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._path = next(iter(paths), "")
        self._out = ""
        self._name = Elided("", "strong")
        self.count = Segmented(tr("分ける数"), [(n, tr("{n}個", n=n)) for n in _COUNTS], small=True)
        self.needed = Segmented(
            tr("戻すのに要る数"),
            [("all", tr("全部")), ("less", tr("一つなくなっても戻せる"))],
            small=True,
        )
        self._meaning = Text("", "small")
        self.routes = Routes()
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self.go = Button(tr("分割する"), "primary", on=self._start)
        self.count.set_value(_USUAL)
        self.needed.set_value("all")
        self.setAcceptDrops(True)
        self._lay_out()
        self.count.chosen.connect(self._count)
        self.needed.chosen.connect(self._need)
        self.routes.changed.connect(self._changed)
        self._count()

    def _lay_out(self) -> None:
        top = row(
            IconMark("branch", "primary", 24), Text(tr("分割する"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        self.choosing = Button(tr("ファイルを選ぶ"), small=True, on=self._choose)
        chosen = row(spacing=12)
        chosen.addWidget(self._name, 1)
        chosen.addWidget(self.choosing)
        first = card(
            column(
                Text(tr("ファイル"), "h2"), chosen, 6,
                Text(tr("分ける数"), "h3"), row(self.count, None), 2,
                Text(tr("戻すのに要る数"), "h3"), row(self.needed, None), self._meaning,
                spacing=8, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        says = Text(
            tr("それぞれの部分を、異なる経路で送ります（第14条第5項）。選んだ経路は記録します。"),
            "small",
        )
        second = column(Text(tr("移送経路"), "h2"), says, self.routes, spacing=8)
        inner = panel(column(first, second, None, spacing=18, margins=(28, 20, 28, 24)))
        self._place: QWidget = place_line(self._where, self._change)
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self.left.emit))
        bottom.addWidget(self.go)
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(inner, tr("分割する")), 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    @property
    def parts(self) -> int:
        """Give how many parts are chosen."""
        return int(str(self.count.value))

    @property
    def threshold(self) -> int:
        """Give how many of them are needed."""
        return self.parts - 1 if self.needed.value == "less" else self.parts

    def order(self) -> SplitRequest:
        """Give what is chosen as a request."""
        return SplitRequest(
            path=self._path,
            out=self._out or folder_for((self._path,), FOLDER),
            parts=self.parts,
            threshold=self.threshold,
            routes=self.routes.values,
        )

    def take(self, paths: list[str]) -> None:
        """Take a file; of several the first."""
        if paths:
            self._path = paths[0]
            self._changed()

    def begin_anew(self) -> None:
        """Let go of the document that is split, and ask for another at once."""
        self._path = ""
        self._changed()
        self.choosing.setFocus()

    def _count(self) -> None:
        if self.parts == min(_COUNTS):
            self.needed.set_value("all")
        self.needed.button("less").setEnabled(self.parts > min(_COUNTS))
        desk, parts = self.desktop.desk, self.parts
        self.desktop.ask(self, lambda _job: desk.splits.routes(parts), self._offer, self.banner)

    def _offer(self, offered: tuple[RouteView, ...]) -> None:
        self.routes.show_routes(offered, self.parts, self.threshold)
        self._changed()
        set_reading_order(self)

    def _need(self) -> None:
        self.routes.set_needed(self.threshold)
        self._changed()

    def _changed(self) -> None:
        there = bool(self._path)
        self._name.setText(Path(self._path).name if there else tr("まだ選んでいません"))
        self._name.setToolTip(self._name.text())
        if self.needed.value == "less":
            self._meaning.setText(
                tr(
                    "どの{k}個からでも戻せます。それぞれのファイルは、元と同じくらいの大きさに"
                    "なります。",
                    k=self.threshold,
                )
            )
        else:
            self._meaning.setText(
                tr("一つでも欠けると戻せません。一つだけでは、内容も名前も分かりません。")
            )
        where = self.order().out if there else ""
        self._where.setText(where)
        self._where.setToolTip(where)
        self._place.setVisible(there)
        self.go.setEnabled(there and bool(self.routes.rows) and self.routes.well)
        note = (
            tr("原本は変わりません。戻せることを確かめてから、書き出します。")
            if there
            else tr("ファイルを置くか、「ファイルを選ぶ」で選んでください。")
        )
        self._note.setText(note)

    def _start(self) -> None:
        self.started.emit(self.order())

    def _choose(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, tr("分割するファイルを選ぶ"))
        self.take([path] if path else [])

    def _change(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("保存先のフォルダを選ぶ"), self.order().out
        )
        if folder:
            self._out = folder
            self._changed()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome a file."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        event.acceptProposedAction()
        self.take(dropped_files(event))
