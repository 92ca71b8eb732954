"""Short words for what every page is built of: texts, columns, rows, cards, rules."""

from collections.abc import Sequence
from html import escape

from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from meti_desk.ui.theme import active

Part = QWidget | QLayout | int | None
"""What a column or row takes: a widget, a layout, a gap in pixels, or `None` for the free space."""


_PLAIN = 0
"""`Qt.TextFormat.PlainText`, written as a property: naming `Qt` makes a hundred enumerations."""


def tip(text: str) -> str:
    """Give a text as a tip that shows it as it stands.

    Qt takes a tip for rich text where it looks like some: a title, or words hidden in a document,
    could then draw an image, which Windows fetches from wherever it says, with the person's name.
    """
    if "<" not in text and "&" not in text:
        return text
    return f'<p style="white-space:pre-wrap">{escape(text)}</p>'


class Text(QLabel):
    """A text. Always plain: rich text would leak its tags into the accessible name."""

    def __init__(self, text: str = "", role: str = "body", *, wrap: bool = True) -> None:
        super().__init__(text)
        self.setProperty("textFormat", _PLAIN)
        self.setWordWrap(wrap)
        self.setProperty("role", role)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def setToolTip(self, text: str) -> None:
        """Set the tip, as plain as the text (`tip`)."""
        super().setToolTip(tip(text))

    def tell(self, text: str, role: str = "") -> None:
        """Show another text, in another role if one is named; nothing at all hides it."""
        self.setText(text)
        if not text or self.parentWidget() is not None:  # alone it would be a window for a moment
            self.setVisible(bool(text))
        if role and self.property("role") != role:
            self.setProperty("role", role)
            restyle(self)


def restyle(widget: QWidget) -> None:
    """Let the style sheet look at a widget's properties again, once it has looked before."""
    if widget.isWindow() and not widget.isVisible():
        return  # being made just now; asking Qt itself would take its enumerations
    from PySide6.QtCore import Qt

    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def fill(layout: QBoxLayout, parts: Sequence[Part]) -> None:
    """Put parts into a layout, one after another."""
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)


def column(
    *parts: Part, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """Stack parts from top to bottom; margins are left, top, right, bottom."""
    layout = QVBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    fill(layout, parts)
    return layout


def row(
    *parts: Part, spacing: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """Put parts side by side."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    fill(layout, parts)
    return layout


def panel(layout: QLayout, ground: str = "clear", *, width: int = 0) -> QFrame:
    """Make a widget of a layout, on a ground (`page`, `subtle`, `clear`); `width` fixes it."""
    widget = QFrame()  # a plain widget would be given its ground by an attribute of `Qt` alone
    widget.setProperty("ground", ground)
    widget.setLayout(layout)
    if width:
        widget.setFixedWidth(active().pixels(width))
    return widget


def card(layout: QLayout, kind: str = "plain") -> QFrame:
    """Make a card; the style sheet knows its kind (`plain`, `urgent`, `evidence`, `note` …)."""
    frame = QFrame()
    frame.setProperty("card", kind)
    frame.setLayout(layout)
    frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return frame


def rule(kind: str = "h") -> QFrame:
    """Draw a thin line, `h` or `v`."""
    line = QFrame()
    line.setProperty("rule", kind)
    return line


def tag(text: str, tone: str = "") -> Text:
    """Make a small bordered word, such as 機密性2; the word says it, the tone only helps."""
    made = Text(text, "tag", wrap=False)
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def empty(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        inner = item.layout()
        if inner is not None:
            empty(inner)
