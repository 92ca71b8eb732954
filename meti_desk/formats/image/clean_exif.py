"""Exif without what it tells: only how the picture stands is left, unless more is to stay."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.cleaner import EXIF, LOCATION, MAKER_NOTE, THUMBNAIL, Cleaner
from meti_desk.formats.image.exif import ORIENTATION, orientation_of
from meti_desk.formats.image.ifd import Directory, Entry, Tiff

EXIF_POINTER, GPS_POINTER, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
NOTE = 0x927C
_THUMBNAIL, _THUMBNAIL_SIZE = 0x0201, 0x0202
_ASCII = 2
_LATITUDE, _LONGITUDE = 2, 4
_LONG = 4
_HEAD = 8
SMALLEST = 26
"""Bytes of a block that tells the orientation alone."""


class Field(NamedTuple):
    """One field with its value as bytes, in the byte order of its block."""

    tag: int
    kind: int
    number: int
    value: bytes


def clean(cleaner: Cleaner, block: bytes, place: str) -> bytes:
    """Note what an Exif block tells, and give the block that is left; empty: none is needed."""
    minimal = _minimal(block)
    if block == minimal:
        return block
    goes = [cleaner.found(kind, place, value) for kind, value in _told(block)]
    if not any(goes):
        return block
    if all(goes):
        return minimal
    return _rebuilt(cleaner, block)


def _minimal(block: bytes) -> bytes:
    """Write a block with the orientation alone; upright pictures need none."""
    turned = orientation_of(block)
    if turned == 1:
        return b""
    order = "<" if block[:2] == b"II" else ">"
    head = block[:2] + struct.pack(order + "HL", 42, _HEAD)
    entry = struct.pack(order + "HHLHH", ORIENTATION, 3, 1, turned, 0)
    return head + struct.pack(order + "H", 1) + entry + bytes(4)


def _told(block: bytes) -> list[tuple[str, str]]:
    """List the kinds of things that a block tells, each with what shows it best."""
    try:
        tiff = Tiff(block, len(block))
        first = tiff.directory(tiff.first)
    except InvalidInput:
        return [(EXIF, "")]
    found = []
    gps, inner = _below(tiff, first, GPS_POINTER), _below(tiff, first, EXIF_POINTER)
    if gps is not None:
        found.append((LOCATION, position(tiff, gps)))
    note = inner.find(NOTE) if inner else None
    if note is not None:
        found.append((MAKER_NOTE, f"{note.length}"))
    if first.following:
        found.append((THUMBNAIL, ""))
    words = words_of(tiff, first) + (words_of(tiff, inner) if inner else [])
    # Even where no field is left over, bytes that no field explains may tell something.
    return [*found, (EXIF, " / ".join(words))]


def _below(tiff: Tiff, directory: Directory, tag: int) -> Directory | None:
    places = tiff.numbers(directory.find(tag))
    try:
        return tiff.directory(places[0]) if places else None
    except InvalidInput:
        return None


def words_of(tiff: Tiff, directory: Directory) -> list[str]:
    """Give the texts of a directory, as far as they can be read."""
    found = []
    for entry in directory.entries:
        if entry.kind == _ASCII and entry.at + entry.length <= tiff.size:
            text = tiff.raw(entry).split(b"\0")[0].strip()
            if text:
                found.append(text.decode("utf-8", "replace"))
    return found


def position(tiff: Tiff, gps: Directory) -> str:
    """Write a position in degrees; empty where it cannot be read."""
    told = []
    for tag, negative in ((_LATITUDE, b"S"), (_LONGITUDE, b"W")):
        entry, side = gps.find(tag), gps.find(tag - 1)
        if entry is None or entry.length != 24 or entry.at + 24 > tiff.size:  # noqa: PLR2004
            return ""
        numbers = struct.unpack(tiff.order + "6L", tiff.raw(entry))
        parts = [n / d if d else 0.0 for n, d in zip(numbers[::2], numbers[1::2], strict=True)]
        degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
        turned = side is not None and tiff.raw(side)[:1] == negative
        told.append(f"{-degrees if turned else degrees:.5f}")
    return ", ".join(told)


def _rebuilt(cleaner: Cleaner, block: bytes) -> bytes:
    """Write a block anew with what is to stay. A camera's own note keeps no places of its own."""
    try:
        tiff = Tiff(block, len(block))
        first = tiff.directory(tiff.first)
    except InvalidInput:
        return b""
    inner, gps = _below(tiff, first, EXIF_POINTER), _below(tiff, first, GPS_POINTER)
    fields = _fields(tiff, first, {ORIENTATION}, whole=cleaner.keeps(EXIF))
    below: list[tuple[int, list[Field]]] = []
    if inner is not None:
        keep = {NOTE} if cleaner.keeps(MAKER_NOTE) else set()
        below.append((EXIF_POINTER, _fields(tiff, inner, keep, whole=cleaner.keeps(EXIF))))
    if gps is not None and cleaner.keeps(LOCATION):
        below.append((GPS_POINTER, _fields(tiff, gps, set(), whole=True)))
    out = block[:2] + struct.pack(tiff.order + "HL", 42, _HEAD)
    below = [one for one in below if one[1]]
    fields += [Field(tag, _LONG, 1, bytes(4)) for tag, _ in below]
    at = _HEAD + _size(fields)
    places = {}
    for tag, inside in below:
        places[tag] = struct.pack(tiff.order + "L", at)
        at += _size(inside)
    fields = [one._replace(value=places.get(one.tag, one.value)) for one in fields]
    small = _small(tiff, first) if cleaner.keeps(THUMBNAIL) else b""
    out += _directory(tiff.order, fields, _HEAD, at if small else 0)
    for _, inside in below:
        out += _directory(tiff.order, inside, len(out), 0)
    if small:
        size = [Field(_THUMBNAIL, _LONG, 1, bytes(4)), Field(_THUMBNAIL_SIZE, _LONG, 1, bytes(4))]
        numbers = (at + _size(size), len(small))
        values = [struct.pack(tiff.order + "L", one) for one in numbers]
        size = [f._replace(value=v) for f, v in zip(size, values, strict=True)]
        out += _directory(tiff.order, size, at, 0) + small
    return out


