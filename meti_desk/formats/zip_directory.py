"""Reads the directory of a zip: quickly where it is written plainly, else by the library.

A document is opened several times while it is labelled, and its directory costs more than its
text. What is not quite plain - zip64, a comment, bytes before the first member, an odd extra field
or name - is left to `zipfile`, so that both ways read every file alike.
"""

import struct
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from meti_desk.formats.zip_writer import Dress, dress_of

if TYPE_CHECKING:
    import zipfile

_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800
_NEWEST_VERSION = 63
_LONGEST_END = 1 << 20
"""Of a longer directory the last part has to do; a file may say of itself what it likes."""
_LOCATOR = 20
"""Length of the record of zip64 that stands before the end."""
_MAX_16, _MAX_32 = 0xFFFF, 0xFFFFFFFF
_LARGEST = 16 << 20
"""Bytes of a directory that is read at once."""
_OWN_WAYS = (0x0001, 0x7075)
"""Extra fields that change what the rest says: sizes of zip64, another name."""

At = Callable[[int, int], bytes]
"""Gives so many bytes from a place of the file."""


class Member:
    """One file inside, as the directory describes it; sizes in bytes.

    `header_at` is where its own header begins, `data_at` where its bytes do. `dress` is what the
    headers of a copy say beside the numbers.
    """

    def __init__(
        self, name: str, method: int, flags: int, crc: int, packed: int, size: int,
        header_at: int, dress: Dress,
    ) -> None:  # fmt: skip
        """Take the fields as they stand; `data_at` is known once the header was read."""
        self.name = name
        self.method = method
        self.flags = flags
        self.crc = crc
        self.packed = packed
        self.size = size
        self.header_at = header_at
        self.data_at = 0
        self.dress = dress

    @cached_property
    def info(self) -> "zipfile.ZipInfo":
        """Describe it as `zipfile` does, from the directory alone."""
        import zipfile

        dress = self.dress
        day, time = dress.date, dress.time
        raw = dress.raw_name
        spelled = raw.decode("utf-8") if self.flags & _UTF8 else raw.decode("cp437")
        info = zipfile.ZipInfo(
            spelled,
            ((day >> 9) + 1980, (day >> 5) & 0xF, day & 0x1F, time >> 11, (time >> 5) & 0x3F,
             (time & 0x1F) * 2),
        )  # fmt: skip
        info.filename = self.name
        info.compress_type, info.flag_bits, info.CRC = self.method, self.flags, self.crc
        info.compress_size, info.file_size = self.packed, self.size
        info.header_offset, info.extra, info.comment = self.header_at, dress.extra, dress.comment
        info.create_system = dress.system
        info.external_attr, info.internal_attr = dress.outside, dress.inside
        return info


def end_of(source: BinaryIO) -> tuple[int, bytes]:
    """Give the length of a file and the directory at its end, which has the sums of all members."""
    length = source.seek(0, 2)
    source.seek(max(0, length - _END.size))
    end = source.read(_END.size)
    told = int.from_bytes(end[12:16], "little") if end[:4] == b"PK\5\6" else _LONGEST_END
    wanted = min(told, _LONGEST_END) + _END.size
    source.seek(max(0, length - wanted))
    return length, source.read(wanted)


def read_directory(source: BinaryIO, at: At, length: int) -> tuple[list[Member], bytes]:
    """Give the members in their order, and the comment of the file.

    Raises `ValueError`, or what `zipfile` raises besides, for a file that cannot be read.
    """
    quick = _quick(at, length)
    if quick is not None:
        return quick, b""
    import zipfile

    try:
        with zipfile.ZipFile(source) as directory:
            return [_of(info) for info in directory.infolist()], directory.comment
    except zipfile.BadZipFile as bad:
        raise ValueError from bad


def _of(info: "zipfile.ZipInfo") -> Member:
    entry = Member(
        info.filename, info.compress_type, info.flag_bits, info.CRC, info.compress_size,
        info.file_size, info.header_offset, dress_of(info.filename, info),
    )  # fmt: skip
    entry.__dict__["info"] = info
    return entry


def _quick(at: At, length: int) -> list[Member] | None:
    """Read a plain directory; nothing where it is not."""
    if length < _END.size:
        return None
    mark, disk, first, here, count, size, offset, comment = _END.unpack(
        at(length - _END.size, _END.size)
    )
    if (
        (mark, disk, first, comment) != (b"PK\5\6", 0, 0, 0)
        or here != count
        or count == _MAX_16
        or size > _LARGEST
        or offset + size + _END.size != length
    ):
        return None
    raw = at(offset, size)
    if raw[-_LOCATOR:].startswith(b"PK\6\7"):
        return None
    found: list[Member] = []
    place = 0
    while place < size:
        read = _entry(raw, place)
        if read is None:
            return None
        entry, place = read
        found.append(entry)
    return found if len(found) == count and place == size else None


def _entry(raw: bytes, place: int) -> tuple[Member, int] | None:
    if place + _CENTRAL.size > len(raw):
        return None
    (
        mark, _, system, version, _, flags, method, time, date, crc, packed, size,
        name_size, extra_size, comment_size, _, inside, outside, header_at,
    ) = _CENTRAL.unpack_from(raw, place)  # fmt: skip
    name_at = place + _CENTRAL.size
    extra_at = name_at + name_size
    comment_at = extra_at + extra_size
    end = comment_at + comment_size
    if (
        mark != b"PK\1\2"
        or version > _NEWEST_VERSION
        or end > len(raw)
        or _MAX_32 in (packed, size, header_at)
    ):
        return None
    raw_name, extra = raw[name_at:extra_at], raw[extra_at:comment_at]
    utf8 = 0
    if raw_name.isascii():
        name = raw_name.decode("ascii")
    elif flags & _UTF8:
        utf8 = _UTF8
        try:
            name = raw_name.decode("utf-8")
        except UnicodeDecodeError:
            return None
    else:
        name = raw_name.decode("cp437")
    if "\0" in name or (extra and not _is_plain(extra)):
        return None
    comment = raw[comment_at:end]
    dress = Dress(raw_name, utf8, date, time, extra, comment, system, outside, inside)
    return Member(name, method, flags, crc, packed, size, header_at, dress), end


def _is_plain(extra: bytes) -> bool:
    """Tell whether extra fields are well-formed and change nothing."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, place)
        place += 4 + length
        if kind in _OWN_WAYS or place > len(extra):
            return False
    return True
