"""Our properties in a PDF's XMP packet, without touching what else it says.

They stand twice: in a namespace of ours, and as `pdfx:` where programs show custom properties. A
PDF/A file may hold only namespaces that it describes, so there ours is described in the extension
schema and `pdfx:` is left alone.
"""

from collections.abc import Mapping
from typing import Any

import pikepdf
from pikepdf import Name

from meti_desk.formats.base import OWN_PREFIX

NAMESPACE = "http://jp.go.meti/ns/label/1.0/"
_PDFX = "http://ns.adobe.com/pdfx/1.3/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_PDFAID = "http://www.aiim.org/pdfa/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_KEPT_FOR_STANDARDS = (
    _PDFAID,
    "http://www.aiim.org/pdfua/ns/id/",
    "http://www.npes.org/pdfx/ns/id/",
)
_LIMIT = 16 * 1024 * 1024

_EMPTY = f'<x:xmpmeta xmlns:x="{_META}"><rdf:RDF xmlns:rdf="{_RDF}"/></x:xmpmeta>'.encode()


def read(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Read our properties from the packet, under their full keys."""
    root = _parse(_packet(pdf))
    if root is None:
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{{{_RDF}}}Description"):
        for tag, value in _values(description):
            key = _own_key(tag)
            if key:
                found.setdefault(key, value)
    return found


def write(pdf: pikepdf.Pdf, properties: Mapping[str, str]) -> None:
    """Replace our properties in the packet; an unreadable packet is left as it is."""
    data = _packet(pdf)
    root = _parse(data or _EMPTY)
    if root is None or (not data and not properties):
        return
    rdf = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f".//{{{_RDF}}}RDF")
    if rdf is None:
        return
    _remove_own(rdf)
    if properties:
        _add(rdf, properties, pdfa=_is_pdfa(rdf))
    _store(pdf, root, keep=len(rdf) > 0)


def standards_only(pdf: pikepdf.Pdf) -> None:
    """Reduce the packet to the standards that the file claims to meet (PDF/A, PDF/UA, PDF/X)."""
    root = _parse(_packet(pdf))
    claims: dict[str, str] = {}
    if root is not None:
        for description in root.iter(f"{{{_RDF}}}Description"):
            claims.update(
                (tag, value)
                for tag, value in _values(description)
                if tag[1:].split("}")[0] in _KEPT_FOR_STANDARDS
            )
    fresh = _parse(_EMPTY)
    if claims and fresh is not None:
        description = _description(fresh[0], {"pdfaid": _PDFAID, "pdfuaid": _KEPT_FOR_STANDARDS[1]})
        for tag, value in sorted(claims.items()):
            _child(description, tag, value)
    if fresh is not None:
        _store(pdf, fresh, keep=bool(claims))


def foreign(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """List what the packet tells beside our properties and the standards it claims to meet."""
    root = _parse(_packet(pdf))
    if root is None:
        return [("unreadable", "")] if _packet(pdf) else []
    found = []
    for description in root.iter(f"{{{_RDF}}}Description"):
        for tag, value in _values(description):
            space, _, name = tag[1:].partition("}")
            if space not in (*_KEPT_FOR_STANDARDS, _RDF, _EXTENSION) and not _own_key(tag):
                found.append((name, value))
    return found


def is_pdfa(pdf: pikepdf.Pdf) -> bool:
    """Tell whether the file claims to be PDF/A."""
    root = _parse(_packet(pdf))
    return root is not None and _is_pdfa(root)


def _packet(pdf: pikepdf.Pdf) -> bytes:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return b""
    try:
        return stream.read_bytes()[:_LIMIT]
    except pikepdf.PdfError:
        return b""


def _parse(data: bytes) -> Any:
    """Parse a packet with entities and network off; `None` when it is not well-formed."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True
    )
    try:
        return etree.fromstring(data.strip(b"\0 \t\r\n"), parser) if data else None
    except (etree.XMLSyntaxError, ValueError):
        return None


def _values(description: Any) -> list[tuple[str, str]]:
    """List properties written as elements or, in short form, as attributes."""
    found = [(str(tag), str(value)) for tag, value in description.attrib.items()]
    found += [
        (child.tag, " ".join("".join(child.itertext()).split()) if len(child) else child.text or "")
        for child in description
        if isinstance(child.tag, str)
    ]
    return found


