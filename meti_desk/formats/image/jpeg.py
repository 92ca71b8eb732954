"""JPEG: XMP in an APP1 segment, what does not fit there in extended ones (Adobe XMP part 3)."""

import hashlib
import struct
from collections.abc import Sequence
from typing import Any

from meti_desk.formats import xmp
from meti_desk.formats.image import exif, iptc, jpeg_pointers
from meti_desk.formats.image.data import Data, Part, Splice, damaged
from meti_desk.formats.image.jpeg_segments import (
    ADOBE,
    APP0,
    APP1,
    APP2,
    APP13,
    APP14,
    APPLICATION,
    COM,
    EXIF,
    EXTENSION,
    MPF,
    PROFILE,
    XMP,
    Segment,
    end_of,
    segments,
)
from meti_desk.formats.image.model import Picture

_MAGIC = b"\xff\xd8\xff"
_MOST = 65533
_FITS = _MOST - len(XMP)
_GUID = 32
_PIECE = 65400
"""Bytes of an extended packet in one segment."""


class Jpeg:
    """The container of JPEG files."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name JPEG by its first bytes."""
        del data
        return "jpeg" if head.startswith(_MAGIC) else None

    def read(self, data: Data) -> Picture:
        """Find the segments and what they hold."""
        found = list(segments(data))
        end = end_of(found)
        packets = [_body(data, one, len(XMP)) for one in _xmp(data, found)]
        extended, used = _extended(data, found, packets)
        exif_block = next((_body(data, one, 6) for one in _with(data, found, APP1, EXIF)), b"")
        texts = exif.texts_of(exif_block)
        for one in _with(data, found, APP13, iptc.PHOTOSHOP):
            texts += iptc.texts_of(_body(data, one, len(iptc.PHOTOSHOP)))
        for one in found:
            if one.kind == COM and (text := exif.decoded(_body(data, one))):
                texts.append(("Comment", text))
        skipped = {*_xmp(data, found), *used}
        rest = [_part(data, one, end) for one in found if one not in skipped]
        rest.append(Part("behind", jpeg_pointers.afcp_content(data, end)))
        return Picture(
            variant="jpeg",
            seen=tuple(Part(f"{one.kind:02x}", ((one.start, one.stop),)) for one in found
                       if _shown(data, one)),
            rest=tuple(rest),
            packets=tuple(packets),
            extended=extended,
            exif=exif_block,
            profile=_profile(data, found),
            orientation=exif.orientation_of(exif_block),
            texts=tuple(texts),
        )  # fmt: skip

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packets where the old ones stand, or behind the leading segments."""
        found = list(segments(data))
        end = end_of(found)
        standing = _xmp(data, found)
        splices: list[Splice] = []
        fixed = end < data.size
        for number, packet in enumerate(packets):
            old = standing[number] if number < len(standing) else None
            place = _place(data, found, fixed=fixed) if old is None else old.start
            stop = place if old is None else old.stop
            if fixed and old is not None and packet:
                packet = xmp.fill(packet, stop - place - 4 - len(XMP))  # noqa: PLW2901
            if number == 0 and len(packet) > _FITS:
                packet, new, used = _divided(data, found, packet)  # noqa: PLW2901
                splices += [Splice(one.start, one.stop, b"") for one in used]
                splices.append(Splice(place, stop, _segment(XMP + packet) + new))
            else:
                splices.append(Splice(place, stop, _segment(XMP + packet) if packet else b""))
        for one in _with(data, found, APP2, MPF):
            splices += jpeg_pointers.Pictures(data, one).fixes(splices)
        return splices + jpeg_pointers.afcp_fixes(data, splices)


def _body(data: Data, segment: Segment, skip: int = 0) -> bytes:
    return data[segment.body + skip : segment.stop]


def _with(data: Data, found: Sequence[Segment], kind: int, word: bytes) -> list[Segment]:
    """List the segments of a kind whose content begins with this word."""
    return [
        one
        for one in found
        if one.kind == kind and data[one.body : min(one.body + len(word), one.stop)] == word
    ]


def _xmp(data: Data, found: Sequence[Segment]) -> list[Segment]:
    return _with(data, found, APP1, XMP)


def _shown(data: Data, segment: Segment) -> bool:
    """Tell whether a segment is picture; Adobe's tells how the colours are to be read."""
    if segment.kind == APP14:
        return data[segment.body : segment.body + len(ADOBE)] == ADOBE
    return segment.kind not in APPLICATION and segment.kind != COM


