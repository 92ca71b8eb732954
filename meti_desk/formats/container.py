"""The zip reader and rewriter that OOXML, ODF and archives share.

It reads with limits, because every file is taken for hostile, and it rewrites by splicing: members
that nobody touched are copied compressed, as they are, so that labelling costs about as much as
copying the file. Reading and writing need nothing but the two open files.
"""

import re
import struct
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.deflate import FAULTS, Packed, crc32, inflater, packed, quickly
from meti_desk.formats.zip_directory import Member, end_of, read_directory
from meti_desk.formats.zip_writer import DEFLATED, DOS_DATE_1980, STORED, Numbers, ZipWriter

if TYPE_CHECKING:
    import zipfile

_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1
_LEADS_OUT = re.compile(r"\A[/\\]|\A.:|(?:\A|[/\\])\.\.(?:[/\\]|\Z)|\0", re.DOTALL)
"""Names that mean a place outside of the folder that a file is unpacked to."""
_PIECE = 1 << 20
"""Bytes carried at a time, so that a film in a presentation needs no room in memory."""
_WHOLE = 4 << 20
"""Bytes of a file that is read at once, and of its members that are kept expanded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a container may expand before it is taken for a bomb; sizes in bytes.

    A member is suspicious when it is larger than `free` and expands by more than `ratio`: honest
    XML reaches about 100, deflate itself ends at 1,032.
    """

    size: int = 512 << 20
    """Of the whole file, compressed."""
    total: int = 768 << 20
    """Of all members together, expanded."""
    members: int = 20_000
    ratio: int = 250
    free: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """Content of a member that is made when it is written, so that many need not be in memory."""

    make: Callable[[], bytes]


def damaged(reason: str, member: str = "") -> InvalidInput:
    """Make the error for a file that is not well-formed, with the reason as a word."""
    if not member:
        return InvalidInput("document.damaged", reason=reason)
    return InvalidInput("document.damaged", reason=reason, member=member)


def file_size(source: BinaryIO) -> int:
    """Measure an open file without reading it."""
    return source.seek(0, 2)


_REMEMBERED: "deque[tuple[BinaryIO, tuple[int, bytes], Container]]" = deque()
_MOST_REMEMBERED = 2
"""A document and its result; more would keep in memory what nobody looks at any more."""


