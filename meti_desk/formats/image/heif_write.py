"""Putting an XMP packet into a HEIF or AVIF file.

The coded pictures are never moved within their `mdat`; where `meta` grows, all that names a place
in the file - `iloc`, and the chunks of a sequence's tracks - is written anew.
"""

import struct
from collections.abc import Iterator, Sequence

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats import xmp
from meti_desk.formats.image.bmff import Box, boxes, make_box, resized
from meti_desk.formats.image.data import Data, Splice, damaged, moved
from meti_desk.formats.image.heif_meta import IN_FILE, Extent, Item, Location, Meta

_ROOM = 1024
_NARROW = 0xFFFF
_LONG = 0xFFFFFFFF
_TRACKS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def put(
    data: Data, top: Sequence[Box], meta: Meta, standing: Sequence[Item], packets: Sequence[bytes]
) -> list[Splice]:
    """Tell what to change so that the items hold these packets; a new item is made for a new one.

    An item that is to be empty gets a packet that says nothing: taking items away is no label.
    """
    nothing = xmp.packet(xmp.parse(xmp.EMPTY))
    splices: list[Splice] = []
    rooms: dict[int, bytes] = {}
    for number, packet in enumerate(packets):
        if number < len(standing):
            item = standing[number].id
            inside = _in_place(meta, item, packet or nothing)
            if inside:
                splices.append(inside)
            else:
                rooms[item] = packet or nothing
        elif packet:
            item = max(meta.items, default=0) + 1
            if item > _NARROW:
                raise damaged("items")
            rooms[item] = packet
            splices += _announced(data, meta, item)
    if rooms:
        splices += _stored(data, top, meta, rooms, splices)
    return splices


def _in_place(meta: Meta, item: int, packet: bytes) -> Splice | None:
    """Write over the old packet where it is one piece and large enough."""
    place = meta.locations.get(item)
    if place is None or place.method != IN_FILE or place.reference or len(place.extents) != 1:
        return None
    (one,) = place.extents
    if not one.length or len(packet) > one.length:
        return None
    return Splice(one.offset, one.offset + one.length, xmp.fill(packet, one.length))


def _announced(data: Data, meta: Meta, item: int) -> list[Splice]:
    """Describe a new item: in `iinf`, and in `iref` that it is about the primary picture."""
    described = make_box(b"infe", struct.pack(">LHH4s", 0x02000001, item, 0, b"mime")
                         + b"\0application/rdf+xml\0")  # fmt: skip
    box = meta.boxes[b"iinf"]
    size = 4 if data.number(box.body, 1) else 2
    count = data.number(box.body + 4, size) + 1
    at = box.body + 4
    splices = [
        resized(data, box, len(described)),
        Splice(at, at + size, count.to_bytes(size, "big")),
        Splice(box.stop, box.stop, described),
    ]
    if not meta.primary:
        return splices
    shape = ">LHL" if meta.wide_references else ">HHH"
    about = make_box(b"cdsc", struct.pack(shape, item, 1, meta.primary))
    known = meta.boxes.get(b"iref")
    if known is None:
        whole = make_box(b"iref", bytes(4) + about)
        return [*splices, Splice(meta.box.stop, meta.box.stop, whole)]
    return [*splices, resized(data, known, len(about)), Splice(known.stop, known.stop, about)]


