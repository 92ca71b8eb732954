"""RIFF files: sound (WAVE, RF64, BW64) loses its other chunks, film (AVI) has them blanked.

Nothing in a sound file points to a place in it, so chunks are cut. An AVI's indexes count from its
beginning: there a chunk becomes `JUNK` of the same length, full of zeros, and nothing moves.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner, is_blank
from meti_desk.formats.media.kinds import (
    APPLICATION,
    NAME,
    TAG,
    TIME,
    TIMED,
    TRAILING,
    UNKNOWN,
    UNUSED,
)

_HEAD = 12
_WIDE = (b"RF64", b"BW64")
_UNTOLD = 0xFFFFFFFF
_HEARD = (b"fmt ", b"fact", b"data")
_FILLERS = (b"JUNK", b"junk", b"FLLR", b"PAD ")
_TAGS = (b"LIST", b"id3 ", b"ID3 ", b"DISP")
_STUDIO = (b"bext", b"iXML", b"cart", b"aXML", b"axml", b"_PMX")
_MOST = 1 << 22
_STRAY = re.compile(
    rb"LIST....(?:INFO|adtl|exif)|(?:id3|ID3) ....ID3|<BWFXML|<x:xmpmeta|<\?xml |<ebuCore",
    re.DOTALL,
)
_DEEPEST = 4
_STREAM = re.compile(rb"[0-9A-Fa-f]{2}(?:d[bcs]|wb|pc|tx|iv)|ix[0-9A-Fa-f]{2}")
_SEEN_HEADS = (b"avih", b"strh", b"strf", b"vprp", b"indx", b"dmlh")
_INDEXES = (b"idx1",)
_LISTS = (b"hdrl", b"strl", b"odml", b"movi", b"rec ")
_PARTS = {b"IDIT": TIME, b"ISMP": TIME, b"strn": NAME, b"strd": APPLICATION}
_HEARD_STREAMS = (b"vids", b"auds", b"iavs", b"txts")


class Chunk(NamedTuple):
    """One chunk: its name, and where it, its content, the content's end and the next one stand."""

    name: bytes
    start: int
    body: int
    end: int
    stop: int


def chunks(data: Data, at: int, stop: int) -> Iterator[Chunk]:
    """Give the chunks of a span; what is left at its end and is none is not given."""
    for _ in range(_MOST):
        head = data[at : min(at + 8, stop)]
        if len(head) < 8:  # noqa: PLR2004 - name and length
            return
        end = at + 8 + int.from_bytes(head[4:], "little")
        if end > stop:
            raise damaged("chunk")
        following = min(end + (end - at) % 2, stop)
        yield Chunk(head[:4], at, at + 8, end, following)
        at = following
    raise damaged("chunks")


def clean_wave(data: Data, cleaner: Cleaner) -> None:
    """Note the chunks of a sound that nobody hears, and cut them out."""
    wide = data[0:4] in _WIDE
    at, lost, long_data, heard = _HEAD, 0, 0, set[bytes]()
    if wide:
        if data[_HEAD : _HEAD + 4] != b"ds64":
            raise damaged("ds64")
        long_data = data.number(28, 8, order="little")
        at = 20 + data.number(16, 4, order="little")
        cleaner.seen("ds64", data[28:44])
    end = _end_of_riff(data, data.number(20, 8, order="little") if wide else None)
    while at + 8 <= end:
        one = _wave_chunk(data, at, end, long_data)
        if one.name in _HEARD:
            heard.add(one.name)
            cleaner.seen(one.name.decode(), (one.body, one.end))
        elif cleaner.found(_kind(data, one), _name(one), _told(data, one)):
            cleaner.cut(one.start, one.stop)
            lost += one.stop - one.start
        at = one.stop
    if not heard >= {b"fmt ", b"data"}:
        raise damaged("data")
    if at < data.size and cleaner.found(TRAILING, "end", f"{data.size - at}"):
        cleaner.cut(at, data.size)
    size = at - lost - 8
    if wide and data.number(20, 8, order="little") != size:
        cleaner.cut(20, 28, struct.pack("<Q", size))
    elif not wide and lost:
        cleaner.cut(4, 8, struct.pack("<L", min(size, _UNTOLD)))


