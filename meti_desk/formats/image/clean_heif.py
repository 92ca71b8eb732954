"""Taking out of HEIF and AVIF the items that are no picture.

Nothing is moved: `meta` keeps its length - what its tables lose a `free` box takes up -, and the
data of what goes is overwritten with zeros.
"""

import struct
from collections.abc import Iterable

from meti_desk.formats import xmp
from meti_desk.formats.image import clean_exif, clean_xmp
from meti_desk.formats.image.bmff import Box, boxes, make_box
from meti_desk.formats.image.clean_tiff import complement
from meti_desk.formats.image.cleaner import (
    ITEM,
    THUMBNAIL,
    TIME,
    TRAILING,
    UNUSED,
    Cleaner,
)
from meti_desk.formats.image.data import Data, Splice, damaged
from meti_desk.formats.image.heif import TOLD, read_item, thumbnails
from meti_desk.formats.image.heif_meta import Item, Meta, read_meta, top_level

_TOP = frozenset({b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip"})
_BLANK = b"\0 "
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_MOVIE = (b"moov", b"trak", b"mdia")
_TOLD_PROPERTIES = (b"udes", b"crtt", b"mdft")
_FREE_HEAD = 8


class HeifCleaner:
    """One pass over boxes and items."""

    def __init__(self, data: Data, cleaner: Cleaner) -> None:
        self._data = data
        self._cleaner = cleaner
        self._top = top_level(data)
        self._meta: Meta = read_meta(data, self._top)
        self._gone: set[int] = set()
        self._written: list[Splice] = []

    def run(self) -> list[Splice]:
        """Look at everything; gives the changes."""
        self._items()
        self._written = self._told_properties()
        if self._gone:
            self._tables()
        else:
            self._cleaner.splices += self._written
        self._wipe_items()
        for box in self._top:
            self._box(box)
        end = self._top[-1].stop
        size = self._data.size
        if end < size and self._cleaner.found(TRAILING, "end", f"{size - end}"):
            self._cleaner.cut(end, size)
        return self._cleaner.splices

    def _items(self) -> None:
        """Decide on each item; label and handling stay in the first packet where provided."""
        small = thumbnails(self._meta)
        packets = 0
        for item in self._meta.items.values():
            if item.is_xmp:
                packets += 1
                goes = not self._packet(item, first=packets == 1)
            elif item.kind == b"Exif":
                goes = self._exif(item)
            elif item.kind in TOLD:
                goes = self._cleaner.found(ITEM, "item", item.content_type or item.kind)
            else:
                goes = item.id in small and self._cleaner.found(THUMBNAIL, "item")
            if goes:
                self._gone.add(item.id)

    def _packet(self, item: Item, *, first: bool) -> bool:
        block = read_item(self._data, self._meta, item).rstrip(_BLANK)
        left = clean_xmp.clean(self._cleaner, block, "item", first=first)
        if not left or left == block:
            return bool(left)
        room = sum(stop - start for start, stop in self._spans([item.id]))
        self._fill(item, xmp.fill(left, room))
        return True

    def _exif(self, item: Item) -> bool:
        """Look into Exif; where nothing but the orientation is left the item is not needed.

        How the picture stands is told by its properties.
        """
        whole = read_item(self._data, self._meta, item)
        head = 4 + int.from_bytes(whole[:4], "big")
        left = clean_exif.clean(self._cleaner, whole[head:], "item")
        if left == whole[head:]:
            return False
        if len(left) <= clean_exif.SMALLEST:
            return True
        self._fill(item, (whole[:head] + left).ljust(len(whole), b"\0"))
        return False

    def _fill(self, item: Item, new: bytes) -> None:
        """Write an item's content into the places that it has."""
        for start, stop in self._spans([item.id]):
            self._cleaner.cut(start, stop, new[: stop - start])
            new = new[stop - start :]
        if new:
            raise damaged("item-size")

    def _tables(self) -> None:
        """Write the tables of `meta` without what went, and fill up what they lose."""
        meta = self._meta
        changed = {
            b"iinf": self._entries(),
            b"iloc": self._locations(),
            b"iref": self._references(),
            b"iprp": self._properties(),
        }
        lost = 0
        last = max(meta.boxes[kind].stop for kind in changed if kind in meta.boxes)
        for kind, new in changed.items():
            box = meta.boxes.get(kind)
            if box is None or new is None:
                continue
            lost += box.stop - box.start - len(new)
            if box.stop == last:
                continue
            self._cleaner.cut(box.start, box.stop, new)
        if lost < _FREE_HEAD:
            raise damaged("meta-room")
        box = next(one for one in meta.boxes.values() if one.stop == last)
        new = changed[box.kind]
        whole = self._data[box.start : box.stop] if new is None else new
        self._cleaner.cut(box.start, box.stop, whole + make_box(b"free", bytes(lost - _FREE_HEAD)))

    def _entries(self) -> bytes:
        box = self._meta.boxes[b"iinf"]
        kept = [one for one in self._meta.items.values() if one.id not in self._gone]
        size = 2 if self._data.number(box.body, 1) == 0 else 4
        head = self._data[box.body : box.body + 4] + len(kept).to_bytes(size, "big")
        return make_box(b"iinf", head + b"".join(self._data[i.start : i.stop] for i in kept))

    def _locations(self) -> bytes:
        box = self._meta.boxes[b"iloc"]
        kept = [one for one in self._meta.locations.values() if one.item not in self._gone]
        size = 4 if self._data.number(box.body, 1) > 1 else 2
        head = self._data[box.body : box.body + 6] + len(kept).to_bytes(size, "big")
        return make_box(b"iloc", head + b"".join(self._data[o.start : o.stop] for o in kept))

    def _references(self) -> bytes | None:
        box = self._meta.boxes.get(b"iref")
        if box is None:
            return None
        size = 4 if self._meta.wide_references else 2
        written = []
        for one in self._meta.references:
            targets = [target for target in one.targets if target not in self._gone]
            if one.source in self._gone or not targets:
                continue
            numbers = b"".join(n.to_bytes(size, "big") for n in targets)
            head = one.source.to_bytes(size, "big") + struct.pack(">H", len(targets))
            written.append(make_box(one.kind, head + numbers))
        return make_box(b"iref", self._data[box.body : box.body + 4] + b"".join(written))

    def _properties(self) -> bytes | None:
        box = self._meta.boxes.get(b"iprp")
        if box is None:
            return None
        written = []
        for one in boxes(self._data, box.body, box.stop):
            if one.kind == b"ipma":
                written.append(self._associations(one))
                continue
            block = bytearray(self._data[one.start : one.stop])
            for start, stop, new in self._written:
                if one.start <= start < one.stop:
                    block[start - one.start : stop - one.start] = new
            written.append(bytes(block))
        return make_box(b"iprp", b"".join(written))

    def _associations(self, box: Box) -> bytes:
        block = self._data[box.body : box.stop]
        item_size, wide = 4 if block[0] else 2, 2 if block[3] & 1 else 1
        at, kept = 8, []
        for _ in range(int.from_bytes(block[4:8], "big")):
            item = int.from_bytes(block[at : at + item_size], "big")
            if at + item_size >= len(block):
                raise damaged("ipma")
            stop = at + item_size + 1 + block[at + item_size] * wide
            if item not in self._gone:
                kept.append(block[at:stop])
            at = stop
        return make_box(b"ipma", block[:4] + struct.pack(">L", len(kept)) + b"".join(kept))

    def _spans(self, items: Iterable[int]) -> list[tuple[int, int]]:
        return [one for item in items for one in self._meta.spans(self._data, item)
                if isinstance(one, tuple)]  # fmt: skip

    def _wipe_items(self) -> None:
        """Overwrite the data of what went, and what in the containers belongs to no item."""
        kept = self._spans(self._meta.items.keys() - self._gone)
        gone = self._spans(self._gone)
        holders = [one for one in self._top if one.kind == b"mdat"]
        if b"idat" in self._meta.boxes:
            holders.append(self._meta.boxes[b"idat"])
        movie = any(one.kind == b"moov" for one in self._top)
        for box in holders:
            known = [(0, box.body), *kept, *gone, (box.stop, self._data.size)]
            slack = [] if movie else [one for one in complement(known, box.stop)
                                      if self._tells(*one)]  # fmt: skip
            if slack and self._cleaner.found(UNUSED, box.kind.decode("latin-1")):
                self._zero(slack)
            inside = [(max(a, box.body), min(b, box.stop)) for a, b in gone]
            wiped = [
                (max(a, start), min(b, stop))
                for start, stop in complement([(0, box.body), *kept], box.stop)
                for a, b in inside
            ]
            self._zero([(a, b) for a, b in wiped if a < b])

    def _tells(self, start: int, stop: int) -> bool:
        return any(piece.strip(_BLANK) for piece in self._data.pieces(start, stop))

    def _zero(self, spans: Iterable[tuple[int, int]]) -> None:
        for start, stop in spans:
            if any(piece.strip(b"\0") for piece in self._data.pieces(start, stop)):
                self._cleaner.cut(start, stop, bytes(stop - start))

    def _box(self, box: Box) -> None:
        """Look at a box of the file: free space may tell something, unknown boxes do."""
        if box.kind in (b"free", b"skip"):
            if self._tells(box.body, box.stop) and self._cleaner.found(UNUSED, "free"):
                self._zero([(box.body, box.stop)])
        elif box.kind not in _TOP:
            name = box.kind.decode("latin-1")
            if self._cleaner.found(ITEM, name, f"{box.stop - box.body}"):
                self._free(box)
        elif box.kind == b"moov":
            self._movie(box)

    def _free(self, box: Box) -> None:
        self._cleaner.cut(box.start + 4, box.start + 8, b"free")
        self._zero([(box.body, box.stop)])

    def _told_properties(self) -> list[Splice]:
        """Find the properties in which people and programs write: description, times, device."""
        whole = self._meta.boxes.get(b"iprp")
        found = []
        for store in [] if whole is None else boxes(self._data, whole.body, whole.stop):
            for one in boxes(self._data, store.body, store.stop) if store.kind == b"ipco" else ():
                told = self._data[one.body + 4 : one.stop]
                if one.kind == b"colr":
                    if (left := self._cleaner.profile(told, "property")) != told:
                        found.append(Splice(one.body + 4, one.stop, left))
                    continue
                if one.kind not in _TOLD_PROPERTIES or not told.strip(b"\0"):
                    continue
                if self._cleaner.found(ITEM if one.kind == b"udes" else TIME, "property", told):
                    found.append(Splice(one.body + 4, one.stop, bytes(len(told))))
        return found

    def _movie(self, box: Box) -> None:
        for one in boxes(self._data, box.body, box.stop):
            if one.kind in _MOVIE:
                self._movie(one)
            elif one.kind in _TIMED:
                self._times(one)
            elif one.kind in (b"udta", b"meta", b"uuid"):
                name = one.kind.decode("latin-1")
                if self._cleaner.found(ITEM, name, f"{one.stop - one.body}"):
                    self._free(one)

    def _times(self, box: Box) -> None:
        size = 8 if self._data.number(box.body, 1) else 4
        start, stop = box.body + 4, box.body + 4 + 2 * size
        if self._tells(start, stop) and self._cleaner.found(TIME, box.kind.decode("latin-1")):
            self._cleaner.cut(start, stop, bytes(stop - start))


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a HEIF file tells besides its pictures; gives the changes that take it out."""
    return HeifCleaner(data, cleaner).run()
