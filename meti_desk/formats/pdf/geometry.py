"""Where the mark stands on a page: from its boxes, its rotation and its unit.

All lengths are points (1/72 inch) on paper as the reader sees the page, before they are turned
into the page's own coordinates.
"""

from dataclasses import dataclass

LARGEST = 10.5
"""Font size of a mark where there is room, in points."""
SMALLEST = 6.0
"""Below this nobody reads it: such a page is not marked (`mark.page-too-small`)."""
SIDE = 14.0
TOP = 13.0
_SHARE = 0.25
"""The mark takes at most this part of a page's height."""

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's visible box in its own units, its rotation in degrees and its unit in points."""

    box: Box
    rotate: int = 0
    unit: float = 1.0


def normal(box: Box) -> Box:
    """Order the corners of a box."""
    return (min(box[0], box[2]), min(box[1], box[3]), max(box[0], box[2]), max(box[1], box[3]))


def common(one: Box, two: Box) -> Box:
    """Give what two boxes share, or the second where they share nothing (as viewers do)."""
    x0, y0, x1, y1 = (
        max(one[0], two[0]),
        max(one[1], two[1]),
        min(one[2], two[2]),
        min(one[3], two[3]),
    )
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else two


def place(sheet: Sheet, width: float, height: float) -> Matrix | None:
    """Find the matrix that puts a drawing at the top right of a page as it is read.

    `width` and `height` are those of the drawing at one point of font size. `None` when not even
    the smallest size fits.
    """
    x0, y0, x1, y1 = sheet.box
    across, up = (x1 - x0) * sheet.unit, (y1 - y0) * sheet.unit
    if sheet.rotate in {90, 270}:
        across, up = up, across
    size = min(LARGEST, (across - 2 * SIDE) / width, (up * _SHARE - TOP) / height)
    if not size >= SMALLEST:
        return None
    left, low = across - SIDE - width * size, up - TOP - height * size
    scale, left, low = size / sheet.unit, left / sheet.unit, low / sheet.unit
    across, up = across / sheet.unit, up / sheet.unit
    matrix = {
        0: (scale, 0.0, 0.0, scale, x0 + left, y0 + low),
        90: (0.0, scale, -scale, 0.0, x0 + up - low, y0 + left),
        180: (-scale, 0.0, 0.0, -scale, x0 + across - left, y0 + up - low),
        270: (0.0, -scale, scale, 0.0, x0 + low, y0 + across - left),
    }[sheet.rotate]
    a, b, c, d, e, f = (round(number, 4) for number in matrix)
    return (a, b, c, d, e, f)
