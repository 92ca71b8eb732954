"""Directories of a TIFF structure, as TIFF files and Exif have them; BigTIFF too."""

import struct
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from meti_desk.formats.image.data import damaged

SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8,
         17: 8, 18: 8}  # fmt: skip
"""Bytes of one value by type."""
_NUMBERS = {1: "B", 3: "H", 4: "L", 6: "b", 7: "B", 8: "h", 9: "l", 13: "L", 16: "Q", 17: "q",
            18: "Q"}  # fmt: skip
_BIG = 43
_CLASSIC = 42
_MOST_ENTRIES = 4096
_MOST_VALUES = 1 << 22
_MOST_DIRECTORIES = 4096


class Readable(Protocol):
    """Bytes, or a file read in pieces."""

    def __getitem__(self, span: slice, /) -> bytes:
        """Give a span."""


class Entry(NamedTuple):
    """One field. `place` is where its 12 (BigTIFF: 20) bytes stand, `at` where its value does."""

    tag: int
    kind: int
    number: int
    place: int
    at: int
    length: int


class Directory(NamedTuple):
    """One directory: where it stands, its fields, and where the next one is (0: none)."""

    place: int
    entries: tuple[Entry, ...]
    following: int
    link: int
    """Where the pointer to the next directory stands."""

    def find(self, tag: int) -> Entry | None:
        """Give the first field of this tag."""
        return next((one for one in self.entries if one.tag == tag), None)


class Tiff:
    """A TIFF structure in some bytes, with positions counted from its own head."""

    def __init__(self, data: Readable, size: int) -> None:
        self.data = data
        self.size = size
        head = data[0:16]
        self.order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        if not self.order or len(head) < 8:  # noqa: PLR2004 - the shortest head
            raise damaged("tiff-head")
        (magic,) = struct.unpack(self.order + "H", head[2:4])
        self.big = magic == _BIG
        if magic not in (_CLASSIC, _BIG) or (self.big and len(head) < 16):  # noqa: PLR2004
            raise damaged("tiff-head")
        self.entry_size = 20 if self.big else 12
        self.count_size = 8 if self.big else 2
        self.pointer_size = 8 if self.big else 4
        self.first_link = 8 if self.big else 4
        self.first = self._number(self.first_link, self.pointer_size)

    def number_format(self, size: int) -> str:
        """Give the `struct` format of an unsigned number."""
        return self.order + {1: "B", 2: "H", 4: "L", 8: "Q"}[size]

    def _number(self, at: int, size: int) -> int:
        piece = self.data[at : at + size]
        if len(piece) != size:
            raise damaged("tiff-cut-off")
        return int(struct.unpack(self.number_format(size), piece)[0])

    def directory(self, place: int) -> Directory:
        """Read one directory; `document.damaged` where it leaves the file."""
        count = self._number(place, self.count_size)
        start = place + self.count_size
        link = start + count * self.entry_size
        if place < self.first_link or count > _MOST_ENTRIES or link > self.size:
            raise damaged("tiff-directory")
        entries = tuple(self._entry(start + n * self.entry_size) for n in range(count))
        # Some writers leave out the last pointer of a file.
        whole = link + self.pointer_size <= self.size
        return Directory(
            place, entries, self._number(link, self.pointer_size) if whole else 0, link
        )

    def _entry(self, place: int) -> Entry:
        raw = self.data[place : place + self.entry_size]
        tag, kind = struct.unpack(self.order + "HH", raw[:4])
        inside = 4 + self.pointer_size
        (count,) = struct.unpack(self.number_format(self.pointer_size), raw[4:inside])
        length = SIZES.get(kind, 1) * count
        fits = length <= self.pointer_size
        at = place + inside if fits else self._number(place + inside, self.pointer_size)
        return Entry(tag, kind, count, place, at, length)

    def chain(self, place: int | None = None, most: int = _MOST_DIRECTORIES) -> Iterator[Directory]:
        """Give the directories that follow one another; a ring is `document.damaged`."""
        at = self.first if place is None else place
        known: set[int] = set()
        while at:
            if at in known or len(known) >= most:
                raise damaged("tiff-directories")
            known.add(at)
            one = self.directory(at)
            yield one
            at = one.following

    def raw(self, entry: Entry) -> bytes:
        """Give a field's value as it stands; `document.damaged` where it leaves the file."""
        if entry.at + entry.length > self.size or entry.length > _MOST_VALUES * 8:
            raise damaged("tiff-value")
        return self.data[entry.at : entry.at + entry.length]

    def numbers(self, entry: Entry | None) -> list[int]:
        """Give a field's whole numbers; none for another type."""
        if entry is None or entry.kind not in _NUMBERS or entry.number > _MOST_VALUES:
            return []
        raw = self.raw(entry)
        return list(struct.unpack(f"{self.order}{entry.number}{_NUMBERS[entry.kind]}", raw))
