"""What a formula refers to: sheets, names, other workbooks, paths.

This is no parser of formulas. It takes too much for a reference rather than too little: a sheet
that is taken for used is not removed, and a person is asked.
"""

import re
from collections.abc import Iterable, Iterator

from meti_desk.formats.ooxml.paths import has_path

_QUALIFIER = re.compile(r"'((?:[^']|'')+)'!|((?:\[[^\[\]]*\])?[\w.\\?]+(?::[\w.\\?]+)?)!")
_WORD = re.compile(r"[^\W\d][\w.\\?]*")
_STRING = re.compile(r'"(?:[^"]|"")*"')
_EXTERNAL = re.compile(
    r"""\[\d+\][^\[\]()+*/,;<>=&"!]*!       # [1]Sheet!A1, '[1]My sheet'!A1, [1]!Name
      | \[[^\[\]]*\.(?:xl\w*|csv|ods)\]     # [Book.xlsx]Sheet!A1
      | ^\s*\w+\|['\w]                      # DDE: service|topic!item""",
    re.VERBOSE | re.IGNORECASE,
)
_OPAQUE = re.compile(r"\bINDIRECT\s*\(", re.IGNORECASE)
_PIVOT = re.compile(r"\bGETPIVOTDATA\s*\(", re.IGNORECASE)
_LIVE = re.compile(r"\b(?:CUBE[A-Z]+|RTD)\s*\(", re.IGNORECASE)


def sheets_in(formula: str, order: list[str]) -> set[str]:
    """Give the sheets of `order` (folded names, as their tabs stand) that a formula names.

    A reference through several sheets (`一月:三月!A1`) names those in between too; a name that is
    put together while calculating (`INDIRECT`) may be any sheet.
    """
    if _OPAQUE.search(formula):
        return set(order)
    if "!" not in formula:
        return set()
    found: set[str] = set()
    for quoted, bare in _QUALIFIER.findall(formula):
        told = quoted.replace("''", "'") if quoted else bare
        if "[" in told:
            continue
        one = told.casefold()
        if one in order:
            found.add(one)
            continue
        ends = [part for part in one.split(":") if part in order]
        found.update(ends)
        if len(ends) > 1:
            at = sorted(order.index(end) for end in ends)
            found.update(order[at[0] : at[-1] + 1])
    return found


def leads_nowhere(formula: str, order: list[str]) -> bool:
    """Tell whether a formula names a sheet that is not there; those of other workbooks are none."""
    for quoted, bare in _QUALIFIER.findall(formula) if "!" in formula else ():
        told = (quoted.replace("''", "'") if quoted else bare).casefold()
        if "[" not in told and not any(part in order for part in (told, *told.split(":"))):
            return True
    return False


def words_in(formula: str) -> Iterator[str]:
    """Give the words of a formula that may be names, folded; text in quotes is none."""
    for word in _WORD.findall(_STRING.sub('""', formula)):
        yield word.casefold()


def is_external(formula: str) -> bool:
    """Tell whether a formula refers to another workbook or to a running program."""
    return ("[" in formula or "|" in formula) and bool(_EXTERNAL.search(formula))


class Freezing:
    """Tells which formulas give way to their results, and why."""

    def __init__(self, kinds: Iterable[str], names: Iterable[str] = ()) -> None:
        """Take the kinds that go, of those below, and the names (folded) that go for one of them.

        `external-link`, `path`, `pivot-cache`, `connection`.
        """
        self._kinds = frozenset(kinds)
        self._names = frozenset(names)

    def kind(self, formula: str) -> str:
        """Name the kind for which a formula goes; nothing for one that stays."""
        if is_external(formula):
            return self._goes("external-link")
        if has_path(formula):
            return self._goes("path")
        if _PIVOT.search(formula):
            return self._goes("pivot-cache")
        if _LIVE.search(formula):
            return self._goes("connection")
        if self._names and not self._names.isdisjoint(words_in(formula)):
            return self._goes("external-link")
        return ""

    def _goes(self, kind: str) -> str:
        return kind if kind in self._kinds else ""
