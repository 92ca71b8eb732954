"""保護する: what, to whom, how, where to."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.protect_messages import ProtectRequest
from meti_desk.ui.findings.documents import NamesModel
from meti_desk.ui.findings.look import folder_for
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.protect.how import HowBox
from meti_desk.ui.protect.to import ToBox
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from meti_desk.services.proposing import Proposal

FOLDER = "保護"
_PAUSE = 150


class Order(NamedTuple):
    """A request, and the recipients whose agreed password it is to take."""

    request: ProtectRequest
    agreed: tuple[str, ...] = ()


class ProtectPage(Page):
    """Files at the left; recipients and method at the right."""

    left = Signal()
    started = Signal(object)
    """The order, as `Order`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._out = ""
        self.names = NamesModel()
        self.files = Table(self.names, tr("ファイル"), (0,))
        self.files.horizontalHeader().hide()  # its one head stands above it as a title
        self.to = ToBox()
        self.how = HowBox()
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self._count = Text("", "small", wrap=False)
        self._go = Button(tr("保護する"), "primary", on=self._start)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._propose)
        self.setAcceptDrops(True)
        self._lay_out()
        self.to.changed.connect(self._pause.start)
        self.how.changed.connect(self._changed)
        self.add(list(paths))
        self._read_book()

    def _lay_out(self) -> None:
        top = row(
            IconMark("shield", "primary", 24), Text(tr("保護する"), "h1", wrap=False),
            self._count, None, spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        right = column(self.to, self.how, None, spacing=16, margins=(24, 20, 28, 20))
        columns = Columns(
            Column(panel(self._aside()), tr("ファイル"), 340, "subtle"),
            Column(panel(right), tr("宛先と方法"), 0, "page"),
            room=900,
        )
        self._place: QWidget = place_line(self._where, self._change)
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self.left.emit))
        bottom.addWidget(self._go)
        banner = banner_line(self.banner)
        whole = column(panel(top, "page"), banner, rule(), spacing=0)
        whole.addWidget(columns, 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def _aside(self) -> QVBoxLayout:
        self.files.setMinimumHeight(active().pixels(180))
        self.adding = Button(tr("ファイルを加える"), "link", icon_name="plus", on=self._add_files)
        clear = Button(tr("一覧を空にする"), "link", on=self._clear)
        held = column(Text(tr("ファイル"), "h2"), spacing=8, margins=(20, 20, 20, 20))
        held.addWidget(self.files, 1)
        held.addLayout(row(self.adding, None, clear))
        return held

    def _read_book(self) -> None:
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.recipients.list(), self.to.show_book, self.banner)

    def add(self, paths: list[str]) -> None:
        """Take more files."""
        self.names.show_paths(tuple(dict.fromkeys((*self.names.paths, *paths))))
        self._pause.start()
        self._changed()
        set_reading_order(self)

    def _propose(self) -> None:
        self._pause.stop()
        desk, paths, mails = self.desktop.desk, self.names.paths, self.to.mails
        self.desktop.ask(
            self, lambda _job: desk.recipients.propose(paths, mails), self._proposed, self.banner
        )

    def _proposed(self, proposal: "Proposal") -> None:
        self.how.show_proposal(proposal)
        self._changed()
        set_reading_order(self)

    @property
    def out_folder(self) -> str:
        """Give the folder for protected files: the one chosen, or one beside the first file."""
        return self._out or folder_for(self.names.paths, FOLDER)

    def order(self) -> Order:
        """Give what is chosen as an order."""
        how = self.how
        request = ProtectRequest(
            paths=self.names.paths,
            out=self.out_folder,
            method=how.method,
            password=how.password.edit.text() if how.key == "own" else "",
            reason_unlisted=how.reason.text if how.key == "certificate" else "",
            recipients=self.to.mails if how.key == "certificate" else (),
            hide_name=how.hides_name,
        )
        return Order(request, self.to.mails if how.key == "agreed" else ())

    def forget(self) -> None:
        """Let go of what was typed."""
        self.how.password.edit.clear()

    def _changed(self) -> None:
        there = bool(self.names.paths)
        self._count.setText(tr("{n}件のファイル", n=len(self.names.paths)))
        self._where.setText(self.out_folder)
        self._where.setToolTip(self.out_folder)
        self._place.setVisible(there)
        self._go.setEnabled(there and self.how.ready)
        if not there:
            note = tr("ファイルを置くか、「ファイルを加える」で選んでください。")
        elif not self.how.ready:
            note = tr("開けるものを決めてください。")
        else:
            note = tr("開けることを確かめてから渡します。原本は変わりません。")
        self._note.setText(note)

    def _start(self) -> None:
        self.started.emit(self.order())

    def begin_anew(self) -> None:
        """Empty the list and let the person choose other files at once."""
        self._clear()
        self.adding.setFocus()

    def _clear(self) -> None:
        self.names.show_paths(())
        self._pause.start()
        self._changed()

    def _add_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("保護するファイルを選ぶ"))
        if paths:
            self.add(paths)

    def _change(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, tr("保存先のフォルダを選ぶ"), self.out_folder
        )
        if folder:
            self._out = folder
            self._changed()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome more files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them."""
        event.acceptProposedAction()
        self.add(dropped_files(event))
