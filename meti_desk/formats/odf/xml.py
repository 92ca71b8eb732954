"""Reading the XML of OpenDocument safely: no entities, no network, limited size.

Old files (OpenOffice.org) have a DOCTYPE that only names a DTD; that is let pass and never loaded.
One that declares anything is refused.
"""

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import damaged
from meti_desk.formats.odf.names import full, short

Element: TypeAlias = etree._Element  # noqa: SLF001 - the public name of lxml's element type

MAX_XML = 96 << 20
"""Bytes of one part; a larger one would not fit into a worker's memory as a tree."""

DEEPEST = 256
"""Levels of elements, also libxml2's own limit; walks call themselves once per level."""

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["'][^>]*\?>""")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+", re.DOTALL)
_LITERAL = rb"""(?:"[^"]*"|'[^']*')"""
_NAMES_ONE = re.compile(
    rb"<!DOCTYPE\s+[\w:.-]+\s+(?:PUBLIC\s+" + _LITERAL + rb"|SYSTEM)\s*" + _LITERAL + rb"\s*>"
)
"""A DOCTYPE that names a DTD and declares nothing itself."""
_LONGEST_TEXT = 10_000_000
_PLAIN = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def as_utf8(data: bytes, part: str) -> bytes:
    """Give a part as UTF-8; one that is written so is given as it is.

    Raises `InvalidInput("document.damaged", reason="encoding")`.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = "utf-16"
    elif data.startswith((b"<\0", b"\0<")):
        name = "utf-16-le" if data[:1] == b"<" else "utf-16-be"
    else:
        declared = _DECLARED.match(data.removeprefix(b"\xef\xbb\xbf")[:256])
        name = declared[1].decode().lower() if declared else "utf-8"
        if name in _PLAIN:
            return data
    try:
        text = data.decode(name).removeprefix("\ufeff")
    except (LookupError, UnicodeError) as bad:
        raise damaged("encoding", member=part) from bad
    return re.sub(r"^\s*<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text).encode()


def parse(data: bytes, part: str) -> Element:
    """Parse one part that is UTF-8.

    Raises `InvalidInput`: `document.damaged` with `reason` `dtd`, `xml` or `depth`,
    `document.bomb` when the part is too large.
    """
    named = check_prolog(data, part)
    huge = is_long(data)
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge
    )
    try:
        root = etree.fromstring(data, reader)
    except (etree.XMLSyntaxError, ValueError) as bad:
        raise damaged("xml", member=part) from bad
    if not named and root.getroottree().docinfo.internalDTD is not None:
        raise damaged("dtd", member=part)
    if huge and _deeper_than(root, DEEPEST):
        raise damaged("depth", member=part)
    return root


def check_prolog(data: bytes, part: str) -> bool:
    """Refuse a part that is too large or declares a DTD; tell whether it names one.

    Raises `InvalidInput`: `document.bomb`, `document.damaged` with the `reason` `dtd`.
    """
    if len(data) > MAX_XML:
        raise InvalidInput("document.bomb", what="xml", member=part)
    prolog = _PROLOG.match(data)
    rest = 0 if prolog is None else prolog.end()
    named = _NAMES_ONE.match(data, rest) is not None
    if data.startswith(b"<!DOCTYPE", rest) and not named:
        raise damaged("dtd", member=part)
    return named


def is_long(data: bytes) -> bool:
    """Tell whether a part may hold more in one text than the 10 MB that libxml2 takes unasked.

    A base64 picture in a flat document may be so long.
    """
    return len(data) > _LONGEST_TEXT


def _deeper_than(root: Element, limit: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False


def child(element: Element | None, name: str) -> Element | None:
    """Find the first child by its short name."""
    return None if element is None else element.find(full(name))


def find_all(root: Element | None, *names: str) -> Iterator[Element]:
    """Walk all elements with one of the short names, in order."""
    if root is not None:
        yield from root.iter(*[full(name) for name in names])


def get(element: Element | None, name: str) -> str:
    """Read an attribute by its short name; nothing reads as empty."""
    return "" if element is None else str(element.get(full(name)) or "")


def name_of(element: Element) -> str:
    """Give the short name of an element."""
    return short(element.tag)


def inside(element: Element, *names: str) -> bool:
    """Tell whether an ancestor has one of these short names."""
    return any(name_of(one) in names for one in element.iterancestors())
