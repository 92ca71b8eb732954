"""An independent look at scrubbed XML: read by libxml2, its data compared with what it was.

Shares no code with the removal, which cuts by patterns of its own.
"""

import re
from typing import Any

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder

_SHOWN = {"xml-stylesheet", "xml-model"}
_LOCAL = re.compile(r"file:|^[a-z]:[\\/]|[\"'\s][a-z]:[\\/]|\\\\\w|/(?:home|users)/", re.IGNORECASE)
_GROUPS = {"xml.comment": "2", "xml.doctype": "6", "xml.instruction": "8"}


def audit_xml(before: bytes, after: bytes, order: ScrubOrder) -> None:
    """Raise `InvalidInput`: `scrub.left-behind` (`kind`), `scrub.text-changed` (`what`)."""
    was, now = _tree(before), _tree(after)
    for kind in _left(now):
        if kind not in order.keep and _GROUPS[kind] not in order.keep:
            raise InvalidInput("scrub.left-behind", kind=kind)
    if was.docinfo.encoding != now.docinfo.encoding:
        raise InvalidInput("scrub.text-changed", what="encoding")
    if _data(was) != _data(now):
        raise InvalidInput("scrub.text-changed", what="data")


def _tree(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(data, parser).getroottree()
    except (etree.XMLSyntaxError, ValueError) as bad:
        raise InvalidInput("document.damaged", reason="xml") from bad


def _left(tree: Any) -> list[str]:
    left = []
    for one in _besides(tree):
        if isinstance(one, etree._Comment):  # noqa: SLF001 - lxml has no other name for it
            left.append("xml.comment")
        elif one.target not in _SHOWN or _LOCAL.search(one.text or ""):
            left.append("xml.instruction")
    if _LOCAL.search(tree.docinfo.system_url or ""):
        left.append("xml.doctype")
    return left


def _besides(tree: Any) -> list[Any]:
    """Give all comments and instructions, those around the root element too."""
    root = tree.getroot()
    around = [*root.itersiblings(preceding=True), *root.itersiblings()]
    inside = root.iter(etree.Comment, etree.ProcessingInstruction)
    return [*around, *inside]


def _data(tree: Any) -> bytes:
    """Write elements, attributes and text in one way; entities are named, never opened."""
    root = tree.getroot()
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    return bytes(etree.tostring(root, method="xml", encoding="utf-8", with_tail=False))
