"""WebP: XMP in a chunk of that name, announced in VP8X, which simple files do not have yet."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from meti_desk.formats.image import exif
from meti_desk.formats.image.data import Content, Data, Part, Splice, damaged
from meti_desk.formats.image.model import Picture

_HEAD = 12
_XMP = b"XMP "
_EXTENDED = b"VP8X"
_XMP_FLAG = 0x04
_ALPHA_FLAG = 0x10
_ANIMATED = 0x02
_VP8_START = b"\x9d\x01\x2a"
_VP8L_START = 0x2F
_SHOWN = (b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF")
_FRAME_HEAD = 16
_MOST = 1 << 16
_MOST_BYTES = 0xFFFFFFFE


class Chunk(NamedTuple):
    """One chunk: its name, and where it, its content, the content's end and the next one stand."""

    name: bytes
    start: int
    body: int
    end: int
    stop: int


class Webp:
    """The container of WebP files."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name WebP by its first bytes."""
        del data
        return "webp" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None

    def read(self, data: Data) -> Picture:
        """Find the chunks and what they hold."""
        found, end = chunks(data)
        block = next((_exif(data, one) for one in found if one.name == b"EXIF"), b"")
        profile = next((data[one.body : one.end] for one in found if one.name == b"ICCP"), b"")
        seen = [Part(_name(one), _shown(data, one)) for one in found if one.name in _SHOWN]
        rest = [
            Part(_name(one), ((one.start, one.end),))
            for one in found
            if one.name not in (_XMP, _EXTENDED)
        ]
        rest += [
            Part("canvas", (_canvas(data, found),)),
            Part("behind", ((end, data.size),)),
        ]
        return Picture(
            variant="webp",
            seen=(*seen, Part("canvas", (_canvas(data, found)[1:],))),
            rest=tuple(rest),
            packets=tuple(
                data.exact(one.body, one.end - one.body, "xmp") for one in found if one.name == _XMP
            ),
            exif=block,
            profile=profile,
            orientation=exif.orientation_of(block),
            texts=tuple(exif.texts_of(block)),
            frames=max(1, sum(one.name == b"ANMF" for one in found)),
        )

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packets where the old ones stand, or behind all else, and announce them."""
        found, end = chunks(data)
        standing = [one for one in found if one.name == _XMP]
        splices = []
        for number, packet in enumerate(packets):
            new = _chunk(_XMP, packet) if packet else b""
            if number < len(standing):
                splices.append(Splice(standing[number].start, standing[number].stop, new))
            else:
                # A last chunk of odd length may lack its filling byte.
                missing = bytes(end % 2)
                splices.append(Splice(end, end, missing + new if new else b""))
        splices += _announced(data, found, any(packets))
        size = end + sum(len(s.new) - (s.stop - s.start) for s in splices) - 8
        if size > _MOST_BYTES:
            raise damaged("riff-size")
        return [*splices, Splice(4, 8, struct.pack("<L", size))]


def chunks(data: Data) -> tuple[list[Chunk], int]:
    """Give the chunks, and where the RIFF file ends; `document.damaged` where it is cut off."""
    end = data.number(4, 4, order="little") + 8
    # The size of some files leaves out the last filling byte, or counts it where it is not.
    end = min(end, data.size) if end <= data.size + 1 else 0
    if end < _HEAD + 8:
        raise damaged("riff")
    found: list[Chunk] = []
    at = _HEAD
    while at + 8 <= end:
        head = data[at : at + 8]
        stop = at + 8 + int.from_bytes(head[4:], "little")
        if stop > end or len(found) > _MOST:
            raise damaged("chunk")
        following = min(stop + (stop - at) % 2, end)
        found.append(Chunk(head[:4], at, at + 8, stop, following))
        at = following
    return found, end


def _shown(data: Data, chunk: Chunk) -> Content:
    """Give what is seen of a chunk; a frame may hold chunks that nobody draws."""
    if chunk.name != b"ANMF":
        return ((chunk.body, chunk.end),)
    at = chunk.body + _FRAME_HEAD
    found: list[tuple[int, int]] = [(chunk.body, at)]
    while at + 8 <= chunk.end:
        stop = at + 8 + data.number(at + 4, 4, order="little")
        if data[at : at + 4] in _SHOWN:
            found.append((at, min(stop, chunk.end)))
        at = stop + (stop - at) % 2
    return tuple(found)


def _name(chunk: Chunk) -> str:
    return chunk.name.decode("latin-1")


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<L", len(body)) + body + bytes(len(body) % 2)


def _exif(data: Data, chunk: Chunk) -> bytes:
    return data.exact(chunk.body, chunk.end - chunk.body, "exif").removeprefix(b"Exif\0\0")


def _canvas(data: Data, found: Sequence[Chunk]) -> bytes:
    """Give VP8X without the flag of XMP; what it is for a simple file is what we would write."""
    for one in found:
        if one.name == _EXTENDED:
            body = bytearray(data[one.body : one.end])
            if len(body) < 10:  # noqa: PLR2004 - flags, width, height
                raise damaged("vp8x")
            body[0] &= ~_XMP_FLAG & 0xFF
            return bytes(body)
    return _made(data, found)


def _made(data: Data, found: Sequence[Chunk]) -> bytes:
    """Make VP8X for a simple file from the head of its only frame."""
    first = next((one for one in found if one.name in (b"VP8 ", b"VP8L")), None)
    head = data[first.body : first.body + 10] if first else b""
    flags = 0
    if first and first.name == b"VP8 " and head[3:6] == _VP8_START:
        width, height = (int.from_bytes(head[n : n + 2], "little") & 0x3FFF for n in (6, 8))
    elif first and first.name == b"VP8L" and len(head) > 5 and head[0] == _VP8L_START:  # noqa: PLR2004
        bits = int.from_bytes(head[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = _ALPHA_FLAG if bits >> 28 & 1 else 0
    else:
        raise damaged("frame")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes([flags, 0, 0, 0]) + size


def _announced(data: Data, found: Sequence[Chunk], present: bool) -> list[Splice]:  # noqa: FBT001 - one fact
    canvas = bytearray(_canvas(data, found))
    if present:
        canvas[0] |= _XMP_FLAG
    for one in found:
        if one.name == _EXTENDED:
            return [Splice(one.body, one.end, bytes(canvas))]
    return [Splice(_HEAD, _HEAD, _chunk(_EXTENDED, bytes(canvas)))] if present else []


WEBP = Webp()
