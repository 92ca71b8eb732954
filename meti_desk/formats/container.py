"""The zip reader and rewriter that OOXML, ODF and archives share.

It reads with limits, because every file is taken for hostile, and it rewrites by splicing: members
that nobody touched are copied compressed, as they are, so that labelling costs about as much as
copying the file. Reading and writing need nothing but the two open files.
"""

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_UTF8_NAME, _DESCRIPTOR, _ENCRYPTED = 0x800, 0x8, 0x1
_DOS_DATE_1980 = (1 << 5) | 1
_ZIP64_EXTRA = 1
_MAX_32 = 0xFFFFFFFF
_MAX_16 = 0xFFFF
_PIECE = 1 << 20


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


class Container:
    """An opened zip file.

    Raises `InvalidInput` from the constructor: `document.too-large`, `document.bomb`,
    `document.damaged` (with `reason`: `directory`, `duplicate-name`, `path`, `overlap` …) and
    `document.encrypted` when members have a password.
    """

    def __init__(self, source: BinaryIO, limits: Limits | None = None) -> None:
        """Read the directory and check it against the limits; no member is expanded yet."""
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

    def read(self, name: str) -> bytes:
        """Expand one member and check its length and CRC-32; never more than it declares."""
        return self._expand(self.members[name], self.packed(name))[0]

    def pieces(self, name: str) -> Iterator[bytes]:
        """Expand one member piece by piece, at most 1 MiB at once, with the checks of `read`.

        Length and CRC-32 are known only at the end: until then nothing is proven.
        """
        member = self.members[name]
        if member.method != _DEFLATED or member.size <= _PIECE:
            yield self.read(name)
            return
        inflate = zlib.decompressobj(-15)
        whole = memoryview(self.packed(name))
        at = crc = size = 0
        rest: bytes | memoryview = b""
        while not inflate.eof and size <= member.size:
            if not rest:
                rest = whole[at : at + _PIECE]
                at += len(rest)
            try:
                piece = inflate.decompress(rest, _PIECE)
            except zlib.error as bad:
                raise damaged("deflate", member=name) from bad
            rest = inflate.unconsumed_tail
            if not (piece or rest or at < len(whole) or inflate.eof):
                break
            size += len(piece)
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.size or crc != member.crc:
            raise damaged("checksum", member=name)

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

    def rewrite(
        self,
        target: BinaryIO,
        changed: Mapping[str, bytes | Packed],
        removed: Collection[str] = (),
        *,
        clean: bool = False,
    ) -> None:
        """Write a new zip: changed members deflated anew, new ones at the end, the rest copied.

        The order of members stays (Word wants `[Content_Types].xml` first). With `clean` no member
        keeps its time, comment, extra field, system or slack, so that equal content gives equal
        bytes (class 13 of the findings); without it they are carried over.
        """
        writer = _Writer(target)
        for name, member in self.members.items():
            if name in removed:
                continue
            info = None if clean else member.info
            if name in changed:
                writer.add(name, changed[name], info)
                continue
            packed = self.packed(name)
            if clean:
                data, exact = self._expand(member, packed)
                if not exact:
                    writer.add(name, data, None)
                    continue
            writer.copy(member, packed, info)
        for name, content in changed.items():
            if name not in self.members:
                writer.add(name, content, None)
        writer.close()


class _Writer:
    """Writes local headers, data and the directory; every size is known before it is written."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._at = 0
        self._directory: list[bytes] = []

    def add(self, name: str, content: bytes | Packed, info: zipfile.ZipInfo | None) -> None:
        """Compress and write; what deflate cannot shrink is stored."""
        if isinstance(content, bytes):
            made = packed((content,))
            if len(made.data) >= len(content):
                made = Packed(_STORED, made.crc, made.size, content)
        else:
            made = content
        self._write(name, made.data, (made.method, made.crc, made.size), info, level_bits=0)

    def copy(self, member: Member, packed: bytes, info: zipfile.ZipInfo | None) -> None:
        """Write compressed bytes as they came."""
        numbers = (member.method, member.crc, member.size)
        level = 0 if info is None else info.flag_bits & 0x6
        self._write(member.name, packed, numbers, info, level_bits=level)

    def _write(
        self,
        name: str,
        packed: bytes,
        numbers: tuple[int, int, int],
        info: zipfile.ZipInfo | None,
        *,
        level_bits: int,
    ) -> None:
        method, crc, size = numbers
        raw_name, flags = _encoded(name, info)
        flags |= level_bits
        date, time, extra, comment, system, outside, inside = _stamp(info)
        if size > _MAX_32 or self._at + len(packed) + _LOCAL.size > _MAX_32:
            raise InvalidInput("document.too-large", member=name, size=size, limit=_MAX_32)
        local = _LOCAL.pack(
            b"PK\x03\x04", 20, flags, method, time, date, crc, len(packed), size,
            len(raw_name), len(extra),
        )  # fmt: skip
        central = _CENTRAL.pack(
            b"PK\x01\x02", 20, system, 20, 0, flags, method, time, date, crc, len(packed), size,
            len(raw_name), len(extra), len(comment), 0, inside, outside, self._at,
        )  # fmt: skip
        self._directory.append(central + raw_name + extra + comment)
        self._target.write(local + raw_name + extra)
        self._target.write(packed)
        self._at += len(local) + len(raw_name) + len(extra) + len(packed)

    def close(self) -> None:
        """Write the directory; small containers only, so zip64 is never needed here."""
        directory = b"".join(self._directory)
        count = len(self._directory)
        if count > _MAX_16 or self._at + len(directory) > _MAX_32:
            raise InvalidInput("document.too-large", size=self._at, limit=_MAX_32)
        self._target.write(directory)
        self._target.write(
            _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), self._at, 0)
        )


def _encoded(name: str, info: zipfile.ZipInfo | None) -> tuple[bytes, int]:
    """Encode a name as it was: CP437 where the directory did not say UTF-8."""
    if info is not None and not info.flag_bits & _UTF8_NAME:
        try:
            return info.orig_filename.encode("cp437"), 0
        except UnicodeEncodeError:
            pass
    try:
        return name.encode("ascii"), 0
    except UnicodeEncodeError:
        return name.encode("utf-8"), _UTF8_NAME


def _stamp(info: zipfile.ZipInfo | None) -> tuple[int, int, bytes, bytes, int, int, int]:
    """Give date, time, extra, comment, system, external and internal attributes of a member."""
    if info is None:
        return _DOS_DATE_1980, 0, b"", b"", 0, 0, 0
    year, month, day, hour, minute, second = info.date_time
    date = (max(year - 1980, 0) << 9) | (month << 5) | day
    time = (hour << 11) | (minute << 5) | (second // 2)
    extra = _without_zip64(info.extra)
    outside, inside = info.external_attr, info.internal_attr
    return date, time, extra, info.comment, info.create_system, outside, inside


def _without_zip64(extra: bytes) -> bytes:
    """Drop the zip64 field: our sizes always fit, and a stale field contradicts them."""
    kept = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            break
        if kind != _ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
