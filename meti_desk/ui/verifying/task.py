"""署名を確かめる: files are dropped or chosen, each signature gets its card at once."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from meti_desk.services.signing_messages import VerifiedFile
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import label_line, told, tr
from meti_desk.ui.verifying.card import signature_card
from meti_desk.ui.widgets.build import Part, Text, card, column, empty, panel, row, rule, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job


class VerifyTask(Page):
    """Reads only: nothing is written, and nobody on the network is asked."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop)
        self._job: Job | None = None
        self.rows: tuple[VerifiedFile, ...] = ()
        self._count = Text("", "small", wrap=False)
        self._body = QVBoxLayout()
        self._body.setSpacing(12)
        self._add = Button(tr("ファイルを加える"), icon_name="plus", on=self._choose)
        self._clear = Button(tr("一覧を空にする"), "quiet", on=self.clear)
        self._done = Button(tr("終わる"), "primary", on=self.left.emit)
        self.setAcceptDrops(True)
        self._lay_out()
        self._show()
        self.add(list(paths))

    def _lay_out(self) -> None:
        top = row(
            IconMark("check-square", "primary", 24), Text(tr("署名を確かめる"), "h1", wrap=False),
            self._count, None, self._add, spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        inner = panel(column(self._body, None, margins=(28, 20, 28, 24)))
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(inner, tr("署名を確かめた結果")), 1)
        whole.addWidget(rule())
        bottom = row(None, self._clear, self._done, spacing=12, margins=(28, 14, 28, 14))
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def add(self, paths: list[str]) -> None:
        """Verify more files; the newest stand first."""
        if not paths:
            return
        desk, wanted = self.desktop.desk, tuple(dict.fromkeys(paths))
        self._count.setText(tr("確かめています…"))
        self._job = self.desktop.ask(
            self, lambda job: desk.signatures.verify(wanted, "", job), self._found, self.banner,
            lambda _error: self._show(),
        )  # fmt: skip

    def clear(self) -> None:
        """Take all results away."""
        self.rows = ()
        self._show()
        self._add.setFocus()

    def _found(self, found: tuple[VerifiedFile, ...]) -> None:
        anew = {one.path for one in found}
        self.rows = (*found, *(one for one in self.rows if one.path not in anew))
        self.banner.hide()
        self._show()
        self._done.setFocus()

    def _show(self) -> None:
        empty(self._body)
        self._count.setText(tr("{n}件のファイル", n=len(self.rows)) if self.rows else "")
        self._clear.setVisible(bool(self.rows))
        if not self.rows:
            self._body.addWidget(_nothing())
        for one in self.rows:
            self._body.addWidget(_file(one))
        set_reading_order(self)

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, tr("確かめるファイルを選ぶ"))
        if paths:
            self.add(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Verify them."""
        event.acceptProposedAction()
        self.add(dropped_files(event))


def _nothing() -> QWidget:
    says = tr("署名のあるPDFか、署名のファイル（.p7s）とその対象を、ここに置いてください。")
    more = tr("ネットワークには問い合わせません。")
    return card(
        column(Text(says, "body"), Text(more, "small"), spacing=6, margins=(20, 16, 20, 16)), "note"
    )


def _file(one: VerifiedFile) -> QWidget:
    head = row(Text(Path(one.path).name, "h2", wrap=False), spacing=10)
    if one.label is not None and one.label.c is not None:
        head.addWidget(tag(label_line(one.label), "primary"))
    head.addStretch(1)
    parts: list[Part] = [panel(head)]
    if one.content:
        parts.append(Text(tr("署名の対象：{name}", name=Path(one.content).name), "small"))
    if one.error is not None:
        said = told(one.error)
        lines = ((said.cause, "error"), (said.remedy, "body"), (said.article, "small"))
        shown = column(
            *(Text(text, role) for text, role in lines if text), spacing=4, margins=(20, 14, 20, 14)
        )
        parts.append(card(shown, "error"))
    parts += [signature_card(signature) for signature in one.signatures]
    return panel(column(*parts, spacing=8))
