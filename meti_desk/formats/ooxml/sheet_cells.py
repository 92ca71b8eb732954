"""The cells of a sheet, row by row: what is stored, as fast as it can be read without a library.

Rows are read by one regular expression, block by block; a block in which anything stands that the
expression does not know is parsed as XML instead, so nothing is ever passed over.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_formula import column_number
from meti_desk.formats.ooxml.sheet_stream import Frame, frame_of
from meti_desk.formats.ooxml.sheet_strings import ATTRIBUTES, plain, text_of_string
from meti_desk.formats.ooxml.xml import Element, parse

_ROOT = re.compile(rb"<([\w:.-]+)(?:\s[^<>]*)?>")
_VALUE = re.compile(r"""([\w:.-]+)=["']([^"']*)["']""")
_SHARED = re.compile(r"""\ssi=["']([0-9]{1,9})["']""")
_ROW_NUMBER = re.compile(r"""\sr=["']([0-9]{1,9})["']""")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")


Cell: TypeAlias = tuple[str, str, int, str, str, str]
"""One cell that holds something: column, how its value is stored, number of its style, the value,
the formula, the number of a formula that it shares with others. Stored is `s` (number of a shared
string), `str`, `inlineStr`, `b`, `e`, `d` or `n`.
"""

Row: TypeAlias = tuple[int, list[Cell]]
"""One row: its number from 1, and its cells that hold something."""


class Sheetful:
    """The rows of one sheet; when all have passed, the frame around them is known.

    Raises `NotPlainError` while reading, where the sheet has to be read `whole`.
    """

    def __init__(self, package: Package, part: str, *, whole: bool = False) -> None:
        """Open the sheet; nothing is read yet."""
        self._package, self._part, self._whole = package, part, whole
        self._frame: Frame | None = None if whole else frame_of(package, part, "sheetData", "row")

    def rows(self) -> Iterator[Row]:
        """Give the rows from the top."""
        if self._frame is None:
            for one in self.root():
                if short(one.tag) == "x:sheetData":
                    yield from _rows_of(one, 0)
            return
        number = 0
        for block in self._frame.blocks():
            rows = self._block(self._frame, block, number)
            yield from rows
            number = rows[-1][0] if rows else number

    def root(self) -> Element:
        """Give the frame parsed: the sheet without its cells, or with them where it is whole."""
        if self._frame is None:
            return self._package.xml(self._part)
        return parse(self._frame.head + self._frame.tail, self._part)

    def skip(self) -> None:
        """Pass over the rows that nobody wants."""
        if self._frame is not None:
            self._frame.skip()

    def _block(self, frame: Frame, block: bytes, number: int) -> list[Row]:
        prefix = frame.prefix.decode()
        try:
            text = block.decode()
        except UnicodeDecodeError as bad:
            raise damaged("encoding", member=self._part) from bad
        found = _pattern(prefix).findall(text)
        rows = _rows(found, number, text.count(f"</{prefix}row>"))
        if rows is not None:
            return rows
        root = _ROOT.search(frame.head)
        if root is None:
            raise damaged("xml", member=self._part)
        name = frame.prefix + b"sheetData"
        made = b"%b<%b>%b</%b></%b>" % (root[0], name, block, name, root[1])
        return list(_rows_of(parse(made, self._part)[0], number))


@lru_cache(maxsize=16)
def _pattern(prefix: str) -> re.Pattern[str]:
    """Write the expression for rows and cells whose names begin with a prefix.

    Its groups: a cell's column, other attributes, those of the formula, formula, value, inline
    string; the tag of a row; anything that it does not know.
    """
    p, a = re.escape(prefix), ATTRIBUTES
    return re.compile(
        rf'<{p}c(?:\s+r="([A-Z]++)[0-9]++")?+({a})\s*(?:/>|>\s*'
        rf"(?:<{p}f({a})\s*(?:/>|>([^<]*+)</{p}f>)\s*)?+"
        rf"(?:<{p}v{a}\s*(?:/>|>([^<]*+)</{p}v>)\s*)?+"
        rf"(?:<{p}is>\s*<{p}t{a}\s*(?:/>|>([^<]*+)</{p}t>)\s*</{p}is>\s*)?+</{p}c>)"
        rf"|(<{p}row{a}\s*/?>)|</{p}row>|(\S)"
    )


def _rows(found: list[tuple[str, ...]], number: int, ended: int) -> list[Row] | None:
    """Put matches together to rows; nothing when some of it has to be read as XML.

    `ended` is how many rows end there: it has to be as many as begin.
    """
    rows: list[Row] = []
    cells: list[Cell] = []
    known: dict[str, tuple[str, int]] = {}
    for column, told, kept, formula, value, inline, row, odd in found:
        if row:
            if cells:
                rows.append((number, cells))
                cells = []
            ended -= not row.endswith("/>")
            number = _row_number(row, number)
        elif value or inline or formula or kept:
            if not column:
                return None
            kind = known.get(told)
            if kind is None:
                kind = known[told] = _stored(dict(_VALUE.findall(told)))
            text = inline or value
            if "&" in text or "&" in formula or "\r" in text:
                text, formula = plain(text), plain(formula)  # noqa: PLW2901 - the same, read
            cells.append((column, *kind, text, formula, _number_of(kept) if kept else ""))
        elif odd:
            return None
    if cells:
        rows.append((number, cells))
    return None if ended else rows


def _number_of(told: str) -> str:
    """Give the number of a shared formula from the attributes of one."""
    found = _SHARED.search(told)
    return found[1] if found else ""


def _row_number(tag: str, before: int) -> int:
    found = _ROW_NUMBER.search(tag)
    return int(found[1]) if found else before + 1


def _stored(told: Mapping[str, str]) -> tuple[str, int]:
    style = told.get("s", "")
    return told.get("t", "n"), int(style) if style.isascii() and style.isdigit() else 0


def _rows_of(data: Element, number: int) -> Iterator[Row]:
    for row in data:
        if short(row.tag) != "x:row":
            continue
        place = str(row.get("r") or "")
        number = int(place) if place.isascii() and place.isdigit() else number + 1
        cells, column = [], 0
        for one in row:
            if short(one.tag) != "x:c":
                continue
            found = _REFERENCE.match(str(one.get("r") or ""))
            column = column_number(found[1]) if found else column + 1
            cell = _cell_of(one, _letters(column))
            if cell[3] or cell[4] or cell[5]:
                cells.append(cell)
        if cells:
            yield number, cells


def _cell_of(element: Element, column: str) -> Cell:
    kind, style = _stored({key: str(element.get(key)) for key in ("s", "t") if element.get(key)})
    value = formula = shared = ""
    for one in element:
        name = short(one.tag)
        if name == "x:v":
            value = value or (one.text or "")
        elif name == "x:f":
            formula, shared = one.text or "", str(one.get("si") or "")
        elif name == "x:is":
            # Already without escapes: what looks like one now is text.
            value = text_of_string(one).replace("_x", "_x005F_x")
    return column, kind, style, value, formula, shared


def _letters(index: int) -> str:
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
