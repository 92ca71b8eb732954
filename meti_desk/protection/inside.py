"""Several files with hidden names as one stream, for the formats whose content is one stream.

First a list of names and sizes, then the files one after another, nothing between them and nothing
behind. The encryption around it keeps it whole; what is checked here is that the list is one that
may be followed: safe relative names, all different, and as many bytes as it says.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import Member, readinto, size_of
from meti_desk.protection.names import is_safe_name

MOST_MEMBERS = 10_000
_MOST_LIST = 8 << 20
_LENGTH = struct.Struct(">I")
_TEXT = struct.Struct(">H")
_SIZE = struct.Struct(">Q")

PIECE = 1 << 20
"""Bytes of a piece; the same memory serves for all pieces of a file, which is twice as fast."""

Piece = bytes | memoryview
Sources = Sequence[tuple[str, BinaryIO]]


class Listing(msgspec.Struct, frozen=True):
    """What is listed first: the files, each with the label that travels beside all of them."""

    members: tuple[Member, ...]
    label: str = ""


def check_names(names: Sequence[str]) -> None:
    """Refuse names that would not be taken when opening.

    Raises `InvalidInput`: `protect.unsafe-name`, `protect.duplicate-name`,
    `protect.too-many-files`.
    """
    if not 0 < len(names) <= MOST_MEMBERS:
        raise InvalidInput("protect.too-many-files", count=len(names), limit=MOST_MEMBERS)
    for name in names:
        if not is_safe_name(name):
            raise InvalidInput("protect.unsafe-name", name=name[:80])
    if len({name.casefold() for name in names}) != len(names):
        raise InvalidInput("protect.duplicate-name")


def listing(sources: Sources, label: str = "") -> Listing:
    """List files as they are now; the same errors as `check_names`."""
    check_names([name for name, _ in sources])
    return Listing(tuple(Member(name, size_of(file), label) for name, file in sources), label)


def packed(listed: Listing) -> bytes:
    """Write the list, with its own length in front."""
    label = listed.label.encode()
    parts = [_TEXT.pack(len(label)), label, _LENGTH.pack(len(listed.members))]
    for member in listed.members:
        name = member.name.encode()
        parts += [_TEXT.pack(len(name)), name, _SIZE.pack(member.size)]
    body = b"".join(parts)
    if len(body) > _MOST_LIST:
        raise InvalidInput("protect.too-many-files", count=len(listed.members), limit=MOST_MEMBERS)
    return _LENGTH.pack(len(body)) + body


def stream(sources: Sources, label: str = "") -> Iterator[Piece]:
    """Give the whole as pieces; a file that changes its size meanwhile is refused.

    A piece is valid until the next is asked for. Raises `InvalidInput("protect.failed")`, and what
    `listing` raises.
    """
    listed = listing(sources, label)
    yield packed(listed)
    view = memoryview(bytearray(PIECE))
    for member, (_, file) in zip(listed.members, sources, strict=True):
        file.seek(0)
        left = member.size
        while count := readinto(file, view):
            left -= count
            yield view[:count]
        if left:
            raise InvalidInput("protect.failed")


def joined(sources: Sources, label: str = "") -> bytes:
    """Give the whole at once, for formats that hold it in memory; errors as `stream`."""
    return b"".join(bytes(piece) for piece in stream(sources, label))


class Unpacker:
    """Takes the stream in any pieces; gives the list, and writes what is wanted to a target.

    `member` is the index of one file, or `None` for all of them, one behind the other. Without a
    target nothing is written. Raises `InvalidInput`: `document.damaged`, `open.unsafe-name`,
    `open.duplicate-name`, `open.too-many-members`, `open.no-such-member`.
    """

    def __init__(self, target: BinaryIO | None = None, member: int | None = None) -> None:
        self._target, self._member = target, member
        self._head = bytearray()
        self._listed: Listing | None = None
        self._at = self._begin = self._end = self._total = 0

    @property
    def listed(self) -> Listing | None:
        """The list, once it is there."""
        return self._listed

    def take(self, piece: Piece) -> None:
        """Take the next piece of plaintext."""
        if self._listed is None:
            self._head += piece
            rest = self._list_from()
            if rest is None:
                return
            piece = rest
        size, at = len(piece), self._at
        self._at = at + size
        if self._at > self._total:
            raise _damaged()
        if self._target is None:
            return
        if at >= self._begin and self._at <= self._end:
            self._target.write(piece)
        elif at < self._end and self._at > self._begin:
            self._target.write(piece[max(self._begin - at, 0) : self._end - at])

    def finish(self) -> Listing:
        """Insist that all came."""
        if self._listed is None or self._at != self._total:
            raise _damaged()
        return self._listed

    def _list_from(self) -> Piece | None:
        """Read the list as soon as it is whole; gives what stands behind it."""
        if len(self._head) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._head)
        if length > _MOST_LIST:
            raise _damaged()
        end = _LENGTH.size + length
        if len(self._head) < end:
            return None
        rest = bytes(self._head[end:])
        self._listed = listed = unpacked(bytes(self._head[_LENGTH.size : end]))
        self._head.clear()
        sizes = [member.size for member in listed.members]
        self._total = self._end = sum(sizes)
        if self._member is not None:
            if not 0 <= self._member < len(sizes):
                raise InvalidInput("open.no-such-member", member=self._member)
            self._begin = sum(sizes[: self._member])
            self._end = self._begin + sizes[self._member]
        return rest


def unpacked(body: bytes) -> Listing:
    """Read a list and refuse one that must not be followed; see `Unpacker` for the errors."""
    members: list[Member] = []
    try:
        label, at = _text(body, 0)
        (count,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        if not 0 < count <= MOST_MEMBERS:
            raise InvalidInput("open.too-many-members", count=count, limit=MOST_MEMBERS)
        for _ in range(count):
            name, at = _text(body, at)
            (size,) = _SIZE.unpack_from(body, at)
            at += _SIZE.size
            members.append(Member(name, size, label))
    except (struct.error, UnicodeDecodeError):
        raise _damaged() from None
    if at != len(body):
        raise _damaged()
    for member in members:
        if not is_safe_name(member.name):
            raise InvalidInput("open.unsafe-name", name=member.name[:80])
    if len({member.name.casefold() for member in members}) != len(members):
        raise InvalidInput("open.duplicate-name")
    return Listing(tuple(members), label)


def _text(body: bytes, at: int) -> tuple[str, int]:
    (length,) = _TEXT.unpack_from(body, at)
    at += _TEXT.size
    raw = body[at : at + length]
    if len(raw) != length:
        raise _damaged()
    return raw.decode(), at + length


def _damaged() -> InvalidInput:
    return InvalidInput("document.damaged", what="list")
