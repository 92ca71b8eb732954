"""Taking out of a WebP the chunks that are not picture, also those inside frames."""

import struct

from meti_desk.formats.image import clean_exif, clean_xmp
from meti_desk.formats.image.cleaner import PRIVATE, TRAILING, Cleaner
from meti_desk.formats.image.data import Data, Splice, damaged
from meti_desk.formats.image.webp import Chunk, chunks

_SHOWN = (b"VP8X", b"ANIM", b"ALPH", b"VP8 ", b"VP8L")
_FRAME = (b"ALPH", b"VP8 ", b"VP8L")
_FRAME_HEAD = 16
_EXIF_HEAD = b"Exif\0\0"
_FLAGS = {b"EXIF": 0x08, b"XMP ": 0x04}


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a WebP tells besides its picture; gives the changes that take it out."""
    found, end = chunks(data)
    left = {b"EXIF": False, b"XMP ": False}
    for one in found:
        if one.name in left:
            new = _metadata(data, cleaner, one, first=not left[one.name])
            left[one.name] = left[one.name] or bool(new)
        else:
            _other(data, cleaner, one)
    if end < data.size and cleaner.found(TRAILING, "end", f"{data.size - end}"):
        cleaner.cut(end, data.size)
    if not cleaner.splices:
        return []
    shorter = sum(s.stop - s.start - len(s.new) for s in cleaner.splices if s.start < end)
    for one in found:
        if one.name == b"VP8X":
            flags = data[one.body : one.body + 1][0]
            for name, flag in _FLAGS.items():
                flags = flags | flag if left[name] else flags & ~flag
            cleaner.cut(one.body, one.body + 1, bytes([flags]))
    cleaner.cut(4, 8, struct.pack("<L", end - 8 - shorter))
    return cleaner.splices


def _other(data: Data, cleaner: Cleaner, one: Chunk) -> None:
    if one.name == b"ANMF":
        _frame(data, cleaner, one)
    elif one.name == b"ICCP":
        whole = data.exact(one.body, one.end - one.body, "profile")
        if (new := cleaner.profile(whole, "ICCP")) != whole:
            cleaner.cut(one.body, one.end, new)
    elif one.name not in _SHOWN and cleaner.found(PRIVATE, one.name.decode("latin-1")):
        cleaner.cut(one.start, one.stop)


def _metadata(data: Data, cleaner: Cleaner, one: Chunk, *, first: bool) -> bytes:
    block = data.exact(one.body, one.end - one.body, "metadata")
    if one.name == b"EXIF":
        head = _EXIF_HEAD if block.startswith(_EXIF_HEAD) else b""
        left = clean_exif.clean(cleaner, block[len(head) :], "EXIF")
        new = head + left if left else b""
    else:
        new = clean_xmp.clean(cleaner, block, "XMP", first=first)
    if new != block:
        whole = one.name + struct.pack("<L", len(new)) + new + bytes(len(new) % 2)
        cleaner.cut(one.start, one.stop, whole if new else b"")
    return new


def _frame(data: Data, cleaner: Cleaner, frame: Chunk) -> None:
    """Look at the chunks of one frame of an animation."""
    at, gone = frame.body + _FRAME_HEAD, 0
    while at + 8 <= frame.end:
        name = data[at : at + 4]
        length = data.number(at + 4, 4, order="little")
        stop = min(at + 8 + length + length % 2, frame.end)
        if at + 8 + length > frame.end:
            raise damaged("frame")
        if name not in _FRAME and cleaner.found(PRIVATE, name.decode("latin-1")):
            cleaner.cut(at, stop)
            gone += stop - at
        at = stop
    if gone:
        size = frame.end - frame.body - gone
        cleaner.cut(frame.start + 4, frame.start + 8, struct.pack("<L", size))
