"""The segments of a JPEG file, and what lies behind its end."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged

SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP2, APP13, APP14 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE
APPLICATION = range(0xE0, 0xF0)
XMP = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
EXIF = b"Exif\0"
PROFILE = b"ICC_PROFILE\0"
MPF = b"MPF\0"
ADOBE = b"Adobe"
HEAD = 4
"""Marker and length."""
_STANDALONE = frozenset({0x01, SOI, *range(0xD0, 0xD8)})
_NEXT = re.compile(rb"\xff[^\0\xd0-\xd7\xff]", re.DOTALL)
_WINDOW = 1 << 20
_MOST = 1 << 16


class Segment(NamedTuple):
    """One segment, from its marker (fill bytes go with it) to its end; a scan goes with its SOS."""

    kind: int
    start: int
    body: int
    stop: int


def segments(data: Data) -> Iterator[Segment]:
    """Give the segments from SOI to EOI; what is cut off after a scan has begun ends there.

    Raises `document.damaged` where the structure does not hold before the first scan.
    """
    at, scanned = 0, False
    for _ in range(_MOST):
        start = at
        head = data[at : at + 2]
        while head == b"\xff\xff":
            at += 1
            head = data[at : at + 2]
        if len(head) < 2 or head[0] != 0xFF:  # noqa: PLR2004 - the marker's prefix
            if scanned:
                return
            raise damaged("segment")
        kind = head[1]
        if kind in _STANDALONE or kind == EOI:
            yield Segment(kind, start, at + 2, at + 2)
            at += 2
            if kind == EOI:
                return
            continue
        stop = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if stop < at + HEAD or stop > data.size:
            if scanned:
                return
            raise damaged("segment")
        body = at + HEAD
        if kind == SOS:
            stop, scanned = _scan_end(data, stop), True
        yield Segment(kind, start, body, stop)
        at = stop
    raise damaged("segments")


def _scan_end(data: Data, at: int) -> int:
    """Find the marker that ends entropy-coded data (not a stuffed zero, not a restart)."""
    while at < data.size:
        piece = data[at : at + _WINDOW]
        found = _NEXT.search(piece)
        if found:
            return at + found.start()
        if len(piece) < _WINDOW:
            return data.size
        # A marker may begin with the last byte of a window.
        at += len(piece) - piece.endswith(b"\xff")
    return data.size


def end_of(parts: list[Segment]) -> int:
    """Tell where the picture ends: what follows is no part of it."""
    return parts[-1].stop if parts else 0
