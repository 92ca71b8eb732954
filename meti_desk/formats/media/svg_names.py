"""Names in SVG, and how one is read and written."""

import codecs
import re
from typing import Any

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import unsupported

SVG = "http://www.w3.org/2000/svg"
XHTML = "http://www.w3.org/1999/xhtml"
MATH = "http://www.w3.org/1998/Math/MathML"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
KNOWN = frozenset((SVG, XHTML, MATH, XLINK, XML, ""))
LARGEST = 32 << 20
"""Bytes of an SVG that is looked into."""
_PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<(?:[\w.-]+:)?svg[\s/>]",
    re.DOTALL,
)
_OFFICIAL = "-//W3C//DTD SVG"


def is_svg(head: bytes) -> bool:
    """Tell whether the first element is `svg`; a page of text that holds one is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "replace").encode("utf-8", "replace")
    return _PROLOG.match(head) is not None


def parse(block: bytes) -> Any:
    """Read an SVG with nothing fetched; gives its tree.

    Raises `InvalidInput`: `document.damaged`, `document.too-large`, and
    `RuleViolation("scrub.unsupported-format")` for entities that stand elsewhere.
    """
    if len(block) > LARGEST:
        raise InvalidInput("document.too-large", size=len(block), limit=LARGEST)
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type] # newer than its types
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(block, parser)
    except (etree.XMLSyntaxError, ValueError) as bad:
        raise damaged("xml") from bad
    tree = root.getroottree()
    subset: Any = tree.docinfo.internalDTD
    for one in subset.iterentities() if subset is not None else ():
        if one.content is None:
            raise unsupported("svg", "entities")
    if any(isinstance(one, etree._Entity) for one in root.iter()):  # noqa: SLF001 - no public name
        raise unsupported("svg", "entities")
    if local(root) != "svg" or space(root) not in (SVG, ""):
        raise damaged("svg")
    return tree


def read(data: Data) -> bytes:
    """Give a whole SVG, which must not be larger than what is looked into."""
    if data.size > LARGEST:
        raise InvalidInput("document.too-large", size=data.size, limit=LARGEST)
    return data[0 : data.size]


def write(tree: Any) -> bytes:
    """Write a tree; of a declared type only that of the standard stays."""
    public, system = tree.docinfo.public_id or "", tree.docinfo.system_url or ""
    declared = f'<!DOCTYPE svg PUBLIC "{public}" "{system}">\n' if is_official(tree) else ""
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{declared}'
    body = etree.tostring(tree.getroot(), encoding="UTF-8", with_tail=False)
    # The declaration that it writes has other quotation marks in other versions.
    return head.encode() + bytes(body).split(b"?>\n", 1)[-1] + b"\n"


def is_official(tree: Any) -> bool:
    """Tell whether the declared type is one of the standard's."""
    public, system = tree.docinfo.public_id or "", tree.docinfo.system_url or ""
    return bool(public.startswith(_OFFICIAL) and system.startswith("http://www.w3.org/"))


def space(node: Any) -> str:
    """Give the namespace of an element; none for comments and instructions."""
    return str(etree.QName(node).namespace or "") if isinstance(node.tag, str) else "?"


def local(node: Any) -> str:
    """Give the local name of an element."""
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def remove(node: Any) -> None:
    """Take a node out; the text behind it stays."""
    parent = node.getparent()
    if node.tail:
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)
