"""The calls of PDFium that are made for every object of every page, as cheaply as ctypes can.

A page has thousands of objects, and several questions are asked of each. Here an object is a plain
number, what a call gives back goes into one room that all calls share, and no lock is let go for
so short a time. What one call gave has to be read before the next is made; a worker has one thread.
"""

import ctypes
from collections.abc import Callable
from typing import Any

from pypdfium2 import raw as c

from meti_desk.formats.pdf.geometry import Box, Matrix

_HANDLE, _INT = ctypes.c_void_p, ctypes.c_int


def _call(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, _HANDLE).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_on_page = _call(c.FPDFPage_GetObject, _HANDLE, _HANDLE, _INT)
_in_form = _call(c.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong)
_many_on_page = _call(c.FPDFPage_CountObjects, _INT, _HANDLE)
_many_in_form = _call(c.FPDFFormObj_CountObjects, _INT, _HANDLE)
_bounds = _call(c.FPDFPageObj_GetBounds, _INT, *[_HANDLE] * 5)
_fill = _call(c.FPDFPageObj_GetFillColor, _INT, *[_HANDLE] * 5)
_matrix = _call(c.FPDFPageObj_GetMatrix, _INT, _HANDLE, _HANDLE)
_draw_mode = _call(c.FPDFPath_GetDrawMode, _INT, *[_HANDLE] * 3)
_font_size = _call(c.FPDFTextObj_GetFontSize, _INT, _HANDLE, _HANDLE)

kind = _call(c.FPDFPageObj_GetType, _INT, _HANDLE)
"""Tell the kind of an object: one of `FPDF_PAGEOBJ_*`."""

render_mode = _call(c.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)
"""Tell how a text is drawn: one of `FPDF_TEXTRENDERMODE_*`."""

segments = _call(c.FPDFPath_CountSegments, _INT, _HANDLE)
"""Count the pieces of a path."""

set_active = _call(c.FPDFPageObj_SetIsActive, _INT, _HANDLE, _INT)
"""Have an object drawn or left out."""

text = _call(c.FPDFTextObj_GetText, ctypes.c_ulong, _HANDLE, _HANDLE, _HANDLE, ctypes.c_ulong)
"""Copy a text object's letters; gives how many bytes they need."""

image_data = _call(
    c.FPDFImageObj_GetImageDataDecoded, ctypes.c_ulong, _HANDLE, _HANDLE, ctypes.c_ulong
)
"""Copy a picture's data without lossless wrapping; gives how many bytes it has."""

_floats = (ctypes.c_float * 6)()
_numbers = (ctypes.c_uint * 4)()
_AT_FLOATS = [ctypes.addressof(_floats) + 4 * index for index in range(6)]
_AT_NUMBERS = [ctypes.addressof(_numbers) + 4 * index for index in range(4)]


def number_of(handle: Any) -> int:
    """Give a loaded page, or whatever the library points at, as the calls here take it."""
    return ctypes.cast(handle, _HANDLE).value or 0


def objects(parent: int, *, form: bool = False) -> list[int]:
    """List the objects of a page, or of a form on it, in the order of drawing."""
    count, give = (_many_in_form, _in_form) if form else (_many_on_page, _on_page)
    return [give(parent, index) for index in range(count(parent))]


def bounds(one: int) -> Box:
    """Give the box around an object, in the units of what it lies in."""
    if not _bounds(one, *_AT_FLOATS[:4]):
        return (0.0, 0.0, 0.0, 0.0)
    left, low, right, high = _floats[:4]
    return (left, low, right, high)


def fill_colour(one: int) -> tuple[int, int, int, int] | None:
    """Give red, green, blue and how little an object lets through (0-255)."""
    if not _fill(one, *_AT_NUMBERS):
        return None
    red, green, blue, thick = _numbers
    return (red, green, blue, thick)


def matrix(one: int) -> Matrix | None:
    """Give the matrix that places an object in what it lies in."""
    if not _matrix(one, _AT_FLOATS[0]):
        return None
    a, b, cc, d, e, f = _floats
    return (a, b, cc, d, e, f)


def is_filled(path: int) -> bool:
    """Tell whether a path covers what lies under it."""
    known = _draw_mode(path, _AT_NUMBERS[0], _AT_NUMBERS[1])
    return bool(known) and _numbers[0] != c.FPDF_FILLMODE_NONE


def font_size(one: int) -> float:
    """Give the size of a text object's letters before its matrix."""
    _floats[0] = 0.0
    _font_size(one, _AT_FLOATS[0])
    return _floats[0]