def _own_key(tag: str) -> str:
    if tag.startswith(f"{{{NAMESPACE}}}"):
        return OWN_PREFIX + tag.split("}")[1]
    if tag.startswith(f"{{{_PDFX}}}{OWN_PREFIX}"):
        return tag.split("}")[1]
    return ""


def _is_pdfa(root: Any) -> bool:
    return any(
        tag.startswith(f"{{{_PDFAID}}}")
        for description in root.iter(f"{{{_RDF}}}Description")
        for tag, _ in _values(description)
    )


def _remove_own(rdf: Any) -> None:
    for description in list(rdf.iter(f"{{{_RDF}}}Description")):
        for tag in [tag for tag in description.attrib if _own_key(tag)]:
            del description.attrib[tag]
        for child in [c for c in description if isinstance(c.tag, str) and _own_key(c.tag)]:
            description.remove(child)
    for uri in list(rdf.iter(f"{{{_SCHEMA}}}namespaceURI")):
        if (uri.text or "").strip() == NAMESPACE:
            item = _item_around(uri)
            bag = item.getparent()
            bag.remove(item)
            if not len(bag):
                bag.getparent().getparent().remove(bag.getparent())
    for description in list(rdf):
        bare = all(tag == f"{{{_RDF}}}about" for tag in description.attrib)
        if not len(description) and bare and not (description.text or "").strip():
            rdf.remove(description)


def _item_around(element: Any) -> Any:
    while element.tag != f"{{{_RDF}}}li":
        element = element.getparent()
    return element


def _description(rdf: Any, prefixes: Mapping[str, str]) -> Any:
    from lxml import etree

    description = etree.SubElement(rdf, f"{{{_RDF}}}Description", nsmap=dict(prefixes))
    description.set(f"{{{_RDF}}}about", "")
    return description


def _child(parent: Any, tag: str, text: str = "") -> Any:
    from lxml import etree

    child = etree.SubElement(parent, tag)
    if text:
        child.text = text
    return child


def _add(rdf: Any, properties: Mapping[str, str], *, pdfa: bool) -> None:
    from lxml import etree

    prefixes = {"metilabel": NAMESPACE} | ({} if pdfa else {"pdfx": _PDFX})
    description = etree.Element(f"{{{_RDF}}}Description", nsmap=prefixes)
    description.set(f"{{{_RDF}}}about", "")
    rdf.append(description)
    for key, value in sorted(properties.items()):
        _child(description, f"{{{NAMESPACE}}}{key.removeprefix(OWN_PREFIX)}", value)
        if not pdfa:
            _child(description, f"{{{_PDFX}}}{key}", value)
    if pdfa:
        _describe(rdf, properties)


def _describe(rdf: Any, properties: Mapping[str, str]) -> None:
    """Tell PDF/A what our namespace holds (ISO 19005-1, 6.7.8)."""
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
    if bag is None:
        prefixes = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
        schemas = _child(_description(rdf, prefixes), f"{{{_EXTENSION}}}schemas")
        bag = _child(schemas, f"{{{_RDF}}}Bag")
    schema = _child(bag, f"{{{_RDF}}}li")
    schema.set(f"{{{_RDF}}}parseType", "Resource")
    _child(schema, f"{{{_SCHEMA}}}schema", "Information handling label")
    _child(schema, f"{{{_SCHEMA}}}namespaceURI", NAMESPACE)
    _child(schema, f"{{{_SCHEMA}}}prefix", "metilabel")
    sequence = _child(_child(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for key in sorted(properties):
        item = _child(sequence, f"{{{_RDF}}}li")
        item.set(f"{{{_RDF}}}parseType", "Resource")
        _child(item, f"{{{_PROPERTY}}}name", key.removeprefix(OWN_PREFIX))
        _child(item, f"{{{_PROPERTY}}}valueType", "Text")
        _child(item, f"{{{_PROPERTY}}}category", "external")
        _child(item, f"{{{_PROPERTY}}}description", f"Label property {key}")


def _store(pdf: pikepdf.Pdf, root: Any, *, keep: bool) -> None:
    from lxml import etree

    if not keep:
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        return
    body = etree.tostring(root, encoding="utf-8")
    packet = (
        b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        + body
        + b'\n<?xpacket end="w"?>'
    )
    stream = pdf.make_stream(packet)
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = stream
