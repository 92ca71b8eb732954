"""Our properties in a PDF's XMP packet, without touching what else it says.

They stand twice: in a namespace of ours, and as `pdfx:` where programs show custom properties. A
PDF/A file may hold only namespaces that it describes, so there ours is described in the extension
schema and `pdfx:` is left alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

import pikepdf
from pikepdf import Name

from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.xmp import (
    EMPTY,
    LIMIT,
    NAMESPACE,
    PREFIX,
    RDF,
    add_child,
    add_own,
    descriptions,
    own_key,
    parse,
    rdf_of,
    read_own,
    remove_own,
    values,
)
from meti_desk.formats.xmp import packet as whole_packet

_PDFAID = "http://www.aiim.org/pdfa/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_KEPT_FOR_STANDARDS = (
    _PDFAID,
    "http://www.aiim.org/pdfua/ns/id/",
    "http://www.npes.org/pdfx/ns/id/",
)


def read(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Read our properties from the packet, under their full keys."""
    root = parse(_packet(pdf))
    return {} if root is None else read_own(root)


def write(pdf: pikepdf.Pdf, properties: Mapping[str, str]) -> None:
    """Replace our properties in the packet; an unreadable packet is left as it is."""
    data = _packet(pdf)
    root = parse(data or EMPTY)
    if root is None or (not data and not properties):
        return
    rdf = rdf_of(root)
    if rdf is None:
        return
    _remove_description_of_ours(rdf)
    remove_own(rdf)
    if properties:
        pdfa = _is_pdfa(rdf)
        add_own(rdf, properties, pdfx=not pdfa)
        if pdfa:
            _describe(rdf, properties)
    _store(pdf, root, keep=len(rdf) > 0)


def standards_only(pdf: pikepdf.Pdf) -> None:
    """Reduce the packet to the standards that the file claims to meet (PDF/A, PDF/UA, PDF/X)."""
    root = parse(_packet(pdf))
    claims: dict[str, str] = {}
    if root is not None:
        for description in descriptions(root):
            claims.update(
                (tag, value)
                for tag, value in values(description)
                if tag[1:].split("}")[0] in _KEPT_FOR_STANDARDS
            )
    fresh = parse(EMPTY)
    if claims and fresh is not None:
        description = _description(fresh[0], {"pdfaid": _PDFAID, "pdfuaid": _KEPT_FOR_STANDARDS[1]})
        for tag, value in sorted(claims.items()):
            add_child(description, tag, value)
    if fresh is not None:
        _store(pdf, fresh, keep=bool(claims))


def foreign(pdf: pikepdf.Pdf) -> list[tuple[str, str]]:
    """List what the packet tells beside our properties and the standards it claims to meet."""
    root = parse(_packet(pdf))
    if root is None:
        return [("unreadable", "")] if _packet(pdf) else []
    found = []
    for description in descriptions(root):
        for tag, value in values(description):
            space, _, name = tag[1:].partition("}")
            if space not in (*_KEPT_FOR_STANDARDS, RDF, _EXTENSION) and not own_key(tag):
                found.append((name, value))
    return found


def forget(pdf: pikepdf.Pdf, names: Collection[str]) -> None:
    """Take properties out of the packet by their local names, in whatever namespace they are."""
    root = parse(_packet(pdf)) if names else None
    if root is None:
        return
    for description in descriptions(root):
        for tag in [tag for tag in description.attrib if _local(tag) in names]:
            del description.attrib[tag]
        for one in [one for one in description if _local(one.tag) in names]:
            description.remove(one)
    _store(pdf, root, keep=True)


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_pdfa(pdf: pikepdf.Pdf) -> bool:
    """Tell whether the file claims to be PDF/A."""
    root = parse(_packet(pdf))
    return root is not None and _is_pdfa(root)


def _packet(pdf: pikepdf.Pdf) -> bytes:
    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return b""
    try:
        return stream.read_bytes()[:LIMIT]
    except pikepdf.PdfError:
        return b""


def _is_pdfa(root: Any) -> bool:
    return any(
        tag.startswith(f"{{{_PDFAID}}}")
        for description in descriptions(root)
        for tag, _ in values(description)
    )


def _remove_description_of_ours(rdf: Any) -> None:
    for uri in list(rdf.iter(f"{{{_SCHEMA}}}namespaceURI")):
        if (uri.text or "").strip() == NAMESPACE:
            item = _item_around(uri)
            bag = item.getparent()
            bag.remove(item)
            if not len(bag):
                bag.getparent().getparent().remove(bag.getparent())


def _item_around(element: Any) -> Any:
    while element.tag != f"{{{RDF}}}li":
        element = element.getparent()
    return element


def _description(rdf: Any, prefixes: Mapping[str, str]) -> Any:
    from lxml import etree

    description = etree.SubElement(rdf, f"{{{RDF}}}Description", nsmap=dict(prefixes))
    description.set(f"{{{RDF}}}about", "")
    return description


def _describe(rdf: Any, properties: Mapping[str, str]) -> None:
    """Tell PDF/A what our namespace holds (ISO 19005-1, 6.7.8)."""
    bag = rdf.find(f".//{{{_EXTENSION}}}schemas/{{{RDF}}}Bag")
    if bag is None:
        prefixes = {"pdfaExtension": _EXTENSION, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
        schemas = add_child(_description(rdf, prefixes), f"{{{_EXTENSION}}}schemas")
        bag = add_child(schemas, f"{{{RDF}}}Bag")
    schema = add_child(bag, f"{{{RDF}}}li")
    schema.set(f"{{{RDF}}}parseType", "Resource")
    add_child(schema, f"{{{_SCHEMA}}}schema", "Information handling label")
    add_child(schema, f"{{{_SCHEMA}}}namespaceURI", NAMESPACE)
    add_child(schema, f"{{{_SCHEMA}}}prefix", PREFIX)
    sequence = add_child(add_child(schema, f"{{{_SCHEMA}}}property"), f"{{{RDF}}}Seq")
    for key in sorted(properties):
        item = add_child(sequence, f"{{{RDF}}}li")
        item.set(f"{{{RDF}}}parseType", "Resource")
        add_child(item, f"{{{_PROPERTY}}}name", key.removeprefix(OWN_PREFIX))
        add_child(item, f"{{{_PROPERTY}}}valueType", "Text")
        add_child(item, f"{{{_PROPERTY}}}category", "external")
        add_child(item, f"{{{_PROPERTY}}}description", f"Label property {key}")


def _store(pdf: pikepdf.Pdf, root: Any, *, keep: bool) -> None:
    if not keep:
        if "/Metadata" in pdf.Root:
            del pdf.Root["/Metadata"]
        return
    stream = pdf.make_stream(whole_packet(root))
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = stream
