"""Finding text and pictures that are in the file but not seen on the page (class 10).

Text can be white on white, under a box, outside the page, of no size or in an invisible mode. Two
steps: cheap geometry picks what might be hidden; then the page is drawn with and without it, and
what makes no difference to any pixel is hidden. So white text on a dark table head is not accused,
and a page without suspects is never drawn. Of pictures only the black bar is looked for that
somebody put over a scan to make a line unreadable: the line is still in the picture below.
"""

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from pypdfium2 import raw as c

from meti_desk.formats.pdf import calls, pdfium
from meti_desk.formats.pdf.geometry import Box, Matrix, normal

_DEPTH = 12
_TINY = 1.6
"""Letters under this size in points cannot be read."""
_ALIKE = 24
"""Colours whose parts differ by less than this, of 255, are taken for alike."""
_BLACK = 60
_BAR = 8.0
"""A bar is wider than this, in points, and higher than half of it."""
_CORNERS = 6
_SCALE = 1.5
_MOST_PAIRS = 3_000_000
_MODES_UNSEEN = (c.FPDF_TEXTRENDERMODE_INVISIBLE, c.FPDF_TEXTRENDERMODE_CLIP)
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Hidden:
    """One run of hidden text: why it is hidden, and what it says."""

    kind: str
    text: str


class _Drawn(NamedTuple):
    """An object on the page: its place in the order, its box in page units, colour and size."""

    handle: int
    order: int
    kind: int
    box: Box
    colour: tuple[int, ...] | None
    size: float = 0.0


def hidden_text(handle: Any) -> list[Hidden]:
    """Find what is hidden on a loaded page; our mark is taken off before."""
    drawn: list[_Drawn] = []
    _flat(calls.number_of(handle), None, 0, drawn)
    texts = [one for one in drawn if one.kind == c.FPDF_PAGEOBJ_TEXT]
    covers = [one for one in drawn if one.kind != c.FPDF_PAGEOBJ_TEXT]
    barred = [Hidden("pdf.covered-image", "")] * _bars(covers)
    return barred + (_hidden_among(handle, texts, covers) if texts else [])


def _bars(covers: list[_Drawn]) -> int:
    """Count the black rectangles that lie on a picture drawn before them."""
    pictures = [one for one in covers if one.kind == c.FPDF_PAGEOBJ_IMAGE]
    return (
        sum(
            _is_bar(one) and any(p.order < one.order and _within(one.box, p.box) for p in pictures)
            for one in covers
        )
        if pictures
        else 0
    )


def _is_bar(one: _Drawn) -> bool:
    """Tell a black bar from letters drawn as outlines and from rules."""
    if one.kind != c.FPDF_PAGEOBJ_PATH or one.colour is None or max(one.colour[:3]) > _BLACK:
        return False
    wide, high = one.box[2] - one.box[0], one.box[3] - one.box[1]
    large = wide > _BAR and high > _BAR / 2
    return large and one.colour[3] > _BLACK and calls.segments(one.handle) <= _CORNERS


