"""A tree of texts that stays fluid with ten thousands of rows: plain nodes, no widget for any."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from meti_desk.ui.findings.words import Sign
from meti_desk.ui.icons import icon
from meti_desk.ui.theme import active, colour
from meti_desk.ui.widgets.build import tip

_TICK = (QPointF(0.24, 0.52), QPointF(0.43, 0.72), QPointF(0.78, 0.30))
_BAR = (QPointF(0.25, 0.5), QPointF(0.75, 0.5))

Index = QModelIndex | QPersistentModelIndex


@dataclass(slots=True, eq=False)
class Branch:
    """A row: its cells, what hangs below it, and how it is shown.

    `sign` stands before the cell `sign_at`. `kinds` are what a check box at the row decides on;
    empty: it has none. `detail` is told in full below the tree.
    """

    cells: tuple[str, ...]
    children: list["Branch"] = field(default_factory=list)
    sign: Sign | None = None
    sign_at: int = 0
    strong: bool = False
    kinds: frozenset[str] = frozenset()
    detail: str = ""
    path: str = ""
    up: int = -1
    """The place of the row above in the model's list; -1 for none."""
    row: int = 0


class TreeModel(QAbstractItemModel):
    """Shows branches; subclasses say what a check box does."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self._heads = tuple(heads)
        self._nodes: list[Branch] = []
        self._places: dict[int, int] = {}
        self._roots: list[Branch] = []

    def fill(self, roots: Iterable[Branch]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._roots = list(roots)
        self._nodes, self._places = [], {}
        self._take(self._roots, -1)
        self.endResetModel()

    def _take(self, rows: list[Branch], up: int) -> None:
        for at, one in enumerate(rows):
            one.up, one.row = up, at
            here = len(self._nodes)
            self._places[id(one)] = here
            self._nodes.append(one)
            self._take(one.children, here)

    def branch(self, index: Index) -> Branch | None:
        """Give the row at an index."""
        return self._nodes[index.internalId()] if index.isValid() else None

    def _below(self, parent: Index | None) -> list[Branch]:
        if parent is None or not parent.isValid():
            return self._roots
        return self._nodes[parent.internalId()].children

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Give the index of a cell."""
        rows = self._below(parent)
        if not (0 <= row < len(rows) and 0 <= column < len(self._heads)):
            return QModelIndex()
        return self.createIndex(row, column, self._places[id(rows[row])])

    def parent(self, index: Index | None = None) -> QObject | QModelIndex | None:  # type: ignore[override] # two meanings of one name in Qt
        """Give the index of the row above; without an index, Qt's owner of the model."""
        if index is None:
            return super().parent()
        one = self.branch(index)
        if one is None or one.up < 0:
            return QModelIndex()
        return self.createIndex(self._nodes[one.up].row, 0, one.up)

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the rows below an index."""
        if parent is not None and parent.isValid() and parent.column() > 0:
            return 0
        return len(self._below(parent))

    def columnCount(self, _parent: Index | None = None) -> int:
        """Count the columns."""
        return len(self._heads)

    def checked(self, _branch: Branch) -> Qt.CheckState:
        """Tell the state of a row's check box."""
        return Qt.CheckState.Unchecked

    def check(self, _branch: Branch, *, on: bool) -> None:
        """Hear that a person set or cleared a check box."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give what a cell shows; a reader of the screen hears the whole row at once."""
        one = self.branch(index)
        if one is None:
            return None
        at = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return one.cells[at]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(one.cells[at])
        if role == Qt.ItemDataRole.DecorationRole and one.sign is not None and at == one.sign_at:
            return icon(one.sign.icon, one.sign.tone, 16)
        return self._of_row(one, role) if at == 0 else None

    def _of_row(self, one: Branch, role: int) -> object:
        """Give what the first cell says of the whole row."""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "　".join(filter(None, one.cells))
        if role == Qt.ItemDataRole.CheckStateRole and one.kinds:
            return self.checked(one)
        if role == Qt.ItemDataRole.FontRole and one.strong:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, _value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a check box that was clicked."""
        one = self.branch(index)
        if one is None or not one.kinds or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.check(one, on=self.checked(one) is not Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let rows be chosen, and those with a check box be checked."""
        held = super().flags(index)
        one = self.branch(index)
        if one is not None and one.kinds and index.column() == 0:
            held |= Qt.ItemFlag.ItemIsUserCheckable
        return held

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Give the head of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return self._heads[section]


class _Ticks(QStyledItemDelegate):
    """Draws the tick into a check box, which the style sheet fills with a colour alone."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell, then the tick or the bar of its check box."""
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None or state == Qt.CheckState.Unchecked:
            return
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = QRectF(full.widget.style().subElementRect(part, full, full.widget))
        whole = state == Qt.CheckState.Checked
        side = min(box.width(), box.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour("on-primary" if whole else "primary"), max(1.5, side / 9)))
        painter.drawPolyline([box.topLeft() + one * side for one in (_TICK if whole else _BAR)])
        painter.restore()


class Tree(QTreeView):
    """Shows a tree model; `widths` are pixels at 100 %, 0 takes what is left."""

    def __init__(self, model: TreeModel, name: str, widths: tuple[int, ...]) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.setItemDelegateForColumn(0, _Ticks(self))
        self.setAccessibleName(name)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setIndentation(active().pixels(22))
        header = self.header()
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place, width in enumerate(widths):
            if width:
                header.resizeSection(place, active().pixels(width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the space bar set the check box of the row, whatever cell is the current one."""
        here = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and here.isValid():
            first = here.siblingAtColumn(0)
            self._model.setData(first, None, Qt.ItemDataRole.CheckStateRole)
            return
        super().keyPressEvent(event)
