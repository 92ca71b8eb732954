"""The picture on the screen: painted below, with each document a button that keys can reach."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from meti_desk.ui.lineage.layout import HEIGHT, WIDTH, Picture, Placed
from meti_desk.ui.lineage.paint import Brush
from meti_desk.ui.lineage.words import facts, spoken, title_of
from meti_desk.ui.theme import active
from meti_desk.ui.widgets.build import tip

LEAST, MOST = 0.25, 2.5


class Node(QPushButton):
    """A document of the picture: nothing but the place for focus and pointer, painted below."""

    chosen = Signal(str)
    moved = Signal(int, int)

    def __init__(self, placed: Placed, holder: QWidget) -> None:
        super().__init__(holder)
        node = placed.node
        self.placed = placed
        self.setProperty("kind", "node")
        self.setFlat(True)
        self.setAccessibleName(spoken(node))
        told = "\n".join(f"{name}: {value}" for name, value in facts(node))
        self.setToolTip(tip(f"{title_of(node)}\n{told}"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.chosen.emit(node.id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next document with the arrow keys, choose with Enter."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(*step)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class Canvas(QWidget):
    """Paints the picture at a zoom and keeps the buttons over it."""

    chosen = Signal(str)
    shown = Signal(QWidget)
    """A document got the focus and should be scrolled to."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: Picture | None = None
        self._zoom = 1.0
        self._chosen = ""
        self.nodes: list[Node] = []

    @property
    def zoom(self) -> float:
        """Tell the zoom; 1 is 100 %."""
        return self._zoom

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        for node in self.nodes:
            node.hide()
            node.deleteLater()
        self._picture = picture
        self._chosen = picture.root
        self.nodes = [Node(placed, self) for placed in picture.placed]
        for node in self.nodes:
            node.chosen.connect(self.choose)
            node.moved.connect(lambda x, y, node=node: self._move(node, x, y))
            node.show()
        for before, after in zip(self.nodes, self.nodes[1:], strict=False):
            QWidget.setTabOrder(before, after)
        self.set_zoom(self._zoom)

    def set_zoom(self, zoom: float) -> None:
        """Paint larger or smaller, within limits."""
        self._zoom = min(MOST, max(LEAST, zoom))
        if self._picture is None:
            return
        scale = self._scale()
        self.setFixedSize(self.sizeHint())
        for node in self.nodes:
            box = QRect(
                round(node.placed.x * scale),
                round(node.placed.y * scale),
                round(WIDTH * scale),
                round(HEIGHT * scale),
            )
            node.setGeometry(box)
        self.update()

    def fit(self, room: QSize) -> None:
        """Choose the zoom at which the whole picture can be seen."""
        if self._picture is not None and room.isValid():
            base = active().scale
            width = room.width() / (self._picture.width * base)
            height = room.height() / (self._picture.height * base)
            self.set_zoom(min(1.0, width, height))

    def choose(self, document: str) -> None:
        """Mark a document and tell of it."""
        self._chosen = document
        self.update()
        self.chosen.emit(document)

    def sizeHint(self) -> QSize:
        """Give the size at the zoom."""
        if self._picture is None:
            return QSize(1, 1)
        scale = self._scale()
        return QSize(round(self._picture.width * scale), round(self._picture.height * scale))

    def _scale(self) -> float:
        return self._zoom * active().scale

    def _move(self, node: Node, x: int, y: int) -> None:
        """Put the focus on the nearest document in a direction."""
        here = node.placed

        def far(one: Node) -> float:
            return abs(one.placed.x - here.x) * 4 + abs(one.placed.y - here.y)

        def lies_there(one: Node) -> bool:
            if x:
                return (one.placed.x - here.x) * x > 0
            return one.placed.x == here.x and (one.placed.y - here.y) * y > 0

        found = min(filter(lies_there, self.nodes), key=far, default=None)
        if found is not None:
            found.setFocus(Qt.FocusReason.TabFocusReason)
            self.shown.emit(found)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture in the colours of the theme."""
        if self._picture is None:
            return
        painter = QPainter(self)
        painter.scale(self._scale(), self._scale())
        Brush(painter, active(), self._chosen).picture(self._picture)
        painter.end()
