"""Places that a JPEG names by distance, and that move when a segment grows.

Multi-picture files (CIPA DC-007) count from their own head to further pictures behind the first;
AFCP counts from the file's beginning. All else that is known counts from the file's end.
"""

import struct
from collections.abc import Sequence
from typing import NamedTuple

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.data import Content, Data, Splice, moved
from meti_desk.formats.image.ifd import Tiff
from meti_desk.formats.image.jpeg_segments import MPF, Segment

_ENTRIES = 0xB002
_ENTRY = 16
_AFCP = 12


class Pointer(NamedTuple):
    """A number of four bytes at `place` that names `target`, counted from `base`."""

    place: int
    base: int
    target: int
    order: str


class Pictures:
    """The further pictures that a multi-picture segment names."""

    def __init__(self, data: Data, segment: Segment) -> None:
        self.head = segment.body + len(MPF)
        self.order = ""
        self.entries: list[tuple[int, int, int]] = []
        """Where each entry stands, the picture's size, and its beginning in the file (0: first)."""
        block = data[self.head : segment.stop]
        try:
            tiff = Tiff(block, len(block))
            found = tiff.directory(tiff.first).find(_ENTRIES)
            if found is None:
                return
            tiff.raw(found)
        except InvalidInput:
            return
        self.order = tiff.order
        for at in range(found.at, found.at + found.length - _ENTRY + 1, _ENTRY):
            size, offset = struct.unpack(self.order + "LL", block[at + 4 : at + 12])
            self.entries.append((self.head + at, size, self.head + offset if offset else 0))

    def content(self, data: Data, segment: Segment, end: int) -> Content:
        """Give the segment and what it names, in a form that does not depend on the places."""
        plain = bytearray(data[segment.body : segment.stop])
        named: list[bytes | tuple[int, int]] = []
        for place, size, target in self.entries:
            at = place - segment.body
            plain[at + 8 : at + 12] = bytes(4)
            if target:
                named.append((min(target, data.size), min(target + size, data.size)))
            else:
                plain[at + 4 : at + 8] = bytes(4)
                named.append(str(size - end).encode())
        return (bytes(plain), *named)

    def fixes(self, splices: Sequence[Splice]) -> list[Splice]:
        """Tell what to write so that the same pictures are named after the splices."""
        found = []
        for place, size, target in self.entries:
            if target:
                value = moved(target, splices) - moved(self.head, splices)
                found.append(_number(place + 8, value, self.order))
            else:
                found.append(_number(place + 4, moved(size, splices) if size else 0, self.order))
        return found


def _number(place: int, value: int, order: str) -> Splice:
    return Splice(place, place + 4, struct.pack(order + "L", value))


def afcp(data: Data) -> list[tuple[int, int, str]]:
    """List (place, value, order) of the places that an AFCP trailer names from the beginning."""
    tail = data[data.size - _AFCP : data.size]
    order = {b"AXS!": ">", b"AXS*": "<"}.get(tail[:4], "")
    if not order or len(tail) < _AFCP:
        return []
    (start,) = struct.unpack(order + "L", tail[4:8])
    head = data[start : start + _AFCP]
    if head[:4] != tail[:4]:
        return []
    (count,) = struct.unpack(order + "H", head[6:8])
    found = [(data.size - 8, start, order)]
    for at in range(start + _AFCP, start + _AFCP * (count + 1), _AFCP):
        entry = data[at : at + _AFCP]
        if len(entry) == _AFCP:
            found.append((at + 8, struct.unpack(order + "L", entry[8:])[0], order))
    return found


def afcp_fixes(data: Data, splices: Sequence[Splice]) -> list[Splice]:
    """Tell what to write so that an AFCP trailer names the same places after the splices."""
    return [_number(at, moved(value, splices), order) for at, value, order in afcp(data)]


def afcp_content(data: Data, start: int) -> Content:
    """Give what lies behind the picture, without the numbers that count from the beginning."""
    content: list[bytes | tuple[int, int]] = []
    at = start
    for place, value, _ in sorted(afcp(data)):
        if place < at:
            continue
        content += [(at, place), str(data.size - value).encode()]
        at = place + 4
    return (*content, (at, data.size))
