"""Reading large workbooks row by row: what was read is let go of before the next comes.

The tree of a workbook takes eight times the room of its XML, and nearly all of it is rows. Nobody
needs them all at once who only reads: the styles and the sheets without their rows make a small
tree, and the text is gathered one row after the other.
"""

import weakref
from collections.abc import Iterator

from lxml import etree

from meti_desk.formats.container import damaged
from meti_desk.formats.odf.names import full
from meti_desk.formats.odf.splice import Edits, Part
from meti_desk.formats.odf.xml import DEEPEST, Element, as_utf8, check_prolog, is_long

LARGE = 2 << 20
"""Bytes of XML from which on a workbook is read so."""
_PIECE = 1 << 16
_TABLE, _BODY = full("table:table"), full("office:spreadsheet")
_ROWS = frozenset(
    full(name)
    for name in (
        "table:table-row", "table:table-rows", "table:table-row-group", "table:table-header-rows",
    )
)  # fmt: skip
_SHEETS_AT = 4
"""The level of sheets: document, body, spreadsheet, sheet."""


class ThinPart(Part):
    """The content of a workbook without the rows of its sheets; to be read only.

    Its bytes are not kept: an edit of it would fail and change nothing.
    """

    def __init__(self, name: str, data: bytes) -> None:
        """Parse the content; see `xml.parse` for the errors."""
        self.name = name
        self.original = self.data = b""
        sheets = Sheets(as_utf8(data, name), name)
        for sheet, one in sheets:
            if one is not None and one.tag in _ROWS:
                sheet.remove(one)
        self.root = sheets.root
        self.edits = Edits(weakref.proxy(self))


class Sheets:
    """A workbook's content as it is read; see `xml.parse` for the errors."""

    def __init__(self, data: bytes, part: str) -> None:
        """Take the content, in UTF-8."""
        self._data, self._part = data, part
        self._root: Element | None = None

    @property
    def root(self) -> Element:
        """The whole tree, once all was read: what was removed meanwhile is not in it."""
        if self._root is None:
            raise damaged("xml", member=self._part)
        return self._root

    def __iter__(self) -> Iterator[tuple[Element, Element | None]]:
        """Give each sheet with each of its children as it is complete, and then with `None`.

        A child that was given may be removed.
        """
        for sheet, one in _children(self._data, self._part):
            if sheet is None:
                self._root = one
            else:
                yield sheet, one


def _children(data: bytes, part: str) -> Iterator[tuple[Element | None, Element | None]]:
    """Give the root, as if it were the child of nothing, and then what `Sheets` gives."""
    depth, sheet, last = 0, None, None
    for event, one in _events(data, part):
        if event == "start":
            depth += 1
            if depth == 1:
                yield None, one
            if depth > DEEPEST:
                raise damaged("depth", member=part)
            if depth == _SHEETS_AT + 1 and sheet is not None:
                # Only now is what stands behind the child before this one complete.
                if last is not None:
                    yield sheet, last
                last = one
            elif depth == _SHEETS_AT and _is_sheet(one):
                sheet = one
            continue
        depth -= 1
        if one is sheet:
            if last is not None:
                yield sheet, last
            yield sheet, None
            sheet = last = None


def _is_sheet(one: Element) -> bool:
    above = one.getparent()
    return one.tag == _TABLE and above is not None and above.tag == _BODY


def _events(data: bytes, part: str) -> Iterator[tuple[str, Element]]:
    check_prolog(data, part)
    reader = etree.XMLPullParser(
        ("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=is_long(data),
    )  # fmt: skip
    try:
        for at in range(0, len(data), _PIECE):
            reader.feed(data[at : at + _PIECE])
            yield from reader.read_events()  # type: ignore[misc] # elements, as was asked for
        reader.close()
    except (etree.XMLSyntaxError, ValueError) as bad:
        raise damaged("xml", member=part) from bad
    yield from reader.read_events()  # type: ignore[misc]
