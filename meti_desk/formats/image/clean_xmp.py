"""XMP without what it tells: only label and handling are left where a file is provided."""

import re
from typing import Any

from meti_desk.formats import xmp
from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY
from meti_desk.formats.image.cleaner import OWN, XMP, Cleaner

_ROOM = re.compile(rb" +(?=\n<\?xpacket end)")


def clean(cleaner: Cleaner, block: bytes, place: str, *, first: bool = True) -> bytes:
    """Note what a packet tells, and give the packet that is left; empty: none.

    Only the first packet of a file keeps the label.
    """
    strict = xmp.parse(block)
    root = strict if strict is not None else xmp.parse(block, recover=True)
    own = {} if root is None else xmp.read_own(root)
    wanted = _wanted(cleaner, own) if first else {}
    expected = _only(wanted)
    if _ROOM.sub(b"", block) == expected:
        return block
    told = _foreign(root)
    unwanted = sorted(own.keys() - wanted.keys())
    goes = [cleaner.found(OWN, place, name) for name in unwanted]
    if told or not unwanted:
        goes.append(cleaner.found(XMP, place, ", ".join(told)))
    if not any(goes):
        return block
    rdf = None if strict is None else xmp.rdf_of(strict)
    if rdf is None or not cleaner.keeps(XMP):
        return expected
    xmp.remove_own(rdf)
    if wanted:
        xmp.add_own(rdf, wanted)
    return xmp.packet(strict) if len(rdf) else b""


def _wanted(cleaner: Cleaner, own: dict[str, str]) -> dict[str, str]:
    if cleaner.order.purpose == "publish":
        return {}
    if cleaner.keeps(OWN):
        return own
    return {key: own[key] for key in (LABEL_KEY, HANDLING_KEY) if key in own}


def _only(wanted: dict[str, str]) -> bytes:
    if not wanted:
        return b""
    root = xmp.parse(xmp.EMPTY)
    xmp.add_own(root[0], wanted)
    return xmp.packet(root)


def _foreign(root: Any) -> list[str]:
    """Name the properties of others, in the order in which they stand."""
    if root is None:
        return []
    names = [
        tag.split("}")[-1]
        for description in xmp.descriptions(root)
        for tag, _ in xmp.values(description)
        if not xmp.own_key(tag) and not tag.startswith(f"{{{xmp.RDF}}}")
    ]
    return list(dict.fromkeys(names))