def _stored(
    data: Data, top: Sequence[Box], meta: Meta, rooms: dict[int, bytes], before: list[Splice]
) -> list[Splice]:
    """Write the packets into a box of their own at the end, and all places anew."""
    last = top[-1]
    splices: list[Splice] = []
    dropped = 0
    for item in rooms:
        splices += _wiped(data, meta, item)
        if _holds_only(meta, last, item):
            splices = [Splice(last.start, last.stop, b"")]
            dropped = 1
    end = last.stop
    if last.open and not dropped:
        splices.append(_closed(last))
    filled = {
        item: xmp.fill(packet, -(-(len(packet) + _ROOM // 4) // _ROOM) * _ROOM)
        for item, packet in rooms.items()
    }
    # The length of the table does not depend on the places in it, which depend on its length.
    places = {item: Extent(0, 0, len(packet)) for item, packet in filled.items()}
    iloc = meta.boxes[b"iloc"]
    wide = 8 if data.size + (1 << 26) > _LONG else 4
    length = len(_table(data, meta, places, [], wide))
    grown = [*before, *splices, Splice(iloc.start, iloc.stop, bytes(length))]
    more = sum(len(s.new) - (s.stop - s.start) for s in grown if meta.box.body <= s.start
               and s.stop <= meta.box.stop)  # fmt: skip
    at = moved(end, grown) + 8
    for item, packet in filled.items():
        places[item] = Extent(0, at, len(packet))
        at += len(packet)
    return [
        *splices,
        Splice(iloc.start, iloc.stop, _table(data, meta, places, grown, wide)),
        resized(data, meta.box, more),
        *_tracks(data, top, grown),
        Splice(end, end, make_box(b"mdat", b"".join(filled.values()))),
    ]


def _wiped(data: Data, meta: Meta, item: int) -> list[Splice]:
    """Blank an old packet that lies in the file: it may tell what its successor does not."""
    spans = [one for one in meta.spans(data, item) if isinstance(one, tuple)]
    return [Splice(start, stop, b" " * (stop - start)) for start, stop in spans]


def _holds_only(meta: Meta, box: Box, item: int) -> bool:
    place = meta.locations.get(item)
    if place is None or place.method != IN_FILE or box.kind != b"mdat":
        return False
    whole = (Extent(0, box.body, box.stop - box.body),)
    return place.extents == whole


def _closed(box: Box) -> Splice:
    """Give the last box the size that it left open, so that another can follow."""
    size = box.stop - box.start
    if size > _LONG:
        raise InvalidInput("document.too-large", size=size, limit=_LONG)
    return Splice(box.start, box.start + 4, struct.pack(">L", size))


def _table(
    data: Data, meta: Meta, places: dict[int, Extent], splices: Sequence[Splice], wide: int
) -> bytes:
    """Write `iloc` with the places as they are after the splices, and those of new items."""
    version = data.number(meta.boxes[b"iloc"].body, 1)
    indexed = any(e.part for one in meta.locations.values() for e in one.extents)
    size = 4 if version > 1 else 2
    locations = {
        **meta.locations,
        **{item: Location(item, IN_FILE, 0, (extent,)) for item, extent in places.items()},
    }
    sizes = wide << 12 | wide << 8 | (wide if indexed else 0)
    written = [struct.pack(">LH", version << 24, sizes), len(locations).to_bytes(size, "big")]
    for one in locations.values():
        written.append(one.item.to_bytes(size, "big"))
        if version:
            written.append(one.method.to_bytes(2, "big"))
        written.append(struct.pack(">HH", one.reference, len(one.extents)))
        moves = one.method == IN_FILE and not one.reference and one.item not in places
        for extent in one.extents:
            offset = moved(extent.offset, splices) if moves else extent.offset
            if indexed:
                written.append(extent.part.to_bytes(wide, "big"))
            written += [offset.to_bytes(wide, "big"), extent.length.to_bytes(wide, "big")]
    return make_box(b"iloc", b"".join(written))


def _tracks(data: Data, top: Sequence[Box], splices: Sequence[Splice]) -> Iterator[Splice]:
    """Write the places of a sequence's chunks anew."""
    if any(one.kind == b"moof" for one in top):
        raise damaged("fragments")
    for box, size in chunk_tables(data, top):
        start = box.body + 8
        count = data.number(box.body + 4, 4)
        table = data.exact(start, count * size, "chunks")
        places = [int.from_bytes(table[n : n + size], "big") for n in range(0, len(table), size)]
        new = b"".join(moved(one, splices).to_bytes(size, "big") for one in places)
        yield Splice(start, start + len(table), new)


def chunk_tables(data: Data, level: Sequence[Box]) -> Iterator[tuple[Box, int]]:
    """Give the tables of a movie that hold places in the file, with the size of their numbers."""
    for box in level:
        if box.kind in _TRACKS:
            yield from chunk_tables(data, list(boxes(data, box.body, box.stop)))
        elif box.kind in (b"stco", b"co64"):
            yield box, 4 if box.kind == b"stco" else 8
