"""記録の鍵: another passphrase, a backup of the key, another key (Arts. 30-2, 30-4)."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.services.store_keys import StoreKeysView
from meti_desk.ui.jobs import Job
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import Told, tr
from meti_desk.ui.welcome.passphrase import NewPassphrase
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, card, column, row, rule
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.dates import shown_day
from meti_desk.ui.widgets.fields import Field


class KeysCard(QWidget):
    """What is done with the key asks for today's passphrase, which is typed once for all of it."""

    ended = Signal()
    """The key was looked after; its state is to be read anew."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self.now = Field(tr("今のパスフレーズ"), secret=True)
        self.new = NewPassphrase()
        self.change = Button(tr("パスフレーズを変える"), on=self._change)
        self.back_up = Button(tr("鍵の控えを作る"), icon_name="key", on=self._choose)
        self.renew = Button(tr("鍵を新しくする"), on=self._renew)
        self._backed = Text("", "body")
        self._recovery = Text("", "small")
        self.code = Text("", "secret", wrap=False)
        self.code.setAccessibleName(tr("控えの番号"))
        self._code_says = Text(
            tr(
                "この番号を書き留め、控えのファイルとは別の場所に保管してください。番号はここにしか出ません。"
            ),
            "body",
        )
        self._noted = Button(tr("書き留めました"), "primary", on=self._forget_code)
        self._shown_code = card(
            column(
                Text(tr("控えの番号"), "strong"),
                self.code,
                self._code_says,
                row(None, self._noted),
                margins=(16, 14, 16, 14),
            ),
            "note",
        )
        self._shown_code.hide()
        self._buttons = (self.change, self.back_up, self.renew)
        self.setLayout(column(card(column(*self._parts(), spacing=10, margins=(24, 18, 24, 20)))))

    def _parts(self) -> tuple[QWidget | int, ...]:
        backup = row(self._backed, None, self.back_up, spacing=12)
        renew = row(spacing=12)
        says = tr(
            "鍵が知られたおそれがあるときに使います。記録の全体を新しい鍵で暗号化し直します。"
        )
        renew.addWidget(Text(says, "body"), 1)
        renew.addWidget(self.renew)
        holders = []
        for inner in (row(None, self.change), backup, renew):
            holder = QWidget()
            inner.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(inner)
            holders.append(holder)
        change, backed, renewed = holders
        return (
            Text(tr("記録の鍵"), "h2"),
            self.now,
            6,
            Text(tr("パスフレーズの変更"), "strong"),
            self.new,
            change,
            rule(),
            Text(tr("鍵の控え（第30条第4項）"), "strong"),
            Text(
                tr("パスフレーズを忘れても、控えのファイルと番号があれば記録を開けます。"), "small"
            ),
            backed,
            self._shown_code,
            rule(),
            Text(tr("鍵の更新（第30条第2項）"), "strong"),
            renewed,
            self._recovery,
        )

    def show_status(self, status: StoreKeysView) -> None:
        """Show how the key is kept."""
        day = shown_day(status.backed_up) if status.backed_up else ""
        self._backed.tell(tr("{day}に作りました。", day=day) if day else tr("まだ作っていません。"))
        held = status.recovery
        self._recovery.tell(tr("復旧用の証明書（SHA-256）：{hex}", hex=held) if held else "")

    def _passphrase(self) -> str:
        given = self.now.edit.text()
        self.now.refuse("" if given else tr("今のパスフレーズを入れてください。"))
        if not given:
            self.now.edit.setFocus()
        return given

    def _change(self) -> None:
        old = self._passphrase()
        new = self.new.passphrase() if old else ""
        if old and new:
            keys = self._desktop.desk.store_keys
            self._ask(
                lambda: keys.change_passphrase(old, new),
                tr("パスフレーズを変えました。前のものでは開けません。"),
            )

    def _renew(self) -> None:
        passphrase = self._passphrase()
        if passphrase:
            keys = self._desktop.desk.store_keys
            self._ask(
                lambda: keys.rekey(passphrase),
                tr("鍵を新しくしました。前の鍵の控えとバックアップは使えません。"),
            )

    def _choose(self) -> None:
        if not self._passphrase():
            return
        start = str(Path.home() / tr("鍵の控え.json"))
        name, _kind = QFileDialog.getSaveFileName(self, tr("鍵の控えを置く場所"), start)
        if name:
            self.back_up_to(name)

    def back_up_to(self, name: str) -> None:
        """Write the backup to this file and show its code until the person has noted it."""
        passphrase = self._passphrase()
        if not passphrase:
            return
        keys = self._desktop.desk.store_keys
        self._enable(enabled=False)

        def done(code: str) -> None:
            self._again()
            self.code.setText(code)
            self._shown_code.show()
            self._noted.setFocus()
            self.ended.emit()

        self._desktop.ask(
            self, lambda _job: keys.back_up(passphrase, name), done, self._banner, self._failed
        )

    def _ask(self, work: Callable[[], None], said: str) -> None:
        self._enable(enabled=False)

        def run(_job: Job) -> None:
            work()

        def done(_nothing: None) -> None:
            self._again()
            self._banner.tell(Told(said), "well")
            self.ended.emit()

        self._desktop.ask(self, run, done, self._banner, self._failed)

    def _failed(self, _error: Exception) -> None:
        self._enable(enabled=True)

    def _again(self) -> None:
        self._enable(enabled=True)
        self.now.edit.clear()
        self.new.forget()

    def _enable(self, *, enabled: bool) -> None:
        for button in self._buttons:
            button.setEnabled(enabled)

    def _forget_code(self) -> None:
        self.code.setText("")
        self._shown_code.hide()
