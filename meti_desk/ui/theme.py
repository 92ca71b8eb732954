"""Light and dark: palette, style sheet and fonts, all from `resources/tokens.json`.

Colours are asked for by role (`text`, `primary`, `danger-soft` …), never by value. Sizes in the
style sheet are pixels at 100 % and grow with the person's text scale (100-200 %).
"""

import json
import re
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from meti_desk.data import read_text

ThemeName = Literal["light", "dark"]
FAMILIES = ("Noto Sans JP", "Noto Sans CJK JP")
"""The first is what the installer ships, the second what Linux distributions call the same face."""

BASE_PIXELS = 16
_HALF = 128
_PLACE = re.compile(r"\{\{([a-z0-9-]+)\}\}")


@lru_cache(maxsize=1)
def _tokens() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(read_text("resources", "tokens.json"))
    return held


class Theme(NamedTuple):
    """One look: which theme, and how large the text is (1.0 is 16 px)."""

    name: ThemeName = "light"
    scale: float = 1.0

    def value(self, role: str) -> str:
        """Give the colour of a role as `#rrggbb`; an unknown role is a `KeyError`."""
        tokens = _tokens()
        name = tokens["themes"][self.name][role]
        return str(tokens["primitive"].get(name) or tokens["derived"][name])

    def pixels(self, at_100: int) -> int:
        """Scale a length with the text."""
        return round(at_100 * self.scale)

    def style_sheet(self) -> str:
        """Fill the style sheet: `{{16}}` becomes scaled pixels, `{{text}}` a colour."""

        def fill(found: re.Match[str]) -> str:
            word = found[1]
            return f"{self.pixels(int(word))}px" if word.isdigit() else self.value(word)

        return _PLACE.sub(fill, read_text("resources", "qss/desk.qss"))


class _Active:
    theme = Theme()
    styled = False
    shown = False


def active() -> Theme:
    """Give the theme that is shown now."""
    return _Active.theme


def colour(role: str) -> QColor:
    """Give the colour of a role in the theme that is shown now."""
    return QColor(active().value(role))


def wanted(choice: str) -> ThemeName:
    """Turn the setting `light`, `dark` or `system` into a theme."""
    if choice == "dark":
        return "dark"
    if choice == "light":
        return "light"
    if not _Active.shown:
        # The palette that Qt begins with follows the system, and asking it does not load `Qt`.
        return "dark" if QApplication.palette().window().color().lightness() < _HALF else "light"
    from PySide6.QtCore import Qt

    scheme = QApplication.styleHints().colorScheme()
    return "dark" if scheme is Qt.ColorScheme.Dark else "light"


def application(name: str) -> QApplication:
    """Give the application, made with our style if there is none yet.

    The style is an argument, because `setStyle` hands a style back, whose class costs 5 ms to load.
    """
    held = QApplication.instance()
    if held is None:
        _Active.styled = True
        return QApplication([name, "-style", "Fusion"])
    if not isinstance(held, QApplication):
        raise TypeError(type(held))
    return held


def apply(app: QApplication, theme: Theme) -> None:
    """Show a theme everywhere, at once and without a restart."""
    _Active.theme = theme
    _Active.shown = True
    if not _Active.styled:
        app.setStyle("Fusion")
        _Active.styled = True
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(theme.pixels(BASE_PIXELS))
    app.setFont(font)
    app.setPalette(_palette(theme))
    app.setStyleSheet(theme.style_sheet())


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: "page",
        role.Base: "field",
        role.AlternateBase: "subtle",
        role.Button: "page",
        role.ToolTipBase: "page",
        role.WindowText: "text",
        role.Text: "text",
        role.ButtonText: "text",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Highlight: "primary",
        role.HighlightedText: "on-primary",
        role.Link: "primary",
        role.Accent: "primary",
    }
    for one, name in pairs.items():
        palette.setColor(one, QColor(theme.value(name)))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(theme.value("disabled")))
    return palette
