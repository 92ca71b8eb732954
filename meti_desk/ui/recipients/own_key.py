"""自分の鍵: where it lies and how its certificate stands; chosen here, never typed in."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QFrame

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.recipients.words import ends_word, state_tone, state_word
from meti_desk.ui.strings import told, tr
from meti_desk.ui.widgets.banner import Banner
from meti_desk.ui.widgets.build import Text, column, empty, restyle, row, tag
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.choice import Choice
from meti_desk.ui.widgets.elided import Elided

if TYPE_CHECKING:
    from meti_desk.protection.keys.pkcs11 import TokenFacts
    from meti_desk.services.own_key import OwnKeyView
    from meti_desk.ui.jobs import Job
    from meti_desk.ui.ports_recipients import OwnKey

_Card = tuple[str, "TokenFacts"]


class OwnKeyCard(QFrame):
    """A key file or a card; `changed` tells what is named now."""

    changed = Signal(object)
    """The own key, as `OwnKeyView`."""

    def __init__(self, desktop: Desktop, banner: Banner) -> None:
        super().__init__()
        self._desktop, self._banner = desktop, banner
        self._found: dict[str, _Card] = {}
        self._choice: Choice | None = None
        self.setProperty("card", "plain")
        self._title = Text("", "strong")
        self._state = tag("", "")
        self._where = Elided("", "small")
        self._says = Text("", "small")
        self.file = Button(tr("鍵ファイルを選ぶ"), small=True, icon_name="key", on=self._ask_file)
        self.card = Button(tr("カードを使う"), small=True, on=self._ask_cards)
        self.drop = Button(
            tr("設定を消す"), "quiet", small=True, name=tr("自分の鍵の設定を消す"), on=self._forget
        )
        top = row(spacing=10)
        top.addWidget(self._title, 1)
        top.addWidget(self._state)
        self._buttons = row(self.file, self.card, None, self.drop, spacing=8)
        self._cards = row(spacing=8)
        says = Text(tr("覚えるのは場所だけです。鍵、パスワード、暗証番号は記録しません。"), "small")
        self.setLayout(
            column(
                Text(tr("自分の鍵"), "h2"), top, self._where, self._says, self._cards,
                self._buttons, says, spacing=8, margins=(24, 18, 24, 20),
            )
        )  # fmt: skip

    def shown(self) -> None:
        """Read what is named."""
        desk = self._desktop.desk
        self._desktop.ask(self, lambda _job: desk.own_key.show(), self._show, self._banner)

    def _show(self, held: "OwnKeyView") -> None:
        seen = held.certificate
        self.file.setEnabled(True)
        self.drop.setVisible(bool(held.kind))
        self._state.setVisible(seen is not None)
        self._where.setVisible(bool(held.kind))
        if not held.kind:
            self._title.setText(tr("まだ選んでいません"))
            self._says.tell(tr("証明書あての文書を開くときと、電子署名をするときに使います。"))
        else:
            kind = tr("鍵ファイル") if held.kind == "p12" else tr("カード：{name}", name=held.token)
            self._title.setText(seen.name if seen else kind)
            self._where.setText(held.path or f"{kind}　{held.serial}")
            self._where.setToolTip(self._where.text())
            self._says.tell(ends_word(seen) if seen else tr("証明書は、初めて使うときに読みます。"))
        if seen is not None:
            self._state.setText(state_word(seen))
            self._state.setProperty("tone", state_tone(seen))
            restyle(self._state)
        self._clear_choice()
        self.changed.emit(held)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, tr("鍵ファイルを選ぶ"), "", tr("鍵ファイル ({endings})", endings="*.p12 *.pfx")
        )
        if path:
            self.take(path)

    def take(self, path: str) -> None:
        """Name a key file."""
        desk, name = self._desktop.desk, str(Path(path))
        self._desktop.ask(self, lambda _job: desk.own_key.use_p12(name), self._show, self._banner)

    def _ask_cards(self) -> None:
        own = self._desktop.desk.own_key
        self._desktop.ask(self, lambda _job: _cards_in(own), self._cards_found, self._banner)

    def _cards_found(self, found: "list[_Card]") -> None:
        if not found:
            self._banner.tell(told(EnvironmentProblem("key.token-missing")))
            return
        if len(found) == 1:
            self._use(found[0])
            return
        self._clear_choice()
        self._found = {card.serial: (module, card) for module, card in found}
        options = [(serial, f"{card.label} {serial}") for serial, (_, card) in self._found.items()]
        self._choice = Choice(tr("使うカード"), options)
        use = Button(tr("これを使う"), small=True, on=self._use_chosen)
        self._cards.addWidget(self._choice, 1)
        self._cards.addWidget(use)

    def _use_chosen(self) -> None:
        if self._choice is not None:
            self._use(self._found[self._choice.value])

    def _use(self, one: "_Card") -> None:
        desk, (module, card) = self._desktop.desk, one
        self._desktop.ask(
            self, lambda _job: desk.own_key.use_card(module, serial=card.serial), self._show,
            self._banner,
        )  # fmt: skip

    def _forget(self) -> None:
        own = self._desktop.desk.own_key

        def work(_job: "Job") -> "OwnKeyView":
            own.forget()
            return own.show()

        self._desktop.ask(self, work, self._show, self._banner)

    def _clear_choice(self) -> None:
        empty(self._cards)
        self._choice, self._found = None, {}


def _cards_in(own: "OwnKey") -> "list[_Card]":
    return [(module, card) for module in own.modules() for card in own.cards(module)]
