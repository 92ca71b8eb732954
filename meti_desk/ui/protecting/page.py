"""保護と署名: one card for each way, each of which opens above the page."""

from itertools import groupby

from PySide6.QtWidgets import QGridLayout, QWidget

from meti_desk.ui.icons import IconMark
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page
from meti_desk.ui.main.pills import Pills
from meti_desk.ui.protecting.ways import Way, ways
from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.build import Part, Text, card, column, panel, row
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.order import set_reading_order
from meti_desk.ui.widgets.pagehead import head
from meti_desk.ui.widgets.scroll import Scroll

_SIDE_BY_SIDE = 2


class ProtectingPage(Page):
    """All ways in groups, two cards side by side."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(desktop)
        parts: list[Part] = []
        for group, held in groupby(ways(), key=lambda way: way.group):
            parts += [Text(group, "h2"), self._cards(tuple(held)), 2]
        inner = panel(column(*parts, None, spacing=10, margins=(32, 2, 32, 24)))
        title = tr("保護と署名")
        top = column(head(title, Pills(desktop)), self.banner, spacing=10, margins=(32, 26, 32, 16))
        self.setLayout(column(top, Scroll(inner, title), spacing=0))

    def shown(self) -> None:
        """Let Tab go from card to card as they are read."""
        set_reading_order(self)

    def _cards(self, held: tuple[Way, ...]) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(16)
        for number, way in enumerate(held):
            grid.addWidget(self._card(way), *divmod(number, _SIDE_BY_SIDE))
        for side in range(_SIDE_BY_SIDE):
            grid.setColumnStretch(side, 1)
        holder = QWidget()
        holder.setLayout(grid)
        return holder

    def _card(self, way: Way) -> QWidget:
        go = Button(
            tr("進む"), small=True, name=way.title,
            on=lambda: self.desktop.task_wanted.emit(way.task, None),
        )  # fmt: skip
        top = row(IconMark(way.icon, "primary", 22), spacing=10)
        top.addWidget(Text(way.title, "strong"), 1)
        top.addWidget(go)
        says = Text(way.says, "small")
        return card(column(top, says, None, spacing=6, margins=(20, 12, 16, 14)))
