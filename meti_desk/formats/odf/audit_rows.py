"""Large workbooks for the auditor: a row is looked at as it is read, and let go of.

A tree of all rows takes eight times the room of the XML. Like `audit` this shares no code with the
removal, which cuts rows out of the bytes in a way of its own.
"""

import io
from typing import TYPE_CHECKING

from lxml import etree

from meti_desk.formats.audit_xml import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

LARGE = 2 << 20
"""Bytes of XML from which on a content is looked at so."""
_ABOVE = frozenset(
    {
        *("table-rows", "table-row-group", "table-header-rows", "table", "spreadsheet", "body"),
        "document-content",
    }
)
"""What rows of sheets lie in; those of a table in a cell, a note or a text are left where they are,
because what is around them is asked for its words as a whole."""


def is_large_book(data: bytes) -> bool:
    """Tell whether a content is of a workbook and long; others have few rows, or none."""
    return len(data) > LARGE and b":spreadsheet" in data


def by_rows(
    data: bytes, look: "Callable[[etree._Element], str | None]", *, huge: bool = False
) -> "etree._Element":
    """Let `look` see every row of every sheet; give the tree of all the rest.

    What `look` gives stands as its text in the row, which is otherwise empty; with `None` the row
    stays as it is. Raises `XMLSyntaxError`.
    """
    reader = etree.iterparse(
        io.BytesIO(data), tag="{*}table-row", resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=huge,
    )  # fmt: skip
    for _, row in reader:
        if not all(LOCAL[one.tag] in _ABOVE for one in row.iterancestors()):
            continue
        said = look(row)
        if said is not None:
            row.clear(keep_tail=True)
            row.text = said or None
    return reader.root  # type: ignore[no-any-return] # its stubs do not say what it is
