"""One look at the cells of a sheet: what they refer to, which strings they use, what is not shown.

The rows pass by once and are not kept, so that a sheet of a million rows costs little memory.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from meti_desk.formats.ooxml.book_uses import Freezing, sheets_in, words_in
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_cells import Cell, Sheetful
from meti_desk.formats.ooxml.sheet_formula import column_number
from meti_desk.formats.ooxml.sheet_stream import NotPlainError, frame_of
from meti_desk.formats.ooxml.workbook import Sheet
from meti_desk.formats.ooxml.xml import Element

_SHOWN = 200
"""How many cells are named one by one; of more only the number is told."""
_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=[\s/>])([^<>]*)>")
_NUMBER = re.compile(rb"""\sr=["'](\d{1,9})["']""")
_HIDDEN = re.compile(rb"""\s(?:hidden=["'](?:1|true|on)["']|ht=["']0(?:\.0*)?["'])""")


@dataclass(frozen=True, slots=True)
class Terms:
    """What to look for: sheets in the order of tabs, names (both folded), formulas that freeze.

    `unseen` are the numbers of cell styles that show nothing whatever the value is.
    """

    sheets: list[str]
    names: frozenset[str]
    freezing: Freezing
    unseen: frozenset[int]


@dataclass(slots=True)
class Look:
    """What was found on one sheet. Cells are named as `B2`, the first few of each kind."""

    sheet: Sheet
    strings: set[int] = field(default_factory=set)
    sheets: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    frozen: list[tuple[str, str, str]] = field(default_factory=list)
    """Cell, kind and formula of those that give way to their results, dependent ones apart."""
    unknown: list[str] = field(default_factory=list)
    """Cells whose formula gives way although nobody stored what it shows."""
    shared: set[str] = field(default_factory=set)
    """Numbers of formulas that cells share, and which give way."""
    rows: list[int] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)

    def refer(self, formula: str, place: str, terms: Terms) -> None:
        """Note what a formula refers to."""
        for one in sheets_in(formula, terms.sheets):
            _few(self.sheets[one], place)
        if terms.names:
            for word in words_in(formula):
                if word in terms.names:
                    _few(self.names[word], place)


def look(package: Package, sheet: Sheet, terms: Terms) -> Look:
    """Look at the cells of a sheet."""
    try:
        return _read(package, sheet, terms, whole=False)
    except NotPlainError:
        return _read(package, sheet, terms, whole=True)


def _read(package: Package, sheet: Sheet, terms: Terms, *, whole: bool) -> Look:
    found = Look(sheet)
    hidden = _hidden_in(package.xml(sheet.part)) if whole else _hidden_rows(package, sheet.part)
    cells = Sheetful(package, sheet.part, whole=whole)
    filled: set[str] = set()
    rows = set()
    for number, row in cells.rows():
        for cell in row:
            _cell(found, cell, number, terms)
            filled.add(cell[0])
        if number in hidden:
            rows.add(number)
    found.rows = sorted(rows)
    found.columns = sorted(filled & _hidden_columns(cells.root(), filled), key=column_number)
    return found


def _cell(found: Look, cell: Cell, number: int, terms: Terms) -> None:
    column, kind, style, value, formula, shared = cell
    if kind == "s" and value.isdigit():
        found.strings.add(int(value))
    if style in terms.unseen and value:
        _few(found.unseen, f"{column}{number}")
    place = f"{column}{number}"
    gone = bool(shared) and shared in found.shared
    if formula:
        found.refer(formula, place, terms)
        why = terms.freezing.kind(formula)
        gone = bool(why)
        if why:
            found.frozen.append((place, why, formula[:_SHOWN]))
            if shared:
                found.shared.add(shared)
    if gone and not value and kind != "str":
        _few(found.unknown, place)


def _few(found: list[str], place: str) -> None:
    if len(found) < _SHOWN:
        found.append(place)


def _hidden_rows(package: Package, part: str) -> set[int]:
    """Give the numbers of rows that are switched off, or no pixel high."""
    found: set[int] = set()
    number = 0
    for block in frame_of(package, part, "sheetData", "row").blocks():
        quick = b"hidden=" not in block and b'ht="0' not in block and b"ht='0" not in block
        for told in _ROW.findall(block) if not quick else ():
            at = _NUMBER.search(told)
            number = int(at[1]) if at else number + 1
            if _HIDDEN.search(told):
                found.add(number)
        if quick:
            last = block.rfind(b"row ")
            at = _NUMBER.search(block, max(0, last))
            number = int(at[1]) if at else number + block.count(b"row>")
    return found


def _hidden_in(root: Element) -> set[int]:
    found: set[int] = set()
    number = 0
    for one in root.iter():
        if short(one.tag) == "x:row":
            told = str(one.get("r") or "")
            number = int(told) if told.isdigit() else number + 1
            if is_on(one.get("hidden")) or _is_nothing(one.get("ht")):
                found.add(number)
    return found


def _hidden_columns(root: Element, filled: set[str]) -> set[str]:
    spans = []
    for one in root.iter():
        if short(one.tag) != "x:col":
            continue
        if is_on(one.get("hidden")) or _is_nothing(one.get("width")):
            ends = str(one.get("min") or ""), str(one.get("max") or "")
            if ends[0].isdigit() and ends[1].isdigit():
                spans.append((int(ends[0]), int(ends[1])))
    return {c for c in filled if any(a <= column_number(c) <= b for a, b in spans)}


def is_on(value: object) -> bool:
    """Tell whether a switch of a workbook is on."""
    return str(value or "").strip() in {"1", "true", "on"}


def _is_nothing(value: object) -> bool:
    """Tell a height or width of nothing."""
    try:
        return value is not None and float(str(value)) == 0
    except ValueError:
        return False
