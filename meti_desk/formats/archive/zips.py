"""The files in a zip, with names as people wrote them and everything hostile named."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.members import Inside, Nest
from meti_desk.formats.shown import shown_path

_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_UNICODE_PATH = 0x7075
_LARGEST_DIRECTORY = 64 << 20
_RATIO, _FREE = 250, 8 << 20
"""What expands by more is no honest file, unless it is small; the same as in `container`."""
_END = b"PK\x05\x06"
_END_SIZE = 22


def files(source: BinaryIO, nest: Nest) -> Iterator[Inside]:
    """Give the files of a zip.

    Raises `InvalidInput`: `document.damaged` when the directory cannot be read, `document.bomb`
    when it is larger than any honest one.
    """
    _check_directory(source)
    try:
        archive = zipfile.ZipFile(source)
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as bad:
        raise InvalidInput("document.damaged", reason="directory") from bad
    with archive:
        for info in infos:
            name = name_of(info)
            if info.is_dir() or name.endswith(("/", "\\")):
                continue
            yield _one(archive, info, shown_path(name), nest)


def _check_directory(source: BinaryIO) -> None:
    """Refuse a directory that would fill the memory before anything is looked at."""
    size = source.seek(0, 2)
    source.seek(max(0, size - (1 << 16) - _END_SIZE))
    tail = source.read()
    at = tail.rfind(_END)
    if at >= 0 and len(tail) - at >= _END_SIZE:
        length = struct.unpack_from("<L", tail, at + 12)[0]
        zip64 = 0xFFFFFFFF
        if length > _LARGEST_DIRECTORY and (length != zip64 or size > 8 * _LARGEST_DIRECTORY):
            raise InvalidInput("document.bomb", what="directory")
    source.seek(0)


def _one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, nest: Nest) -> Inside:
    room = nest.room()
    obstacle = _by_directory(info, room)
    if obstacle:
        return Inside(name, obstacle=obstacle)
    try:
        with archive.open(info) as member:
            data = member.read(room + 1)
            return Inside(name, obstacle="bomb") if len(data) > room else Inside(name, data)
    except (NotImplementedError, RuntimeError):
        return Inside(name, obstacle="unsupported")
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, struct.error, zlib.error, LZMAError):
        return Inside(name, obstacle="damaged")


def _by_directory(info: zipfile.ZipInfo, room: int) -> str:
    """Name what the directory already says against a member."""
    if info.flag_bits & _ENCRYPTED:
        return "encrypted"
    if info.file_size > _FREE and info.file_size > _RATIO * max(info.compress_size, 1):
        return "bomb"
    return "too-large" if info.file_size > room else ""


def name_of(info: zipfile.ZipInfo) -> str:
    """Give a member's name: what says that it is Unicode is, else it is UTF-8 or Shift_JIS.

    Windows in Japan writes names in Shift_JIS and says nothing of it; the zip format would have
    them read in the letters of the first IBM PC.
    """
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    told = _unicode_path(info.extra, raw)
    if told is not None:
        return told
    for codec in ("ascii", "utf-8", "cp932"):
        try:
            return raw.decode(codec)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """Read Info-ZIP's field with the name in UTF-8; it counts when it belongs to this name."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _UNICODE_PATH and len(body) > 5 and body[0] == 1:  # noqa: PLR2004 - its head
            if struct.unpack_from("<L", body, 1)[0] != zlib.crc32(raw):
                return None
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None
