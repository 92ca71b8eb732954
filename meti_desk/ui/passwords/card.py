"""合意したパスワード: the card on the page of a recipient (宛先, Art. 14-1).

Put `PasswordCard(desktop, banner)` on a page and call `show_recipient(address)`.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from meti_desk.services.password_messages import AgreedDone, AgreedView, AgreeRequest, SlipRequest
from meti_desk.ui.handle.result import open_place
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.passwords.clipboard import Clipboard
from meti_desk.ui.passwords.phone import show_phone_text
from meti_desk.ui.strings import term, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, panel, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.order import set_reading_order

_HIDDEN = "●" * 12
_WAYS = ("phone", "in-person", "post", "other", "mail")


class PasswordCard(QFrame):
    """What is agreed with one recipient: when, how, whether it is time for a new one."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop = desktop
        self._banner = banner
        self._recipient = ""
        self._password = ""
        self.setProperty("card", "plain")
        self._state = Text("", "body")
        self._due = tag(tr("替える時期です"), "danger")
        self._shown = Text(_HIDDEN, "secret", wrap=False)
        self._said = Text("", "small")
        self.reveal = Button(tr("表示する"), small=True, on=self._swap)
        self.copy = Button(tr("コピー"), small=True, icon_name="copy",
                           name=tr("パスワードをコピー"), on=self._copy)  # fmt: skip
        self.phone = Button(tr("電話で伝える"), small=True, on=self._phone)
        self.slip = Button(tr("通知書を書く"), small=True, on=self._ask_slip)
        self.forget = Button(tr("消す"), "quiet", small=True, name=tr("合意したパスワードを消す"),
                             on=self._forget)  # fmt: skip
        self.told_by = Choice(
            tr("伝える方法"), [(way, term(f"told-by.{way}")) for way in _WAYS], "phone"
        )
        self.reason = Field(tr("メールで伝える理由"), small=True)
        self.agree = Button(tr("パスワードを作って合意する"), small=True, on=self._agree)
        self._clipboard = Clipboard(self)
        self._clipboard.cleared.connect(
            lambda: self._said.tell(tr("クリップボードから消しました。"))
        )
        self.told_by.chosen.connect(self._way)
        self._lay_out()
        self._show(None)

    def _lay_out(self) -> None:
        head = row(spacing=10)
        head.addWidget(Text(tr("合意したパスワード"), "h3"), 1)
        head.addWidget(self._due)
        first = row(self._shown, self.reveal, self.copy, None, spacing=8)
        second = row(self.phone, self.slip, None, self.forget, spacing=8)
        self._held: QWidget = panel(column(first, second, spacing=8))
        caption = Text(tr("伝える方法"), "small")
        new = row(spacing=12)
        new.addWidget(self.told_by, 1)
        new.addWidget(self.agree, 1)
        says = Text(
            tr("ファイルとは別の方法で伝えます。送ったファイルと同じメールには書きません。"),
            "small",
        )
        self.setLayout(
            column(
                head, self._state, self._held, self._said, 4, caption, new, self.reason, says,
                spacing=8, margins=(20, 16, 20, 16),
            )
        )  # fmt: skip
        self._said.hide()
        self.reason.hide()

    def show_recipient(self, address: str) -> None:
        """Show what is agreed with a mail address."""
        self.hide_password()
        self._recipient = address
        desk = self._desktop.desk
        self._desktop.ask(
            self, lambda _job: desk.passwords.entry(address), self._show, self._banner
        )

    def hide_password(self) -> None:
        """Forget what was revealed; for whoever leaves the page."""
        self._clipboard.clear()
        self._conceal()
        self._said.tell("")

    def hideEvent(self, event: QHideEvent) -> None:
        """Show nothing to whoever comes back; what was copied may still be pasted elsewhere."""
        super().hideEvent(event)
        self._conceal()

    def _conceal(self) -> None:
        self._password = ""
        self._shown.setText(_HIDDEN)
        self.reveal.rename(tr("表示する"))

    def _show(self, entry: AgreedView | None) -> None:
        there = entry is not None
        self._held.setVisible(there)
        self._due.setVisible(entry is not None and entry.due)
        self.agree.rename(
            tr("新しいパスワードに替える") if there else tr("パスワードを作って合意する")
        )
        self.agree.setEnabled(bool(self._recipient))
        self._state.setText(_words(entry) if entry else tr("まだ合意していません。"))
        set_reading_order(self)

    def _way(self, way: str) -> None:
        self.reason.setVisible(way == "mail")
        set_reading_order(self)

    def _agree(self) -> None:
        desk = self._desktop.desk
        order = AgreeRequest(
            recipient=self._recipient, told_by=self.told_by.value, reason=self.reason.text
        )
        self._desktop.ask(
            self, lambda _job: desk.passwords.agree(order), self._agreed, self._banner
        )

    def _agreed(self, done: AgreedDone) -> None:
        self.hide_password()
        self._show(done.entry)
        self._password = done.password
        self._swap()
        self._said.tell(tr("記録しました。相手に伝えてください。"))

    def _swap(self) -> None:
        if self._shown.text() != _HIDDEN:
            self._shown.setText(_HIDDEN)
            self.reveal.rename(tr("表示する"))
            return
        self._with_password(self._reveal)

    def _reveal(self, password: str) -> None:
        self._shown.setText(password)
        self.reveal.rename(tr("隠す"))

    def _with_password(self, then: Callable[[str], object]) -> None:
        """Ask for the password once, and do something with it."""
        if self._password:
            then(self._password)
            return
        desk, who = self._desktop.desk, self._recipient

        def got(password: str) -> None:
            self._password = password
            then(password)

        self._desktop.ask(self, lambda _job: desk.passwords.reveal(who), got, self._banner)

    def _copy(self) -> None:
        self._with_password(self._copied)

    def _copied(self, password: str) -> None:
        self._clipboard.copy(password)
        self._said.tell(tr("コピーしました。30秒後にクリップボードから消します。"))

    def _phone(self) -> None:
        self._with_password(lambda password: show_phone_text(password, self))

    def _ask_slip(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            tr("パスワード通知書の名前"),
            tr("パスワード通知書.pdf"),
            "PDF (*.pdf);;Word (*.docx)",
        )
        if name:
            self.write_slip(name)

    def write_slip(self, name: str) -> None:
        """Write the slip to a file and open its folder."""
        desk, order = self._desktop.desk, SlipRequest(out=name, recipient=self._recipient)
        self._desktop.ask(self, lambda _job: desk.passwords.slip(order), self._slip_done,
                          self._banner)  # fmt: skip

    def _slip_done(self, name: str) -> None:
        self._said.tell(tr("通知書を書きました：{name}", name=Path(name).name))
        open_place(str(Path(name).parent))

    def _forget(self) -> None:
        desk, who = self._desktop.desk, self._recipient
        self._desktop.ask(
            self, lambda _job: desk.passwords.forget(who), self._forgotten, self._banner
        )

    def _forgotten(self, _events: tuple[str, ...]) -> None:
        self.hide_password()
        self._show(None)


def _words(entry: AgreedView) -> str:
    told_by = term(f"told-by.{entry.told_by}")
    first = tr(
        "{day}に合意（{way}で伝達、{n}日前）",
        day=entry.agreed_at[:10], way=told_by, n=entry.age_days,
    )  # fmt: skip
    used = (
        tr("最後に使った日 {day}", day=entry.last_used[:10])
        if entry.last_used
        else tr("まだ使っていません")
    )
    return f"{first}　{used}"
