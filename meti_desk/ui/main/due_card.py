"""A card of ホーム: one thing that is due, with one button."""

from PySide6.QtWidgets import QFrame, QProgressBar

from meti_desk.ui.icons import IconMark
from meti_desk.ui.strings import article
from meti_desk.ui.widgets.build import Text, card, column, row
from meti_desk.ui.widgets.buttons import Button


def due_card(
    icon_name: str,
    title: str,
    text: str,
    articles: tuple[str, ...],
    button: Button,
    bar: QProgressBar | None = None,
    *,
    urgent: bool = False,
) -> QFrame:
    """Show what is due, why by its articles, and the button that leads there."""
    references = "・".join(article(one) for one in articles)
    said = "\n".join(filter(None, (text, references)))
    texts = column(Text(title, "h3"), Text(said, "small"), spacing=4)
    if bar is not None:
        texts.addSpacing(6)
        texts.addLayout(row(bar, None))
    mark = IconMark(
        icon_name, "danger" if urgent else "primary", 20, "danger-soft" if urgent else "soft"
    )
    layout = row(mark, spacing=16, margins=(20, 18, 20, 18))
    layout.addLayout(texts, 1)
    layout.addWidget(button)
    return card(layout, "urgent" if urgent else "plain")
