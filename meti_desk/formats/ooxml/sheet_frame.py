"""A sheet without its cells, and the same sheet with other bytes in that frame.

The cells are never held in memory: where the sheet is large they are copied from one compressed
stream into the other.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.deflate import packed
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_splice import Edit, Holder, holders
from meti_desk.formats.ooxml.sheet_stream import NotPlainError, as_utf8, frame_of, is_wide
from meti_desk.formats.ooxml.xml import MAX_XML

_SMALL = 4 << 20
"""A sheet up to this size is written at once."""
_FAST = 3
"""Level of compression for larger ones: half the time of the usual level, a tenth more bytes."""


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """The frame in UTF-8; `size` bytes of cells are left out of it at `cut`.

    `inside` is the SHA-256 of what was left out. A part in UTF-16 or with comments among its cells
    is all frame.
    """

    part: str
    data: bytes
    cut: int
    size: int
    inside: bytes
    holders: tuple[Holder, ...]


def read_frame(package: Package, part: str) -> SheetFrame:
    """Read the frame of a sheet and find its headers.

    Raises `InvalidInput`: `document.damaged`, `document.bomb`.
    """
    try:
        return _streamed(package, part)
    except NotPlainError:
        whole = as_utf8(_whole(package, part), part)
        return SheetFrame(part, whole, len(whole), 0, b"", tuple(holders(whole, part)))


def _streamed(package: Package, part: str) -> SheetFrame:
    frame = frame_of(package, part, "sheetData", "row")
    if is_wide(frame.head):
        raise NotPlainError
    inside = hashlib.sha256()
    for block in frame.blocks():
        inside.update(block)
    # Only what says of itself that it is UTF-8, or nothing, is read as such.
    data = as_utf8(frame.head, part) + frame.tail
    found = tuple(holders(data, part))
    return SheetFrame(part, data, len(frame.head), frame.size, inside.digest(), found)


def _whole(package: Package, part: str) -> bytes:
    pieces, size = [], 0
    for piece in package.pieces(part):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_XML:
            raise InvalidInput("document.bomb", what="xml", member=part)
    return b"".join(pieces)


def write_frame(package: Package, frame: SheetFrame, changes: Sequence[Edit]) -> None:
    """Replace bytes of the frame; everything else of the sheet stays to the byte."""
    moved = [Edit(_moved(frame, one.start), _moved(frame, one.end), one.data) for one in changes]
    # Two that are put at one place stay in the order that they were given in.
    moved.sort(key=lambda one: (one.start, one.end))
    part = frame.part
    if frame.size > _SMALL:
        package.set_data(part, packed(_applied(package.pieces(part), moved), _FAST))
        return
    data = _whole(package, part)
    codec = is_wide(data)
    if codec:
        text = b"".join(_applied(iter((frame.data,)), moved))
        package.set_data(part, text.decode().encode(codec))
    else:
        package.set_data(part, b"".join(_applied(iter((data,)), moved)))


def _moved(frame: SheetFrame, at: int) -> int:
    return at if at <= frame.cut else at + frame.size


def _applied(pieces: Iterator[bytes], changes: list[Edit]) -> Iterator[bytes]:
    """Copy bytes as they come, with the changes, which are in order and do not overlap."""
    at = done = 0
    left = iter(changes)
    change = next(left, None)
    for piece in pieces:
        base, at = at, at + len(piece)
        while change is not None and change.start <= at:
            yield piece[max(done - base, 0) : max(change.start - base, 0)]
            yield change.data
            done = change.end
            change = next(left, None)
        if done < at:
            yield piece[max(done - base, 0) :]
            done = at
