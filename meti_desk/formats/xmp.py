"""Our properties in an XMP packet, whatever file holds it; all else in the packet stays.

XMP is RDF in XML (ISO 16684-1). Ours stand in a namespace of our own; where programs show custom
properties of a PDF they stand a second time as `pdfx:`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from meti_desk.formats.base import OWN_PREFIX

NAMESPACE = "http://jp.go.meti/ns/label/1.0/"
PREFIX = "metilabel"
PDFX = "http://ns.adobe.com/pdfx/1.3/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
META = "adobe:ns:meta/"
NOTE = "http://ns.adobe.com/xmp/note/"
EXTENDED = f"{{{NOTE}}}HasExtendedXMP"
LIMIT = 16 * 1024 * 1024
"""Bytes of a packet that are read; no honest one is as large."""

EMPTY = f'<x:xmpmeta xmlns:x="{META}"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'.encode()
_BEGIN = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_END = b'\n<?xpacket end="w"?>'
_ABOUT = f"{{{RDF}}}about"
_WIDE = ((b"\xfe\xff", "utf-16"), (b"\xff\xfe", "utf-16"), (b"\0<", "utf-16-be"),
         (b"<\0", "utf-16-le"))  # fmt: skip


def parse(data: bytes, *, recover: bool = False) -> Any:
    """Parse a packet with entities and network off; `None` when it is not well-formed.

    With `recover` what can be read of a broken packet is given, if any RDF is left in it.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, recover=recover
    )
    try:
        root = etree.fromstring(_plain(data[:LIMIT]), parser) if data else None
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or (recover and rdf_of(root) is None):
        return None
    return root


def _plain(data: bytes) -> bytes:
    """Give UTF-8 without what stands around a packet; UTF-16 is allowed and rare."""
    for start, encoding in _WIDE:
        if data.startswith(start):
            return data.decode(encoding, "replace").lstrip("\ufeff").rstrip("\0 \t\r\n").encode()
    return data.strip(b"\0 \t\r\n")


def rdf_of(root: Any) -> Any:
    """Find the element that holds the descriptions."""
    return root if root.tag == f"{{{RDF}}}RDF" else root.find(f".//{{{RDF}}}RDF")


def descriptions(root: Any) -> list[Any]:
    """List the groups of properties."""
    return list(root.iter(f"{{{RDF}}}Description"))


def values(description: Any) -> list[tuple[str, str]]:
    """List properties written as elements or, in short form, as attributes."""
    found = [(str(tag), str(value)) for tag, value in description.attrib.items()]
    found += [
        (child.tag, " ".join("".join(child.itertext()).split()) if len(child) else child.text or "")
        for child in description
        if isinstance(child.tag, str)
    ]
    return found


def own_key(tag: str) -> str:
    """Give the full key of a property of ours, else nothing."""
    if tag.startswith(f"{{{NAMESPACE}}}"):
        return OWN_PREFIX + tag.split("}")[1]
    if tag.startswith(f"{{{PDFX}}}{OWN_PREFIX}"):
        return tag.split("}")[1]
    return ""


def read_own(root: Any) -> dict[str, str]:
    """Read our properties, under their full keys; of two the first counts."""
    found: dict[str, str] = {}
    for description in descriptions(root):
        for tag, value in values(description):
            key = own_key(tag)
            if key:
                found.setdefault(key, value)
    return found


def remove_own(rdf: Any) -> None:
    """Take our properties out, and the groups that this leaves empty."""
    for description in descriptions(rdf):
        for tag in [tag for tag in description.attrib if own_key(tag)]:
            del description.attrib[tag]
        for child in [c for c in description if isinstance(c.tag, str) and own_key(c.tag)]:
            description.remove(child)
    for description in list(rdf):
        bare = all(tag == _ABOUT for tag in description.attrib)
        if not len(description) and bare and not (description.text or "").strip():
            rdf.remove(description)


def add_own(rdf: Any, properties: Mapping[str, str], *, pdfx: bool = False) -> None:
    """Write our properties as a group of their own at the end.

    Raises `ValueError` for characters that XML cannot hold.
    """
    from lxml import etree

    prefixes = {PREFIX: NAMESPACE} | ({"pdfx": PDFX} if pdfx else {})
    description = etree.Element(f"{{{RDF}}}Description", nsmap=prefixes)
    description.set(_ABOUT, "")
    rdf.append(description)
    for key, value in sorted(properties.items()):
        add_child(description, f"{{{NAMESPACE}}}{key.removeprefix(OWN_PREFIX)}", value)
        if pdfx:
            add_child(description, f"{{{PDFX}}}{key}", value)


def add_note(rdf: Any, guid: str) -> None:
    """Name the extended packet that belongs to this one."""
    from lxml import etree

    description = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap={"xmpNote": NOTE})
    description.set(_ABOUT, "")
    description.set(EXTENDED, guid)


def add_child(parent: Any, tag: str, text: str = "") -> Any:
    """Add an element with text."""
    from lxml import etree

    child = etree.SubElement(parent, tag)
    if text:
        child.text = text
    return child


def packet(root: Any) -> bytes:
    """Write a whole packet; the same tree gives the same bytes."""
    from lxml import etree

    return _BEGIN + bytes(etree.tostring(root, encoding="utf-8")) + _END


def bare(root: Any) -> bytes:
    """Write a tree without the head and end of a packet, as an extended packet wants it."""
    from lxml import etree

    return bytes(etree.tostring(root, encoding="utf-8"))


def fill(written: bytes, size: int) -> bytes:
    """Fill a packet that `packet` wrote with spaces to so many bytes, if it is shorter."""
    missing = size - len(written)
    return written.removesuffix(_END) + b" " * missing + _END if missing > 0 else written


def foreign(roots: Iterable[Any]) -> list[str]:
    """List what packets say beside our properties, in a form that can be compared.

    How it is grouped and in which packet it stands plays no part: an extended packet is one text
    with its main one.
    """
    found: set[str] = set()
    for root in roots:
        rdf = rdf_of(root)
        for description in [] if rdf is None else rdf:
            if not isinstance(description.tag, str):
                continue
            for tag, value in description.attrib.items():
                if tag not in (_ABOUT, EXTENDED) and not own_key(tag):
                    found.add(f"{tag}={value}")
            for child in description:
                if isinstance(child.tag, str) and child.tag != EXTENDED and not own_key(child.tag):
                    found.add(repr(_told(child)))
    return sorted(found)


def _told(element: Any) -> tuple[Any, ...]:
    """Give what an element says, whatever prefixes and order of attributes it was written with."""
    inside = [(*_told(child), child.tail) for child in element if isinstance(child.tag, str)]
    return (element.tag, sorted(element.attrib.items()), element.text, inside)


def texts(root: Any, tags: Iterable[str]) -> list[tuple[str, str]]:
    """Give the texts of these properties with their names, each language and item for itself."""
    wanted = set(tags)
    found: list[tuple[str, str]] = []
    for description in descriptions(root):
        found += [
            (tag.split("}")[1], str(value))
            for tag, value in description.attrib.items()
            if tag in wanted
        ]
        for child in description:
            if child.tag in wanted:
                items = list(child.iter(f"{{{RDF}}}li")) or [child]
                name = child.tag.split("}")[1]
                found += [(name, one) for item in items if (one := "".join(item.itertext()))]
    return found