class Container:
    """An opened zip file.

    Raises `InvalidInput` from the constructor: `document.too-large`, `document.bomb`,
    `document.damaged` (with `reason`: `directory`, `duplicate-name`, `path`, `overlap` …) and
    `document.encrypted` when members have a password.
    """

    def __init__(self, source: BinaryIO, limits: Limits | None = None) -> None:
        """Read the directory and check it against the limits; no member is expanded yet."""
        self.notes: dict[str, str] = {}
        """What was found out about the content as it lies in the file, for who opens it next."""
        self.opened: object = None
        """What a family made of it, to look at only."""
        self._source = source
        self._limits = limits or Limits()
        length = file_size(source)
        if length > self._limits.size:
            raise InvalidInput("document.too-large", size=length, limit=self._limits.size)
        self._whole = b""
        if length <= _WHOLE:
            source.seek(0)
            self._whole = source.read(length)
        try:
            found, self.comment = read_directory(source, self._at, length)
        except (ValueError, OSError, struct.error, NotImplementedError) as bad:
            raise damaged("directory") from bad
        self._check_totals(found)
        self.members: dict[str, Member] = {}
        self._expanded: dict[str, bytes] = {}
        self._room = _WHOLE
        for member in found:
            self._admit(member)
        self._check_overlap(length)

    def _at(self, place: int, size: int) -> bytes:
        if self._whole:
            return self._whole[place : place + size]
        self._source.seek(place)
        return self._source.read(size)

    @classmethod
    def of(cls, source: BinaryIO) -> "Container":
        """Open a file, or give what was read of this very file before, if it is still the same.

        A document is recognised, inspected, labelled and compared with its result: four times the
        same directory. A file that was written to meanwhile has another directory at its end.
        """
        end = end_of(source)
        for held, known, container in _REMEMBERED:
            if held is source and known == end:
                return container
        made = cls(source)
        _REMEMBERED.append((source, end, made))
        while len(_REMEMBERED) > _MOST_REMEMBERED:
            # What was made of it refers to it in turn: parted, both go at once.
            _REMEMBERED.popleft()[2].opened = None
        return made

    def _check_totals(self, found: list[Member]) -> None:
        limits = self._limits
        if len(found) > limits.members:
            raise InvalidInput("document.bomb", what="members", found=len(found))
        total = sum(member.size for member in found)
        if total > limits.total:
            raise InvalidInput("document.bomb", what="total", found=total)
        for member in found:
            big = member.size > limits.free
            if big and member.size > limits.ratio * max(member.packed, 1):
                raise InvalidInput("document.bomb", what="ratio", member=member.name)

    def _admit(self, member: Member) -> None:
        name = member.name
        if name in self.members:
            raise damaged("duplicate-name", member=name)
        if _LEADS_OUT.search(name):
            raise damaged("path", member=name)
        if member.flags & _ENCRYPTED:
            raise InvalidInput("document.encrypted", member=name)
        if member.header_at < 0:
            raise damaged("local-header", member=name)
        head = self._at(member.header_at, _LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise damaged("local-header", member=name)
        fields = _LOCAL.unpack(head)
        if fields[2] & _ENCRYPTED:
            raise InvalidInput("document.encrypted", member=name)
        member.data_at = member.header_at + _LOCAL.size + fields[9] + fields[10]
        self.members[name] = member

    def _check_overlap(self, length: int) -> None:
        """Refuse members that share bytes: that is how a small file becomes a bomb."""
        end = 0
        for member in sorted(self.members.values(), key=_header_at):
            if member.header_at < end:
                raise damaged("overlap", member=member.name)
            end = member.data_at + member.packed
        if end > length:
            raise damaged("truncated")

    def has_metadata(self) -> bool:
        """Tell whether members have a time, comment, extra field or system of their own."""
        if self.comment:
            return True
        return any(
            (m.dress.date, m.dress.time) != (DOS_DATE_1980, 0)
            or m.info.extra
            or m.dress.comment
            or m.dress.system
            or m.dress.outside
            for m in self.members.values()
        )

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def packed(self, name: str) -> bytes:
        """Give a member's bytes as they lie in the file, compressed."""
        return bytes(self._packed(self.members[name]))

    def _packed(self, member: Member) -> bytes | memoryview:
        """Give a member's packed bytes without a copy, where the file is held whole."""
        data: bytes | memoryview
        if self._whole:
            data = memoryview(self._whole)[member.data_at : member.data_at + member.packed]
        else:
            data = self._at(member.data_at, member.packed)
        if len(data) != member.packed:
            raise damaged("truncated", member=member.name)
        return data

    def packed_pieces(self, name: str) -> Iterator[bytes | memoryview]:
        """Give a member's bytes as they lie in the file, compressed, a piece at a time."""
        member = self.members[name]
        if self._whole:
            data = self._packed(member)
            yield from (data[place : place + _PIECE] for place in range(0, len(data), _PIECE))
            return
        left, at = member.packed, member.data_at
        while left:
            piece = self._at(at, min(left, _PIECE))
            if not piece:
                raise damaged("truncated", member=name)
            yield piece
            left -= len(piece)
            at += len(piece)

    def same(self, other: "Container", name: str) -> bool:
        """Tell whether a member lies in both files as the same compressed bytes."""
        one, two = self.members[name], other.members.get(name)
        if two is None or (one.method, one.crc, one.packed, one.size) != (
            two.method, two.crc, two.packed, two.size,
        ):  # fmt: skip
            return False
        at = one.data_at
        for piece in other.packed_pieces(name):
            if not self._has(piece, at):
                return False
            at += len(piece)
        return True

    def _has(self, piece: bytes | memoryview, at: int) -> bool:
        """Tell whether these bytes lie at a place; a copy of them would cost more than the look."""
        if self._whole:
            return self._whole.startswith(piece, at)
        return self._at(at, len(piece)) == piece

    def read(self, name: str) -> bytes:
        """Expand one member and check its length and CRC-32; never more than it declares."""
        held = self._expanded.get(name)
        if held is None:
            held = self._expand(self.members[name], self._packed(self.members[name]))[0]
            if len(held) <= self._room:
                # It is inspected, labelled and compared: three times the same member.
                self._expanded[name] = held
                self._room -= len(held)
        return held

    def read_exactly(self, name: str) -> tuple[bytes, bool]:
        """Expand as `read` does, and tell whether the packed bytes hold nothing besides it."""
        return self._expand(self.members[name], self._packed(self.members[name]))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Expand one member piece by piece, at most 1 MiB at once, with the checks of `read`.

        Length and CRC-32 are known only at the end: until then nothing is proven.
        """
        member = self.members[name]
        if member.size <= _PIECE:
            yield self.read(name)
            return
        crc = size = 0
        for piece in self._expanding(member):
            size += len(piece)
            if size > member.size:
                break
            crc = crc32(piece, crc)
            yield piece
        if size != member.size or crc != member.crc:
            raise damaged("checksum", member=name)

    def _expanding(self, member: Member) -> Iterator[bytes]:
        if member.method == STORED:
            yield from map(bytes, self.packed_pieces(member.name))
            return
        if member.method != DEFLATED:
            raise damaged("compression", member=member.name)
        inflate = inflater()
        for rest in self.packed_pieces(member.name):
            while not inflate.eof:
                try:
                    piece = inflate.decompress(rest, _PIECE)
                except FAULTS as bad:
                    raise damaged("deflate", member=member.name) from bad
                rest = inflate.unconsumed_tail  # noqa: PLW2901 - what is left of this piece
                if not (piece or rest):
                    break
                yield piece

    def _expand(self, member: Member, packed: bytes | memoryview) -> tuple[bytes, bool]:
        """Give the content, and whether the packed bytes hold nothing besides it."""
        exact = True
        if member.method == STORED:
            data = bytes(packed)
        elif member.method == DEFLATED:
            inflate = inflater()
            try:
                data = inflate.decompress(packed, member.size + 1)
                if len(data) == member.size and not inflate.eof:
                    data += inflate.decompress(inflate.unconsumed_tail, 1)
            except FAULTS as bad:
                raise damaged("deflate", member=member.name) from bad
            exact = inflate.eof and not inflate.unused_data
        else:
            raise damaged("compression", member=member.name)
        if len(data) != member.size or crc32(data) != member.crc:
            raise damaged("checksum", member=member.name)
        return data, exact

    def _is_exact(self, member: Member) -> bool:
        """Tell whether a member's packed bytes hold nothing besides it; a film needs no room."""
        if member.size <= _PIECE and member.packed <= _PIECE:
            return self._expand(member, self._packed(member))[1]
        for _ in self.pieces(member.name):
            pass
        if member.method == STORED:
            return True
        inflate = inflater()
        for rest in self.packed_pieces(member.name):
            if inflate.eof:
                return False
            while not inflate.eof:
                piece = inflate.decompress(rest, _PIECE)
                rest = inflate.unconsumed_tail  # noqa: PLW2901 - what is left of this piece
                if not (piece or rest):
                    break
        return inflate.eof and not inflate.unused_data

    def rewrite(
        self,
        target: BinaryIO,
        changed: Mapping[str, bytes | Packed | Made],
        removed: Collection[str] = (),
        *,
        clean: bool = False,
    ) -> None:
        """Write a new zip: changed members deflated anew, new ones at the end, the rest copied.

        The order of members stays (Word wants `[Content_Types].xml` first). With `clean` no member
        keeps its time, comment, extra field, system or slack, so that equal content gives equal
        bytes (class 13 of the findings); without it they are carried over.
        """
        writer = ZipWriter(target)
        for name, member in self.members.items():
            if name in removed:
                continue
            if name in changed:
                _add(writer, name, changed[name], None if clean else member.info, clean=clean)
                continue
            if clean and not self._is_exact(member):
                long = member.size > _PIECE
                whole = packed(self.pieces(name)) if long else self.read(name)
                _add(writer, name, whole, None, clean=clean)
                continue
            numbers = Numbers(member.method, member.crc, member.packed, member.size)
            if clean:
                writer.write(name, self.packed_pieces(name), numbers, None)
            else:
                writer.write_dressed(
                    name, self.packed_pieces(name), numbers, member.dress,
                    level_bits=member.flags & 0x6,
                )  # fmt: skip
        for name, content in changed.items():
            if name not in self.members:
                _add(writer, name, content, None, clean=clean)
        writer.close()


def _header_at(member: Member) -> int:
    return member.header_at


def _add(
    writer: ZipWriter,
    name: str,
    content: bytes | Packed | Made,
    info: "zipfile.ZipInfo | None",
    *,
    clean: bool,
) -> None:
    """Compress and write; what deflate cannot shrink is stored."""
    if isinstance(content, Made):
        content = content.make()
    if isinstance(content, bytes):
        made = packed((content,)) if clean or len(content) > _PIECE else quickly(content)
        if len(made.data) >= len(content):
            made = Packed(STORED, made.crc, made.size, content)
    else:
        made = content
    numbers = Numbers(made.method, made.crc, len(made.data), made.size)
    writer.write(name, (made.data,), numbers, info)
