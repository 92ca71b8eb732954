"""The zip reader and rewriter that OOXML, ODF and archives share.

It reads with limits, because every file is taken for hostile, and it rewrites by splicing: members
that nobody touched are copied compressed, as they are, so that labelling costs about as much as
copying the file. Reading and writing need nothing but the two open files.
"""

import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.zip_writer import Numbers, ZipWriter

_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1
_PIECE = 1 << 20
"""Bytes carried at a time, so that a film in a presentation needs no room in memory."""


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
class Member:
    """One file inside, as the directory describes it; `data_at` is where its bytes begin."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    data_at: int
    info: zipfile.ZipInfo


@dataclass(frozen=True, slots=True)
class Packed:
    """Content of a member that is compressed already, so that it is never whole in memory."""

    method: int
    crc: int
    size: int
    data: bytes

    def expand(self) -> bytes:
        """Give the content."""
        return zlib.decompress(self.data, -15) if self.method == _DEFLATED else self.data


@dataclass(frozen=True, slots=True)
class Made:
    """Content of a member that is made when it is written, so that many need not be in memory."""

    make: Callable[[], bytes]


def packed(pieces: Iterable[bytes], level: int = 6) -> Packed:
    """Compress content as it comes."""
    deflate = zlib.compressobj(level, zlib.DEFLATED, -15)
    out, crc, size = [], 0, 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        size += len(piece)
        out.append(deflate.compress(piece))
    out.append(deflate.flush())
    return Packed(_DEFLATED, crc, size, b"".join(out))


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
_END_OF_DIRECTORY = 22
_LONGEST_END = 1 << 20
"""Of a longer directory the last part has to do; a file may say of itself what it likes."""


def _end_of(source: BinaryIO) -> tuple[int, bytes]:
    """Give the length of a file and the directory at its end, which has the sums of all members."""
    length = file_size(source)
    source.seek(max(0, length - _END_OF_DIRECTORY))
    end = source.read(_END_OF_DIRECTORY)
    told = int.from_bytes(end[12:16], "little") if end[:4] == b"PK\5\6" else _LONGEST_END
    wanted = min(told, _LONGEST_END) + _END_OF_DIRECTORY
    source.seek(max(0, length - wanted))
    return length, source.read(wanted)


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
        try:
            with zipfile.ZipFile(source) as directory:
                infos = directory.infolist()
                self.comment = directory.comment
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as bad:
            raise damaged("directory") from bad
        self._check_totals(infos)
        self.members: dict[str, Member] = {}
        for info in infos:
            self._admit(info)
        self._check_overlap(length)

    @classmethod
    def of(cls, source: BinaryIO) -> "Container":
        """Open a file, or give what was read of this very file before, if it is still the same.

        A document is recognised, inspected, labelled and compared with its result: four times the
        same directory. A file that was written to meanwhile has another directory at its end.
        """
        end = _end_of(source)
        for held, known, container in _REMEMBERED:
            if held is source and known == end:
                return container
        made = cls(source)
        _REMEMBERED.append((source, end, made))
        while len(_REMEMBERED) > _MOST_REMEMBERED:
            # What was made of it refers to it in turn: parted, both go at once.
            _REMEMBERED.popleft()[2].opened = None
        return made

    def _check_totals(self, infos: list[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(infos) > limits.members:
            raise InvalidInput("document.bomb", what="members", found=len(infos))
        total = sum(info.file_size for info in infos)
        if total > limits.total:
            raise InvalidInput("document.bomb", what="total", found=total)
        for info in infos:
            big = info.file_size > limits.free
            if big and info.file_size > limits.ratio * max(info.compress_size, 1):
                raise InvalidInput("document.bomb", what="ratio", member=info.filename)

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename
        if name in self.members:
            raise damaged("duplicate-name", member=name)
        parts = name.replace("\\", "/").split("/")
        if ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":" or "\0" in name:
            raise damaged("path", member=name)
        if info.flag_bits & _ENCRYPTED:
            raise InvalidInput("document.encrypted", member=name)
        if info.header_offset < 0:
            raise damaged("local-header", member=name)
        self._source.seek(info.header_offset)
        head = self._source.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise damaged("local-header", member=name)
        fields = _LOCAL.unpack(head)
        if fields[2] & _ENCRYPTED:
            raise InvalidInput("document.encrypted", member=name)
        self.members[name] = Member(
            name=name,
            method=info.compress_type,
            crc=info.CRC,
            packed=info.compress_size,
            size=info.file_size,
            data_at=info.header_offset + _LOCAL.size + fields[9] + fields[10],
            info=info,
        )

    def _check_overlap(self, length: int) -> None:
        """Refuse members that share bytes: that is how a small file becomes a bomb."""
        end = 0
        for member in sorted(self.members.values(), key=lambda one: one.info.header_offset):
            if member.info.header_offset < end:
                raise damaged("overlap", member=member.name)
            end = member.data_at + member.packed
        if end > length:
            raise damaged("truncated")

    def has_metadata(self) -> bool:
        """Tell whether members have a time, comment, extra field or system of their own."""
        if self.comment:
            return True
        return any(
            m.info.date_time != (1980, 1, 1, 0, 0, 0)
            or m.info.extra
            or m.info.comment
            or m.info.create_system
            or m.info.external_attr
            for m in self.members.values()
        )

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def packed(self, name: str) -> bytes:
        """Give a member's bytes as they lie in the file, compressed."""
        member = self.members[name]
        self._source.seek(member.data_at)
        data = self._source.read(member.packed)
        if len(data) != member.packed:
            raise damaged("truncated", member=name)
        return data

    def packed_pieces(self, name: str) -> Iterator[bytes]:
        """Give a member's bytes as they lie in the file, compressed, a piece at a time."""
        member = self.members[name]
        left, at = member.packed, member.data_at
        while left:
            self._source.seek(at)
            piece = self._source.read(min(left, _PIECE))
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
        pairs = zip(self.packed_pieces(name), other.packed_pieces(name), strict=True)
        return all(mine == its for mine, its in pairs)

    def read(self, name: str) -> bytes:
        """Expand one member and check its length and CRC-32; never more than it declares."""
        return self._expand(self.members[name], self.packed(name))[0]

    def read_exactly(self, name: str) -> tuple[bytes, bool]:
        """Expand as `read` does, and tell whether the packed bytes hold nothing besides it."""
        return self._expand(self.members[name], self.packed(name))

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
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.size or crc != member.crc:
            raise damaged("checksum", member=name)

    def _expanding(self, member: Member) -> Iterator[bytes]:
        if member.method == _STORED:
            yield from self.packed_pieces(member.name)
            return
        if member.method != _DEFLATED:
            raise damaged("compression", member=member.name)
        inflate = zlib.decompressobj(-15)
        for rest in self.packed_pieces(member.name):
            while not inflate.eof:
                try:
                    piece = inflate.decompress(rest, _PIECE)
                except zlib.error as bad:
                    raise damaged("deflate", member=member.name) from bad
                rest = inflate.unconsumed_tail  # noqa: PLW2901 - what is left of this piece
                if not (piece or rest):
                    break
                yield piece

    def _expand(self, member: Member, packed: bytes) -> tuple[bytes, bool]:
        """Give the content, and whether the packed bytes hold nothing besides it."""
        exact = True
        if member.method == _STORED:
            data = packed
        elif member.method == _DEFLATED:
            inflate = zlib.decompressobj(-15)
            try:
                data = inflate.decompress(packed, member.size + 1)
                if len(data) == member.size and not inflate.eof:
                    data += inflate.decompress(inflate.unconsumed_tail, 1)
            except zlib.error as bad:
                raise damaged("deflate", member=member.name) from bad
            exact = inflate.eof and not inflate.unused_data
        else:
            raise damaged("compression", member=member.name)
        if len(data) != member.size or zlib.crc32(data) != member.crc:
            raise damaged("checksum", member=member.name)
        return data, exact

    def _is_exact(self, member: Member) -> bool:
        """Tell whether a member's packed bytes hold nothing besides it; a film needs no room."""
        if member.size <= _PIECE and member.packed <= _PIECE:
            return self._expand(member, self.packed(member.name))[1]
        for _ in self.pieces(member.name):
            pass
        if member.method == _STORED:
            return True
        inflate = zlib.decompressobj(-15)
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
            info = None if clean else member.info
            if name in changed:
                _add(writer, name, changed[name], info)
                continue
            if clean and not self._is_exact(member):
                long = member.size > _PIECE
                _add(writer, name, packed(self.pieces(name)) if long else self.read(name), None)
                continue
            level = 0 if info is None else info.flag_bits & 0x6
            numbers = Numbers(member.method, member.crc, member.packed, member.size)
            writer.write(name, self.packed_pieces(name), numbers, info, level_bits=level)
        for name, content in changed.items():
            if name not in self.members:
                _add(writer, name, content, None)
        writer.close()


def _add(
    writer: ZipWriter, name: str, content: bytes | Packed | Made, info: zipfile.ZipInfo | None
) -> None:
    """Compress and write; what deflate cannot shrink is stored."""
    if isinstance(content, Made):
        content = content.make()
    if isinstance(content, bytes):
        made = packed((content,))
        if len(made.data) >= len(content):
            made = Packed(_STORED, made.crc, made.size, content)
    else:
        made = content
    numbers = Numbers(made.method, made.crc, len(made.data), made.size)
    writer.write(name, (made.data,), numbers, info)
