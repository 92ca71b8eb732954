"""Paints a picture of documents and arrows: the same on the screen and in a file."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from meti_desk.ui.lineage.layout import EDGE, HEIGHT, WIDTH, Link, Picture, Placed
from meti_desk.ui.lineage.words import column_head, standing, title_of, tone
from meti_desk.ui.theme import FAMILIES, Theme

_ARROW = 9.0
_PAD = 14.0
_LOOP = 26.0
"""How far an arrow that runs back swings out."""


class Brush:
    """Paints in one look, on a painter that is scaled to pixels at 100 %."""

    def __init__(self, painter: QPainter, theme: Theme, chosen: str = "") -> None:
        self._painter = painter
        self._theme = theme
        self._chosen = chosen
        self._middle = 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def picture(self, picture: Picture) -> None:
        """Paint ground, heads, arrows and documents."""
        self._middle = (picture.height - HEIGHT) / 2
        self._painter.fillRect(QRectF(0, 0, picture.width, picture.height), self._colour("page"))
        for left, level in picture.columns:
            box = QRectF(left, EDGE - 8, WIDTH, 24)
            self._text(box, column_head(level), 13, "muted", bold=True)
        for link in picture.links:
            if not link.back:
                self._link(link)
        for placed in picture.placed:
            self._document(placed, root=placed.node.id == picture.root)
        for link in picture.links:
            if link.back:  # over the boxes that lie between, so that a cycle is not overlooked
                self._link(link)

    def _colour(self, role: str) -> QColor:
        return QColor(self._theme.value(role))

    def _document(self, placed: Placed, *, root: bool) -> None:
        painter, node = self._painter, placed.node
        role = tone(node)
        box = QRectF(placed.x, placed.y, WIDTH, HEIGHT)
        chosen = node.id == self._chosen
        pen = QPen(self._colour(role), 3 if chosen else 2 if root else 1)
        pen.setStyle(Qt.PenStyle.SolidLine if node.known else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(self._colour("soft" if root or chosen else "page"))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour(role))
        painter.drawRoundedRect(QRectF(box.left(), box.top() + 8, 5, HEIGHT - 16), 2, 2)
        inside = box.adjusted(_PAD, 10, -10, -8)
        half = QRectF(inside.left(), inside.top(), inside.width(), 26)
        self._text(half, title_of(node), 14, "text", bold=True)
        self._text(half.translated(0, 25), standing(node), 13, role, bold=True)
        who = "、".join(filter(None, (node.decided_by, *node.recipients[:1])))
        self._text(half.translated(0, 48), who, 12, "muted")

    def _text(self, box: QRectF, text: str, size: int, role: str, *, bold: bool = False) -> None:
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(size)
        font.setBold(bold)
        middle = Qt.TextElideMode.ElideMiddle if bold else Qt.TextElideMode.ElideRight
        shown = QFontMetricsF(font).elidedText(text, middle, box.width())
        self._painter.setFont(font)
        self._painter.setPen(self._colour(role))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._painter.drawText(box, flags, shown)

    def _link(self, link: Link) -> None:
        role = "warning" if link.back else "control"
        pen = QPen(self._colour(role), 1.6)
        if link.back:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        path, tip, way = _route(link, self._middle)
        self._painter.drawPath(path)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._colour(role))
        self._painter.drawPolygon(_head(tip, way))


def _route(link: Link, middle: float) -> tuple[QPainterPath, QPointF, QPointF]:
    """Give the arrow's line, its tip, and the direction in which it points there."""
    source, made = link.source, link.made
    start = QPointF(source.x + WIDTH, source.y + HEIGHT / 2)
    path = QPainterPath(start)
    if not link.back:
        tip = QPointF(made.x, made.y + HEIGHT / 2)
        bend = (tip.x() - start.x()) / 2
        path.cubicTo(start + QPointF(bend, 0), tip - QPointF(bend, 0), tip - QPointF(_ARROW, 0))
        return path, tip, QPointF(1, 0)
    if source.x == made.x:
        tip = QPointF(made.x + WIDTH, made.y + HEIGHT / 2 + _PAD)
        out = start.x() + _LOOP
        path.cubicTo(QPointF(out, start.y()), QPointF(out, tip.y()), tip + QPointF(_ARROW, 0))
        return path, tip, QPointF(-1, 0)
    # Against the generations: around what lies between, above or below, where it is nearer.
    above = source.y + made.y < middle * 2
    edge, way = (0, 1) if above else (HEIGHT, -1)
    start = QPointF(source.x + WIDTH / 2, source.y + edge)
    tip = QPointF(made.x + WIDTH / 2, made.y + edge)
    outer = min(start.y(), tip.y()) if above else max(start.y(), tip.y())
    turn = outer - way * HEIGHT * 0.8
    path = QPainterPath(start)
    path.cubicTo(QPointF(start.x(), turn), QPointF(tip.x(), turn), tip - QPointF(0, way * _ARROW))
    return path, tip, QPointF(0, way)


def _head(tip: QPointF, way: QPointF) -> QPolygonF:
    side = QPointF(-way.y(), way.x()) * (_ARROW * 0.55)
    foot = tip - way * _ARROW
    return QPolygonF([tip, foot + side, foot - side])
