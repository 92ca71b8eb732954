"""What every task has in the same place: where files go, and what went wrong."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Text, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.elided import Elided

_GAP = 12


def place_line(where: Elided, change: Callable[[], None]) -> QFrame:
    """Put 変える right behind the folder that it changes, however long its path is."""
    where.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    button = Button(tr("変える"), "link", name=tr("保存先を変える"), on=change)
    caption = Text(tr("保存先"), "small", wrap=False)
    line: QHBoxLayout = row(caption, where, button, None, spacing=8)
    return panel(line)


def banner_line(banner: QWidget) -> QVBoxLayout:
    """Give a banner the margins of a task, with a gap below it only while it is shown."""
    strut = QWidget()  # no height: the spacing before it counts once the banner is there
    strut.setFixedHeight(0)
    return column(banner, strut, spacing=_GAP, margins=(28, 0, 28, 0))