def _part(data: Data, one: Segment, end: int) -> Part:
    name = f"{one.kind:02x}"
    if one.kind == APP2 and data[one.body : one.body + len(MPF)] == MPF:
        return Part(name, jpeg_pointers.Pictures(data, one).content(data, one, end))
    return Part(name, ((one.start, one.stop),))


def _profile(data: Data, found: Sequence[Segment]) -> bytes:
    """Join the colour profile's pieces in the order of their numbers."""
    pieces = [_body(data, one, len(PROFILE)) for one in _with(data, found, APP2, PROFILE)]
    return b"".join(piece[2:] for piece in sorted(pieces, key=lambda piece: piece[:1]))


def _extended(
    data: Data, found: Sequence[Segment], packets: Sequence[bytes]
) -> tuple[bytes, list[Segment]]:
    """Join the extended packet that the main one names, and list its segments."""
    guid = _named(packets[0]) if packets else b""
    used = [
        one
        for one in _with(data, found, APP1, EXTENSION)
        if guid and data[one.body + len(EXTENSION) : one.body + len(EXTENSION) + _GUID] == guid
    ]
    pieces = []
    for one in used:
        body = _body(data, one, len(EXTENSION) + _GUID)
        if len(body) < 8:  # noqa: PLR2004 - length and offset
            raise damaged("extended-xmp")
        pieces.append((int.from_bytes(body[4:8], "big"), body[8:]))
    return b"".join(piece for _, piece in sorted(pieces)), used


def _named(packet: bytes) -> bytes:
    root = xmp.parse(packet, recover=True)
    if root is None:
        return b""
    for description in xmp.descriptions(root):
        for tag, value in xmp.values(description):
            if tag == xmp.EXTENDED:
                return value.strip().encode("ascii", "replace")
    return b""


def _place(data: Data, found: Sequence[Segment], *, fixed: bool) -> int:
    """Find where a new segment goes: behind JFIF and, usually, Exif.

    Where something lies behind the picture (`fixed`), Exif may name it by its distance, so the new
    segment goes before it.
    """
    at = found[0].stop
    for one in found[1:]:
        leading = one.kind == APP0 or (
            not fixed and one.kind == APP1 and data[one.body : one.body + len(EXIF)] == EXIF
        )
        if not leading:
            break
        at = one.stop
    return at


def _segment(body: bytes) -> bytes:
    if len(body) > _MOST:
        raise damaged("xmp-size")
    return b"\xff" + bytes([APP1]) + struct.pack(">H", len(body) + 2) + body


def _divided(
    data: Data, found: Sequence[Segment], packet: bytes
) -> tuple[bytes, bytes, list[Segment]]:
    """Move all but our properties into an extended packet, joined with the one that is there."""
    main = xmp.parse(packet)
    block, used = _extended(data, found, [packet])
    old = xmp.parse(block, recover=True) if block else None
    extended, small = xmp.parse(xmp.EMPTY), xmp.parse(xmp.EMPTY)
    own = xmp.read_own(main)
    xmp.remove_own(xmp.rdf_of(main))
    for root in (main, old):
        for description in [] if root is None else list(xmp.rdf_of(root)):
            _without_note(description)
            extended[0].append(description)
    written = xmp.bare(extended)
    guid = hashlib.md5(written, usedforsecurity=False).hexdigest().upper().encode()
    xmp.add_note(small[0], guid.decode())
    xmp.add_own(small[0], own)
    size = struct.pack(">L", len(written))
    pieces = [
        _segment(EXTENSION + guid + size + struct.pack(">L", at) + written[at : at + _PIECE])
        for at in range(0, len(written), _PIECE)
    ]
    return xmp.packet(small), b"".join(pieces), used


def _without_note(description: Any) -> None:
    """Take out the name of an extended packet: it is written anew."""
    description.attrib.pop(xmp.EXTENDED, None)
    for child in description.findall(xmp.EXTENDED):
        description.remove(child)


JPEG = Jpeg()
