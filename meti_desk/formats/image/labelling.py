"""Writing the label into a picture's XMP, and proving that nothing else changed (Art. 5)."""

from collections.abc import Mapping
from typing import Any, BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats import xmp
from meti_desk.formats.base import LabelOrder, LabelReport, own_properties
from meti_desk.formats.image.containers import guarded, opened
from meti_desk.formats.image.data import Data, write
from meti_desk.formats.image.model import Picture
from meti_desk.formats.image.shown import digests

MARK_ON_REQUEST = "image.mark-on-request"
XMP_REPAIRED = "image.xmp-repaired"


def write_label(source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
    """Write our properties; the mark is not written, because it would change the picture.

    Notes: `image.mark-on-request` where a mark was asked for, `image.xmp-repaired` where the XMP
    that stood there was broken and only what can be read of it was carried over.
    """
    container, data, picture = opened(source)
    packets, repaired = _merged(picture, own_properties(order.properties))
    with guarded():
        splices = container.with_packets(data, packets) if packets else []
    write(data, splices, target)
    notes = (MARK_ON_REQUEST,) if order.mark else ()
    return LabelReport(notes=(*notes, XMP_REPAIRED) if repaired else notes)


def verify_label(source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
    """Prove a labelled picture by reading it anew; `InvalidInput("label.not-proven", what=…)`."""
    _, before, old = opened(source)
    _, after, new = opened(result)
    if read_own(new) != own_properties(order.properties):
        raise InvalidInput("label.not-proven", what="properties")
    told = _foreign(old)
    if told is not None and told != _foreign(new):
        raise InvalidInput("label.not-proven", what="xmp")
    if _hashes(before, old) != _hashes(after, new):
        raise InvalidInput("label.not-proven", what="parts")
    if digests(before, old) != digests(after, new):
        raise InvalidInput("label.not-proven", what="content")


def read_own(picture: Picture) -> dict[str, str]:
    """Read our properties; of two packets the first counts."""
    found: dict[str, str] = {}
    for block in (*picture.packets, picture.extended):
        root = xmp.parse(block, recover=True)
        if root is not None:
            found = xmp.read_own(root) | found
    return found


def _merged(picture: Picture, properties: Mapping[str, str]) -> tuple[list[bytes], bool]:
    """Give the packets with our properties in the first of them, and whether one was broken."""
    packets, repaired = [], False
    for number, block in enumerate(picture.packets or (b"",)):
        mine = properties if number == 0 else {}
        root = xmp.parse(block or xmp.EMPTY)
        if root is None or xmp.rdf_of(root) is None:
            root, repaired = _recovered(block), True
        rdf = xmp.rdf_of(root)
        xmp.remove_own(rdf)
        if mine:
            _add(rdf, mine)
        packets.append(xmp.packet(root) if len(rdf) else b"")
    return ([] if not picture.packets and not properties else packets), repaired


def _recovered(block: bytes) -> Any:
    """Give what can be read of a broken packet, if that makes a packet again, else an empty one."""
    root = xmp.parse(block, recover=True)
    whole = None if root is None else xmp.parse(xmp.packet(root))
    return xmp.parse(xmp.EMPTY) if whole is None else whole


def _add(rdf: Any, properties: Mapping[str, str]) -> None:
    try:
        xmp.add_own(rdf, properties)
    except ValueError:
        raise InvalidInput("label.text-not-storable", key=min(properties)) from None


def _foreign(picture: Picture) -> list[str] | None:
    """List what others wrote; nothing can be told of packets that are broken."""
    roots = [xmp.parse(one) for one in (*picture.packets, picture.extended) if one]
    if any(root is None or xmp.rdf_of(root) is None for root in roots):
        return None
    return xmp.foreign(roots)


def _hashes(data: Data, picture: Picture) -> list[tuple[str, str]]:
    return [(one.name, one.hash(data)) for one in picture.rest]
