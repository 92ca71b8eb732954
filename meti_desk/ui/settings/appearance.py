"""Appearance: theme, language and text size, kept as settings."""

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from meti_desk.ui.strings import Language, tr
from meti_desk.ui.theme import Theme, wanted
from meti_desk.ui.widgets.build import Text, card, column, row
from meti_desk.ui.widgets.buttons import Segmented

if TYPE_CHECKING:
    from meti_desk.ui.ports import Glance

THEME, LANGUAGE, SCALE = "theme", "language", "scale"
SCALES = (100, 125, 150, 200)


class Appearance(NamedTuple):
    """How the window looks and in which language it speaks."""

    theme: str = "system"
    language: Language = "ja"
    scale: int = 100

    def shown(self) -> Theme:
        """Give the theme that this means here and now."""
        return Theme(wanted(self.theme), self.scale / 100)


def read(desk: "Glance") -> Appearance:
    """Read the person's choice; what is not understood falls back to the standard."""
    scale = desk.setting(SCALE, "100")
    return Appearance(
        desk.setting(THEME, "system"),
        "en" if desk.setting(LANGUAGE, "ja") == "en" else "ja",
        int(scale) if scale.isdigit() and int(scale) in SCALES else 100,
    )


class AppearanceCard(QWidget):
    """表示."""

    chosen = Signal(str, str)
    """Key and value of a setting."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = Segmented(
            tr("配色"),
            [("system", tr("端末に合わせる")), ("light", tr("明るい")), ("dark", tr("暗い"))],
        )
        self.language = Segmented(tr("言語"), [("ja", "日本語"), ("en", "English")])
        self.scale = Segmented(tr("文字の大きさ"), [(n, tr("{n}%", n=n)) for n in SCALES])
        lines = [
            column(Text(name, "strong"), choice, spacing=4)
            for name, choice in (
                (tr("配色"), self.theme),
                (tr("文字の大きさ"), self.scale),
                (tr("言語"), self.language),
            )
        ]
        first = row(spacing=24)
        first.addLayout(lines[0], 3)
        first.addLayout(lines[2], 2)
        inner = column(
            Text(tr("表示"), "h2"), first, lines[1], spacing=12, margins=(24, 18, 24, 20)
        )
        self.setLayout(column(card(inner)))
        self.theme.chosen.connect(lambda v: self.chosen.emit(THEME, str(v)))
        self.language.chosen.connect(lambda v: self.chosen.emit(LANGUAGE, str(v)))
        self.scale.chosen.connect(lambda v: self.chosen.emit(SCALE, str(v)))

    def show_choice(self, held: Appearance) -> None:
        """Show what is chosen."""
        self.theme.set_value(held.theme)
        self.language.set_value(held.language)
        self.scale.set_value(held.scale)
