"""What a reader sees of a workbook: its text by sheets, its content digest, the marks in it.

Each sheet is read once, whatever is wanted. Hidden sheets count: they are part of the content and
are called hidden. Comments, formats, the order of calculation and the state of the window do not.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from meti_desk.formats.base import MarkFound, TextPart
from meti_desk.formats.mark_lines import looks_like_mark
from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import read_core
from meti_desk.formats.ooxml.sheet_cells import Cell, Row, Sheetful
from meti_desk.formats.ooxml.sheet_drawn import Drawn, drawn_on, pictures_in_cells
from meti_desk.formats.ooxml.sheet_formula import relative
from meti_desk.formats.ooxml.sheet_header import lines, own_marks, text_of
from meti_desk.formats.ooxml.sheet_stream import NotPlainError
from meti_desk.formats.ooxml.sheet_values import Values
from meti_desk.formats.ooxml.text import normalised
from meti_desk.formats.ooxml.workbook import Sheet
from meti_desk.formats.ooxml.xml import Element, find_all, inside

_TOP_ROWS = 5
"""How many rows that hold something count as the top of a sheet."""
_AT_ONCE = 4000
"""Cells that are digested together."""
_CORE_PLACES = ("title", "subject", "keywords", "category", "contentStatus", "description")
_SWITCHES = {"even": "differentOddEven", "first": "differentFirst"}


@dataclass(slots=True)
class Seen:
    """One sheet: text, digest and first lines as far as they were wanted; headers, drawings."""

    sheet: Sheet
    text: str = ""
    digest: str = ""
    top: list[str] = field(default_factory=list)
    headers: list[tuple[str, str]] = field(default_factory=list)
    """(`header` or `footer`, as written), those that some page shows."""
    drawn: Drawn = field(default_factory=Drawn)


class Shown:
    """All sheets of a workbook, looked at once."""

    def __init__(self, package: Package, sheets: list[Sheet], *, text: bool, digest: bool) -> None:
        """Look at the sheets; without `text` and `digest` only marks are looked for."""
        self._package = package
        self._values = Values(package)
        self._wants_text, self._wants_digest = text, digest
        self.sheets = [self._look(sheet) for sheet in sheets]

    def _look(self, sheet: Sheet) -> Seen:
        try:
            return self._read(sheet, whole=False)
        except NotPlainError:
            return self._read(sheet, whole=True)

    def _read(self, sheet: Sheet, *, whole: bool) -> Seen:
        seen = Seen(sheet)
        cells = Sheetful(self._package, sheet.part, whole=whole)
        self._pass(seen, cells.rows())
        cells.skip()
        seen.headers = list(_headers(cells.root()))
        seen.drawn = drawn_on(self._package, sheet.part)
        return seen

    def _pass(self, seen: Seen, rows: Iterator[Row]) -> None:
        shown, compared = self._values.shown, self._values.compared
        text: list[str] = []
        total = hashlib.sha256()
        waiting: list[str] = []
        shared: dict[str, str] = {}
        at_top = 0
        for number, cells in rows:
            if self._wants_text or at_top < _TOP_ROWS:
                line = [value for cell in cells if (value := shown(cell))]
                if line and at_top < _TOP_ROWS:
                    at_top += 1
                    seen.top += line
                if self._wants_text and line:
                    text.append("\t".join(line))
            if self._wants_digest:
                waiting += [
                    f"{c[0]}{number}\0{compared(c)}\0{_formula(c, number, shared)}\0" for c in cells
                ]
                if len(waiting) > _AT_ONCE:
                    _add(total, waiting)
            elif not self._wants_text and at_top >= _TOP_ROWS:
                return
        _add(total, waiting)
        seen.text, seen.digest = "\n".join(text), total.hexdigest()

    def text(self) -> tuple[TextPart, ...]:
        """Give the text sheet by sheet, what is drawn on it behind the cells, and the headers."""
        parts = []
        for seen in self.sheets:
            place = f"{'hidden-sheet' if seen.sheet.hidden else 'sheet'} {seen.sheet.name}"
            text = "\n".join((*([seen.text] if seen.text else ()), *seen.drawn.texts))
            parts.append(TextPart(place, text))
        headers = dict.fromkeys((p, text_of(h)) for seen in self.sheets for p, h in seen.headers)
        parts += [TextPart(place, text) for place, text in headers]
        return tuple(part for part in parts if part.text.strip())

    def digest(self) -> str:
        """Digest the content: SHA-256 in hex over cells, headers, drawings and media (rules.md)."""
        total = hashlib.sha256()
        media = pictures_in_cells(self._package)
        for seen in self.sheets:
            told = [f"sheet\0{seen.sheet.name}", seen.digest]
            texts = [(place, text_of(header)) for place, header in seen.headers]
            told += [f"{place}\0{text}" for place, text in texts if text]
            told += [f"drawn\0{text}" for text in seen.drawn.texts]
            total.update("\0".join(map(normalised, told)).encode("utf-8", "replace") + b"\0")
            media |= seen.drawn.media
        for one in sorted({media_digest(self._package.data(name)) for name in media}):
            total.update(f"media\0{one}\0".encode())
        return total.hexdigest()

    def marks(self) -> tuple[MarkFound, ...]:
        """Find the marks, each text once per kind of place, with the first sheet that has it."""
        found: dict[tuple[str, str], MarkFound] = {}
        for mark in self._all_marks():
            found.setdefault((mark.place.partition(" ")[0], mark.text), mark)
        return tuple(found.values())

    def _all_marks(self) -> Iterator[MarkFound]:
        for seen in self.sheets:
            name = seen.sheet.name
            for place, header in seen.headers:
                for own in own_marks(header):
                    yield MarkFound(own, f"{place} {name}", own=True)
                yield from _typed(lines(header), f"{place} {name}")
            yield from _typed(seen.top, f"top {name}")
            yield from _typed(seen.drawn.texts, f"shape {name}")
            yield from _typed([name], f"sheet {name}")
        core = read_core(self._package)
        yield from _typed([core[one] for one in _CORE_PLACES if one in core], "property")


def _formula(cell: Cell, number: int, shared: dict[str, str]) -> str:
    """Give a cell's formula as it looks from there; `shared` are those met so far, by number."""
    if not (cell[4] or cell[5]):
        return ""
    seen = relative(cell[4], cell[0], number) if cell[4] else shared.get(cell[5], "")
    if cell[5]:
        shared[cell[5]] = seen
    return seen


def _add(total: "hashlib._Hash", waiting: list[str]) -> None:
    total.update(normalised("".join(waiting)).encode("utf-8", "replace"))
    waiting.clear()


def _typed(texts: Iterable[str], place: str) -> Iterator[MarkFound]:
    for text in texts:
        for line in text.splitlines():
            if line.strip() and looks_like_mark(line.strip()):
                yield MarkFound(line.strip(), place)


def _headers(root: Element) -> Iterator[tuple[str, str]]:
    """Give the headers and footers that some page shows, those of custom views left out."""
    for holder in find_all(root, "x:headerFooter"):
        if inside(holder, "x:customSheetView"):
            continue
        for one in holder:
            kind = short(one.tag)[2:]
            switch = _SWITCHES.get(kind[:-6])
            if kind[-6:] in {"Header", "Footer"} and (switch is None or _on(holder.get(switch))):
                yield kind[-6:].lower(), one.text or ""


def _on(value: object) -> bool:
    return str(value).strip() in {"1", "true", "on"}
