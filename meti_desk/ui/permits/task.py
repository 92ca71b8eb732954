"""許可を申請する as a task: the form, then what became of the request."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.messages import ClassifyRequest, DoneFile
from meti_desk.services.permit_messages import AskRequest, PermitRow
from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.above import enter
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.permits.ask import AskPage
from meti_desk.ui.permits.wish import Wish
from meti_desk.ui.permits.words import state_word, wish_facts
from meti_desk.ui.strings import told, tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.facts import Facts
from meti_desk.ui.widgets.foot import banner_line
from meti_desk.ui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from meti_desk.services.syncing import SyncView
    from meti_desk.ui.jobs import Job


class AskedPage(Page):
    """The request as it waits; it can be sent at once, else it goes with the next sync."""

    left = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._state = Text("", "strong")
        self._says = Text("", "small")
        self._facts = Facts()
        self.send = Button(tr("今すぐ同期する"), icon_name="export", on=self._send)
        self.see = Button(tr("申請・許可を見る"), on=self._see)
        top = row(
            IconMark("stamp", "primary", 24), Text(tr("申請しました"), "h1", wrap=False), None,
            spacing=14, margins=(28, 14, 28, 14),
        )  # fmt: skip
        line = row(IconMark("clock", "warning", 20, "warning-soft"), spacing=14)
        line.addLayout(column(self._state, self._says, spacing=2), 1)
        line.addWidget(self.send)
        inner = column(
            card(column(line, margins=(20, 16, 20, 16))),
            card(column(self._facts, margins=(20, 18, 20, 18))),
            None, spacing=14, margins=(28, 20, 28, 24),
        )  # fmt: skip
        bottom = row(
            None, self.see, Button(tr("戻る"), "primary", on=self.left.emit), spacing=12,
            margins=(28, 14, 28, 14),
        )  # fmt: skip
        whole = column(panel(top, "page"), banner_line(self.banner), rule(), spacing=0)
        whole.addWidget(Scroll(panel(inner), tr("申請しました")), 1)
        whole.addWidget(rule())
        whole.addWidget(panel(bottom, "page"))
        self.setLayout(whole)

    def show_permit(self, one: PermitRow) -> None:
        """Show the request."""
        self._state.tell(state_word(one))
        self._says.tell(
            tr("次の同期で責任者に届きます。許可されるまでは、この取扱いはできません。")
        )
        self._facts.show_facts(wish_facts(one))

    def _send(self) -> None:
        area = self.desktop.desk.syncing

        def done(_view: "SyncView") -> None:
            self.send.hide()
            self.see.setFocus()
            self._state.tell(tr("申請中"))
            self._says.tell(tr("送りました。回答が届くと「申請・許可」とホームで知らせます。"))
            self.desktop.waiting_changed.emit()

        self.desktop.ask(self, lambda _job: area.sync(), done, self.banner)

    def _see(self) -> None:
        self.left.emit()
        self.desktop.page_wanted.emit("permits")


class AskTask(QStackedWidget):
    """Asks, then tells how it stands; `left` leads back to where it was opened."""

    left = Signal()

    def __init__(self, desktop: Desktop, wish: Wish) -> None:
        super().__init__()
        self._desktop = desktop
        self.page, self.done = AskPage(desktop, wish), AskedPage(desktop)
        self.first = self.page.reason.edit if wish.paths else None
        """What is left to fill in where the files and the act are known already."""
        for one in (self.page, self.done):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.asked.connect(self._ask)
        self.done.left.connect(self.left)

    def _ask(self, request: AskRequest) -> None:
        desk, order = self._desktop.desk, self.page.label_first()
        self.page.go.setEnabled(False)

        def work(job: "Job") -> PermitRow | DoneFile:
            # Without a server nothing is written either; which articles it needs, and who decides
            # them, is known only once the label is there.
            if order is not None and desk.permits.view().enrolled:
                done = desk.classify(order, job)
                wrong = next((one for one in done.files if one.error is not None), None)
                if wrong is not None:
                    return wrong
                labelled.append(order)
            return desk.permits.ask(request)

        def asked(answer: PermitRow | DoneFile) -> None:
            if isinstance(answer, DoneFile):
                self._not_labelled(answer)
                return
            self.done.show_permit(answer)
            self.setCurrentWidget(self.done)
            enter(self.done)
            self._desktop.waiting_changed.emit()

        def failed(_error: Exception) -> None:
            self.page.go.setEnabled(True)
            self.page.banner.take_focus()
            if labelled:
                self.page.show_labelled()

        labelled: list[ClassifyRequest] = []
        self._desktop.ask(self, work, asked, self.page.banner, failed)

    def _not_labelled(self, file: DoneFile) -> None:
        """Say why a document got no label; nothing was asked for."""
        if file.error is None:
            return
        said = told(file.error)
        name = tr("{name}：{cause}", name=Path(file.path).name, cause=said.cause)
        self.page.go.setEnabled(True)
        self._desktop.show_error(self.page.banner, said._replace(cause=name))
        self.page.banner.take_focus()
