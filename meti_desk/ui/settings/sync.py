"""省のサーバーとの同期: enrolment, how far the server knows the records, and what is sent."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meti_desk.domain.errors import MetiDeskError
from meti_desk.services.syncing import SyncView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.notices import NOTIFY, NOTIFY_OFF
from meti_desk.ui.strings import Told, told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.dates import shown_when
from meti_desk.ui.widgets.facts import Facts
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job
    from meti_desk.ui.ports_sync import Syncing

_TALL = 180


class SyncCard(QWidget):
    """Fields to enrol while the device is not; state and buttons afterwards."""

    _browse = Signal(str)
    """The address of the login, told from the background to be opened in the browser."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self.code = Field(tr("登録の番号"), hint=tr("渡された番号を、ハイフンの後まで入れます。"))
        self.url = Field(tr("サーバーのアドレス"), hint="https://…")
        self.enrol = Button(tr("登録する"), on=self._enrol)
        for field in (self.url, self.code):
            field.edit.returnPressed.connect(self.enrol.click)
        self.login = Button(tr("職員の認証で登録する"), icon_name="user", on=self._log_in)
        self.stop = Button(
            tr("やめる"), "quiet", small=True, name=tr("認証をやめる"), on=self._stop
        )
        self._waits = row(spacing=8)
        self._waits.addWidget(Text(tr("ブラウザーで認証してください。"), "strong"), 1)
        self._waits.addWidget(self.stop)
        self._waiting = panel(self._waits)
        self._waiting.hide()
        self._login_job: Job | None = None
        self._browse.connect(_open_browser)
        self.now = Button(tr("今すぐ同期する"), icon_name="export", on=self._sync)
        self.show_outgoing = Button(tr("送るものを見る"), small=True, on=self._look)
        self._state = Text("", "body")
        self._trouble = Text("", "error")
        self._trouble.hide()
        self._who = Facts()
        self.outgoing = QPlainTextEdit()
        self.outgoing.setReadOnly(True)
        self.outgoing.setTabChangesFocus(True)
        self.outgoing.setAccessibleName(tr("送るもの"))
        self.outgoing.setFixedHeight(_TALL)
        self.outgoing.hide()
        self._form = QWidget()
        self._form.setLayout(
            column(
                self.url,
                self.code,
                row(None, self.enrol),
                Text(tr("番号がなくても、省の認証基盤が使えるときは登録できます。"), "small"),
                row(None, self.login),
                self._waiting,
                spacing=8,
            )
        )
        self._held = QWidget()
        self.notify = Check(tr("届いたものを、ほかの画面を使っている間も知らせる"), checked=True)
        self.notify.clicked.connect(self._keep_notify)
        says_notify = Text(
            tr("種類と件数だけを知らせ、題名や理由は出しません。ロックしている間は知らせません。"),
            "small",
        )
        self.leave = Button(tr("登録を外す…"), "quiet", small=True, on=self._ask_leave)
        self.sure = Button(tr("登録を外す"), small=True, on=self._leave)
        self._sure = self._question()
        buttons = row(self.show_outgoing, self.leave, None, self.now, spacing=8)
        self._held.setLayout(
            column(
                self._trouble,
                self._who,
                column(self.notify, says_notify, spacing=0),
                self._sure,
                buttons,
                self.outgoing,
                spacing=10,
            )
        )
        says = Text(
            tr(
                "格付や措置の事実を送ります。申請や確認に要る題名・理由・場所は、責任者だけが"
                "読めるように暗号化して送ります。文書そのものは送りません。"
            ),
            "small",
        )
        inner = column(
            Text(tr("省のサーバーとの同期"), "h2"), says, self._state, self._form, self._held,
            spacing=10, margins=(24, 18, 24, 20),
        )  # fmt: skip
        self.setLayout(column(card(inner)))
        self._held.hide()

    def _question(self) -> QWidget:
        says = tr(
            "送った記録はサーバーに、この端末の記録はここに残ります。申請や許可は、"
            "もう一度登録するまで見られません。"
        )
        keep = self.keep = Button(
            tr("やめる"), "quiet", small=True, name=tr("登録を外すのをやめる"), on=self._keep
        )
        asked = panel(
            column(
                Text(tr("この端末の登録を外しますか。"), "strong"), Text(says, "small"),
                row(None, keep, self.sure, spacing=8), spacing=4,
            )
        )  # fmt: skip
        asked.hide()
        return asked

    def show_status(self, view: SyncView) -> None:
        """Show how far the server knows the records."""
        self._sure.hide()
        self._form.setVisible(not view.enrolled)
        self._held.setVisible(view.enrolled)
        if not view.enrolled:
            self._state.tell(tr("この端末は登録されていません。サーバーがなくても使えます。"))
        else:
            day = shown_when(view.last) if view.last else tr("まだありません")
            self._state.tell(tr("最終同期：{day}　未送信：{n}件", day=day, n=view.unsent))
            self._trouble.tell(trouble_line(view))
            self._who.show_facts(_facts(view))
        set_reading_order(self.window())

    def show_notify(self, kept: str) -> None:
        """Show whether the person is told of what came, as it is kept."""
        self.notify.setChecked(kept != NOTIFY_OFF)

    def _keep_notify(self) -> None:
        desk, value = self._desktop.desk, "on" if self.notify.isChecked() else NOTIFY_OFF

        def done(_nothing: None) -> None:
            self._desktop.waiting_changed.emit()

        self._desktop.ask(self, lambda _job: desk.put_setting(NOTIFY, value), done, self._banner)

    def _enrol(self) -> None:
        code, url = self.code.text, self.url.text
        self.url.refuse("" if url else tr("アドレスを入れてください。"))
        self.code.refuse("" if code else tr("番号を入れてください。"))
        if not (code and url):
            (self.code if url else self.url).edit.setFocus()
            return
        area = self._desktop.desk.syncing
        self.enrol.setEnabled(False)

        self._desktop.ask(
            self, lambda _job: _heard(area, area.enrol(code, url)), self._enrolled, self._banner,
            lambda _error: self._enrol_again(),
        )  # fmt: skip

    def _enrol_again(self) -> None:
        """Let the person try anew: it is the code, as a rule, that was wrong."""
        self.enrol.setEnabled(True)
        self.code.edit.setFocus()

    def _log_in(self) -> None:
        """Enrol by a login in the browser; it can be stopped, and so can the window."""
        url, area = self.url.text, self._desktop.desk.syncing
        self.url.refuse("" if url else tr("アドレスを入れてください。"))
        if not url:
            self.url.edit.setFocus()
            return

        def work(job: "Job") -> SyncView:
            from meti_desk.sync.landing import LoopbackLanding

            landing = LoopbackLanding(self._browse.emit, stopped=lambda: job.cancelled)
            try:
                return _heard(area, area.enrol_by_login(url, landing))
            finally:
                landing.close()

        self._wait_for_login(waits=True)
        self._login_job = self._desktop.ask(
            self, work, self._enrolled, self._banner,
            lambda _error: self._wait_for_login(waits=False),
        )  # fmt: skip

    def _stop(self) -> None:
        if self._login_job is not None:
            self._login_job.cancel()

    def _wait_for_login(self, *, waits: bool) -> None:
        self._waiting.setVisible(waits)
        for one in (self.enrol, self.login):
            one.setEnabled(not waits)
        (self.stop if waits else self.login).setFocus()
        set_reading_order(self.window())

    def _enrolled(self, view: SyncView) -> None:
        self._waiting.hide()
        for one in (self.enrol, self.login):
            one.setEnabled(True)
        self.code.edit.clear()
        self.show_status(view)
        self.now.setFocus()
        self._desktop.waiting_changed.emit()
        self._banner.tell(Told(tr("この端末を登録しました。")), "well")

    def _sync(self) -> None:
        area = self._desktop.desk.syncing
        self.now.setEnabled(False)

        def done(view: SyncView) -> None:
            self.now.setEnabled(True)
            self.now.setFocus()
            self.show_status(view)
            self._desktop.waiting_changed.emit()
            self._banner.tell(Told(tr("同期しました。")), "well")

        self._desktop.ask(
            self, lambda _job: area.sync(), done, self._banner, lambda _error: self._read_anew()
        )

    def _read_anew(self) -> None:
        """Show the state after something failed."""
        area = self._desktop.desk.syncing
        self.now.setEnabled(True)
        self.now.setFocus()
        self._desktop.ask(self, lambda _job: area.status(), self.show_status, self._banner)
        self._desktop.waiting_changed.emit()

    def _ask_leave(self) -> None:
        self._sure.show()
        self.keep.setFocus()  # a key too many changes nothing
        set_reading_order(self.window())

    def _keep(self) -> None:
        self._sure.hide()
        self.leave.setFocus()

    def _leave(self) -> None:
        area = self._desktop.desk.syncing

        def done(_nothing: None) -> None:
            self.outgoing.hide()
            self._read_anew()
            self.url.edit.setFocus()
            self._banner.tell(Told(tr("この端末の登録を外しました。")), "well")

        self._desktop.ask(self, lambda _job: area.leave(), done, self._banner)

    def _look(self) -> None:
        area = self._desktop.desk.syncing

        def done(rows: tuple[dict[str, object], ...]) -> None:
            lines = [json.dumps(one, ensure_ascii=False, default=bytes.hex) for one in rows]
            self.outgoing.setPlainText("\n".join(lines) or tr("送るものはありません。"))
            self.outgoing.show()

        self._desktop.ask(self, lambda _job: area.outgoing(), done, self._banner)


