"""宛先: the list at the left, one recipient with certificates and password at the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from meti_desk.services.recipient_messages import Imported, ImportRequest, RecipientRequest
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.drop import dropped_files
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.passwords.card import PasswordCard
from meti_desk.ui.recipients.certificates import CertificatesCard
from meti_desk.ui.recipients.form import RecipientForm
from meti_desk.ui.recipients.model import RecipientsModel
from meti_desk.ui.recipients.words import state_word
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import Text, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.columns import Column, Columns
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.table import Table

if TYPE_CHECKING:
    from meti_desk.services.recipient_messages import RecipientView

_PAUSE = 250
_ENDINGS = "*.cer *.crt *.pem *.der *.p7b *.p7c"
_OTHER = "certificate.other-mail"


class RecipientsPage(Page):
    """Search, choose, edit, import by button or drop."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._mail = ""
        self._pending = ""
        self.model = RecipientsModel()
        self.search = Field(tr("宛先を探す（氏名・機関・メール）"), small=True)
        self.table = Table(self.model, tr("宛先の一覧"), (0, 90, 120))
        self.form = RecipientForm()
        self.certificates = CertificatesCard()
        self.password = PasswordCard(desktop, self.banner)
        self.compared = Button(
            tr("電話で確かめたので、取り込む"), small=True, icon_name="check", on=self._compared
        )
        self.compared.hide()
        self._count = Text("", "small", wrap=False)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.shown)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self._show_one(None)

    def _lay_out(self) -> None:
        add = Button(tr("宛先を加える"), small=True, icon_name="plus", on=self._new)
        self.table.setMinimumHeight(active().pixels(200))
        left = column(
            self.search, row(self._count, None, add, spacing=8), spacing=10,
            margins=(32, 4, 16, 24),
        )  # fmt: skip
        left.addWidget(self.table, 1)
        right = column(
            self.form, self.certificates, self.password, None, spacing=14, margins=(16, 4, 32, 24)
        )
        columns = Columns(
            Column(panel(left), tr("宛先の一覧"), 460),
            Column(panel(right), tr("選んだ宛先"), 0),
            room=980,
            ruled=False,
        )
        top = column(
            head(tr("宛先"), Pills(self.desktop)), self.banner, row(self.compared, None),
            spacing=10, margins=(32, 26, 32, 8),
        )  # fmt: skip
        whole = column(top, spacing=0)
        whole.addWidget(columns, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.search.edit.textEdited.connect(self._pause.start)
        self.search.edit.returnPressed.connect(self.shown)
        self.table.selectionModel().currentRowChanged.connect(self._choose)
        self.form.kept.connect(self._keep)
        self.form.removed.connect(self._remove)
        self.certificates.import_wanted.connect(self._ask_file)
        self.certificates.confirmed.connect(self._confirm)
        self.certificates.removed.connect(self._drop_certificate)

    def shown(self) -> None:
        """List what matches the search, each certificate judged anew."""
        self._pause.stop()
        desk, words = self.desktop.desk, self.search.text
        self.desktop.ask(self, lambda _job: desk.recipients.list(words), self._list, self.banner)

    def _list(self, rows: "tuple[RecipientView, ...]") -> None:
        self.model.show_rows(rows)
        self._count.setText(tr("{n}件", n=len(rows)))
        place = self.model.place_of(self._mail)
        if place >= 0:
            self.table.selectRow(place)
        elif rows and not self._mail:
            self.table.selectRow(0)
        set_reading_order(self)

    def _choose(self, current: QModelIndex) -> None:
        if current.isValid():
            self._show_one(self.model.rows[current.row()])

    def _show_one(self, one: "RecipientView | None") -> None:
        """Show a recipient; nothing: the form for a new one."""
        self._mail = one.mail if one else ""
        self.form.show_recipient(one)
        for part in (self.certificates, self.password):
            part.setVisible(one is not None)
        if one is not None:
            self.certificates.show_recipient(one)
            self.password.show_recipient(one.mail)
        set_reading_order(self)

    def _new(self) -> None:
        self.table.clearSelection()
        self._show_one(None)
        self.form.mail.edit.setFocus()

    def _keep(self, request: RecipientRequest) -> None:
        desk = self.desktop.desk
        self.desktop.ask(self, lambda _job: desk.recipients.put(request), self._kept, self.banner)

    def _kept(self, one: "RecipientView") -> None:
        self._changed(one)
        self.banner.tell(Told(tr("宛先を保存しました。"), one.name or one.mail), "well")

    def _changed(self, one: "RecipientView") -> None:
        self._show_one(one)
        self.shown()

    def _remove(self, mail: str) -> None:
        desk = self.desktop.desk

        def done(_: None) -> None:
            self._show_one(None)
            self.shown()
            self.banner.tell(Told(tr("宛先を除きました。"), mail), "well")

        self.desktop.ask(self, lambda _job: desk.recipients.remove(mail), done, self.banner)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("証明書のファイルを選ぶ"), "", tr("証明書 ({endings})", endings=_ENDINGS)
        )
        if path:
            self.take(path)

    def take(self, path: str, *, compared: bool = False) -> None:
        """Take the certificates of a file, for the recipient that is shown or the one it names."""
        desk = self.desktop.desk
        request = ImportRequest(path=path, mail=self._mail, compared=compared)
        self._pending = path
        self.compared.hide()
        self.desktop.ask(
            self, lambda _job: desk.recipients.import_from(request), self._taken, self.banner,
            self._refused,
        )  # fmt: skip

    def _taken(self, done: Imported) -> None:
        self._pending = ""
        self._changed(done.recipient)
        states = "・".join(state_word(one) for one in done.certificates)
        kind = "well" if all(one.usable for one in done.certificates) else "warn"
        self.banner.tell(Told(tr("証明書を取り込みました。"), states), kind)

    def _refused(self, error: Exception) -> None:
        self.compared.setVisible(getattr(error, "code", "") == _OTHER)

    def _compared(self) -> None:
        self.take(self._pending, compared=True)

    def _confirm(self, fingerprint: str) -> None:
        desk, mail = self.desktop.desk, self._mail
        self.desktop.ask(
            self, lambda _job: desk.recipients.confirm(mail, fingerprint), self._changed,
            self.banner,
        )  # fmt: skip

    def _drop_certificate(self, fingerprint: str) -> None:
        desk, mail = self.desktop.desk, self._mail
        self.desktop.ask(
            self, lambda _job: desk.recipients.remove_certificate(mail, fingerprint),
            self._changed, self.banner,
        )  # fmt: skip

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files with certificates."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take them, one after another."""
        event.acceptProposedAction()
        for path in dropped_files(event):
            self.take(path)
