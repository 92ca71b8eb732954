"""The characters of a page with their places, as the second reader sees them."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw as c

from meti_desk.formats.pdf import pdfium
from meti_desk.formats.pdf.geometry import Box
from meti_desk.formats.pdf.planes import IDENTITY, moved, times

Boxes = NDArray[np.float64]
Order = NDArray[np.int64]

APART = "\uffff"
"""Stands between characters that do not belong together; no word contains it."""
_DEPTH = 12
_STRAIGHT = 0.1
_REACH = 1.5
"""The middles of characters of a line lie no further apart than so many of their heights."""
_ROW = 0.4
"""Characters whose middles differ by less, of their height, stand in one line."""


@dataclass(frozen=True, slots=True)
class PageChars:
    """A page's characters: one of `text` for each row of `boxes` (left, low, right, high).

    A box is as wide as the character moves the pen and as high as its font. `made` are characters
    that do not stand in the file: blanks and ends of lines that the reader put in.
    """

    text: str
    boxes: Boxes
    made: NDArray[np.bool_]
    turns: Order
    """Quarters of a turn, clockwise, by which each character stands on the page; 4: in between."""
    ink: Boxes
    """The boxes around what is drawn of each character; empty for blanks."""

    def box(self, index: int) -> Box:
        """Give the box of one character."""
        left, low, right, high = self.boxes[index].tolist()
        return (left, low, right, high)

    def ink_box(self, index: int) -> Box:
        """Give the box around what is drawn of one character."""
        left, low, right, high = self.ink[index].tolist()
        return (left, low, right, high)

    def middles(self) -> Boxes:
        """Give the middle of each character."""
        return np.column_stack(
            ((self.boxes[:, 0] + self.boxes[:, 2]) / 2, (self.boxes[:, 1] + self.boxes[:, 3]) / 2)
        )


def read_chars(handle: Any, *, ink: bool = False) -> PageChars:
    """Read all characters of a loaded page; what is drawn of them only if it is asked for."""
    reader = c.FPDFText_LoadPage(handle)
    if not reader:
        return PageChars(
            "", np.zeros((0, 4)), np.zeros(0, np.bool_), np.zeros(0, np.int64), np.zeros((0, 4))
        )
    try:
        count = max(c.FPDFText_CountChars(reader), 0)
        letters: list[str] = []
        boxes, drawn = np.zeros((count, 4)), np.zeros((count, 4))
        made, turns = np.zeros(count, np.bool_), np.zeros(count, np.int64)
        rect = c.FS_RECTF()
        place = ctypes.byref(rect)
        parts = [ctypes.c_double() for _ in range(4)]
        for index in range(count):
            code = c.FPDFText_GetUnicode(reader, index)
            letters.append(chr(code) if code < 0x110000 else "\0")  # noqa: PLR2004 - Unicode ends
            made[index] = c.FPDFText_IsGenerated(reader, index) == 1
            turns[index] = _quarters(c.FPDFText_GetCharAngle(reader, index))
            if c.FPDFText_GetLooseCharBox(reader, index, place):
                boxes[index] = (rect.left, rect.bottom, rect.right, rect.top)
            if ink and c.FPDFText_GetCharBox(reader, index, *parts):
                left, right, low, high = (part.value for part in parts)
                drawn[index] = (left, low, right, high)
        return PageChars("".join(letters), boxes, made, turns, drawn)
    finally:
        c.FPDFText_ClosePage(reader)


class Picture(NamedTuple):
    """A picture on a page: the box around it, and how large one of its pixels is there."""

    box: Box
    pixel: float


def pictures_of(handle: Any) -> list[Picture]:
    """Give where the pictures of a loaded page lie, those in forms too."""
    found: list[Picture] = []
    columns, rows = ctypes.c_uint(), ctypes.c_uint()
    waiting = [(one, IDENTITY, 0) for one in pdfium.objects(handle)]
    matrix, parts = c.FS_MATRIX(), [ctypes.c_float() for _ in range(4)]
    while waiting:
        one, outer, depth = waiting.pop()
        kind = c.FPDFPageObj_GetType(one)
        if kind == c.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            c.FPDFPageObj_GetMatrix(one, matrix)
            m = matrix
            inner = times((m.a, m.b, m.c, m.d, m.e, m.f), outer)
            waiting += [(each, inner, depth + 1) for each in pdfium.objects(one, form=True)]
        elif kind == c.FPDF_PAGEOBJ_IMAGE and c.FPDFPageObj_GetBounds(one, *parts):
            left, low, right, high = (part.value for part in parts)
            box = moved(outer, (left, low, right, high))
            c.FPDFImageObj_GetImagePixelSize(one, columns, rows)
            longest, fewest = max(box[2] - box[0], box[3] - box[1]), min(columns.value, rows.value)
            found.append(Picture(box, longest / max(fewest, 1)))
    return found


def has_unreadable(chars: PageChars) -> bool:
    """Tell whether some characters of a page stand for no letter that anybody could search."""
    bad = sum(one in "\0\ufffd" or "\ue000" <= one <= "\uf8ff" for one in chars.text)
    return bad > 0


def _quarters(angle: float) -> int:
    quarters = angle / (math.pi / 2)
    near = round(quarters)
    return near % 4 if abs(quarters - near) < _STRAIGHT else 4


def visual_orders(chars: PageChars) -> Iterator[tuple[str, Order]]:
    """Give a page's characters as they stand beside each other, whatever their order.

    Text with the index of each of its characters (-1 for `APART`); once for each way in which
    characters stand. Programs may draw the letters of a word in any order. Never against the
    direction of writing, and never from line to line: that would find words nobody wrote.
    """
    drawn = ~chars.made & (chars.boxes[:, 2] > chars.boxes[:, 0])
    for turn in range(4):
        real = np.flatnonzero(drawn & (chars.turns == turn))
        if not len(real):
            continue
        middles, boxes = chars.middles()[real], chars.boxes[real]
        x, y = middles[:, 0], middles[:, 1]
        wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        along, across, size = (
            (x, -y, high), (-y, -x, wide), (-x, y, high), (y, x, wide),
        )[turn]  # fmt: skip
        yield _told(chars.text, real, _lines(along, across, np.maximum(size, 0.1)))


def _lines(along: Boxes, across: Boxes, size: Boxes) -> Order:
    """Sort into lines; -1 stands where a line or a column ends."""
    by_line = np.argsort(across, kind="stable")
    steps = np.diff(across[by_line]) > _ROW * size[by_line][1:]
    line = np.zeros(len(across), np.int64)
    line[by_line] = np.concatenate(([0], np.cumsum(steps)))
    order = np.lexsort((along, line))
    apart = (np.diff(line[order]) != 0) | (np.diff(along[order]) > _REACH * size[order][1:])
    return np.insert(order, np.flatnonzero(apart) + 1, -1)


def _told(text: str, real: Order, order: Order) -> tuple[str, Order]:
    where = np.where(order >= 0, real[np.maximum(order, 0)], -1)
    return "".join(text[index] if index >= 0 else APART for index in where.tolist()), where
