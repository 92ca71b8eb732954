"""開く: which files, and by what: a password, or the own key with its password or PIN."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.services.protect_messages import OpenRequest
from meti_desk.ui.findings.documents import NamesModel
from meti_desk.ui.findings.look import folder_for
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.recipients.own_key import OwnKeyCard
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button, Segmented
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from meti_desk.services.own_key import OwnKeyView

FOLDER = "取り出し"


class OpenPage(Page):
    """Originals stay; what comes out lies in a folder of its own."""

    left = Signal()
    started = Signal(object)
    """The order, as `OpenRequest`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._out = ""
        self._kind = ""
        self.names = NamesModel()
        self.files = Table(self.names, tr("ファイル"), (0,))
        self.files.horizontalHeader().hide()  # its one head stands above it as a title
        self.way = Segmented(
            tr("開き方"), [("password", tr("パスワード")), ("key", tr("自分の鍵"))], small=True
        )
        self.secret = Field(tr("パスワード"), secret=True)
        self.own = OwnKeyCard(desktop, self.banner)
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self._go = Button(tr("開いて取り出す"), "primary", on=self._start)
        self.way.set_value("password")
        self.setAcceptDrops(True)
        self._lay_out()
        self.way.chosen.connect(self._changed)
        self.secret.edit.textChanged.connect(self._changed)
        self.secret.edit.returnPressed.connect(self._start)
        self.own.changed.connect(self._own)
        self.add(list(paths))
        self.own.shown()

    def _lay_out(self) -> None:
        top = row(
            IconMark("lock", "primary", 24), Text(tr("保護したファイルを開く"), "h1", wrap=False),
            None, spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        self.files.setFixedHeight(active().pixels(130))
        self.adding = Button(tr("ファイルを加える"), "link", icon_name="plus", on=self._add_files)
        clear = Button(tr("一覧を空にする"), "link", on=self._clear)
        first = card(
            column(
                Text(tr("ファイル"), "h2"), self.files, row(self.adding, None, clear),
                spacing=8, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        second = card(
            column(
                Text(tr("開き方"), "h2"), row(self.way, None), self.secret,
                spacing=10, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        inner = panel(column(first, second, self.own, None, spacing=16, margins=(28, 20, 28, 24)))
        self._place: QWidget = place_line(self._where, self._change)
        bottom = row(spacing=12, margins=(28, 14, 28, 14))
        bottom.addLayout(column(None, self._note, self._place, None, spacing=0), 1)
        bottom.addWidget(Button(tr("やめる"), "quiet", on=self.left.emit))
        bottom.addWidget(self._go)
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(inner, tr("保護したファイルを開く")), 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def add(self, paths: list[str]) -> None:
        """Take more files."""
        self.names.show_paths(tuple(dict.fromkeys((*self.names.paths, *paths))))
        self._changed()
        set_reading_order(self)

    @property
    def out_folder(self) -> str:
        """Give the folder for what comes out: the one chosen, or one beside the first file."""
        return self._out or folder_for(self.names.paths, FOLDER)

    def order(self) -> OpenRequest:
        """Give what is chosen as a request."""
        typed = self.secret.edit.text()  # white space belongs to a password
        by_key = self.way.value == "key"
        return OpenRequest(
            paths=self.names.paths,
            out=self.out_folder,
            password="" if by_key else typed,
            own_key=by_key,
            key_password=typed if by_key else "",
        )

    def forget(self) -> None:
        """Let go of what was typed."""
        self.secret.edit.clear()

    def _own(self, held: "OwnKeyView") -> None:
        self._kind = held.kind
        self._changed()

    def _changed(self) -> None:
        by_key = self.way.value == "key"
        ask = {"card": tr("カードの暗証番号（PIN）"), "p12": tr("鍵ファイルのパスワード")}
        self.secret.relabel(
            ask.get(self._kind, tr("鍵のパスワード")) if by_key else tr("パスワード")
        )
        self.own.setVisible(by_key)
        there, typed = bool(self.names.paths), bool(self.secret.edit.text())
        ready = there and (bool(self._kind) if by_key else typed)
        self._go.setEnabled(ready)
        self._where.setText(self.out_folder)
        self._where.setToolTip(self.out_folder)
        self._place.setVisible(there)
        if not there:
            note = tr("ファイルを置くか、「ファイルを加える」で選んでください。")
        elif by_key and not self._kind:
            note = tr("自分の鍵を選んでください。")
        elif not ready:
            note = tr("パスワードを入力してください。")
        else:
            note = tr("改ざんがないことを確かめてから取り出します。元のファイルは変わりません。")
        self._note.setText(note)

    def _start(self) -> None:
        if self._go.isEnabled():
            self.started.emit(self.order())

    def begin_anew(self) -> None:
        """Empty the list and let the person choose other files at once."""
        self._clear()
        self.adding.setFocus()

    def _clear(self) -> None:
        self.names.show_paths(())
        self._changed()

    def _add_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("開くファイルを選ぶ"))
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
