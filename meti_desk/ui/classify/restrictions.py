"""The chips of 取扱制限: choose, or fill in a pattern such as ○○限り or ○月○日まで保存."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from meti_desk.services.messages import RestrictionOffer
from meti_desk.ui.strings import tr
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import column, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.fields import Field
from meti_desk.ui.widgets.flow import Flow

_FIRST = 6
"""How many chips are shown at first; the others come with ＋."""

AUDIENCE = "○○限り"
"""Always offered: it is no restriction of the policy's list but the audience of the label."""


class RestrictionChips(QWidget):
    """Shows what policy offers, and what was chosen; emits `changed` when the person changes it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offers: tuple[RestrictionOffer, ...] = ()
        self._chosen: list[str] = []
        self._audience: list[str] = []
        self._open = False
        self._pattern = ""
        self._flow = Flow(gap=8)
        self._field = Field("", small=True)
        self._field.edit.setMaximumWidth(active().pixels(260))
        self._field.edit.returnPressed.connect(self._fill)
        add = Button(tr("加える"), small=True, on=self._fill)
        close = Button(tr("やめる"), "quiet", small=True, name=tr("取扱制限の記入をやめる"))
        close.clicked.connect(self._close)
        self._entry = QWidget()
        self._entry.setLayout(row(self._field, add, close, None, spacing=8))
        self._entry.hide()
        self.setLayout(column(self._flow, self._entry, spacing=10))

    @property
    def restrictions(self) -> list[str]:
        """Give the chosen restrictions, audience apart."""
        return list(self._chosen)

    @property
    def audience(self) -> list[str]:
        """Give those to whom the document is limited."""
        return list(self._audience)

    def offer(self, offers: Sequence[RestrictionOffer]) -> None:
        """Take what policy offers."""
        self._offers = tuple(offers)
        self._show()

    def choose(self, restrictions: Sequence[str], audience: Sequence[str]) -> None:
        """Show a choice without telling of it."""
        self._chosen, self._audience = list(restrictions), list(audience)
        self._show()

    def _show(self) -> None:
        had = self.focusWidget()
        name = had.accessibleName() if isinstance(had, Button) and had.hasFocus() else ""
        self._flow.clear()
        plain = [one.name for one in self._offers if "○" not in one.name]
        offered = [one.name for one in self._offers if "○" in one.name]
        patterns = list(dict.fromkeys((AUDIENCE, *offered)))
        extra = [name for name in self._chosen if name not in plain]
        first = [n for at, n in enumerate(plain) if self._open or at < _FIRST or n in self._chosen]
        for one in [*first, *extra]:
            self._chip(one, chosen=one in self._chosen)
        for who in self._audience:
            self._audience_chip(who)
        for pattern in patterns:
            if self._open or pattern == AUDIENCE:
                self._pattern_chip(pattern)
        if len(plain) > _FIRST or len(patterns) > 1:
            caption = tr("少なく表示") if self._open else tr("ほかの制限・期限")
            more = Button(caption, "chip", icon_name="" if self._open else "plus", on=self._more)
            more.setCheckable(False)
            self._flow.add(more)
        for button in self.findChildren(Button):
            if name and button.accessibleName() == name and not button.isHidden():
                button.setFocus()
        self.updateGeometry()

    def _chip(self, name: str, *, chosen: bool) -> None:
        chip = Button(name, "chip", on=lambda: self._toggle(self._chosen, name))
        chip.setChecked(chosen)
        self._flow.add(chip)

    def _audience_chip(self, who: str) -> None:
        text = tr("{who}限り", who=who)
        chip = Button(text, "chip", on=lambda: self._toggle(self._audience, who))
        chip.setChecked(True)
        self._flow.add(chip)

    def _pattern_chip(self, pattern: str) -> None:
        chip = Button(f"{pattern}…", "chip", name=tr("{pattern}を記入する", pattern=pattern))
        chip.setCheckable(False)
        chip.clicked.connect(lambda: self._ask(pattern))
        self._flow.add(chip)

    def _toggle(self, held: list[str], name: str) -> None:
        if name in held:
            held.remove(name)
        else:
            held.append(name)
        self._show()
        self.changed.emit()

    def _more(self) -> None:
        self._open = not self._open
        self._show()

    def _ask(self, pattern: str) -> None:
        self._pattern = pattern
        hints = {AUDIENCE: tr("見てよい者（例：審査委員）")}
        label = hints.get(pattern, tr("「{pattern}」の全体を書く", pattern=pattern))
        self._field.relabel(label)
        self._field.edit.setText("" if pattern == AUDIENCE else pattern)
        self._entry.show()
        self._field.edit.setFocus()
        self._field.edit.selectAll()

    def _close(self) -> None:
        self._entry.hide()

    def _fill(self) -> None:
        text = self._field.text
        if not text or "○" in text:
            self._field.refuse(tr("○のところを埋めてください。"))
            return
        self._field.refuse("")
        held = self._audience if self._pattern == AUDIENCE else self._chosen
        if self._pattern == AUDIENCE:
            text = text.removesuffix("限り")
        if text not in held:
            held.append(text)
        self._entry.hide()
        self._show()
        self.changed.emit()
