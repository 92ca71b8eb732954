"""First run: who I am, and the passphrase of the encrypted store."""

from PySide6.QtCore import Signal

from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.strings import tr
from meti_desk.ui.welcome.passphrase import NewPassphrase
from meti_desk.ui.welcome.person_form import PersonForm
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.check import Check
from meti_desk.ui.widgets.scroll import Scroll


class FirstRunPage(Page):
    """はじめに: everything that has to be known before work can begin, on one page."""

    opened = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self.person = PersonForm()
        self.passphrase = NewPassphrase()
        self.keyring = Check(tr("この端末の鍵束（キーリング）にも鍵を預ける"))
        self._keyring_says = Text(
            tr("区域内ではパスフレーズなしで開けます。区域外では必ずパスフレーズが要ります。"),
            "small",
        )
        self.start = Button(tr("始める"), "primary", on=self.begin)
        welcome = row(
            IconMark("shield", "primary", 28, "soft"),
            column(
                Text(tr("情報取扱いデスクへようこそ"), "h1"),
                Text(
                    tr("文書の格付・保護・取扱いの記録を、この端末の暗号化した保管庫に残します。"),
                    "small",
                ),
                spacing=2,
            ),
            spacing=16,
        )
        inner = column(
            welcome,
            10,
            Text(tr("あなたについて"), "h2"),
            Text(tr("格付を決めた人として、記録と依頼書に書かれます。"), "small"),
            self.person,
            10,
            Text(tr("保管庫のパスフレーズ"), "h2"),
            Text(
                tr("忘れると記録を開けません。紙に書くときは、鍵のかかる場所に置いてください。"),
                "small",
            ),
            self.passphrase,
            self.keyring,
            self._keyring_says,
            6,
            self.banner,
            row(None, self.start),
            spacing=8,
            margins=(40, 28, 40, 28),
        )
        middle = panel(column(None, card(inner), None, margins=(0, 24, 0, 24)), width=860)
        whole = panel(row(None, middle, None), "subtle")
        self.setLayout(column(Scroll(whole, tr("はじめに")), spacing=0))
        for field in (self.passphrase.first, self.passphrase.second):
            field.edit.returnPressed.connect(self.begin)
        self._offer_keyring(ready=False)

    def shown(self) -> None:
        """Ask whether there is a key ring, and let the person begin."""
        desk = self.desktop.desk
        self.desktop.ask(
            self,
            lambda _job: desk.keyring_ready(),
            lambda r: self._offer_keyring(ready=r),
            self.banner,
        )
        self.person.name.edit.setFocus()

    def _offer_keyring(self, *, ready: bool) -> None:
        self.keyring.setVisible(ready)
        self._keyring_says.setVisible(ready)

    def begin(self) -> None:
        """Make the store, if everything is there."""
        who = self.person.person()
        words = self.passphrase.passphrase() if who is not None else ""
        if who is None or not words:
            return
        person, desk, keyring = who, self.desktop.desk, self.keyring.isChecked()
        self.start.setEnabled(False)
        self.start.rename(tr("準備しています…"))
        self.desktop.ask(
            self,
            lambda _job: desk.create(words, person, use_keyring=keyring),
            lambda _nothing: self._done(),
            self.banner,
            lambda _error: self._ready(),
        )

    def _ready(self) -> None:
        self.start.setEnabled(True)
        self.start.rename(tr("始める"))

    def _done(self) -> None:
        self._ready()
        self.passphrase.forget()
        self.opened.emit()
