"""The `meta` box of HEIF and AVIF: items, where their data is, and what refers to what."""

from dataclasses import dataclass, field
from typing import NamedTuple

from meti_desk.formats.image.bmff import Box, Reader, boxes
from meti_desk.formats.image.data import Content, Data, damaged

IN_FILE, IN_IDAT, IN_ITEM = 0, 1, 2
RDF = b"application/rdf+xml"
_LARGE = (b"mdat", b"moov", b"meta", b"moof")
_MOST_ITEMS = 1 << 16
_MOST_EXTENTS = 1 << 16


class Extent(NamedTuple):
    """A piece of an item: its index (for pieces of other items), offset and length."""

    part: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Location:
    """Where an item's data is. `reference` other than 0 means another file.

    `start` and `stop` tell where `iloc` says so.
    """

    item: int
    method: int
    reference: int
    extents: tuple[Extent, ...]
    start: int = 0
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item as `infe` describes it; `start` and `stop` are that box."""

    id: int
    kind: bytes
    content_type: bytes
    start: int
    stop: int

    @property
    def is_xmp(self) -> bool:
        """Tell whether it is an XMP packet."""
        return self.kind == b"mime" and self.content_type.lower().startswith(RDF)


class Reference(NamedTuple):
    """One item refers to others; `start` and `stop` are its box inside `iref`."""

    kind: bytes
    source: int
    targets: tuple[int, ...]
    start: int
    stop: int


@dataclass(slots=True)
class Meta:
    """What a `meta` box says. `boxes` are its children by kind."""

    box: Box
    boxes: dict[bytes, Box] = field(default_factory=dict)
    others: list[Box] = field(default_factory=list)
    primary: int = 0
    items: dict[int, Item] = field(default_factory=dict)
    locations: dict[int, Location] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    wide_references: bool = False

    def spans(self, data: Data, item: int) -> Content:
        """Give the spans of an item's data; what lies elsewhere is given by its description."""
        place = self.locations.get(item)
        if place is None:
            return ()
        idat = self.boxes.get(b"idat")
        if place.reference or place.method == IN_ITEM or (place.method == IN_IDAT and not idat):
            return (repr((place.method, place.reference, place.extents)).encode(),)
        start = idat.body if place.method == IN_IDAT and idat else 0
        found: list[bytes | tuple[int, int]] = []
        for one in place.extents:
            at = start + one.offset
            stop = at + one.length if one.length else data.size
            if stop > data.size:
                raise damaged("item")
            found.append((at, stop))
        return tuple(found)


def top_level(data: Data) -> list[Box]:
    """Give the boxes of the file; `document.damaged` where one of them is cut off.

    Other bytes may stand behind the last box.
    """
    found = list(boxes(data, 0, data.size))
    end = found[-1].stop if found else 0
    if not found or data[end + 4 : end + 8] in _LARGE:
        raise damaged("box-cut-off")
    return found


def read_meta(data: Data, top: list[Box]) -> Meta:
    """Read the file's `meta` box; `document.damaged` where there is none or it does not hold."""
    box = next((one for one in top if one.kind == b"meta"), None)
    if box is None:
        raise damaged("meta")
    meta = Meta(box)
    for child in boxes(data, box.body + 4, box.stop):
        if child.kind in (b"pitm", b"iinf", b"iloc", b"iref", b"idat", b"iprp"):
            if child.kind in meta.boxes:
                raise damaged("meta-twice")
            meta.boxes[child.kind] = child
        else:
            meta.others.append(child)
    if b"iinf" not in meta.boxes or b"iloc" not in meta.boxes:
        raise damaged("meta-items")
    _primary(data, meta)
    _items(data, meta)
    _locations(data, meta)
    _references(data, meta)
    return meta


def _block(data: Data, box: Box) -> Reader:
    return Reader(data.exact(box.body, box.stop - box.body, "box"))


def _primary(data: Data, meta: Meta) -> None:
    box = meta.boxes.get(b"pitm")
    if box is not None:
        block = _block(data, box)
        wide = block.number(1) > 0
        block.number(3)
        meta.primary = block.number(4 if wide else 2)


def _items(data: Data, meta: Meta) -> None:
    box = meta.boxes[b"iinf"]
    head = _block(data, box)
    start = box.body + (6 if head.number(1) == 0 else 8)
    for one in boxes(data, start, box.stop):
        if one.kind != b"infe":
            continue
        block = _block(data, one)
        version = block.number(1)
        block.number(3)
        if version < 2:  # noqa: PLR2004 - from there on items have a kind
            item = Item(block.number(2), b"", b"", one.start, one.stop)
        else:
            number = block.number(2 if version == 2 else 4)  # noqa: PLR2004
            block.number(2)
            kind = block.number(4).to_bytes(4, "big")
            block.string()
            told = block.string() if kind in (b"mime", b"uri ") else b""
            item = Item(number, kind, told, one.start, one.stop)
        if item.id in meta.items or len(meta.items) > _MOST_ITEMS:
            raise damaged("items")
        meta.items[item.id] = item


def _locations(data: Data, meta: Meta) -> None:
    box = meta.boxes[b"iloc"]
    block = _block(data, box)
    version = block.number(1)
    block.number(3)
    sizes = block.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    wide = 4 if version > 1 else 2
    total = 0
    for _ in range(block.number(wide)):
        start = box.body + block.at
        item = block.number(wide)
        method = block.number(2) & 15 if version else IN_FILE
        reference = block.number(2)
        base = block.number(base_size)
        extents = []
        for _ in range(block.number(2)):
            index = block.number(index_size)
            offset = base + block.number(offset_size)
            extents.append(Extent(index, offset, block.number(length_size)))
            total += 1
            if total > _MOST_EXTENTS:
                raise damaged("extents")
        stop = box.body + block.at
        meta.locations[item] = Location(item, method, reference, tuple(extents), start, stop)


def _references(data: Data, meta: Meta) -> None:
    box = meta.boxes.get(b"iref")
    if box is None:
        return
    meta.wide_references = _block(data, box).number(1) > 0
    size = 4 if meta.wide_references else 2
    for one in boxes(data, box.body + 4, box.stop):
        block = _block(data, one)
        source = block.number(size)
        targets = tuple(block.number(size) for _ in range(block.number(2)))
        meta.references.append(Reference(one.kind, source, targets, one.start, one.stop))
