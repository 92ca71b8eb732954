"""The list of a workbook's sheets, and what all of them share: dialect of dates, formats, strings.

Every kind of sheet counts that can be printed: worksheets, charts on sheets of their own, dialogs
and sheets of old macros; hidden ones too, because one click shows them.
"""

import re
from dataclasses import dataclass

from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute

_KINDS = frozenset({"worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of Excel's own formats that show a date or a time, Japanese ones included."""
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_CODE = re.compile(r"[ymdhs]|g+e|\be\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its number from 1 in the order of the tabs, its name, and the part that it is."""

    number: int
    name: str
    hidden: bool
    part: str


def sheets_of(package: Package) -> list[Sheet]:
    """Give the sheets in the order of their tabs; an entry whose part is missing is left out.

    Raises `InvalidInput("document.damaged")` where the main part is no workbook.
    """
    main = package.main()
    root = package.xml(main)
    if short(root.tag) != "x:workbook":
        raise damaged("workbook")
    found = []
    entries = [e for one in root if short(one.tag) == "x:sheets" for e in one]
    for number, entry in enumerate((e for e in entries if short(e.tag) == "x:sheet"), start=1):
        link = package.by_id(main, attribute(entry, "r:id") or "")
        if link is None or link.external or link.kind not in _KINDS:
            continue
        part = package.find(link.target)
        if part is not None:
            hidden = entry.get("state") in {"hidden", "veryHidden"}
            found.append(Sheet(number, str(entry.get("name") or ""), hidden, part))
    return found


def counts_from_1904(package: Package) -> bool:
    """Tell whether day numbers are counted from 1904 (workbooks of old Macintoshes)."""
    for one in package.xml(package.main()):
        if short(one.tag) == "x:workbookPr":
            return one.get("date1904") in {"1", "true", "on"}
    return False


def date_styles(package: Package) -> frozenset[int]:
    """Give the numbers of those cell styles that show a number as a date or a time."""
    part = package.target(package.main(), "styles")
    if part is None:
        return frozenset()
    own: dict[int, str] = {}
    formats: list[int] = []
    for one in package.xml(part):
        name = short(one.tag)
        if name == "x:numFmts":
            own = {_number(e, "numFmtId"): str(e.get("formatCode") or "") for e in one}
        elif name == "x:cellXfs":
            formats = [_number(e, "numFmtId") for e in one if short(e.tag) == "x:xf"]
    return frozenset(
        style
        for style, number in enumerate(formats)
        if (_is_date(own[number]) if number in own else number in _DATES)
    )


def _number(element: Element, name: str) -> int:
    text = str(element.get(name) or "") if isinstance(element.tag, str) else ""
    return int(text) if text.isascii() and text.isdigit() else 0


def _is_date(code: str) -> bool:
    shown = _NOT_SHOWN.sub("", code.partition(";")[0])
    if "general" in shown.lower() or "標準" in shown:
        return False
    return bool(_DATE_CODE.search(shown))
