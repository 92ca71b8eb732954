"""A field for a day, typed as people write it; the calendar of the person's own country."""

import re
import unicodedata
from datetime import date

from meti_desk.ui.strings import tr
from meti_desk.ui.widgets.dates import shown_day, today
from meti_desk.ui.widgets.fields import Field

_WHOLE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ERA = re.compile(r"(?:令和|R)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
_REIWA = 2018
"""The year before 令和元年."""
_PAST = 90
"""Days by which a day without a year may lie back; one that lies further back is next year's."""


def read_day(text: str, near: date | None = None) -> str:
    """Read `11月30日`, `11/30`, `2026-11-30` or `令和8年11月30日`; gives ISO 8601, or nothing."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    now = near or today()
    if found := _WHOLE.fullmatch(plain):
        return _iso(*map(int, found.groups()))
    if found := _ERA.fullmatch(plain):
        year, month, day = found.groups()
        return _iso(_REIWA + (1 if year == "元" else int(year)), int(month), int(day))
    if found := _SHORT.fullmatch(plain):
        month, day = map(int, found.groups())
        near_by = _iso(now.year, month, day)
        if near_by and (now - date.fromisoformat(near_by)).days > _PAST:
            return _iso(now.year + 1, month, day)
        return near_by
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


class DayField(Field):
    """A day; what cannot be read is refused by `check`."""

    def __init__(self, label: str, *, hint: str = "", iso: str = "") -> None:
        super().__init__(label, hint=hint, small=True)
        self.show_iso(iso)

    @property
    def iso(self) -> str:
        """Give the day in ISO 8601; nothing typed or nothing understood: nothing."""
        return read_day(self.text)

    def show_iso(self, iso: str) -> None:
        """Show a day as people write it."""
        self.edit.setText(shown_day(iso) if iso else "")
        self.refuse("")

    def check(self, *, wanted: bool = False) -> bool:
        """Tell whether the day can be taken, and say so at the field where not."""
        well = bool(self.iso) or (not self.text and not wanted)
        self.refuse("" if well else tr("日付を「11月30日」のように入れてください。"))
        return well
