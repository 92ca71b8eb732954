"""Writes the compound file that carries an encrypted Office document ([MS-CFB], [MS-OFFCRYPTO]).

The layout is always the same - eight streams and storages around one large stream - so the large
stream goes straight to the file and everything else is put behind it: constant memory, one pass.
Sectors of 512 bytes, streams below 4,096 bytes in the mini stream, as the format demands.
"""

import struct
from typing import BinaryIO

SECTOR = 512
MINI = 64
MINI_LIMIT = 4096
FREE, END, FAT_SECTOR, DIFAT_SECTOR, NONE = (
    0xFFFFFFFF,
    0xFFFFFFFE,
    0xFFFFFFFD,
    0xFFFFFFFC,
    0xFFFFFFFF,
)
_PER_SECTOR = SECTOR // 4
_IN_HEADER = 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


def _prefixed(text: str) -> bytes:
    """Write a string as UNICODE-LP-P4: length in bytes, UTF-16, padded to four bytes."""
    raw = text.encode("utf-16-le")
    return struct.pack("<I", len(raw)) + raw + b"\0" * (-len(raw) % 4)


_VERSIONS = struct.pack("<6H", 1, 0, 1, 0, 1, 0)
_ENTRY = struct.pack("<II", 1, 0) + _prefixed("EncryptedPackage")
_ENTRY += _prefixed("StrongEncryptionDataSpace")
_TRANSFORM = _prefixed("{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}")

VERSION = _prefixed("Microsoft.Container.DataSpaces") + _VERSIONS
DATA_SPACE_MAP = struct.pack("<III", 8, 1, len(_ENTRY) + 4) + _ENTRY
DATA_SPACE = struct.pack("<II", 8, 1) + _prefixed("StrongEncryptionTransform")
PRIMARY = (
    struct.pack("<II", 8 + len(_TRANSFORM), 1)
    + _TRANSFORM
    + _prefixed("Microsoft.Container.EncryptionTransform")
    + _VERSIONS
    + struct.pack("<4I", 0, 0, 0, 4)
)

# name, kind, colour, left, right, child, content; the tree is ordered by length, then by name.
_TREE = (
    ("Root Entry", _ROOT, _BLACK, NONE, NONE, 10, b""),
    ("EncryptedPackage", _STREAM, _BLACK, NONE, NONE, NONE, b""),
    ("\x06DataSpaces", _STORAGE, _BLACK, NONE, NONE, 4, b""),
    ("Version", _STREAM, _BLACK, NONE, NONE, NONE, VERSION),
    ("DataSpaceMap", _STREAM, _BLACK, 3, 5, NONE, DATA_SPACE_MAP),
    ("DataSpaceInfo", _STORAGE, _BLACK, NONE, 7, 6, b""),
    ("StrongEncryptionDataSpace", _STREAM, _BLACK, NONE, NONE, NONE, DATA_SPACE),
    ("TransformInfo", _STORAGE, _RED, NONE, NONE, 8, b""),
    ("StrongEncryptionTransform", _STORAGE, _BLACK, NONE, NONE, 9, b""),
    ("\x06Primary", _STREAM, _BLACK, NONE, NONE, NONE, PRIMARY),
    ("EncryptionInfo", _STREAM, _BLACK, 2, 1, NONE, b""),
)
_PACKAGE, _INFO = 1, 10


