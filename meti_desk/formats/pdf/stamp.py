"""The look of a visible signature: lines of Japanese text in a frame, on a page of its own.

A signed document is only appended to, by a library that takes this page over as a drawing; the font
is cut down to what the lines need and embedded, so that the stamp looks the same everywhere.
"""

from collections.abc import Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary

from meti_desk.formats.pdf.marks import font_of
from meti_desk.formats.pdf.subset import Subset, make_subset

_LARGEST, _SMALLEST = 12.0, 5.0
"""Points of the text; below the smallest nobody reads it, so lines are cut short instead."""
_LEADING = 1.4
_PAD = 5.0
_BAR = 3.0
_CUT = "…"


def picture_of(lines: Sequence[str], width: float, height: float) -> bytes:
    """Draw the stamp as a PDF of one page of this size (points); the first line is its title."""
    subset = make_subset("".join(lines) + _CUT)
    size = _size(subset, lines, width, height)
    room = (width - 2 * _PAD - _BAR) / size
    drawn = [f"0.13 0.32 0.62 rg 0 0 {_BAR:g} {height:g} re f", _frame(width, height)]
    top = height - (height - len(lines) * size * _LEADING) / 2
    for number, line in enumerate(lines):
        base = top - (number + 1) * size * _LEADING + size * (_LEADING - 1) / 2
        base -= subset.descent / 1000 * size
        colour = "0.13 0.32 0.62 rg" if number == 0 else "0 g"
        codes = "".join(f"{subset.codes[one]:04X}" for one in _fitting(subset, line, room))
        left = _BAR + _PAD
        drawn.append(f"BT {colour} /F0 {size:.2f} Tf {left:g} {base:.2f} Td <{codes}> Tj ET")
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(max(width, 3), max(height, 3)))
        page.obj.MediaBox = Array([0, 0, round(width, 2), round(height, 2)])
        page.obj.Resources = Dictionary(Font=Dictionary(F0=font_of(pdf, subset)))
        page.obj.Contents = pdf.make_stream(f"q {' '.join(drawn)} Q".encode("ascii"))
        made = BytesIO()
        pdf.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def _frame(width: float, height: float) -> str:
    return f"0.13 0.32 0.62 RG 0.75 w 0.38 0.38 {width - 0.76:g} {height - 0.76:g} re S"


def _size(subset: Subset, lines: Sequence[str], width: float, height: float) -> float:
    longest = max((_width(subset, line) for line in lines), default=1.0)
    across = (width - 2 * _PAD - _BAR) / max(longest, 1.0)
    down = (height - _PAD) / (max(len(lines), 1) * _LEADING)
    return max(min(_LARGEST, across, down), min(_SMALLEST, down))


def _width(subset: Subset, text: str) -> float:
    """Give the width at one point of text."""
    return sum(subset.widths[subset.codes[one]] for one in text) / 1000


def _fitting(subset: Subset, line: str, room: float) -> str:
    if _width(subset, line) <= room + 0.01:
        return line
    while line and _width(subset, line + _CUT) > room:
        line = line[:-1]
    return line + _CUT
