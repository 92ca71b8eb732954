"""元の文書と、作られた文書: the picture with what is known of the chosen document beside it."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.messages import LineageNode, LineageView
from meti_desk.ui.icons import IconMark
from meti_desk.ui.lineage.canvas import Canvas
from meti_desk.ui.lineage.export import export
from meti_desk.ui.lineage.layout import Picture, lay_out
from meti_desk.ui.lineage.words import facts, title_of
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import Told, confidentiality, told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, empty, panel, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.order import set_reading_order

_STEP = 1.25
_AROUND = 20
"""Pixels around the picture."""


class LineagePage(Page):
    """Sources at the left, what was made at the right; each document can be looked at."""

    left = Signal()

    def __init__(self, desktop: Desktop, document: str) -> None:
        super().__init__(desktop)
        self._document = document
        self.picture: Picture | None = None
        self.canvas = Canvas()
        self._title = Text(tr("元の文書と作られた文書"), "h1")
        self._count = Text("", "small", wrap=False)
        self._percent = Text("", "small", wrap=False)
        self._detail = QVBoxLayout()
        self._detail.setSpacing(8)
        self.save = Button(tr("図を保存する"), small=True, icon_name="export", on=self._save)
        self._lay_out()
        self.canvas.chosen.connect(self._tell)
        self.canvas.shown.connect(self._reveal)

    def _lay_out(self) -> None:
        back = Button(tr("戻る"), "quiet", small=True, on=self.left.emit)
        top = row(IconMark("branch", "primary", 24), spacing=14, margins=(28, 14, 28, 14))
        top.addWidget(self._title, 1)
        top.addWidget(self._count)
        top.addWidget(back)
        aside = panel(column(self._detail, None, spacing=8, margins=(20, 20, 20, 20)), "subtle")
        holder = panel(
            column(None, row(None, self.canvas, None), None, margins=(8, 8, 8, 8)), "page"
        )
        self._columns = Columns(
            Column(holder, tr("図"), 0, "page"),
            Column(aside, tr("選んだ文書"), 340, "subtle"),
            room=760,
        )
        banner = banner_line(self.banner)
        whole = column(panel(top, "page"), banner, rule(), self._tools(), rule(), spacing=0)
        whole.addWidget(self._columns, 1)
        self.setLayout(whole)

    def _tools(self) -> QWidget:
        legend = row(spacing=8)
        for level, tone in ((1, ""), (2, "primary"), (3, "danger"), (None, "warning")):
            legend.addWidget(tag(confidentiality(level), tone))
        legend.addWidget(Text(tr("点線：記録にない文書・循環"), "small"), 1)
        zoom: QBoxLayout = row(spacing=8)
        smaller = Button("－", small=True, name=tr("縮小する"), on=lambda: self._zoom(1 / _STEP))
        larger = Button("＋", small=True, name=tr("拡大する"), on=lambda: self._zoom(_STEP))
        whole = Button(tr("全体を見る"), small=True, on=self.fit)
        for one in (smaller, self._percent, larger, whole, self.save):
            zoom.addWidget(one)
        margins = (28, 8, 28, 8)
        if active().scale > _STEP:
            return panel(column(legend, row(zoom, None), spacing=8, margins=margins), "page")
        return panel(row(legend, None, zoom, spacing=16, margins=margins), "page")

    def shown(self) -> None:
        """Ask for the documents around the one that is looked at."""
        desk, document = self.desktop.desk, self._document
        self.desktop.ask(self, lambda _job: desk.lineage(document), self.show_view, self.banner)

    def show_view(self, view: LineageView) -> None:
        """Draw another view."""
        self.picture = lay_out(view)
        self._document = view.root
        self.canvas.show_picture(self.picture)
        self._count.setText(tr("{n}件の文書", n=len(view.nodes)))
        self._tell(view.root)
        set_reading_order(self)
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        """Begin with the whole picture, at 100 % where it fits, and at the document asked for."""
        self.fit()
        node = next((n for n in self.canvas.nodes if n.placed.node.id == self._document), None)
        if node is not None:
            node.setFocus(Qt.FocusReason.OtherFocusReason)
            self._columns.reveal(node, middle=True)

    def fit(self) -> None:
        """Show the whole picture."""
        scroll = next(iter(self._columns.scrolls), None)
        if scroll is not None:
            self.canvas.fit(scroll.viewport().size() - QSize(_AROUND, _AROUND))
        self._show_zoom()

    def _zoom(self, factor: float) -> None:
        self.canvas.set_zoom(self.canvas.zoom * factor)
        self._show_zoom()

    def _show_zoom(self) -> None:
        self._percent.setText(tr("{n}%", n=round(self.canvas.zoom * 100)))

    def _reveal(self, node: QWidget) -> None:
        self._columns.reveal(node)

    def _tell(self, document: str) -> None:
        placed = self.picture.at(document) if self.picture is not None else None
        empty(self._detail)
        if placed is None:
            return
        node = placed.node
        self._detail.addWidget(Text(title_of(node), "h2"))
        for name, value in facts(node):
            self._detail.addLayout(column(Text(name, "small"), Text(value, "body"), spacing=0))
        if not node.known:
            says = tr(
                "この文書の記録はここにありません。ほかの端末で決められたか、まだ開いていません。"
            )
            self._detail.addWidget(Text(says, "small"))
        for button in self._buttons(node):
            self._detail.addWidget(button)
        set_reading_order(self)

    def _buttons(self, node: LineageNode) -> list[Button]:
        title = title_of(node)
        made: list[Button] = []
        if node.known and node.id != self._document:
            name = tr("{name}を中心に見る", name=title)
            made.append(
                Button(tr("この文書を中心に見る"), small=True, name=name, on=lambda: self._go(node))
            )
        if node.path:
            name = tr("{name}を開く", name=title)
            made.append(
                Button(
                    tr("格付して保護で開く"),
                    small=True,
                    name=name,
                    on=lambda: self.desktop.files_wanted.emit([node.path]),
                )
            )
        return made

    def _go(self, node: LineageNode) -> None:
        self._document = node.id
        self.shown()

    def _save(self) -> None:
        kinds = "PNG (*.png);;PDF (*.pdf);;SVG (*.svg)"
        name = f"{tr('元の文書と作られた文書')}.png"
        path, _ = QFileDialog.getSaveFileName(self, tr("図の保存先"), name, kinds)
        if path:
            self.export_to(path)

    def export_to(self, path: str) -> None:
        """Write the picture to a file and say where it lies."""
        if self.picture is None:
            return
        root = self.picture.at(self.picture.root)
        try:
            export(self.picture, path, title_of(root.node) if root is not None else "")
        except MetiDeskError as error:
            self.banner.tell(told(error))
        else:
            self.banner.tell(Told(tr("書き出しました。"), path), "well")
