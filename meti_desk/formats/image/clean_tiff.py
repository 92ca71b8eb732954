"""Taking out of a TIFF the fields that are not picture.

Nothing is moved: directories are shortened where they stand, and whatever no field that stays
points to is overwritten with zeros - values that went, and what was never pointed to.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from meti_desk.formats import xmp
from meti_desk.formats.image import clean_xmp, iptc, tiff
from meti_desk.formats.image.clean_exif import NOTE, position
from meti_desk.formats.image.cleaner import (
    EXIF,
    FIELD,
    IPTC,
    LOCATION,
    MAKER_NOTE,
    THUMBNAIL,
    UNUSED,
    Cleaner,
)
from meti_desk.formats.image.data import Data, Splice, damaged
from meti_desk.formats.image.ifd import Directory, Entry, Tiff

_LAYOUT = frozenset({254, 255, 273, 279, 280, 281, 282, 283, 296, 297, 324, 325, 513, 514})
"""Fields that place the picture on a page, or name where its data is."""
_PLACES = frozenset({33550, 33922, 34264, 34735, 34736, 34737})
_WRITTEN = frozenset(
    {
        *(269, 270, 271, 272, 285, 305, 306, 315, 316, 337, 33432, 36867, 36868, 42032, 42033),
        *range(0x9C9B, 0x9CA0),
    }
)
_EXIF, _GPS, _SUB = 34665, 34853, 330
_IPTC = (tiff.IPTC, tiff.PHOTOSHOP)
_OLD_TABLES = {519: 64, 520: 17 + 255, 521: 17 + 255}
"""Tables of old JPEG data that fields point to, with the most bytes that each can have."""
_OLD_DATA = 513
_ZEROS = 1 << 20
_DEEPEST = 2


class Page(NamedTuple):
    """A directory and what of it stays."""

    directory: Directory
    kept: tuple[Entry, ...]


class TiffCleaner:
    """One pass over the directories."""

    def __init__(self, data: Data, cleaner: Cleaner) -> None:
        self._data = data
        self._cleaner = cleaner
        self._tiff = Tiff(data, data.size)
        self._used: list[tuple[int, int]] = [(0, self._tiff.first_link + self._tiff.pointer_size)]
        self._known: list[tuple[int, int]] = list(self._used)

    def run(self) -> list[Splice]:
        """Look at every field; gives the changes."""
        for _, one in tiff.directories(self._tiff):
            self._known += self._reach(one, one.entries)
        for number, one in enumerate(self._tiff.chain(), 1):
            kept = tuple(e for e in one.entries if self._stays(e, number))
            self._shorten(Page(one, kept))
        self._wipe()
        return self._cleaner.splices

    def _reach(
        self, one: Directory, entries: Iterable[Entry], depth: int = 0
    ) -> Iterator[tuple[int, int]]:
        """Give the spans that a directory and some of its fields take up.

        With `depth` the directories that its fields point to are followed so far.
        """
        entries = list(entries)
        head = self._tiff.count_size + len(entries) * self._tiff.entry_size
        yield one.place, min(one.place + head + self._tiff.pointer_size, self._data.size)
        for entry in entries:
            if entry.length > self._tiff.pointer_size:
                yield entry.at, min(entry.at + entry.length, self._data.size)
            for inner in tiff.below(self._tiff, entry) if depth else ():
                yield from self._reach(inner, inner.entries, depth - 1)
        tags = {entry.tag for entry in entries}
        if {273, 279} <= tags or {324, 325} <= tags or _OLD_DATA in tags:
            yield from self._image(one)

    def _image(self, one: Directory) -> Iterator[tuple[int, int]]:
        yield from tiff.image_data(self._tiff, one)
        for tag, size in _OLD_TABLES.items():
            for place in self._tiff.numbers(one.find(tag)):
                yield place, min(place + size, self._data.size)
        old = self._tiff.numbers(one.find(_OLD_DATA))
        if old and one.find(_OLD_DATA + 1) is None:
            yield old[0], self._data.size

    def _stays(self, entry: Entry, page: int) -> bool:
        place = f"page {page}"
        if entry.tag == tiff.PROFILE:
            return self._profile(entry, place)
        if entry.tag == tiff.XMP:
            return self._packet(entry, place, first=page == 1)
        if entry.tag in (_EXIF, _GPS, _SUB):
            return self._below(entry, place)
        if entry.tag in tiff.SHOWN or entry.tag in _LAYOUT:
            return True
        return not self._cleaner.found(self._kind(entry), place, self._told(entry))

    def _kind(self, entry: Entry) -> str:
        if entry.tag in _PLACES:
            return LOCATION
        if entry.tag in _IPTC:
            return IPTC
        return EXIF if entry.tag in _WRITTEN else FIELD

    def _told(self, entry: Entry) -> bytes | str:
        if entry.at + entry.length > self._data.size or entry.kind not in (1, 2, 7):
            return f"{entry.tag}"
        raw = self._data[entry.at : entry.at + min(entry.length, 4096)]
        if entry.tag == tiff.IPTC:
            return " / ".join(text for _, text in iptc.texts_in(raw))
        if entry.tag == tiff.PHOTOSHOP:
            return " / ".join(text for _, text in iptc.texts_of(raw))
        return raw.rstrip(b"\0") if entry.kind == 2 else f"{entry.tag}"  # noqa: PLR2004 - text

    def _packet(self, entry: Entry, place: str, *, first: bool) -> bool:
        block = self._data.exact(entry.at, entry.length, "xmp").rstrip(b"\0")
        left = clean_xmp.clean(self._cleaner, block, place, first=first)
        if left and left != block:
            if len(left) > entry.length:
                raise damaged("xmp-size")
            new = xmp.fill(left, entry.length)
            self._cleaner.cut(entry.at, entry.at + entry.length, new)
        return bool(left)

    def _profile(self, entry: Entry, place: str) -> bool:
        if entry.at + entry.length <= self._data.size:
            whole = self._data.exact(entry.at, entry.length, "profile")
            if (left := self._cleaner.profile(whole, place)) != whole:
                self._cleaner.cut(entry.at, entry.at + entry.length, left)
        return True

    def _below(self, entry: Entry, place: str) -> bool:
        """Look at the directories that a field points to; tells whether any of them stays."""
        kept = [
            (one, self._entries_below(entry.tag, one, place))
            for one in tiff.below(self._tiff, entry)
        ]
        if not any(entries for _, entries in kept):
            if not kept:
                self._cleaner.found(FIELD, place, f"{entry.tag}")
            return False
        for one, entries in kept:
            if len(entries) == len(one.entries):
                self._used += self._reach(one, entries, _DEEPEST)
            else:
                self._shorten(Page(one, tuple(entries)), _DEEPEST)
        return True

    def _entries_below(self, tag: int, one: Directory, place: str) -> list[Entry]:
        if tag == _EXIF:
            note = [e for e in one.entries if e.tag == NOTE]
            other = [e for e in one.entries if e.tag != NOTE]
            stay = [] if note and self._cleaner.found(MAKER_NOTE, place) else note
            if other and not self._cleaner.found(EXIF, place, "Exif"):
                stay += other
            return sorted(stay)
        kind = LOCATION if tag == _GPS else THUMBNAIL
        told = position(self._tiff, one) if tag == _GPS else ""
        return [] if self._cleaner.found(kind, place, told) else list(one.entries)

    def _shorten(self, page: Page, depth: int = 0) -> None:
        one, kept = page
        self._used += self._reach(one, kept, depth)
        if len(kept) == len(one.entries):
            return
        size = self._tiff.entry_size
        written = tiff.directory_bytes(
            self._tiff, [self._data[e.place : e.place + size] for e in kept], one.following
        )
        self._cleaner.cut(one.place, one.place + len(written), written)

    def _wipe(self) -> None:
        """Overwrite what nothing points to any more, and cut it off at the end of the file."""
        size = self._data.size
        taken = list(self._cleaner.splices)
        orphans = [span for span in complement(self._known, size) if self._tells(*span)]
        if orphans and not self._cleaner.found(
            UNUSED, "file", f"{sum(stop - start for start, stop in orphans)}"
        ):
            self._used += orphans
        for start, stop in complement(self._used, size):
            if stop == size and not any(s.stop > start for s in taken):
                if start + start % 2 < size:
                    self._cleaner.cut(start, stop, bytes(start % 2))
            elif self._tells(start, stop):
                for at in range(start, stop, _ZEROS):
                    end = min(at + _ZEROS, stop)
                    self._cleaner.cut(at, end, bytes(end - at))

    def _tells(self, start: int, stop: int) -> bool:
        return any(piece.strip(b"\0") for piece in self._data.pieces(start, stop))


def complement(spans: Iterable[tuple[int, int]], size: int) -> Iterator[tuple[int, int]]:
    """Give what no span covers."""
    at = 0
    for start, stop in sorted(spans):
        if start > at:
            yield at, min(start, size)
        at = max(at, stop)
        if at >= size:
            return
    if at < size:
        yield at, size


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a TIFF tells besides its pictures; gives the changes that take it out."""
    return TiffCleaner(data, cleaner).run()
