"""The value of a cell, as a person reads it and as the digest compares it.

Text for people shows dates as dates and numbers with the fifteen digits that Excel shows; the
digest takes a number for what it is, so that another program may write it otherwise.
"""

from datetime import datetime, timedelta

from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_cells import Cell
from meti_desk.formats.ooxml.sheet_strings import Strings, strings_of, unescape
from meti_desk.formats.ooxml.workbook import counts_from_1904, date_styles

_EXACT = 10**21
"""From here on Excel writes a number with an exponent however wide the cell is."""
_LAST_DAY = 2_958_465
"""9999-12-31."""
_LEAP = 60
"""The day 1900-02-29, which never was and which Excel counts."""
_DAY = 86_400


class Values:
    """Reads cells of one workbook; strings and styles are loaded when first asked for."""

    def __init__(self, package: Package) -> None:
        """Keep the package, from which nothing is read yet."""
        self._package = package
        self._strings: Strings | None = None
        self._dates: frozenset[int] | None = None
        self._epoch = datetime(1899, 12, 30)  # noqa: DTZ001 - a day of the calendar, no instant

    def shown(self, cell: Cell) -> str:
        """Give the text that a reader sees, without its number format but with dates as dates."""
        _, kind, style, value, _, _ = cell
        if kind == "s":
            return self._string(value)
        if kind in {"str", "inlineStr"}:
            return unescape(value)
        if kind == "b":
            return "FALSE" if value.strip() in {"0", "false"} else "TRUE"
        if kind in {"e", "d"} or not value:
            return value
        if self._dates is None:
            self._load_dates()
        if self._dates and style in self._dates:
            return self._date(value) or _number(value)
        return _number(value)

    def compared(self, cell: Cell) -> str:
        """Give the value for the digest: its kind and what it is, however it is stored."""
        kind, value = cell[1], cell[3]
        if kind == "s":
            return "s" + self._string(value)
        if kind in {"str", "inlineStr"}:
            return "s" + unescape(value)
        if kind == "n":
            try:
                return "n" + repr(float(value)) if value else ""
            except ValueError:
                return "n" + value
        return kind + value.strip()

    def _string(self, number: str) -> str:
        if self._strings is None:
            self._strings = strings_of(self._package)
        try:
            return self._strings[int(number)]
        except ValueError:
            return ""

    def _load_dates(self) -> None:
        self._dates = date_styles(self._package)
        if counts_from_1904(self._package):
            self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - as above

    def _date(self, value: str) -> str:
        try:
            days = float(value)
        except ValueError:
            return ""
        if not 0 <= days <= _LAST_DAY:
            return ""
        whole, seconds = divmod(round(days * _DAY), _DAY)
        if self._epoch.year < 1900 and whole < _LEAP:  # noqa: PLR2004 - the year of the epoch
            whole += 1
        at = self._epoch + timedelta(days=whole, seconds=seconds)
        if days < 1:
            return at.strftime("%H:%M:%S")
        return at.strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d")


def _number(value: str) -> str:
    """Write a number as a person reads it: with fifteen digits, without a needless exponent."""
    if value.isascii() and value.isdigit():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if abs(number) < _EXACT and number == int(number):
        return str(int(number))
    return format(number, ".15g")