def _heard(area: "Syncing", enrolled: SyncView) -> SyncView:
    """Hear at once who one is taken for and who decides: a request needs it.

    What keeps it from the server now is told with the state, and tried again in time.
    """
    with suppress(MetiDeskError):
        return area.sync()
    return enrolled


def _open_browser(address: str) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl(address))


_UNKNOWN = dict.fromkeys(("error", "refusal", "known", "limit", "seq"), "?")
"""What the code alone does not tell; 今すぐ同期する tells the error whole."""


def trouble_line(view: SyncView) -> str:
    """Say why the last sync did not go through; nothing when it did."""
    if not view.trouble:
        return ""
    if view.trouble == "sync.unreachable":
        return tr("サーバーに届きません。記録はこの端末に残り、後で送られます。")
    from meti_desk.services.messages import ErrorView

    said = told(ErrorView(view.trouble, {**_UNKNOWN, "host": view.url}))
    return " ".join(filter(None, (said.cause, said.remedy)))


def _facts(view: SyncView) -> list[tuple[str, str]]:
    facts = [
        (tr("サーバー"), view.url),
        (tr("登録した人"), view.name or view.person),
        (tr("課室"), view.unit),
        (tr("職"), "・".join(view.posts)),
    ]
    return [(name, value) for name, value in facts if value]
