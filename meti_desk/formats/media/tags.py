"""Tags that stand before and behind the sound: ID3v1, ID3v2, APEv2, Lyrics3."""

import re
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner
from meti_desk.formats.media.kinds import TAG

_V2, _V1, _MORE_V1, _APE, _V2_FOOTER = b"ID3", b"TAG", b"TAG+", b"APETAGEX", b"3DI"
_V1_SIZE, _MORE_SIZE, _APE_SIZE = 128, 227, 32
_LYRICS = b"LYRICSBEGIN"
_LONGEST_LYRICS = 5200
_HAS_HEADER, _IS_HEADER = 1 << 31, 1 << 29
_HAS_FOOTER = 0x10
_PREVIEW = 4096
_FRAME = re.compile(rb"([A-Z0-9]{4})[\0-\x7f]{4}..([\0-\3])", re.DOTALL)
_LETTERS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_LONGEST_VALUE = 120


class Tag(NamedTuple):
    """One tag: its name, where it stands, and the beginning of what it says."""

    name: str
    start: int
    stop: int
    value: bytes | str


def front_tags(data: Data, at: int) -> list[Tag]:
    """Give the tags that stand one behind the other from a place on."""
    found: list[Tag] = []
    while (tag := _front(data, at)) is not None:
        if tag.stop > data.size:
            raise damaged("tag")
        found.append(tag)
        at = tag.stop
    return found


def _front(data: Data, at: int) -> Tag | None:
    head = data[at : at + _APE_SIZE]
    if head[:3] == _V2 and len(head) >= 10 and head[3] < 0xFF and head[4] < 0xFF:  # noqa: PLR2004
        stop = at + 10 + _seven_bits(head[6:10]) + (10 if head[5] & _HAS_FOOTER else 0)
        return Tag("ID3v2", at, stop, _shown(data[at + 10 : min(stop, at + _PREVIEW)]))
    if head[:8] == _APE and len(head) == _APE_SIZE and _little(head[20:24]) & _IS_HEADER:
        stop = at + _APE_SIZE + _little(head[12:16])
        return Tag("APEv2", at, stop, data[at + _APE_SIZE : at + _APE_SIZE + 200])
    return None


def back_tags(data: Data, floor: int, stop: int) -> list[Tag]:
    """Give the tags that stand one before the other up to a place, and not before `floor`."""
    found: list[Tag] = []
    while (tag := _back(data, floor, stop)) is not None:
        if tag.start < floor or tag.start >= tag.stop:
            raise damaged("tag")
        found.append(tag)
        stop = tag.start
    return found


def _back(data: Data, floor: int, stop: int) -> Tag | None:
    if stop - floor >= _V1_SIZE and data[stop - _V1_SIZE : stop - _V1_SIZE + 3] == _V1:
        start = stop - _V1_SIZE
        more = start - _MORE_SIZE
        start = more if more >= floor and data[more : more + 4] == _MORE_V1 else start
        return Tag("ID3v1", start, stop, data[start:stop].strip(b"TAG\0+ "))
    tail = data[max(floor, stop - _APE_SIZE) : stop]
    if tail[:8] == _APE and len(tail) == _APE_SIZE and not _little(tail[20:24]) & _IS_HEADER:
        start = stop - _little(tail[12:16])
        start -= _APE_SIZE if _little(tail[20:24]) & _HAS_HEADER else 0
        return Tag("APEv2", start, stop, data[max(start, floor) : stop][:200])
    if tail[-10:-7] == _V2_FOOTER:
        start = stop - 20 - _seven_bits(tail[-4:])
        return Tag("ID3v2", start, stop, _shown(data[max(start, floor) : stop][:_PREVIEW]))
    return _lyrics(data, floor, stop, tail)


def _lyrics(data: Data, floor: int, stop: int, tail: bytes) -> Tag | None:
    if tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
        start = stop - 15 - int(tail[-15:-9])
    elif tail.endswith(b"LYRICSEND"):
        from_ = max(floor, stop - _LONGEST_LYRICS)
        at = data[from_:stop].rfind(_LYRICS)
        if at < 0:
            raise damaged("lyrics")
        start = from_ + at
    else:
        return None
    if start < floor or data[start : start + len(_LYRICS)] != _LYRICS:
        raise damaged("lyrics")
    return Tag("Lyrics3", start, stop, data[start + len(_LYRICS) : stop][:200])


def drop(cleaner: Cleaner, tag: Tag) -> None:
    """Note a tag and take it out as a whole."""
    if cleaner.found(TAG, tag.name, tag.value):
        cleaner.cut(tag.start, tag.stop)


def _shown(block: bytes) -> str:
    """Give the beginnings of the first text fields, to be shown."""
    parts = []
    for field in list(_FRAME.finditer(block))[:4]:
        length = min(
            int.from_bytes(block[field.start() + 4 : field.start() + 8], "big"), _LONGEST_VALUE
        )
        text = block[field.end() : field.end() + max(length - 1, 0)]
        plain = text.decode(_LETTERS[field[2][0]], "replace").replace("\0", " ")
        parts.append(f"{field[1].decode()} {plain.strip()}")
    return ", ".join(parts)


def _seven_bits(block: bytes) -> int:
    number = 0
    for byte in block:
        if byte & 0x80:
            raise damaged("tag-size")
        number = number << 7 | byte
    return number


def _little(block: bytes) -> int:
    return int.from_bytes(block, "little")
