"""The password of the result: shown on request, copied for thirty seconds, never with the file."""

from PySide6.QtWidgets import QWidget

from meti_desk.ui.passwords.clipboard import Clipboard
from meti_desk.ui.passwords.phone import show_phone_text
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, row
from meti_desk.ui.widgets.buttons import Button


class PasswordBlock(QWidget):
    """パスワードの渡し方."""

    def __init__(self, password: str) -> None:
        super().__init__()
        self._password = password
        self._shown = Text("●" * 12, "secret", wrap=False)
        self._shown.setAccessibleName(tr("パスワード（隠しています）"))
        self._show = Button(tr("表示する"), small=True, on=self._swap)
        self._show.setCheckable(True)
        copy = Button(tr("コピー"), small=True, icon_name="copy", name=tr("パスワードをコピー"))
        copy.clicked.connect(self._copy)
        phone = Button(tr("電話で伝える"), small=True, on=self._phone)
        self._said = Text("", "small")
        self._clipboard = Clipboard(self)
        self._clipboard.cleared.connect(
            lambda: self._said.tell(tr("クリップボードから消しました。"))
        )
        says = Text(
            tr(
                "ファイルと同じメール・同じ経路で送らないでください。電話か、決めてある方法で伝えます。"
            ),
            "small",
        )
        line = row(self._shown, self._show, copy, phone, None, spacing=8)
        inner = column(
            Text(tr("パスワードの渡し方"), "h3"),
            says,
            line,
            self._said,
            spacing=8,
            margins=(20, 16, 20, 16),
        )
        self._said.hide()
        self.setLayout(column(card(inner, "evidence")))

    def _swap(self) -> None:
        on = self._show.isChecked()
        self._shown.setText(self._password if on else "●" * 12)
        self._show.rename(tr("隠す") if on else tr("表示する"))

    def _copy(self) -> None:
        self._clipboard.copy(self._password)
        self._said.tell(tr("コピーしました。30秒後にクリップボードから消します。"))

    def _phone(self) -> None:
        show_phone_text(self._password, self)

    def clear_clipboard(self) -> None:
        """Take the password off the clipboard, unless something else lies there by now."""
        self._clipboard.clear()
