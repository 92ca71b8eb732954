"""Boxes of ISO base media files (ISO/IEC 14496-12), of which HEIF and AVIF are made."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, Splice, damaged

_WIDE = 1
_MOST = 1 << 16


class Box(NamedTuple):
    """One box: its kind, and where it, its content and its end stand."""

    kind: bytes
    start: int
    body: int
    stop: int
    open: bool = False
    """It says that it goes on to the file's end."""


def boxes(data: Data, start: int, stop: int) -> Iterator[Box]:
    """Give the boxes of a span; what is left at its end and is no whole box is not given."""
    at = start
    for _ in range(_MOST):
        head = data[at : min(at + 16, stop)]
        if len(head) < 8:  # noqa: PLR2004 - the shortest head
            return
        size, body = int.from_bytes(head[:4], "big"), at + 8
        if size == _WIDE:
            size, body = int.from_bytes(head[8:16], "big"), at + 16
        to_end = size == 0
        if to_end:
            size = stop - at
        if size < body - at or at + size > stop:
            return
        yield Box(head[4:8], at, body, at + size, to_end)
        at += size
    raise damaged("boxes")


def make_box(kind: bytes, body: bytes) -> bytes:
    """Write a box."""
    return struct.pack(">L", len(body) + 8) + kind + body


def resized(data: Data, box: Box, more: int) -> Splice:
    """Tell how the head of a box changes that grows by so many bytes."""
    size = box.stop - box.start + more
    if box.body - box.start == 16:  # noqa: PLR2004 - the long head
        return Splice(box.start + 8, box.start + 16, struct.pack(">Q", size))
    if size >> 32:
        raise damaged("box-size")
    del data
    return Splice(box.start, box.start + 4, struct.pack(">L", size))


class Reader:
    """Reads numbers one after the other, and never beyond the end of the box."""

    def __init__(self, block: bytes) -> None:
        self.block = block
        self.at = 0

    def number(self, size: int) -> int:
        """Read an unsigned number of so many bytes; of none it is zero."""
        if self.at + size > len(self.block):
            raise damaged("box-cut-off")
        self.at += size
        return int.from_bytes(self.block[self.at - size : self.at], "big")

    def string(self) -> bytes:
        """Read up to the next zero byte; at the end of the box it may be missing."""
        end = self.block.find(b"\0", self.at)
        end = len(self.block) if end < 0 else end
        found = self.block[self.at : end]
        self.at = min(end + 1, len(self.block))
        return found
