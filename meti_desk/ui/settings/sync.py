"""省のサーバーとの同期: enrolment, how far the server knows the records, and what is sent."""

import json

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meti_desk.services.syncing import SyncView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, card, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order

_TALL = 180


class SyncCard(QWidget):
    """Fields to enrol while the device is not; state and buttons afterwards."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self.code = Field(tr("登録の番号"), hint=tr("渡された番号を、ハイフンの後まで入れます。"))
        self.url = Field(tr("サーバーのアドレス"), hint="https://…")
        self.enrol = Button(tr("登録する"), on=self._enrol)
        self.now = Button(tr("今すぐ同期する"), icon_name="export", on=self._sync)
        self.show_outgoing = Button(tr("送るものを見る"), small=True, on=self._look)
        self._state = Text("", "body")
        self._where = Text("", "small")
        self.outgoing = QPlainTextEdit()
        self.outgoing.setReadOnly(True)
        self.outgoing.setTabChangesFocus(True)
        self.outgoing.setAccessibleName(tr("送るもの"))
        self.outgoing.setFixedHeight(_TALL)
        self.outgoing.hide()
        self._form = QWidget()
        self._form.setLayout(column(self.url, self.code, row(None, self.enrol), spacing=8))
        self._held = QWidget()
        self._held.setLayout(
            column(self._where, row(self.show_outgoing, None, self.now), self.outgoing, spacing=8)
        )
        says = Text(
            tr(
                "格付や措置の事実だけを送ります。題名・場所・理由・相手の名前・文書そのものは送りません。"
            ),
            "small",
        )
        inner = column(
            Text(tr("省のサーバーとの同期"), "h2"), says, self._state, self._form, self._held,
            spacing=10, margins=(24, 18, 24, 20),
        )  # fmt: skip
        self.setLayout(column(card(inner)))
        self._held.hide()

    def show_status(self, view: SyncView) -> None:
        """Show how far the server knows the records."""
        self._form.setVisible(not view.enrolled)
        self._held.setVisible(view.enrolled)
        if not view.enrolled:
            self._state.tell(tr("この端末は登録されていません。サーバーがなくても使えます。"))
        else:
            day = shown_day(view.last) if view.last else tr("まだありません")
            self._state.tell(tr("最終同期：{day}　未送信：{n}件", day=day, n=view.unsent))
            self._where.tell(view.url)
        set_reading_order(self.window())

    def _enrol(self) -> None:
        code, url = self.code.text, self.url.text
        self.url.refuse("" if url else tr("アドレスを入れてください。"))
        self.code.refuse("" if code else tr("番号を入れてください。"))
        if not (code and url):
            return
        area = self._desktop.desk.syncing
        self.enrol.setEnabled(False)

        def done(view: SyncView) -> None:
            self.enrol.setEnabled(True)
            self.code.edit.clear()
            self.show_status(view)
            self._banner.tell(Told(tr("この端末を登録しました。")), "well")

        self._desktop.ask(
            self, lambda _job: area.enrol(code, url), done, self._banner,
            lambda _error: self.enrol.setEnabled(True),
        )  # fmt: skip

    def _sync(self) -> None:
        area = self._desktop.desk.syncing
        self.now.setEnabled(False)

        def done(view: SyncView) -> None:
            self.now.setEnabled(True)
            self.show_status(view)
            self._banner.tell(Told(tr("同期しました。")), "well")

        self._desktop.ask(
            self, lambda _job: area.sync(), done, self._banner,
            lambda _error: self.now.setEnabled(True),
        )  # fmt: skip

    def _look(self) -> None:
        area = self._desktop.desk.syncing

        def done(rows: tuple[dict[str, object], ...]) -> None:
            lines = [json.dumps(one, ensure_ascii=False, default=bytes.hex) for one in rows]
            self.outgoing.setPlainText("\n".join(lines) or tr("送るものはありません。"))
            self.outgoing.show()

        self._desktop.ask(self, lambda _job: area.outgoing(), done, self._banner)
