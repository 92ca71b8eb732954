"""The files in a tar, and in what gzip, bzip2 and xz pack; read as a stream, within limits."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.members import Inside, Nest
from meti_desk.formats.shown import shown_path
from meti_desk.formats.text.encoding import decode

PACKED = ("gz", "bz2", "xz")
_LARGEST_STREAM = 1 << 30
"""Bytes that a packed file may expand to before it is no longer read."""
_BLOCK = 512
_CHECKSUM = slice(148, 156)
DAMAGE = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, tarfile.TarError)
"""All the ways in which the standard library reports a broken archive."""
_GZIP_NAME, _GZIP_EXTRA = 0x08, 0x04


class _Limited(io.RawIOBase):
    """A stream that gives so many bytes and no more: then it raises `document.too-large`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _LARGEST_STREAM

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # narrower
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InvalidInput("document.too-large", limit=_LARGEST_STREAM)
        buffer[: len(data)] = data
        return len(data)


def is_tar(head: bytes) -> bool:
    """Tell a tar by its first block, old ones by their checksum."""
    block = head[:_BLOCK]
    if len(block) < _BLOCK or not block[0]:
        return False
    if block[257:262] == b"ustar":
        return True
    stated = block[_CHECKSUM].strip(b" \0")
    plain = block[: _CHECKSUM.start] + b" " * 8 + block[_CHECKSUM.stop :]
    return len(stated) >= 4 and stated.isdigit() and _octal(stated) == sum(plain)  # noqa: PLR2004


def _octal(digits: bytes) -> int:
    try:
        return int(digits, 8)
    except ValueError:
        return -1


def files(source: BinaryIO, kind: str, name: str, nest: Nest) -> Iterator[Inside]:
    """Give the files of a tar, packed or not, or the one file that was packed without a tar.

    `name` is that of the packed file. Raises `InvalidInput`: `document.damaged`,
    `document.too-large` for what expands without end.
    """
    source.seek(0)
    if kind == "tar":
        yield from _members(source, nest, mode="r:")
        return
    stream = io.BufferedReader(_Limited(_unpacked(source, kind)), 1 << 18)
    try:
        head = stream.peek(_BLOCK)
        if is_tar(head):
            yield from _members(cast("BinaryIO", stream), nest, mode="r|")
            return
        room = nest.room()
        data = stream.read(room + 1)
    except DAMAGE as bad:
        raise InvalidInput("document.damaged", reason=kind) from bad
    inner = shown_path(_inner_name(source, kind, name))
    yield Inside(inner, obstacle="too-large") if len(data) > room else Inside(inner, data)


def _unpacked(source: BinaryIO, kind: str) -> BinaryIO:
    if kind == "gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=source))
    if kind == "bz2":
        return cast("BinaryIO", bz2.BZ2File(source))
    return cast("BinaryIO", lzma.LZMAFile(source))


def _members(stream: BinaryIO, nest: Nest, *, mode: str) -> Iterator[Inside]:
    try:
        # Names are kept as bytes, to find out afterwards how they are written.
        with tarfile.open(
            fileobj=stream,
            mode=mode,
            encoding="utf-8",
            errors="surrogateescape",
        ) as archive:  # type: ignore[call-overload] # the mode is one of two
            for info in archive:
                archive.members = []  # it would keep all it has seen
                if info.isreg():
                    yield _one(archive, info, nest)
    except DAMAGE as bad:
        raise InvalidInput("document.damaged", reason="tar") from bad


def _one(archive: tarfile.TarFile, info: tarfile.TarInfo, nest: Nest) -> Inside:
    name = shown_path(name_of(info.name))
    room = nest.room()
    if info.size > room:
        return Inside(name, obstacle="too-large")
    member = archive.extractfile(info)
    data = member.read(room + 1) if member is not None else b""
    return Inside(name, data) if len(data) == info.size else Inside(name, obstacle="damaged")


def name_of(name: str) -> str:
    """Give a name in a tar as it was written, in Unicode or in an old Japanese encoding."""
    raw = name.encode("utf-8", "surrogateescape")
    return decode(raw, "utf-8")


def _inner_name(source: BinaryIO, kind: str, name: str) -> str:
    """Name the packed file: gzip may know, else it is what remains without the extension."""
    if kind == "gz":
        source.seek(0)
        head = source.read(4096)
        at = 10
        if head[3] & _GZIP_EXTRA:
            at += 2 + int.from_bytes(head[10:12], "little")
        if head[3] & _GZIP_NAME and (end := head.find(b"\0", at)) > at:
            return decode(head[at:end])
    base = name.rpartition("/")[2]
    stem, dot, extension = base.rpartition(".")
    return stem if dot and stem and extension.lower() in PACKED else base or "content"
