"""Writes a zip file member by member, of compressed bytes whose sizes are known."""

import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from meti_desk.domain.errors import InvalidInput

if TYPE_CHECKING:
    import zipfile

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END = struct.Struct("<4s4H2LH")
STORED, DEFLATED = 0, 8
"""The two methods of compression that documents use."""
_UTF8_NAME = 0x800
DOS_DATE_1980 = (1 << 5) | 1
_ZIP64_EXTRA = 1
_MAX_32 = 0xFFFFFFFF
_MAX_16 = 0xFFFF


class Numbers(NamedTuple):
    """What a header says of a member; sizes in bytes."""

    method: int
    crc: int
    packed: int
    size: int


class Dress(NamedTuple):
    """What a header says beside the numbers; `flags` has the bit for a name in UTF-8 alone.

    `date` and `time` are those of MS-DOS; `inside` and `outside` the attributes.
    """

    raw_name: bytes
    flags: int
    date: int
    time: int
    extra: bytes
    comment: bytes
    system: int
    outside: int
    inside: int


class ZipWriter:
    """Writes local headers, data and the directory; every size is known before it is written."""

    def __init__(self, target: BinaryIO) -> None:
        """Begin at the start of `target`, which is empty."""
        self._target = target
        self._at = 0
        self._directory: list[bytes] = []

    def write(
        self,
        name: str,
        pieces: Iterable[bytes | memoryview],
        numbers: Numbers,
        info: "zipfile.ZipInfo | None",
        *,
        level_bits: int = 0,
    ) -> None:
        """Write one member; `pieces` are its compressed bytes, `info` what it was like before.

        Raises `InvalidInput("document.too-large")` where the sizes would need zip64.
        """
        self.write_dressed(name, pieces, numbers, dress_of(name, info), level_bits=level_bits)

    def write_dressed(
        self,
        name: str,
        pieces: Iterable[bytes | memoryview],
        numbers: Numbers,
        dress: Dress,
        *,
        level_bits: int = 0,
    ) -> None:
        """Write one member with headers that are known; else as `write`."""
        method, crc, packed, size = numbers
        raw_name, flags, date, time, extra, comment, system, outside, inside = dress
        flags |= level_bits
        if size > _MAX_32 or self._at + packed + _LOCAL.size > _MAX_32:
            raise InvalidInput("document.too-large", member=name, size=size, limit=_MAX_32)
        local = _LOCAL.pack(
            b"PK\x03\x04", 20, flags, method, time, date, crc, packed, size,
            len(raw_name), len(extra),
        )  # fmt: skip
        central = _CENTRAL.pack(
            b"PK\x01\x02", 20, system, 20, 0, flags, method, time, date, crc, packed, size,
            len(raw_name), len(extra), len(comment), 0, inside, outside, self._at,
        )  # fmt: skip
        self._directory.append(central + raw_name + extra + comment)
        self._target.write(local + raw_name + extra)
        for piece in pieces:
            self._target.write(piece)
        self._at += len(local) + len(raw_name) + len(extra) + packed

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


def _encoded(name: str, info: "zipfile.ZipInfo | None") -> tuple[bytes, int]:
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


def dress_of(name: str, info: "zipfile.ZipInfo | None") -> Dress:
    """Give what the headers of a member say; without `info` as if nobody had made it."""
    raw_name, flags = _encoded(name, info)
    return Dress(raw_name, flags, *_stamp(info))


def _stamp(info: "zipfile.ZipInfo | None") -> tuple[int, int, bytes, bytes, int, int, int]:
    """Give date, time, extra, comment, system, external and internal attributes of a member."""
    if info is None:
        return DOS_DATE_1980, 0, b"", b"", 0, 0, 0
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