def _within(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _hidden_among(handle: Any, texts: list[_Drawn], covers: list[_Drawn]) -> list[Hidden]:
    sheet = _visible_box(handle)
    suspects: list[tuple[_Drawn, str]] = []
    many = len(texts) * len(covers) > _MOST_PAIRS
    over = _Covers([] if many else covers)
    under = over.any_at([one.box for one in texts])
    for text, covered in zip(texts, under, strict=True):
        kind = "pdf.covered-text" if many else _suspicion(text, over if covered else None, sheet)
        if kind:
            suspects.append((text, kind))
    if not suspects:
        return []
    reader = c.FPDFText_LoadPage(handle)
    try:
        page_text = calls.number_of(reader)
        told = [(one, kind, _text(one.handle, page_text)) for one, kind in suspects]
    finally:
        c.FPDFText_ClosePage(reader)
    told = [(one, kind, text) for one, kind, text in told if text]
    sure = [Hidden(kind, text) for one, kind, text in told if kind in _SURE]
    return sure + _confirmed(handle, [one for one in told if one[1] not in _SURE], sheet)


_SURE = ("pdf.invisible-text", "pdf.text-off-page", "pdf.tiny-text")


def _flat(parent: int, matrix: Matrix | None, depth: int, drawn: list[_Drawn]) -> None:
    """List what is drawn, forms opened, with boxes in page units, in the order of drawing.

    No `matrix`: what lies in the parent is in page units as it is.
    """
    for one in calls.objects(parent, form=depth > 0):
        kind = calls.kind(one)
        if kind == c.FPDF_PAGEOBJ_FORM:
            if depth < _DEPTH:
                _flat(one, _times(_matrix(one), matrix or _IDENTITY), depth + 1, drawn)
            continue
        if kind == c.FPDF_PAGEOBJ_PATH and not calls.is_filled(one):
            continue
        size = _size(one, matrix) if kind == c.FPDF_PAGEOBJ_TEXT else 0.0
        box = _box(calls.bounds(one), matrix)
        drawn.append(_Drawn(one, len(drawn), kind, box, calls.fill_colour(one), size))


def _matrix(one: int) -> Matrix:
    return calls.matrix(one) or _IDENTITY


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, cc, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        cc * g + d * i,
        cc * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _box(bounds: Box, matrix: Matrix | None) -> Box:
    if matrix is None:
        return normal(bounds)
    left, low, right, high = bounds
    a, b, cc, d, e, f = matrix
    corners = [(a * x + cc * y + e, b * x + d * y + f) for x in (left, right) for y in (low, high)]
    across, up = [x for x, _ in corners], [y for _, y in corners]
    return (min(across), min(up), max(across), max(up))


def _size(text: int, matrix: Matrix | None) -> float:
    own = _matrix(text)
    a, b, cc, d, _, _ = own if matrix is None else _times(own, matrix)
    return float(abs(calls.font_size(text)) * abs(a * d - b * cc) ** 0.5)


def _visible_box(handle: Any) -> Box:
    box = c.FS_RECTF()
    c.FPDF_GetPageBoundingBox(handle, box)
    return normal((box.left, box.bottom, box.right, box.top))


class _Covers:
    """What may lie over or under a text: found by place, for pages with thousands of them."""

    def __init__(self, covers: list[_Drawn]) -> None:
        self._covers = covers
        boxes = np.array([one.box for one in covers], np.float64).reshape(-1, 4)
        self._left, self._low, self._right, self._high = boxes.T

    def any_at(self, boxes: list[Box]) -> list[bool]:
        """Tell for each box whether anything covers its middle."""
        if not self._covers:
            return [False] * len(boxes)
        places = np.array(boxes, np.float64)
        x, y = (places[:, :1] + places[:, 2:3]) / 2, (places[:, 1:2] + places[:, 3:]) / 2
        return [bool(one) for one in self._over(x, y).any(axis=1)]

    def at(self, box: Box) -> Iterable[_Drawn]:
        """Give what covers the middle of a box, in the order of drawing."""
        over = self._over((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        return (self._covers[index] for index in np.flatnonzero(over).tolist())

    def _over(self, x: Any, y: Any) -> Any:
        return (self._left <= x) & (x <= self._right) & (self._low <= y) & (y <= self._high)


def _suspicion(text: _Drawn, covers: _Covers | None, sheet: Box) -> str:
    """Tell why a text might be hidden; `covers` where something lies over or under it."""
    if calls.render_mode(text.handle) in _MODES_UNSEEN:
        return "pdf.invisible-text"
    x0, y0, x1, y1 = text.box
    if x1 <= sheet[0] or x0 >= sheet[2] or y1 <= sheet[1] or y0 >= sheet[3]:
        return "pdf.text-off-page" if x1 > x0 else ""
    if 0 < text.size < _TINY:
        return "pdf.tiny-text"
    return _poor_sight(text, covers)


def _poor_sight(text: _Drawn, covers: _Covers | None) -> str:
    """Tell whether colour or something drawn on top might hide a text."""
    colour = text.colour
    if colour is None or colour[3] < _ALIKE or min(colour[:3]) > 255 - _ALIKE:
        return "pdf.text-without-contrast"
    for cover in covers.at(text.box) if covers is not None else ():
        if cover.order > text.order:
            return "pdf.covered-text"
        if cover.colour is not None and _alike(cover.colour, colour):
            return "pdf.text-without-contrast"
    return ""


def _alike(one: tuple[int, ...], two: tuple[int, ...]) -> bool:
    return all(abs(a - b) < _ALIKE for a, b in zip(one[:3], two[:3], strict=True))


def _text(one: int, page_text: int) -> str:
    size = calls.text(one, page_text, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    calls.text(one, page_text, ctypes.addressof(buffer), size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "ignore").strip("\0 \t\r\n\u3000\xa0")


def _confirmed(handle: Any, suspects: list[tuple[_Drawn, str, str]], sheet: Box) -> list[Hidden]:
    """Keep the suspects whose absence changes no pixel."""
    if not suspects:
        return []
    before = pdfium.pixels(handle, _SCALE)
    for one, _, _ in suspects:
        calls.set_active(one.handle, 0)
    after = pdfium.pixels(handle, _SCALE)
    for one, _, _ in suspects:
        calls.set_active(one.handle, 1)
    if before is None or after is None:
        return []
    across, up, one_picture = before
    other = after[2]
    turned = c.FPDFPage_GetRotation(handle)
    return [
        Hidden(kind, text)
        for one, kind, text in suspects
        if not _differs(one_picture, other, across, _on_picture(one.box, sheet, turned, across, up))
    ]


def _on_picture(
    box: Box, sheet: Box, turned: int, across: int, up: int
) -> tuple[int, int, int, int]:
    """Turn a box in page units to columns and rows of the picture, a pixel wider on each side."""
    wide, high = max(sheet[2] - sheet[0], 1e-6), max(sheet[3] - sheet[1], 1e-6)
    x0, x1 = (box[0] - sheet[0]) / wide, (box[2] - sheet[0]) / wide
    y0, y1 = (box[1] - sheet[1]) / high, (box[3] - sheet[1]) / high
    left, right, low, top = {
        0: (x0, x1, y0, y1),
        1: (y0, y1, 1 - x1, 1 - x0),
        2: (1 - x1, 1 - x0, 1 - y1, 1 - y0),
        3: (1 - y1, 1 - y0, x0, x1),
    }[turned % 4]
    return (
        max(int(left * across) - 1, 0),
        max(int((1 - top) * up) - 1, 0),
        min(int(right * across) + 2, across),
        min(int((1 - low) * up) + 2, up),
    )


def _differs(one: bytes, two: bytes, across: int, place: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = place
    return any(
        one[row * across + left : row * across + right]
        != two[row * across + left : row * across + right]
        for row in range(top, bottom)
    )
