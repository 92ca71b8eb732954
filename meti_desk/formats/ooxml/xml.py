"""Reading and writing XML parts safely: no entities, no DTD, no network, limited size."""

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import full, short

Element: TypeAlias = etree._Element  # noqa: SLF001 - the public name of lxml's element type

MAX_XML = 96 << 20
"""Bytes of one XML part; a larger one would not fit into a worker's memory as a tree."""

_PROLOG_DTD = re.compile(rb"\s*+(?>(?:<\?.*?\?>|<!--.*?-->)\s*+)*+<!DOCTYPE", re.DOTALL)
_READER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
"""Kept for all parts: making one takes as long as reading a small part."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def parse(data: bytes, part: str) -> Element:
    """Parse one part; a DTD or entity declaration anywhere is refused before it is read.

    Raises `InvalidInput`: `document.damaged` with `reason` `dtd` or `xml`, `document.bomb` when the
    part is too large. A byte order mark or UTF-16 is understood.
    """
    if len(data) > MAX_XML:
        raise InvalidInput("document.bomb", what="xml", member=part)
    plain = data.removeprefix(b"\xef\xbb\xbf")
    if plain[:2] in _UTF16:
        plain = plain.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if b"!" in plain and (_PROLOG_DTD.match(plain) or b"<!ENTITY" in plain[:65536]):
        raise damaged("dtd", member=part)
    try:
        root = etree.fromstring(data, _READER)
    except (etree.XMLSyntaxError, ValueError) as bad:
        raise damaged("xml", member=part) from bad
    if root.getroottree().docinfo.internalDTD is not None:
        raise damaged("dtd", member=part)
    return root


def serialize(root: Element) -> bytes:
    """Write a part as UTF-8 with the declaration that Office writes; equal trees, equal bytes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def namespace(element: Element) -> str:
    """Give the namespace of an element."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag[:1] == "{" else ""


def child(element: Element | None, name: str) -> Element | None:
    """Find the first child by its short name."""
    if element is not None:
        for one in element:
            if short(one.tag) == name:
                return one
    return None


def find_all(root: Element, *names: str) -> Iterator[Element]:
    """Walk all elements with one of the short names; the list is taken first, so edits are safe."""
    tags = [tag for name in names for tag in full(name)]
    yield from list(root.iter(*tags))


def text_of(element: Element) -> str:
    """Give all text inside an element."""
    if not len(element):
        return element.text or ""
    return "".join([str(piece) for piece in element.itertext()])


def attribute(element: Element, name: str) -> str | None:
    """Read an attribute by its short name, in either dialect."""
    for key, value in element.attrib.items():
        if short(key) == name:
            return str(value)
    return None


def attributes(element: Element) -> list[tuple[str, str]]:
    """Give all attributes with their full names; a list, so that edits are safe."""
    return element.items()  # type: ignore[return-value] # a list of str, say lxml's documents


def drop_attribute(element: Element, *names: str) -> None:
    """Take attributes away by their short names."""
    for key in list(element.attrib):
        if short(key) in names:
            del element.attrib[key]


def is_on(element: Element | None) -> bool:
    """Tell whether an on/off property is there and not switched off."""
    if element is None:
        return False
    return attribute(element, "w:val") not in {"0", "false", "off"}


def remove(element: Element) -> None:
    """Take an element out of its parent and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    _keep_tail(element, parent)
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    _keep_tail(element, parent)
    for offset, one in enumerate(list(element)):
        parent.insert(at + offset, one)
    parent.remove(element)


def _keep_tail(element: Element, parent: Element) -> None:
    tail = element.tail
    if not tail or tail.isspace():
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None


def inside(element: Element, name: str) -> bool:
    """Tell whether an ancestor has this short name."""
    return any(short(one.tag) == name for one in element.iterancestors())
