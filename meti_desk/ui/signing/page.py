"""署名する: which files, by whose key, why, and where the stamp of a PDF is seen."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.signing_messages import SignRequest
from meti_desk.ui.findings.documents import NamesModel
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.recipients.own_key import OwnKeyCard
from meti_desk.ui.signing.place import StampPanel
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.elided import Elided
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.foot import banner_line, place_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from meti_desk.services.own_key import OwnKeyView


class SignPage(Page):
    """The originals stay as they are."""

    left = Signal()
    started = Signal(object)
    """The order, as `SignRequest`."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._out = self._kind = self._name = ""
        self.names = NamesModel()
        self.files = Table(self.names, tr("ファイル"), (0,))
        self.files.horizontalHeader().hide()  # its one head stands above it as a title
        self.own = OwnKeyCard(desktop, self.banner)
        self.secret = Field(tr("鍵のパスワード"), secret=True)
        self.reason = Field(tr("署名の理由（任意）"), hint=tr("例：承認します"))
        self.stamp = StampPanel(desktop, self.banner, self._stamp_lines)
        self._where = Elided("", "small")
        self._note = Text("", "small")
        self._go = Button(tr("署名する"), "primary", on=self._start)
        self.setAcceptDrops(True)
        self._lay_out()
        self.own.changed.connect(self._own)
        self.stamp.changed.connect(self._changed)
        for one in (self.secret, self.reason):
            one.edit.textChanged.connect(self._changed)
            one.edit.returnPressed.connect(self._start)
        self.add(list(paths))
        self.own.shown()

    def _lay_out(self) -> None:
        top = row(
            IconMark("key", "primary", 24), Text(tr("電子署名を付ける"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        columns = Columns(
            Column(panel(self._main()), tr("電子署名を付ける"), 0, "page"),
            Column(self.stamp, tr("署名欄"), 420, "subtle"),
            room=1040,
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

    def _main(self) -> QVBoxLayout:
        self.files.setFixedHeight(active().pixels(132))
        self.adding = Button(tr("ファイルを加える"), "link", icon_name="plus", on=self._add_files)
        clear = Button(tr("一覧を空にする"), "link", on=self._clear)
        says = Text(
            tr("PDFには、中に署名を付けます。ほかのファイルは変えず、横に署名（.p7s）を作ります。"),
            "small",
        )
        first = card(
            column(
                Text(tr("ファイル"), "h2"), self.files, row(self.adding, None, clear), says,
                spacing=8, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        second = card(column(self.secret, self.reason, spacing=12, margins=(20, 16, 20, 16)))
        return column(first, self.own, second, None, spacing=16, margins=(28, 20, 28, 24))

    def add(self, paths: list[str]) -> None:
        """Take more files."""
        self.names.show_paths(tuple(dict.fromkeys((*self.names.paths, *paths))))
        self._listed()

    def _listed(self) -> None:
        pdfs = [one for one in self.names.paths if Path(one).suffix.lower() == ".pdf"]
        self.stamp.show_document(pdfs[0] if pdfs else "")
        self._changed()
        set_reading_order(self)

    def order(self) -> SignRequest:
        """Give what is chosen as a request."""
        return SignRequest(
            paths=self.names.paths,
            secret=self.secret.edit.text(),  # white space belongs to a password
            out=self._out,
            reason=self.reason.text,
            place=self.stamp.place,
        )

    def forget(self) -> None:
        """Let go of the password or PIN that was typed."""
        self.secret.edit.clear()

    def _stamp_lines(self) -> tuple[str, ...]:
        from meti_desk.services.signing_pdf import stamp_lines

        now = datetime.now().astimezone()
        return stamp_lines(self._name or tr("（署名者）"), now, self.reason.text)

    def _own(self, held: "OwnKeyView") -> None:
        self._kind = held.kind
        self._name = held.certificate.name if held.certificate is not None else ""
        ask = {"card": tr("カードの暗証番号（PIN）"), "p12": tr("鍵ファイルのパスワード")}
        self.secret.relabel(ask.get(self._kind, tr("鍵のパスワード")))
        self._changed()

    def _changed(self) -> None:
        there, typed = bool(self.names.paths), bool(self.secret.edit.text())
        self._go.setEnabled(there and bool(self._kind) and typed)
        where = self._out or tr("元のファイルと同じフォルダ")
        self._where.setText(where)
        self._where.setToolTip(where)
        self._place.setVisible(there)
        if not there:
            note = tr("ファイルを置くか、「ファイルを加える」で選んでください。")
        elif not self._kind:
            note = tr("自分の鍵を選んでください。")
        elif not typed:
            note = tr("鍵のパスワード又は暗証番号を入力してください。")
        else:
            note = tr("原本は変わりません。署名した後は、格付や内容を変えられません。")
        self._note.setText(note)
        self.stamp.refresh()

    def _start(self) -> None:
        if self._go.isEnabled():
            self.started.emit(self.order())

    def begin_anew(self) -> None:
        """Empty the list and let the person choose other files at once."""
        self._clear()
        self.adding.setFocus()

    def _clear(self) -> None:
        self.names.show_paths(())
        self._listed()

    def _add_files(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("署名するファイルを選ぶ"))
        if paths:
            self.add(paths)

    def _change(self) -> None:
        start = self._out or (str(Path(self.names.paths[0]).parent) if self.names.paths else "")
        folder = QFileDialog.getExistingDirectory(self, tr("保存先のフォルダを選ぶ"), start)
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
