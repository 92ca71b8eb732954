"""Coordinates on a page: matrices, boxes, and the way from what a reader sees and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pikepdf import Array

from meti_desk.formats.pdf.geometry import Box, Matrix, common, normal
from meti_desk.formats.redaction import RedactionArea

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LETTER: Box = (0.0, 0.0, 612.0, 792.0)
_DEPTH = 64


def times(one: Matrix, two: Matrix) -> Matrix:
    """Give the matrix that does `one` first and then `two`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Move a point."""
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def inverse(matrix: Matrix) -> Matrix | None:
    """Give the way back; `None` where everything falls onto a line."""
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    if abs(area) < 1e-12:  # noqa: PLR2004 - nothing is that flat on purpose
        return None
    return (
        d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area,
    )  # fmt: skip


def around(points: Iterable[tuple[float, float]]) -> Box:
    """Give the box around points."""
    across, up = zip(*points, strict=True)
    return (min(across), min(up), max(across), max(up))


def moved(matrix: Matrix, box: Box) -> Box:
    """Give the box around a box that was moved."""
    return around(point(matrix, x, y) for x in box[::2] for y in box[1::2])


def shared(one: Box, two: Box) -> float:
    """Give the area that two boxes have in common."""
    wide = min(one[2], two[2]) - max(one[0], two[0])
    high = min(one[3], two[3]) - max(one[1], two[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def joined(one: Box, two: Box) -> Box:
    """Give the box around two boxes."""
    return (
        min(one[0], two[0]), min(one[1], two[1]), max(one[2], two[2]), max(one[3], two[3])
    )  # fmt: skip


def within(inner: Box, outer: Box, slack: float = 0.0) -> bool:
    """Tell whether a box lies in another one."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def holds(box: Box, place: tuple[float, float], slack: float = 0.0) -> bool:
    """Tell whether a point lies in a box."""
    x, y = place
    return box[0] - slack <= x <= box[2] + slack and box[1] - slack <= y <= box[3] + slack


@dataclass(frozen=True, slots=True)
class View:
    """A page as it is shown: its visible box in its own units, its turn, and points in a unit."""

    box: Box
    turn: int = 0
    unit: float = 1.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as it is shown, in points."""
        wide, high = (
            (self.box[2] - self.box[0]) * self.unit,
            (self.box[3] - self.box[1]) * self.unit,
        )
        return (high, wide) if self.turn in {90, 270} else (wide, high)

    def _matrix(self) -> Matrix:
        """Give the way from page units to points from the upper left corner."""
        x0, y0, x1, y1 = self.box
        u = self.unit
        return {
            0: (u, 0.0, 0.0, -u, -x0 * u, y1 * u),
            90: (0.0, u, u, 0.0, -y0 * u, -x0 * u),
            180: (-u, 0.0, 0.0, u, x1 * u, -y0 * u),
            270: (0.0, -u, -u, 0.0, y1 * u, x1 * u),
        }[self.turn]

    def shown(self, page: int, box: Box) -> RedactionArea:
        """Give a box of page units as the reader sees it; `page` counts from 1."""
        left, top, right, bottom = moved(self._matrix(), box)
        numbers = (left, top, right - left, bottom - top)
        return RedactionArea(page, *(round(number, 2) for number in numbers))

    def box_of(self, area: RedactionArea) -> Box:
        """Give in page units what somebody marked on the page as it is shown."""
        back = inverse(self._matrix()) or IDENTITY
        corner = (area.x, area.y, area.x + area.width, area.y + area.height)
        return moved(back, corner)


def view_of(page: Any) -> View:
    """Read how a page is shown."""
    media = _box(inherited(page, "/MediaBox")) or _LETTER
    crop = _box(inherited(page, "/CropBox"))
    turn, unit = number(inherited(page, "/Rotate"), 0.0), number(page.get("/UserUnit"), 1.0)
    box = common(crop, media) if crop else media
    return View(box, round(turn / 90) * 90 % 360, unit if unit > 0 else 1.0)


def inherited(page: Any, key: str) -> Any:
    """Give an entry of a page, or of what it hangs on."""
    node = page
    for _ in range(_DEPTH):
        if key in node:
            return node[key]
        if "/Parent" not in node:
            return None
        node = node["/Parent"]
    return None


def number(value: Any, otherwise: float) -> float:
    """Read a number; what is none is the other one."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise


def matrix_of(value: Any) -> Matrix:
    """Read a matrix; what is none moves nothing."""
    if not isinstance(value, Array) or len(value) != 6:  # noqa: PLR2004 - a matrix has six
        return IDENTITY
    a, b, c, d, e, f = (number(one, 0.0) for one in value)
    return (a, b, c, d, e, f)


def _box(value: Any) -> Box | None:
    if not isinstance(value, Array) or len(value) != 4:  # noqa: PLR2004 - a box has four numbers
        return None
    x0, y0, x1, y1 = (number(one, 0.0) for one in value)
    box = normal((x0, y0, x1, y1))
    return box if box[0] < box[2] and box[1] < box[3] else None
