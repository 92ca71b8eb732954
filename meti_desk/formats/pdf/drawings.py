"""Lines and shapes in a zone: parts of a path that lie in it go, frames around it stay."""

from collections.abc import Sequence
from typing import Any, Protocol

from meti_desk.formats.pdf.geometry import Box, Matrix
from meti_desk.formats.pdf.planes import around, number, point, shared, within

BUILDING = frozenset({"m", "l", "c", "v", "y", "h", "re", "W", "W*"})
STROKING = frozenset({"S", "s", "B", "B*", "b", "b*"})
PAINTING = STROKING | {"f", "F", "f*"}

_SIMPLE = 24
"""A part with more lines and curves than this, half in an area, may be writing."""
_SLACK = 0.5


class Placed(Protocol):
    """What has a box and may take all that touches it."""

    @property
    def box(self) -> Box:
        """Where it lies, in page units."""

    @property
    def whole(self) -> bool:
        """Whether all goes that touches it."""


def without(
    built: list[Any], matrix: Matrix, zones: Sequence[Placed], swelling: float
) -> list[Any] | None:
    """Leave out the parts of a path that lie in a zone.

    Of what lies half in an area, frames and lines stay; a part that may be writing gives `None`,
    since it could be left out only as a whole. Paths that clip stay as they are.
    """
    if any(str(one.operator) in {"W", "W*"} for one in built):
        return built
    kept: list[Any] = []
    for part in _parts(built):
        box = _box(part, matrix, swelling)
        if box is None:
            kept += part
            continue
        if any(within(box, zone.box, _SLACK) for zone in zones):
            continue
        if len(part) > _SIMPLE and any(zone.whole and shared(box, zone.box) for zone in zones):
            return None
        kept += part
    return kept


def _parts(built: list[Any]) -> list[list[Any]]:
    """Cut a path into its parts: each begins with a move or is a rectangle."""
    parts: list[list[Any]] = []
    after_rectangle = False
    for one in built:
        operator = str(one.operator)
        if operator in {"m", "re"} or not parts or after_rectangle:
            parts.append([])
        parts[-1].append(one)
        after_rectangle = operator == "re"
    return parts


def _box(part: list[Any], matrix: Matrix, swelling: float) -> Box | None:
    points: list[tuple[float, float]] = []
    for one in part:
        numbers = [number(operand, 0.0) for operand in one.operands]
        if str(one.operator) == "re" and len(numbers) == 4:  # noqa: PLR2004 - place and size
            x, y, wide, high = numbers
            corners = [(x, y), (x + wide, y), (x, y + high), (x + wide, y + high)]
        else:
            corners = list(zip(numbers[::2], numbers[1::2], strict=False))
        points += [point(matrix, across, up) for across, up in corners]
    if not points:
        return None
    left, low, right, high = around(points)
    return (left - swelling, low - swelling, right + swelling, high + swelling)
