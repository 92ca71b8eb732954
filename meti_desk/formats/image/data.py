"""Reading a file in pieces, and writing it with a few pieces changed.

A picture is never decoded and never held in memory as a whole: what is written is the source with
some splices, so that all else is the same byte for byte by construction.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from meti_desk.domain.errors import InvalidInput

_PIECE = 1 << 20
LARGEST_PART = 64 << 20
"""Bytes of metadata that are looked at as one piece."""


def damaged(what: str) -> InvalidInput:
    """Name a structure that does not hold."""
    return InvalidInput("document.damaged", what=what)


class Data:
    """A file's bytes, read where they are asked for."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.size = source.seek(0, 2)

    def __getitem__(self, span: slice) -> bytes:
        """Give the bytes from start to stop; fewer where the file ends."""
        start, stop, _ = span.indices(self.size)
        if stop <= start:
            return b""
        self._source.seek(start)
        return self._source.read(stop - start)

    def exact(self, start: int, length: int, what: str) -> bytes:
        """Give so many bytes of metadata; `document.damaged` where the file ends before."""
        if length < 0 or start < 0 or start + length > self.size:
            raise damaged(what)
        if length > LARGEST_PART:
            raise InvalidInput("document.too-large", size=length, limit=LARGEST_PART)
        return self[start : start + length]

    def number(self, start: int, length: int, what: str = "cut-off", order: str = "big") -> int:
        """Give an unsigned number."""
        return int.from_bytes(
            self.exact(start, length, what), "little" if order == "little" else "big"
        )

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Give a long span in pieces."""
        for at in range(start, stop, _PIECE):
            yield self[at : min(at + _PIECE, stop)]


Content = tuple[bytes | tuple[int, int], ...]


class Part(NamedTuple):
    """A part of the file under a name: bytes, or spans (start, stop) of the file.

    `plain` is the same content without what tells the device, where it tells it.
    """

    name: str
    content: Content
    plain: Content = ()

    def hash(self, data: Data, *, plain: bool = False) -> str:
        """Hash the content; SHA-256 in hex."""
        seen = hashlib.sha256()
        for one in (plain and self.plain) or self.content:
            if isinstance(one, bytes):
                seen.update(one)
            else:
                for piece in data.pieces(*one):
                    seen.update(piece)
        return seen.hexdigest()


class Splice(NamedTuple):
    """Replace the source's bytes from `start` to `stop` by `new`."""

    start: int
    stop: int
    new: bytes


def moved(place: int, splices: Iterable[Splice]) -> int:
    """Tell where a byte of the source comes to stand; what is inserted at it goes before it."""
    return place + sum(len(s.new) - (s.stop - s.start) for s in splices if s.stop <= place)


def write(data: Data, splices: Sequence[Splice], target: BinaryIO) -> None:
    """Write the source with the splices done; they must not overlap.

    Of several that insert at one place the first in the list goes first.
    """
    target.seek(0)
    at = 0
    for start, stop, new in sorted(splices, key=lambda one: one[:2]):
        if start < at or stop < start:
            raise damaged("overlap")
        target.writelines(data.pieces(at, start))
        target.write(new)
        at = stop
    target.writelines(data.pieces(at, data.size))
    target.truncate()
