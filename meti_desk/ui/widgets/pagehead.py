"""The head of a page: its title, and what stands at the right of it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from meti_desk.ui.widgets.build import Text, row


def head(title: str, *right: QWidget) -> QHBoxLayout:
    """Put the page's title at the left and pills or buttons at the right."""
    shown = Text(title, "h1", wrap=False)
    return row(shown, None, *right, spacing=8)