class PackageWriter:
    """Takes the encrypted package piece by piece, then the rest; `target` must be seekable."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._size = 0
        self._start = b""
        target.seek(0)
        target.write(b"\0" * SECTOR)

    def write(self, data: bytes) -> None:
        """Append to the package stream."""
        if len(self._start) < MINI_LIMIT:
            self._start += data[: MINI_LIMIT - len(self._start)]
        self._target.write(data)
        self._size += len(data)

    def finish(self, info: bytes) -> None:
        """Write the `EncryptionInfo` stream and all that makes the file a compound file."""
        package_sectors = 0
        contents = {_INFO: info}
        if self._size < MINI_LIMIT:
            contents[_PACKAGE] = self._start[: self._size]
            self._target.seek(SECTOR)
            self._target.truncate()
        else:
            package_sectors = _pad(self._target, self._size)
        mini, mini_fat, places = _mini_stream(contents)
        first_mini = package_sectors
        first_mini_fat = first_mini + _count(len(mini), SECTOR)
        first_directory = first_mini_fat + _count(len(mini_fat), SECTOR)
        places.setdefault(_PACKAGE, (0 if self._size else END, self._size))
        places[0] = (first_mini, len(mini))
        directory = _directory(places)
        for part in (mini, mini_fat, directory):
            self._target.write(part + b"\0" * (-len(part) % SECTOR))
        runs = [
            package_sectors,
            first_mini_fat - first_mini,
            first_directory - first_mini_fat,
            len(directory) // SECTOR,
        ]
        self._close(runs, first_directory, first_mini_fat)

    def _close(self, runs: list[int], first_directory: int, first_mini_fat: int) -> None:
        """Write the allocation table, its index and the header."""
        used = sum(runs)
        fat_count, difat_count = _table_sizes(used)
        table: list[int] = []
        for length in runs:
            begin = len(table)
            table += [*range(begin + 1, begin + length), END] if length else []
        table += [FAT_SECTOR] * fat_count + [DIFAT_SECTOR] * difat_count
        table += [FREE] * (fat_count * _PER_SECTOR - len(table))
        self._target.write(struct.pack(f"<{len(table)}I", *table))
        fat = list(range(used, used + fat_count))
        first_difat = used + fat_count
        rest = fat[_IN_HEADER:]
        for index in range(difat_count):
            part = rest[index * (_PER_SECTOR - 1) : (index + 1) * (_PER_SECTOR - 1)]
            part += [FREE] * (_PER_SECTOR - 1 - len(part))
            following = first_difat + index + 1 if index + 1 < difat_count else END
            self._target.write(struct.pack(f"<{_PER_SECTOR}I", *part, following))
        self._target.seek(0)
        self._target.write(
            struct.pack(
                "<8s16x5H6x10I",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                0x3E,
                3,
                0xFFFE,
                9,
                6,
                0,
                fat_count,
                first_directory,
                0,
                MINI_LIMIT,
                first_mini_fat,
                runs[2],
                first_difat if difat_count else END,
                difat_count,
                *fat[:1],
            )
        )
        head = fat[1:_IN_HEADER]
        head += [FREE] * (_IN_HEADER - 1 - len(head))
        self._target.write(struct.pack(f"<{len(head)}I", *head))
        self._target.seek(0, 2)


def _count(size: int, unit: int) -> int:
    return -(-size // unit)


def _pad(target: BinaryIO, size: int) -> int:
    target.write(b"\0" * (-size % SECTOR))
    return _count(size, SECTOR)


def _table_sizes(used: int) -> tuple[int, int]:
    """Find how many sectors the allocation table and its index need: they list themselves too."""
    fat = difat = 0
    while True:
        need = _count(used + fat + difat, _PER_SECTOR)
        index = _count(max(0, need - _IN_HEADER), _PER_SECTOR - 1)
        if (need, index) == (fat, difat):
            return fat, difat
        fat, difat = need, index


def _mini_stream(contents: dict[int, bytes]) -> tuple[bytes, bytes, dict[int, tuple[int, int]]]:
    """Lay the small streams one after the other; gives stream, its table, and the places."""
    stream = b""
    table: list[int] = []
    places: dict[int, tuple[int, int]] = {}
    for index, row in enumerate(_TREE):
        content = contents.get(index, row[6])
        if not content:
            continue
        begin, length = len(table), _count(len(content), MINI)
        places[index] = (begin, len(content))
        table += [*range(begin + 1, begin + length), END]
        stream += content + b"\0" * (-len(content) % MINI)
    table += [FREE] * (-len(table) % _PER_SECTOR)
    return stream, struct.pack(f"<{len(table)}I", *table), places


def _directory(places: dict[int, tuple[int, int]]) -> bytes:
    """Write the directory; times stay empty, because they tell a stranger when it was made."""
    out = b""
    for index, (name, kind, colour, left, right, child, _) in enumerate(_TREE):
        raw = name.encode("utf-16-le") + b"\0\0"
        begin, size = places.get(index, (END if kind == _STREAM else 0, 0))
        out += raw.ljust(64, b"\0")
        out += struct.pack("<HBB3I", len(raw), kind, colour, left, right, child)
        out += b"\0" * 36 + struct.pack("<IQ", begin, size)
    empty = b"\0" * 64 + struct.pack("<HBB3I", 0, 0, 0, NONE, NONE, NONE) + b"\0" * 48
    return out + empty * (-len(_TREE) % (SECTOR // 128))
