"""The way back when the passphrase is forgotten: the backup of the key and its code (Art. 30-4)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr
from meti_desk.ui.welcome.passphrase import NewPassphrase
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field


class WayBack(QWidget):
    """Opens the store by a backup, and lets the person choose a new passphrase."""

    opened = Signal()

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self.file = Field(tr("鍵の控えのファイル"))
        self.code = Field(tr("控えの番号"), hint=tr("書き留めた30文字です。"))
        self.new = NewPassphrase()
        self.open = Button(tr("控えで開く"), "primary", on=self.restore)
        choose = Button(tr("選ぶ"), name=tr("鍵の控えを選ぶ"), on=self._choose)
        line = row(spacing=12)
        line.addWidget(self.file, 1)
        line.addLayout(column(None, choose))
        self.setLayout(
            column(
                Text(tr("控えのファイルと番号で開き、新しいパスフレーズを決めます。"), "body"),
                line,
                self.code,
                Text(tr("新しいパスフレーズ"), "strong"),
                self.new,
                row(None, self.open),
                spacing=10,
            )
        )

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, tr("鍵の控えを選ぶ"))
        if name:
            self.file.edit.setText(name)

    def restore(self) -> None:
        """Open the store by what was typed; what is missing is said beside its field."""
        name, code = self.file.text, self.code.text
        self.file.refuse("" if name else tr("控えのファイルを選んでください。"))
        self.code.refuse("" if code else tr("控えの番号を入れてください。"))
        new = self.new.passphrase() if name and code else ""
        if not new:
            return
        keys = self._desktop.desk.store_keys
        self.open.setEnabled(False)
        self._desktop.ask(
            self,
            lambda _job: keys.restore(name, code, new),
            lambda _nothing: self._done(),
            self._banner,
            lambda _error: self.open.setEnabled(True),
        )

    def _done(self) -> None:
        self.open.setEnabled(True)
        self.new.forget()
        self.code.edit.clear()
        self.opened.emit()
