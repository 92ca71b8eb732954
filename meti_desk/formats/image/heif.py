"""HEIC, HEIF and AVIF: XMP as an item of its own that is about the primary picture."""

import re
import struct
from collections.abc import Iterator, Sequence

from meti_desk.formats.image import exif, heif_write
from meti_desk.formats.image.bmff import Box, boxes
from meti_desk.formats.image.data import LARGEST_PART, Content, Data, Part, Splice, damaged
from meti_desk.formats.image.heif_meta import Item, Meta, read_meta, top_level
from meti_desk.formats.image.model import Picture
from meti_desk.formats.image.profile import without_device

_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_HEIF = frozenset({b"mif1", b"msf1", b"mif2"})
TOLD = frozenset({b"Exif", b"mime", b"uri ", b""})
"""Kinds of items that are no picture."""
_COLOURS = 12
"""Bytes of a box with a colour profile before the profile: size, `colr`, kind."""
_BLANK = re.compile(rb" {64,}")
"""An old packet that was wiped; no shorter one has room for a label."""


class Heif:
    """The container of HEIF files, whatever codec they hold."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name the variant by the brand that leads; a movie's brand is none of ours."""
        del data
        if head[4:8] != b"ftyp":
            return None
        major = head[8:12]
        if major in _AVIF:
            return "avif"
        if major in _HEIC:
            return "heic"
        if major in _HEIF:
            size = min(int.from_bytes(head[:4], "big"), len(head))
            others = {head[at : at + 4] for at in range(16, size, 4)}
            return "avif" if others & _AVIF else "heif"
        return None

    def read(self, data: Data) -> Picture:
        """Find the items and what they hold."""
        top = top_level(data)
        meta = read_meta(data, top)
        packets = tuple(read_item(data, meta, one).rstrip(b"\0 ") for one in _xmp(meta))
        block = _exif(data, meta)
        return Picture(
            variant=self.recognise(data[0:4096], data) or "heif",
            seen=tuple(_seen(data, top, meta)),
            rest=tuple(_rest(data, top, meta)),
            packets=packets,
            exif=block,
            texts=tuple(exif.texts_of(block)),
        )

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packets into their items, or into a new one."""
        top = top_level(data)
        meta = read_meta(data, top)
        return heif_write.put(data, top, meta, _xmp(meta), packets)


def _xmp(meta: Meta) -> list[Item]:
    return [one for one in meta.items.values() if one.is_xmp]


def read_item(data: Data, meta: Meta, item: Item) -> bytes:
    """Give an item's content."""
    pieces = meta.spans(data, item.id)
    return b"".join(
        data.exact(one[0], one[1] - one[0], "item") for one in pieces if isinstance(one, tuple)
    )


def _exif(data: Data, meta: Meta) -> bytes:
    """Give the Exif block; its first four bytes say where in it the TIFF head stands."""
    item = next((one for one in meta.items.values() if one.kind == b"Exif"), None)
    block = b"" if item is None else read_item(data, meta, item)
    return block[4 + int.from_bytes(block[:4], "big") :]


def thumbnails(meta: Meta) -> set[int]:
    """Give the items that are only a smaller copy of another."""
    return {one.source for one in meta.references if one.kind == b"thmb"}


def _seen(data: Data, top: Sequence[Box], meta: Meta) -> Iterator[Part]:
    """Give the coded pictures with their properties, in the order of their numbers."""
    small = thumbnails(meta)
    properties = _properties(data, meta)
    for one in sorted(meta.items.values(), key=lambda item: item.id):
        if one.kind in TOLD or one.id in small:
            continue
        refers = [
            (ref.kind, ref.targets)
            for ref in meta.references
            if ref.source == one.id and ref.kind in (b"dimg", b"auxl")
        ]
        told = repr((one.kind, refers, one.id == meta.primary)).encode()
        of_item, spans = properties.get(one.id, ()), meta.spans(data, one.id)
        plain = _plain(data, of_item)
        yield Part(
            "item", (told, *of_item, *spans), (told, *plain, *spans) if plain != of_item else ()
        )
    for box in top:
        if box.kind == b"moov":
            yield Part("tracks", tuple(_tables(data, box)))


def _plain(data: Data, properties: Content) -> Content:
    """Give properties with their colour profile without its device."""
    return tuple(_plain_box(data, one) for one in properties)


def _plain_box(data: Data, span: bytes | tuple[int, int]) -> bytes | tuple[int, int]:
    if isinstance(span, bytes) or data[span[0] + 4 : span[0] + 8] != b"colr":
        return span
    box = data.exact(span[0], span[1] - span[0], "colr")
    left = without_device(box[_COLOURS:])
    return span if left == box[_COLOURS:] else box[:_COLOURS] + left


