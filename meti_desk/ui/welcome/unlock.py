"""Unlocking: the passphrase, or the key ring while the person is inside the area."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import PlacePill
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.scroll import Scroll

if TYPE_CHECKING:
    from meti_desk.ui.welcome.way_back import WayBack


class UnlockPage(Page):
    """ロック中."""

    opened = Signal()

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        self._keyring = False
        self.field = Field(tr("パスフレーズ"), secret=True)
        self.open = Button(tr("開く"), "primary", on=self.unlock)
        self.by_keyring = Button(
            tr("この端末の鍵束で開く"), icon_name="key", on=lambda: self._ask("")
        )
        self.lost = Button(tr("パスフレーズを忘れたとき"), "link", on=self._find_back)
        self.back: WayBack | None = None
        self._outside = Text(tr("区域外では、鍵束だけでは開けません。"), "small")
        inner = column(
            row(
                IconMark("lock", "primary", 28, "soft"),
                column(
                    Text(tr("ロックされています"), "h1"),
                    Text(tr("パスフレーズを入れると、続きから始められます。"), "small"),
                    spacing=2,
                ),
                spacing=16,
            ),
            10,
            self.banner,
            self.field,
            6,
            row(None, self.by_keyring, self.open, spacing=12),
            self._outside,
            row(self.lost, None),
            spacing=8,
            margins=(40, 32, 40, 32),
        )
        self._inner = inner
        middle = panel(
            column(None, row(None, PlacePill(desktop)), card(inner), None, spacing=14), width=560
        )
        self.setLayout(column(Scroll(panel(row(None, middle, None), "subtle"), tr("ロック中"))))
        self.field.edit.returnPressed.connect(self.unlock)
        desktop.place_changed.connect(self._offer)
        self._offer()

    def _find_back(self) -> None:
        """Show the fields for the backup of the key; made when they are wanted first."""
        if self.back is None:
            from meti_desk.ui.welcome.way_back import WayBack

            self.back = WayBack(self.desktop, self.banner)
            self.back.opened.connect(self.opened)
            self._inner.addWidget(self.back)
        self.lost.hide()
        self.back.file.edit.setFocus()

    def shown(self) -> None:
        """Ask whether there is a key ring, and wait for the passphrase."""
        desk = self.desktop.desk
        self.field.edit.clear()
        self._ready()
        self.field.edit.setFocus()
        self.desktop.ask(self, lambda _job: desk.has_keyring(), self._found, self.banner)

    def _found(self, ready: bool) -> None:  # noqa: FBT001 - the answer as the desk gives it
        self._keyring = ready
        self._offer()

    def _offer(self) -> None:
        inside = self.desktop.inside
        self.by_keyring.setVisible(self._keyring and inside)
        self._outside.setVisible(self._keyring and not inside)

    def unlock(self) -> None:
        """Open the store with what was typed."""
        words = self.field.edit.text()
        if not words:
            self.field.refuse(tr("パスフレーズを入れてください。"))
            self.field.edit.setFocus()
            return
        self.field.refuse("")
        self._ask(words)

    def _ask(self, words: str) -> None:
        desk, inside = self.desktop.desk, self.desktop.inside
        self.open.setEnabled(False)
        self.open.rename(tr("開いています…"))
        self.desktop.ask(
            self,
            lambda _job: desk.unlock(words, inside=inside),
            lambda _nothing: self._done(),
            self.banner,
            lambda _error: self._again(),
        )

    def _ready(self) -> None:
        self.open.setEnabled(True)
        self.open.rename(tr("開く"))

    def _again(self) -> None:
        self._ready()
        self.field.edit.selectAll()
        self.field.edit.setFocus()

    def _done(self) -> None:
        self._ready()
        self.field.edit.clear()
        self.banner.hide()
        self.opened.emit()
