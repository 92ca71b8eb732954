"""Draws the line icons of `resources/icons`: the few words of SVG that they use, and no more.

Loading Qt's own SVG module costs more than the whole first page; the icons are ours and simple.
"""

import math
import re
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

SIDE = 24
"""The icons are drawn on a square of this many units."""

STROKE = 1.8
_SHAPE = re.compile(r"<(path|circle|rect) ([^>]*?)/?>")
_VALUE = re.compile(r'([a-z]+)="([^"]*)"')
_WORD = re.compile(r"([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+))")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}


def outline(svg: str) -> QPainterPath:
    """Read an icon into a path in units of its square; what it does not know is a `ValueError`."""
    whole = QPainterPath()
    for shape in _SHAPE.finditer(svg):
        held = dict(_VALUE.findall(shape[2]))
        if shape[1] == "path":
            _add_path(whole, held["d"])
        elif shape[1] == "circle":
            radius = float(held["r"])
            whole.addEllipse(QPointF(float(held["cx"]), float(held["cy"])), radius, radius)
        else:
            box = QRectF(*(float(held[name]) for name in ("x", "y", "width", "height")))
            whole.addRoundedRect(box, float(held["rx"]), float(held["rx"]))
    return whole


def _add_path(path: QPainterPath, text: str) -> None:
    for command, values in _commands(text):
        _draw(path, command, values)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Give each command with as many numbers as it takes; M goes on as L."""
    command, held = "", list[float]()
    for letter, number in _WORD.findall(text):
        if letter:
            command, held = letter, []
            if letter.upper() not in _TAKES:
                raise ValueError(letter)
        else:
            held.append(float(number))
        if len(held) == _TAKES[command.upper()]:
            yield command, held
            held = []
            command = {"M": "L", "m": "l"}.get(command, command)


def _draw(path: QPainterPath, command: str, values: list[float]) -> None:
    here = path.currentPosition()
    base = here if command.islower() else QPointF(0, 0)
    kind = command.upper()
    if kind == "Z":
        path.closeSubpath()
        return
    if kind == "H":
        path.lineTo(base.x() + values[0], here.y())
        return
    if kind == "V":
        path.lineTo(here.x(), base.y() + values[0])
        return
    end = base + QPointF(*values[-2:])
    if kind == "M":
        path.moveTo(end)
    elif kind == "L":
        path.lineTo(end)
    elif kind == "C":
        path.cubicTo(base + QPointF(*values[0:2]), base + QPointF(*values[2:4]), end)
    elif kind == "S":
        path.cubicTo(here * 2 - _last_pull(path), base + QPointF(*values[0:2]), end)
    else:
        _arc(path, here, end, values)


def _last_pull(path: QPainterPath) -> QPointF:
    """Give the second control point of the curve that was drawn last, which S goes on from."""
    pull = path.elementAt(path.elementCount() - 2)
    return QPointF(pull.x, pull.y)


def _arc(path: QPainterPath, start: QPointF, end: QPointF, values: list[float]) -> None:
    """Draw a part of a circle between two points: radius, which of the two parts, which way."""
    radius, large, sweep = values[0], values[3] != 0, values[4] != 0
    half = (end - start) / 2
    reach = math.hypot(half.x(), half.y())
    radius = max(radius, reach)
    away = math.sqrt(radius**2 - reach**2) / reach * (1 if large == sweep else -1)
    centre = start + half + QPointF(half.y() * away, -half.x() * away)
    first, last = _angle(start - centre), _angle(end - centre)
    turn = (last - first) % 360
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    path.arcTo(box, first, turn - 360 if sweep and turn > 0 else turn)


def _angle(arm: QPointF) -> float:
    """Give the direction of an arm in degrees, against the clock as Qt counts them."""
    return math.degrees(math.atan2(-arm.y(), arm.x()))
