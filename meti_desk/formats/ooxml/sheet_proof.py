"""The proof that a labelled workbook is the same document with our label and mark.

It is stronger than equal digests and cheaper: a member that the label does not concern lies in both
files as the same compressed bytes, and a sheet is the same to the byte besides its headers, which
read the same without our mark.
"""

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder
from meti_desk.formats.ooxml.foreign_labels import parts_of, written
from meti_desk.formats.ooxml.package import TYPES_PART, Package, relationships_of
from meti_desk.formats.ooxml.sheet_frame import read_frame
from meti_desk.formats.ooxml.sheet_mark import is_marked, marks_of, without_headers
from meti_desk.formats.ooxml.workbook import sheets_of


def prove(before: Package, after: Package, order: LabelOrder) -> None:
    """Prove it, or raise `InvalidInput("label.not-proven", what=…)`.

    `what` is `properties`, `mark`, `content` or `parts`.
    """
    if not written(after, order):
        raise _failed("properties")
    sheets = sheets_of(before)
    if sheets_of(after) != sheets:
        raise _failed("content")
    parts = dict.fromkeys(sheet.part for sheet in sheets)
    for part in parts:
        _same_sheet(before, after, part, order.mark)
    _same_members(before, after, set(parts))


def _same_sheet(before: Package, after: Package, part: str, mark: str | None) -> None:
    same = before.same_member(after, part)
    if mark is None:
        if not same:
            raise _failed("mark" if marks_of(read_frame(after, part)) else "content")
        return
    found = read_frame(after, part)
    if not is_marked(found, mark):
        raise _failed("mark")
    if not same and without_headers(read_frame(before, part)) != without_headers(found):
        raise _failed("content")


def _same_members(before: Package, after: Package, sheets: set[str]) -> None:
    """See to it that nothing went and nothing else changed; new are the properties alone."""
    ours = {TYPES_PART.casefold(), relationships_of("").casefold()}
    parts = parts_of(before) | parts_of(after)
    for name in before.original_names:
        if name in parts:
            continue
        if after.find(name) is None:
            raise _failed("parts")
        may_differ = name in sheets or name.casefold() in ours
        if not may_differ and not before.same_member(after, name):
            raise _failed("content")
    if set(after.original_names) - set(before.original_names) - parts:
        raise _failed("parts")


def _failed(what: str) -> InvalidInput:
    return InvalidInput("label.not-proven", what=what)
