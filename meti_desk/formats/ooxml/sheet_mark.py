"""The visible mark (明示, Art. 5) in workbooks: in the page header of every sheet, at the right.

Where odd and even pages or the first page have headers of their own, each of them gets it; so do
the headers of custom views. A header takes 255 characters at most: where a header is so long that
the mark does not fit, it stays as it is and the sheet is reported (`mark.header-full`).
"""

from meti_desk.formats.base import LabelReport, SkippedPage
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_frame import SheetFrame, read_frame, write_frame
from meti_desk.formats.ooxml.sheet_header import bare, escape, own_marks, with_mark, without_mark
from meti_desk.formats.ooxml.sheet_splice import KINDS, Edit, Holder, edits
from meti_desk.formats.ooxml.workbook import Sheet

FULL = "mark.header-full"


def write_mark(package: Package, sheets: list[Sheet], mark: str) -> LabelReport:
    """Put the mark into the headers of all sheets; `""` removes it. Tells how many were marked.

    Raises `InvalidInput("mark.text-not-storable")` for text that no header can hold.
    """
    escape(mark)
    done: dict[str, bool] = {}
    skipped = []
    for sheet in sheets:
        if sheet.part not in done:
            frame = read_frame(package, sheet.part)
            done[sheet.part] = _mark(package, frame, mark)
        if mark and not done[sheet.part]:
            skipped.append(SkippedPage(FULL, sheet.number))
    marked = len(sheets) - len(skipped) if mark else 0
    return LabelReport(marked=marked, skipped=tuple(skipped))


def _mark(package: Package, frame: SheetFrame, mark: str) -> bool:
    """Mark one sheet and tell whether all its headers took the mark."""
    changes: list[Edit] = []
    fits = True
    for holder in frame.holders:
        wanted, full = _wanted(holder, mark)
        changes += edits(frame.data, holder, wanted)
        fits = fits and not full
    if changes:
        write_frame(package, frame, changes)
    return fits


def _wanted(holder: Holder, mark: str) -> tuple[dict[str, str], bool]:
    """Give the headers as they should be, and whether one is too full for the mark."""
    wanted: dict[str, str] = {}
    full = False
    for kind in KINDS:
        held = holder.texts.get(kind, "")
        made = with_mark(held, mark) if mark and kind in holder.shown else without_mark(held)
        full = full or made is None
        wanted[kind] = without_mark(held) if made is None else made
    return wanted, full


def marks_of(frame: SheetFrame) -> list[str]:
    """Give the texts of our marks in all headers and footers of a sheet."""
    return [
        mark
        for holder in frame.holders
        for kind in KINDS
        for mark in own_marks(holder.texts.get(kind, ""))
    ]


def is_marked(frame: SheetFrame, mark: str) -> bool:
    """Tell whether each header that a page shows carries exactly this mark, and no other does.

    A header that is too full has none. Without a mark: whether no header has one.
    """
    for holder in frame.holders:
        for kind in KINDS:
            held = holder.texts.get(kind, "")
            there = own_marks(held)
            expected = [mark] if mark and kind in holder.shown else []
            if there == expected or (not there and with_mark(held, mark) is None):
                continue
            return False
    return True


def without_headers(frame: SheetFrame) -> tuple[object, ...]:
    """Give all of a sheet that marking must not change, for comparison.

    That is every byte besides the elements that hold headers, and of those what is read without
    our mark.
    """
    rest, at = [], 0
    told: list[object] = []
    for holder in frame.holders:
        rest.append(frame.data[at : holder.start])
        at = holder.end
        told.append((holder.view, holder.attributes(frame.data), holder.rest(frame.data)))
        told.append([bare(holder.texts.get(kind, "")) for kind in KINDS])
    rest.append(frame.data[at:])
    return (b"".join(rest), frame.inside, frame.size, told)
