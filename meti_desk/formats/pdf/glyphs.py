"""How far each code of a font moves the pen, so that a glyph can go and all others stay in place.

Widths come from the font's own tables. Where it has none - the fonts that every viewer knows, and
those of East Asia with a predefined CMap - the second reader is asked: the code is shown twice on
a page of its own, and the distance of the two is its width.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from pypdfium2 import raw as c

from meti_desk.formats.pdf import codes, pdfium
from meti_desk.formats.pdf.codes import CMap, Cut
from meti_desk.formats.pdf.graph import entry

_MEASURED = 1000.0
_ROW = 3000.0
_AT_ONCE = 200


@dataclass(slots=True)
class Glyphs:
    """One font: how strings are cut, and the advance of each code for a font size of 1.

    `advance` gives the width, or in vertical writing the height (below zero); `None` when nobody
    can tell. `low` and `high` are where its glyphs lie about the base line.
    """

    cut: Cut
    widths: Callable[[bytes], float | None]
    vertical: bool = False
    low: float = -0.22
    high: float = 0.88
    font: Any = None
    measured: dict[bytes, float | None] = field(default_factory=dict)

    def advance(self, code: bytes) -> float | None:
        """Give how far a code moves the pen, of the font size."""
        told = self.widths(code)
        return self.measured.get(code) if told is None else told

    def measure(self, strings: Iterable[bytes]) -> None:
        """Ask the second reader for the codes of which the font itself does not tell."""
        wanted = {code for one in strings for code in self.cut(one)} - self.measured.keys()
        unknown = sorted(code for code in wanted if self.widths(code) is None)
        if unknown and all(_is_blank(code) for code in unknown):
            unknown.append(bytes(len(unknown[0]) - 1) + b"x")
        for start in range(0, len(unknown), _AT_ONCE):
            some = unknown[start : start + _AT_ONCE]
            self.measured.update(dict.fromkeys(some))
            self.measured.update(_measured(self.font, some, vertical=self.vertical))


def glyphs_of(font: Any) -> Glyphs | None:
    """Read a font; `None` when its strings cannot even be cut into codes.

    `font` is an indirect object, so that it can be shown to the second reader.
    """
    kind = font.get("/Subtype")
    if kind == Name.Type0:
        return _composite(font)
    if kind == Name.Type3:
        return _drawn(font)
    widths = _simple_widths(font)
    return Glyphs(codes.single, lambda code: widths.get(code[0]), font=font)


def _simple_widths(font: Any) -> dict[int, float]:
    held, first = entry(font, "/Widths", Array), font.get("/FirstChar")
    if held is None or not isinstance(first, int):
        return {}
    widths = {
        code: number / 1000 for code, one in enumerate(held, first) if (number := _number(one)) >= 0
    }
    descriptor = entry(font, "/FontDescriptor", Dictionary)
    missing = _number(descriptor.get("/MissingWidth")) if descriptor is not None else 0.0
    return dict.fromkeys(range(256), missing / 1000) | widths


def _drawn(font: Any) -> Glyphs:
    """Read a Type 3 font, whose glyphs are drawings in a space of their own."""
    held, first = entry(font, "/Widths", Array), font.get("/FirstChar", 0)
    matrix = [_number(one) for one in entry(font, "/FontMatrix", Array) or []]
    scale = matrix[0] if matrix else 0.001
    widths = {code: _number(one) * scale for code, one in enumerate(held or [], int(first))}
    return Glyphs(codes.single, lambda code: widths.get(code[0], 0.0), font=font)


def _composite(font: Any) -> Glyphs | None:
    inner = entry(font, "/DescendantFonts", Array)
    below: Any = inner[0] if inner is not None and len(inner) else None
    encoding = font.get("/Encoding")
    if not isinstance(below, Dictionary) or encoding is None:
        return None
    cmap: CMap | None = None
    cut: Cut | None
    if isinstance(encoding, Stream):
        cmap = codes.read_cmap(encoding)
        cut = cmap.cut if cmap is not None else None
        vertical = int(encoding.get("/WMode", 0)) == 1
    else:
        cut = codes.predefined(str(encoding))
        vertical = str(encoding).endswith("V")
    if cut is None:
        return None
    widths = _cid_widths(below, vertical=vertical)
    identity = encoding in (Name("/Identity-H"), Name("/Identity-V"))

    def width(code: bytes) -> float | None:
        if cmap is not None:
            cid = cmap.cid(code)
            return widths(cid if cid is not None else 0)
        return widths(int.from_bytes(code, "big")) if identity else None

    made = Glyphs(cut, width, vertical=vertical, font=font)
    if vertical:
        made.low, made.high = -0.5, 0.5
    return made


def _cid_widths(below: Any, *, vertical: bool) -> Callable[[int], float]:
    usual = _number(below.get("/DW", 1000))
    table = entry(below, "/W", Array)
    step = 1
    if vertical:
        pair = [_number(one) for one in entry(below, "/DW2", Array) or []]
        usual = pair[1] if len(pair) > 1 else -1000.0
        table, step = entry(below, "/W2", Array), 3
    listed, ranges = _table(table, step)

    def width(cid: int) -> float:
        if cid in listed:
            return listed[cid] / 1000
        for first, last, value in ranges:
            if first <= cid <= last:
                return value / 1000
        return usual / 1000

    return width


def _table(table: Any, step: int) -> tuple[dict[int, float], list[tuple[int, int, float]]]:
    """Read `/W` (one number a glyph) or `/W2` (three, of which the first is the advance)."""
    listed: dict[int, float] = {}
    ranges: list[tuple[int, int, float]] = []
    items = list(table) if table is not None else []
    at = 0
    while at + 1 < len(items):
        first, second = int(items[at]), items[at + 1]
        if isinstance(second, Array):
            numbers = [_number(one) for one in second]
            listed.update({first + n: value for n, value in enumerate(numbers[::step])})
            at += 2
        elif at + 2 < len(items):
            ranges.append((first, int(second), _number(items[at + 2])))
            at += 2 + step
        else:
            break
    return listed, ranges


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _measured(font: Any, some: list[bytes], *, vertical: bool) -> dict[bytes, float]:
    """Show each code twice, one row for each, and read how far apart the two stand.

    A blank is shown between two others, since blanks behind each other are read as one.
    """
    between = next((code for code in some if not _is_blank(code)), b"x")
    rows, lines = {}, []
    for number, code in enumerate(some):
        place = number * _ROW
        x, y = (place, 0.0) if vertical else (0.0, place)
        shown = (between + code + between) if _is_blank(code) else code + code
        rows[number] = (code, _is_blank(code))
        lines.append(b"BT /F %d Tf 1 0 0 1 %d %d Tm <%s> Tj ET" % (
            _MEASURED, x, y, shown.hex().encode()))  # fmt: skip
    copy = BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        page.obj.Resources = Dictionary(Font=Dictionary(F=pdf.copy_foreign(font)))
        page.obj.Contents = pdf.make_stream(b"\n".join(lines))
        pdf.save(copy)
    origins = _origins(copy, vertical=vertical)
    found: dict[bytes, float] = {}
    for number, (code, is_blank) in rows.items():
        places = origins.get(number, [])
        if len(places) >= 2 and not is_blank:  # noqa: PLR2004 - the code, twice
            found[code] = (places[1] - places[0]) / _MEASURED
    for number, (code, is_blank) in rows.items():
        places = origins.get(number, [])
        if is_blank and len(places) >= 2 and between in found:  # noqa: PLR2004 - first and last
            found[code] = (places[-1] - places[0]) / _MEASURED - found[between]
    return found


def _is_blank(code: bytes) -> bool:
    return not code.strip(b"\0 \xa0")


def _origins(copy: BytesIO, *, vertical: bool) -> dict[int, list[float]]:
    """Read where the glyphs of each row begin, along the writing."""
    rows: dict[int, list[float]] = {}
    with pdfium.document(copy) as doc, pdfium.page(doc, 0) as handle:
        reader = c.FPDFText_LoadPage(handle)
        try:
            for index in range(max(c.FPDFText_CountChars(reader), 0)):
                if c.FPDFText_IsGenerated(reader, index) == 1:
                    continue
                x, y = pdfium.origin(reader, index)
                across, along = (x, y) if vertical else (y, x)
                rows.setdefault(round(across / _ROW), []).append(along)
        finally:
            c.FPDFText_ClosePage(reader)
    return rows
