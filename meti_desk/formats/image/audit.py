"""Proving a scrubbed picture: nothing is left that tells, and all that is seen stayed.

Shares no code with the removal, on purpose: it reads both files by readers of its own.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.image.audit_flat import gif, jpeg, png, riff
from meti_desk.formats.image.audit_tables import bmff, tiff
from meti_desk.formats.image.audit_view import Blob, Extra, View

_GROUPS = {
    **dict.fromkeys(
        (
            *("image.location", "image.exif", "image.maker-note", "image.thumbnail", "image.xmp"),
            *("image.further-picture", "image.iptc", "image.comment", "image.trailing"),
            "image.application-data",
        ),
        "12",
    ),
    "image.own-property": "15",
}
_ORIENTATION_ONLY = 26
"""Bytes of an Exif block that holds one number."""
_OWN = "{http://jp.go.meti/ns/label/1.0/}"
_PLAIN = ("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}", "{adobe:ns:meta/}xmpmeta")
_GPS, _INNER, _NOTE = 0x8825, 0x8769, 0x927C


def verify_scrub(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or shows something else.

    `InvalidInput("scrub.left-behind", kind=…)`, `InvalidInput("scrub.text-changed", what=…)`.
    Kinds that a person chose to keep are not looked for.
    """
    try:
        after = _view(Blob(result))
        for kind in _left(after, order):
            if kind == "image.trailing" and _keeps_more_pictures(after, order):
                continue
            if kind not in order.keep and _GROUPS.get(kind, "14") not in order.keep:
                raise InvalidInput("scrub.left-behind", kind=kind)
            if kind == "image.own-property" and order.purpose == "publish":
                raise InvalidInput("scrub.left-behind", kind=kind)
        before = _view(Blob(source))
    except (struct.error, IndexError, ValueError, RecursionError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged") from bad
    for what in ("image", "turned", "profile"):
        if getattr(before, what) != getattr(after, what):
            raise InvalidInput("scrub.text-changed", what=what)


def _keeps_more_pictures(view: View, order: ScrubOrder) -> bool:
    """Tell whether a person keeps further pictures, which stand behind the first."""
    kind = "image.further-picture"
    wanted = kind in order.keep or _GROUPS[kind] in order.keep
    return wanted and any(one.kind == kind for one in view.extras)


def _view(blob: Blob) -> View:
    head = blob[:12]
    if head[:2] == b"\xff\xd8":
        view = jpeg(blob)
    elif head[:4] == b"\x89PNG":
        view = png(blob)
    elif head[:4] == b"RIFF":
        view = riff(blob)
    elif head[:3] == b"GIF":
        view = gif(blob)
    elif head[:2] in (b"II", b"MM"):
        return tiff(blob)
    else:
        return bmff(blob)
    view.turned = next((_turned(one.body) for one in view.extras if one.kind == "exif"), 1)
    return view


def _left(view: View, order: ScrubOrder) -> Iterator[str]:
    for one in view.extras:
        if one.kind == "exif":
            yield from _left_in_exif(one)
        elif one.kind == "xmp":
            yield from _left_in_xmp(one, order)
        else:
            yield one.kind


def _directory(block: bytes, at: int) -> tuple[dict[int, bytes], int]:
    """Read tags with their four bytes of value, and where the next directory is."""
    order = "<" if block[:2] == b"II" else ">"
    (count,) = struct.unpack_from(order + "H", block, at)
    tags = {}
    for n in range(count):
        (tag,) = struct.unpack_from(order + "H", block, at + 2 + 12 * n)
        tags[tag] = block[at + 10 + 12 * n : at + 14 + 12 * n]
    (following,) = struct.unpack_from(order + "L", block, at + 2 + 12 * count)
    return tags, following


def _number(block: bytes, value: bytes, form: str) -> int:
    order = "<" if block[:2] == b"II" else ">"
    return int(struct.unpack_from(order + form, value)[0])


def _turned(block: bytes) -> int:
    try:
        tags, _ = _directory(block, _number(block, block[4:8], "L"))
        turned = _number(block, tags[0x0112], "H") if 0x0112 in tags else 1  # noqa: PLR2004
    except struct.error:
        return 1
    return turned if turned in range(1, 9) else 1


def _left_in_exif(one: Extra) -> Iterator[str]:
    block = one.body
    try:
        tags, following = _directory(block, _number(block, block[4:8], "L"))
    except struct.error:
        yield "image.exif"
        return
    if len(block) == _ORIENTATION_ONLY and set(tags) == {0x0112} and not following:
        return
    if _GPS in tags:
        yield "image.location"
    if following:
        yield "image.thumbnail"
    inner: set[int] = set()
    if _INNER in tags:
        inner = set(_directory(block, _number(block, tags[_INNER], "L"))[0])
    if _NOTE in inner:
        yield "image.maker-note"
    if set(tags) - {0x0112, _GPS, _INNER} or inner - {_NOTE}:
        yield "image.exif"


def _left_in_xmp(one: Extra, order: ScrubOrder) -> Iterator[str]:
    """Look at every name in a packet: only label and handling may stand there, or nothing."""
    from lxml import etree

    allowed = {"label", "handling"} if order.purpose == "provide" else set()
    body = re.sub(rb"<\?xpacket[^>]*\?>", b"", one.body).strip(b"\0 \r\n\t")
    try:
        root: Any = etree.fromstring(
            body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        )
    except etree.XMLSyntaxError:
        yield "image.xmp"
        return
    for element in root.iter():
        if not isinstance(element.tag, str) or (element.tail or "").strip():
            yield "image.xmp"
            continue
        for name in (element.tag, *element.attrib):
            if name.startswith(_OWN):
                if name.removeprefix(_OWN) not in allowed:
                    yield "image.own-property"
            elif not name.startswith(_PLAIN):
                yield "image.xmp"