def _end_of_riff(data: Data, wide: int | None) -> int:
    """Tell where the file ends by its own words; a recording that was broken off does not know."""
    told = data.number(4, 4, order="little") if wide is None else wide
    if told in (0, _UNTOLD) or told + 8 > data.size:
        return data.size
    return max(told + 8, _HEAD)


def _wave_chunk(data: Data, at: int, end: int, long_data: int) -> Chunk:
    name, size = data[at : at + 4], data.number(at + 4, 4, order="little")
    if name == b"data":
        size = long_data if size == _UNTOLD and long_data else size
        # A stream does not know its length: all that follows is sound.
        untold = size in (0, _UNTOLD) or at + 8 + size > end
        if untold and _has_chunks(data, at + 8, end):
            raise damaged("data")
        stop = end if untold else at + 8 + size
    elif at + 8 + size > end:
        raise damaged("chunk")
    else:
        stop = at + 8 + size
    return Chunk(name, at, at + 8, stop, min(stop + (stop - at) % 2, end))


def _has_chunks(data: Data, start: int, stop: int) -> bool:
    """Look for chunks behind sound of unknown length, by words too long for chance."""
    tail = b""
    for piece in data.pieces(start, stop):
        if _STRAY.search(tail + piece):
            return True
        tail = piece[-16:]
    return False


def _kind(data: Data, one: Chunk) -> str:
    if one.name in _FILLERS and is_blank(data, one.body, one.end):
        return UNUSED
    if one.name in _TAGS:
        return TAG
    return APPLICATION if one.name in (*_STUDIO, *_FILLERS) else UNKNOWN


def _name(one: Chunk) -> str:
    return one.name.decode("latin-1").strip()


def _told(data: Data, one: Chunk) -> bytes:
    return data[one.body : min(one.end, one.body + 200)].replace(b"\0", b" ")


def clean_avi(data: Data, cleaner: Cleaner) -> None:
    """Note what an AVI tells besides its streams, and blank it where it stands."""
    at = 0
    while data[at : at + 4] == b"RIFF" and data[at + 8 : at + 12] in (b"AVI ", b"AVIX"):
        stop = at + 8 + data.number(at + 4, 4, order="little")
        if stop > data.size or stop < at + _HEAD:
            raise damaged("riff")
        _list(data, cleaner, at + _HEAD, stop, 0)
        at = stop + (stop - at) % 2
    at = min(at, data.size)
    if at < data.size and cleaner.found(TRAILING, "end", f"{data.size - at}"):
        cleaner.cut(at, data.size)


def _list(data: Data, cleaner: Cleaner, at: int, stop: int, depth: int) -> None:
    if depth > _DEEPEST:
        raise damaged("lists")
    for one in chunks(data, at, stop):
        at = one.stop
        inside = data[one.body : one.body + 4] if one.name == b"LIST" else b""
        if inside in _LISTS and one.end - one.body >= 4:  # noqa: PLR2004 - the list's name
            cleaner.seen("LIST", inside)
            _list(data, cleaner, one.body + 4, one.end, depth + 1)
        elif _is_seen(one):
            cleaner.seen(_name(one), (one.body, one.end))
            stream = data[one.body : one.body + 4]
            if one.name == b"strh" and stream not in _HEARD_STREAMS:
                cleaner.found(TIMED, "strh", stream)
        elif one.name not in _FILLERS or not is_blank(data, one.body, one.end):
            kind = _PARTS.get(one.name, _kind(data, one))
            if cleaner.found(kind, _name(one), _told(data, one)):
                cleaner.cut(one.start, one.start + 4, b"JUNK")
                cleaner.zero(one.body, one.end)
    if at < stop and not is_blank(data, at, stop) and cleaner.found(UNUSED, "list", f"{stop - at}"):
        cleaner.zero(at, stop)


def _is_seen(one: Chunk) -> bool:
    known = one.name in _SEEN_HEADS or one.name in _INDEXES
    return known or _STREAM.fullmatch(one.name) is not None
