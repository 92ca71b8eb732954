"""Columns side by side while there is room, one below the other when the text is large.

Each column scrolls by itself while they stand side by side; stacked they scroll as one page.
"""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import column, panel, row, rule
from meti_desk.ui.widgets.scroll import Scroll

_OUTER = 32


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it shows, how wide it is at 100 % (0: what is left), its name and ground.

    `head` stays in sight above what scrolls, as long as the columns stand side by side.
    """

    inner: QWidget
    name: str
    width: int = 0
    ground: str = "clear"
    head: QWidget | None = None


class Columns(QWidget):
    """Changes between side by side and stacked at `room` pixels of width (at 100 %)."""

    stacked_changed = Signal(bool)

    def __init__(
        self, *columns: Column, room: int, ruled: bool = True, stacked_order: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self._columns = columns
        self._order = stacked_order or tuple(range(len(columns)))
        self._hidden: set[int] = set()
        self._shells: list[QWidget] = []
        self._room = room
        self._stacked: bool | None = None
        self.scrolls: list[Scroll] = []
        self._holder = QWidget()
        self._whole = column(self._holder, spacing=0)
        self._ruled = ruled
        self.setLayout(self._whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._arrange(stacked=False)

    def show_column(self, place: int, *, shown: bool) -> None:
        """Show or hide a column."""
        self._hidden = self._hidden - {place} if shown else self._hidden | {place}
        self._shells[place].setVisible(shown)

    def reveal(self, part: QWidget, *, middle: bool = False) -> None:
        """Scroll so that a part can be seen, in the middle if wanted."""
        for scroll in self.scrolls:
            if scroll.isAncestorOf(part):
                room = scroll.viewport().size() - part.size()
                around = (room.width() // 2, room.height() // 2) if middle else (50, 50)
                scroll.ensureWidgetVisible(part, *(max(0, one) for one in around))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the columns when they no longer fit."""
        super().resizeEvent(event)
        self._arrange(stacked=event.size().width() < active().pixels(self._room))

    def _arrange(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for one in self._columns:
            one.inner.setParent(self)
            if one.head is not None:
                one.head.setParent(self)
        old = self._holder
        self._holder = self._one_below_the_other() if stacked else self._side_by_side()
        self._whole.replaceWidget(old, self._holder)
        old.hide()
        old.deleteLater()
        for place, one in enumerate(self._columns):
            one.inner.show()
            if one.head is not None:
                one.head.show()
            self._shells[place].setVisible(place not in self._hidden)
        self.stacked_changed.emit(stacked)

    def _side_by_side(self) -> QWidget:
        line = row(spacing=0 if self._ruled else 8)
        self.scrolls, self._shells = [], []
        for place, one in enumerate(self._columns):
            if place and self._ruled:
                line.addWidget(rule("v"))
            scroll = Scroll(panel(column(one.inner, spacing=0), one.ground), one.name)
            self.scrolls.append(scroll)
            shell: QWidget = scroll
            if one.head is not None:
                shell = panel(column(one.head, spacing=0), one.ground)
                _grown(shell, scroll)
            if one.width:
                shell.setFixedWidth(active().pixels(one.width))
            line.addWidget(shell, 0 if one.width else 1)
            self._shells.append(shell)
        return panel(line)

    def _one_below_the_other(self) -> QWidget:
        inside = QVBoxLayout()
        inside.setSpacing(0)
        inside.setContentsMargins(0, 0, 0, 0)
        shells = {place: _flowing(self._columns[place]) for place in self._order}
        for place, shell in shells.items():
            if place != self._order[0] and self._ruled:
                inside.addWidget(rule())
            inside.addWidget(shell)
        self._shells = [shells[place] for place in range(len(self._columns))]
        names = "・".join(one.name for one in self._columns)
        scroll = Scroll(panel(inside), names)
        self.scrolls = [scroll]
        return scroll


def even_margins(columns: Columns, left: QVBoxLayout, right: QVBoxLayout) -> None:
    """Give two columns the page's margins: outside alone beside each other, both when stacked."""

    def change(stacked: bool) -> None:  # noqa: FBT001 - the signal's own argument
        inner = _OUTER if stacked else _OUTER // 2
        left.setContentsMargins(_OUTER, 4, inner, 24)
        right.setContentsMargins(inner, 4, _OUTER, 24)

    columns.stacked_changed.connect(change)
    change(stacked=False)


def _grown(shell: QWidget, scroll: Scroll) -> None:
    layout = shell.layout()
    if isinstance(layout, QVBoxLayout):
        layout.addWidget(scroll, 1)


def _flowing(one: Column) -> QWidget:
    """Put head and content below each other: with large text the head would leave no room."""
    head = (one.head,) if one.head is not None else ()
    return panel(column(*head, one.inner, spacing=0), one.ground)
