"""Taking out of a PNG the chunks that are not picture."""

import zlib

from meti_desk.formats.image import clean_exif, clean_xmp
from meti_desk.formats.image.cleaner import PRIVATE, TEXT, TIME, TRAILING, Cleaner
from meti_desk.formats.image.data import LARGEST_PART, Data, Splice
from meti_desk.formats.image.png import (
    SHOWN,
    TEXTS,
    XMP_WORD,
    Chunk,
    chunks,
    international,
    make_chunk,
)

_LAYOUT = frozenset({b"pHYs", b"cut "})
_PROFILE_NAME = b"ICC profile"
_CRITICAL = range(ord("A"), ord("Z") + 1)


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a PNG tells besides its picture; gives the changes that take it out."""
    found = list(chunks(data))
    packets = 0
    for one in found:
        body = b"" if one.name in (b"IDAT", b"fdAT") else data[one.body : one.end]
        if one.name == b"iTXt" and body.startswith(XMP_WORD):
            packets += 1
            _packet(cleaner, one, body, first=packets == 1)
        else:
            _chunk(cleaner, one, body)
    end = found[-1].stop
    if end < data.size and cleaner.found(TRAILING, "end", f"{data.size - end}"):
        cleaner.cut(end, data.size)
    return cleaner.splices


def _chunk(cleaner: Cleaner, one: Chunk, body: bytes) -> None:
    name = one.name.decode("latin-1")
    if one.name == b"eXIf":
        left = clean_exif.clean(cleaner, body, name)
        if left != body:
            cleaner.cut(one.start, one.stop, make_chunk(b"eXIf", left) if left else b"")
    elif one.name == b"iCCP":
        _profile(cleaner, one, body)
    elif one.name in TEXTS:
        if cleaner.found(TEXT, name, body.replace(b"\0", b" ")):
            cleaner.cut(one.start, one.stop)
    elif one.name not in SHOWN and one.name not in _LAYOUT and one.name[0] not in _CRITICAL:
        kind = TIME if one.name == b"tIME" else PRIVATE
        if cleaner.found(kind, name):
            cleaner.cut(one.start, one.stop)


def _packet(cleaner: Cleaner, one: Chunk, body: bytes, *, first: bool) -> None:
    _, block = international(body)
    left = clean_xmp.clean(cleaner, block, "iTXt", first=first)
    if left != block:
        new = make_chunk(b"iTXt", XMP_WORD + bytes(4) + left) if left else b""
        cleaner.cut(one.start, one.stop, new)


def _profile(cleaner: Cleaner, one: Chunk, body: bytes) -> None:
    """Take out the name that somebody gave the profile, and its device; the profile stays."""
    name, _, rest = body.partition(b"\0")
    new = name
    if name != _PROFILE_NAME and cleaner.found(PRIVATE, "iCCP", name):
        new = _PROFILE_NAME
    packed = _without_device(cleaner, rest)
    if (new, packed) != (name, rest):
        cleaner.cut(one.start, one.stop, make_chunk(b"iCCP", new + b"\0" + packed))


def _without_device(cleaner: Cleaner, rest: bytes) -> bytes:
    try:
        whole = zlib.decompressobj().decompress(rest[1:], LARGEST_PART)
    except zlib.error:
        return rest
    left = cleaner.profile(whole, "iCCP")
    return rest if left == whole else b"\0" + zlib.compress(left, 9)