def _properties(data: Data, meta: Meta) -> dict[int, Content]:
    """Give the boxes of properties of each item: size, codec, colours, rotation."""
    whole = meta.boxes.get(b"iprp")
    parts = [] if whole is None else list(boxes(data, whole.body, whole.stop))
    known: list[Box] = []
    for box in parts:
        if box.kind == b"ipco":
            known = list(boxes(data, box.body, box.stop))
    found: dict[int, Content] = {}
    for box in parts:
        if box.kind == b"ipma":
            for item, numbers in associations(data.exact(box.body, box.stop - box.body, "ipma")):
                spans = tuple(
                    (known[n - 1].start, known[n - 1].stop) for n in numbers if 0 < n <= len(known)
                )
                found[item] = (*found.get(item, ()), *spans)
    return found


def associations(block: bytes) -> Iterator[tuple[int, list[int]]]:
    """Give each item with the numbers of its properties."""
    if len(block) < 8:  # noqa: PLR2004 - version, flags, count
        raise damaged("ipma")
    item_size = 4 if block[0] else 2
    wide = 2 if block[3] & 1 else 1
    at = 8
    for _ in range(int.from_bytes(block[4:8], "big")):
        item = int.from_bytes(block[at : at + item_size], "big")
        at += item_size
        if at >= len(block):
            raise damaged("ipma")
        count, at = block[at], at + 1
        piece = block[at : at + count * wide]
        mask = 0x7FFF if wide == 2 else 0x7F  # noqa: PLR2004 - without the flag "essential"
        yield (
            item,
            [int.from_bytes(piece[n : n + wide], "big") & mask for n in range(0, len(piece), wide)],
        )
        at += count * wide


def _rest(data: Data, top: Sequence[Box], meta: Meta) -> Iterator[Part]:
    """Give all but XMP: boxes as they stand, items by their content, wherever it lies."""
    xmp = {one.id for one in _xmp(meta)}
    yield from _rest_of_meta(data, meta, xmp)
    used = [span for item in meta.items for span in meta.spans(data, item)
            if isinstance(span, tuple)]  # fmt: skip
    for box in top:
        if box.kind == b"moov":
            yield Part("tracks", tuple(_tables(data, box)))
        elif box.kind == b"mdat":
            yield from _slack(data, box, sorted(used))
        elif box is not meta.box:
            yield Part(_name(box), ((box.body, box.stop),))
    idat = meta.boxes.get(b"idat")
    if idat is not None:
        yield from _slack(data, idat, sorted(used))
    yield Part("behind", ((top[-1].stop, data.size),))


def _rest_of_meta(data: Data, meta: Meta, xmp: set[int]) -> Iterator[Part]:
    for box in [*meta.others, *meta.boxes.values()]:
        if box.kind not in (b"iinf", b"iloc", b"iref", b"idat"):
            yield Part(_name(box), ((box.start, box.stop),))
    for one in meta.items.values():
        if one.id not in xmp:
            yield Part("infe", ((one.start, one.stop),))
    for number in meta.locations:
        if number not in xmp:
            yield Part(f"item {number}", meta.spans(data, number))
    for ref in meta.references:
        if ref.source not in xmp:
            yield Part("iref", (repr(ref[:3]).encode(),))


def _slack(data: Data, box: Box, used: Sequence[tuple[int, int]]) -> Iterator[Part]:
    """Give what a box holds besides items, without what an old packet left blank."""
    for start, stop in _without((box.body, box.stop), used):
        if stop - start > LARGEST_PART:
            yield Part("slack", ((start, stop),))
            continue
        for piece in _BLANK.split(data[start:stop]):
            if piece.strip(b" "):
                yield Part("slack", (piece.strip(b" "),))


def _name(box: Box) -> str:
    return box.kind.decode("latin-1")


def _without(span: tuple[int, int], gaps: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at, stop = span
    for start, end in gaps:
        if at <= start < stop:
            if start > at:
                yield at, start
            at = max(at, min(end, stop))
    if at < stop:
        yield at, stop


def _tables(data: Data, movie: Box) -> Iterator[bytes | tuple[int, int]]:
    """Give a movie's box without the places of its chunks, and how each of them begins."""
    at = movie.start
    for box, size in heif_write.chunk_tables(data, [movie]):
        yield at, box.body + 8
        table = data.exact(box.body + 8, box.stop - box.body - 8, "chunks")
        for n in range(0, len(table) - size + 1, size):
            place = int.from_bytes(table[n : n + size], "big")
            yield place, min(place + 64, data.size)
        at = box.stop
        yield struct.pack(">L", len(table))
    yield at, movie.stop


HEIF = Heif()
