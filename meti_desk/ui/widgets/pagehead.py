"""The head of a page: its title, and what stands at the right of it."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from meti_desk.ui.widgets.build import Text, row


def head(title: str, *right: QWidget) -> QHBoxLayout:
    """Put the page's title at the left and pills or buttons at the right."""
    line = row(spacing=8)
    line.addWidget(Text(title, "h1"), 1)
    for one in right:
        line.addWidget(one)
    return line
