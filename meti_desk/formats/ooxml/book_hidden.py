"""Hidden sheets, rows, columns and cells: which of them may go, and what needs those that may not.

A hidden sheet goes only where nothing that is seen needs it; otherwise formulas would lose their
results, and a person is asked. Hidden rows and columns stay, because every formula would move.
"""

import re

from meti_desk.formats.ooxml.book_look import Look
from meti_desk.formats.ooxml.book_settings import Names
from meti_desk.formats.ooxml.book_uses import sheets_in
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import find_all

_NOTHING = re.compile(r'^(?:;;;?|(?:""|"\s*");(?:""|"\s*");(?:""|"\s*")(?:;(?:""|"\s*"))?)$')
_FEW = 5


class Hiding:
    """Which hidden sheets are needed by what is seen, directly or through others."""

    def __init__(
        self,
        looks: list[Look],
        names: Names,
        order: list[str],
        more: tuple[dict[str, int], frozenset[int]],
    ) -> None:
        """Take the looks at all sheets, and tables by the number of their sheet.

        The second of `more` are sheets that are needed in any case.
        """
        self.looks, self._names, self._order = looks, names, order
        self._tables, always = more
        self._needed: dict[int, list[str]] = {number: [] for number in always}
        hidden = {order[one.sheet.number - 1]: one for one in looks if one.sheet.hidden}
        waiting = [one for one in looks if not one.sheet.hidden]
        waiting += [one for one in looks if one.sheet.hidden and one.sheet.number in always]
        passed = {id(one) for one in waiting}
        while waiting:
            one = waiting.pop()
            for sheet, places in self._reaches(one).items():
                found = hidden.get(sheet)
                if found is None:
                    continue
                told = [f"{one.sheet.name}!{place}" for place in places]
                self._needed.setdefault(found.sheet.number, []).extend(told)
                if id(found) not in passed:
                    passed.add(id(found))
                    waiting.append(found)

    def _reaches(self, one: Look) -> dict[str, list[str]]:
        """Give the sheets that a sheet refers to, by itself or through names and tables."""
        found = {sheet: list(places) for sheet, places in one.sheets.items()}
        for word, places in one.names.items():
            for name in self._names.closure([word]):
                for held in self._names.called(name):
                    for sheet in sheets_in(held.formula, self._order):
                        found.setdefault(sheet, []).extend(places)
                if name in self._tables:
                    sheet = self._order[self._tables[name] - 1]
                    found.setdefault(sheet, []).extend(places)
        return found

    def needed(self, number: int) -> list[str] | None:
        """Give the places that need a sheet; nothing for one that may go."""
        return self._needed.get(number)

    def names_used(self, gone: set[int]) -> set[str]:
        """Give the names (folded) that something on the sheets that stay is made of."""
        words = {word for one in self.looks if one.sheet.number not in gone for word in one.names}
        return self._names.closure(words)


def tell_hidden(hiding: Hiding, notes: Notes) -> set[int]:
    """Note what is hidden and give the numbers of the sheets that go."""
    gone = set()
    for one in hiding.looks:
        sheet = one.sheet
        if sheet.hidden:
            needed = hiding.needed(sheet.number)
            place = f"hidden-sheet {sheet.name}"
            if needed is None:
                if notes.add(notes.kind("hidden-sheet"), place, sheet.name):
                    gone.add(sheet.number)
            else:
                told = ", ".join(dict.fromkeys(needed[:_FEW]))
                notes.add(notes.kind("hidden-sheet-used"), place, told or sheet.name)
        if sheet.number not in gone:
            _tell_cells(one, notes)
    return gone


def _tell_cells(one: Look, notes: Notes) -> None:
    place = f"sheet {one.sheet.name}"
    if one.rows:
        notes.add(notes.kind("hidden-rows"), place, _ranges(one.rows))
    if one.columns:
        notes.add(notes.kind("hidden-columns"), place, ", ".join(one.columns))
    if one.unseen:
        notes.add(notes.kind("invisible-cell"), place, ", ".join(one.unseen))


def _ranges(numbers: list[int]) -> str:
    """Write numbers as ranges: `2-5, 9`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def unseen_styles(package: Package) -> frozenset[int]:
    """Give the numbers of cell styles whose number format shows nothing (`;;;`)."""
    part = package.target(package.main(), "styles")
    if part is None:
        return frozenset()
    root = package.xml(part)
    hiding = {
        str(one.get("numFmtId"))
        for one in find_all(root, "x:numFmt")
        if _NOTHING.match(str(one.get("formatCode") or "").strip())
    }
    if not hiding:
        return frozenset()
    found = set()
    for table in find_all(root, "x:cellXfs"):
        for style, one in enumerate(table):
            if str(one.get("numFmtId")) in hiding:
                found.add(style)
    return frozenset(found)