def _fields(tiff: Tiff, directory: Directory, keep: set[int], *, whole: bool) -> list[Field]:
    """Give fields with their values; pointers and the camera's note only where named."""
    never = {EXIF_POINTER, GPS_POINTER, INTEROPERABILITY, NOTE} - keep
    return [
        Field(one.tag, one.kind, one.number, tiff.raw(one))
        for one in directory.entries
        if (whole or one.tag in keep) and one.tag not in never and _is_whole(tiff, one)
    ]


def _is_whole(tiff: Tiff, entry: Entry) -> bool:
    return entry.at + entry.length <= tiff.size


def _small(tiff: Tiff, first: Directory) -> bytes:
    """Give the small picture of the second directory."""
    try:
        second = tiff.directory(first.following) if first.following else None
    except InvalidInput:
        return b""
    if second is None:
        return b""
    at, length = (tiff.numbers(second.find(tag)) for tag in (_THUMBNAIL, _THUMBNAIL_SIZE))
    return tiff.data[at[0] : at[0] + length[0]] if at and length else b""


def _size(fields: Sequence[Field]) -> int:
    room = sum(len(one.value) + len(one.value) % 2 for one in fields if len(one.value) > _LONG)
    return 2 + 12 * len(fields) + 4 + room


def _directory(order: str, fields: Sequence[Field], start: int, following: int) -> bytes:
    at = start + 2 + 12 * len(fields) + 4
    head, values = struct.pack(order + "H", len(fields)), b""
    for one in sorted(fields):
        head += struct.pack(order + "HHL", one.tag, one.kind, one.number)
        if len(one.value) <= _LONG:
            head += one.value.ljust(_LONG, b"\0")
        else:
            head += struct.pack(order + "L", at + len(values))
            values += one.value + bytes(len(one.value) % 2)
    return head + struct.pack(order + "L", following) + values
