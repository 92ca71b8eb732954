"""TIFF and BigTIFF: XMP in field 700 of the first directory.

No picture data and no directory but the first is moved: what has to grow goes to the file's end.
"""

import struct
from collections.abc import Iterator, Sequence

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats import xmp
from meti_desk.formats.image import exif, iptc
from meti_desk.formats.image.data import Content, Data, Part, Splice, damaged
from meti_desk.formats.image.ifd import Directory, Entry, Tiff
from meti_desk.formats.image.model import Picture
from meti_desk.formats.image.profile import without_device

XMP = 700
IPTC, PHOTOSHOP, PROFILE = 33723, 34377, 34675
POINTERS = {330: "sub", 34665: "exif", 34853: "gps", 40965: "interoperability"}
_DNG = 50706
_PHOTOMETRIC, _COMPRESSION = 262, 259
_RAW_PHOTOMETRIC = frozenset({32803, 34892})
_RAW_COMPRESSION = frozenset({32767, 32769, 32770, 32772, 34713, 65000, 65535})
SHOWN = frozenset(
    {
        *(256, 257, 258, 259, 262, 263, 266, 274, 277, 278, 284, 290, 291, 292, 293, 301, 317, 318),
        *(319, 320, 321, 322, 323, 332, 334, 336, 338, 339, 340, 341, 342, 347, 512, 515, 519, 520),
        *(521, 529, 530, 531, 532, PROFILE),
    }
)
"""Fields without which the picture would look otherwise."""
IMAGE_DATA = ((273, 279), (324, 325), (513, 514))
"""Fields with the places of strips, tiles and old JPEG data, and those with their sizes."""
_ROOM = 1024
_BYTE = 1
_LONGEST_CLASSIC = 0xFFFFFFFF
_DEEPEST = 4
_MOST_DIRECTORIES = 1 << 14
_MOST_BELOW = 64


class TiffFile:
    """The container of TIFF files; a camera's raw files are left alone."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name TIFF by its first bytes, unless it is raw data of a camera."""
        if head[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+") or head[8:10] == b"CR":
            return None
        try:
            tiff = Tiff(data, data.size)
            raw = any(_is_raw(tiff, one) for _, one in directories(tiff))
        except InvalidInput:
            raw = False
        return None if raw else "tiff"

    def read(self, data: Data) -> Picture:
        """Find the directories and what they hold."""
        tiff = Tiff(data, data.size)
        pages = list(tiff.chain())
        if not pages:
            raise damaged("tiff-directory")
        first = pages[0]
        texts = exif.texts_in(tiff, first)
        for tag, reads in ((IPTC, iptc.texts_in), (PHOTOSHOP, iptc.texts_of)):
            entry = first.find(tag)
            if entry is not None and entry.at + entry.length <= data.size:
                texts += reads(tiff.raw(entry))
        entry = first.find(PROFILE)
        packet = first.find(XMP)
        return Picture(
            variant="tiff",
            seen=tuple(part for page in pages for part in _seen(tiff, page)),
            rest=tuple(_rest(tiff)),
            packets=()
            if packet is None
            else (data.exact(packet.at, packet.length, "xmp").rstrip(b"\0"),),
            profile=b"" if entry is None else tiff.raw(entry),
            orientation=exif.orientation_in(tiff, first),
            texts=tuple(texts),
            frames=len(pages),
        )

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packet where the old one stands, if it fits, else at the file's end."""
        tiff = Tiff(data, data.size)
        first = tiff.directory(tiff.first)
        old = first.find(XMP)
        packet = packets[0] if packets else b""
        if old is None:
            return _added(tiff, first, _roomy(packet)) if packet else []
        if not packet:
            return _removed(tiff, first, old)
        if len(packet) <= old.length:
            return [Splice(old.at, old.at + old.length, xmp.fill(packet, old.length))]
        return _replaced(tiff, old, _roomy(packet))


def directories(tiff: Tiff) -> Iterator[tuple[str, Directory]]:
    """Give all directories, those that fields point to included, with a name for each."""
    known: set[int] = set()
    stack = [(f"page {n}", one, 0) for n, one in enumerate(tiff.chain(), 1)]
    while stack:
        name, one, depth = stack.pop(0)
        if one.place in known:
            continue
        known.add(one.place)
        if len(known) > _MOST_DIRECTORIES:
            raise damaged("tiff-directories")
        yield name, one
        for entry in one.entries if depth < _DEEPEST else ():
            title = f"{name} {POINTERS.get(entry.tag)}"
            stack += [(title, inner, depth + 1) for inner in below(tiff, entry)]


def below(tiff: Tiff, entry: Entry) -> list[Directory]:
    """Read the directories that a field points to; a broken one is none."""
    found: list[Directory] = []
    places = dict.fromkeys(tiff.numbers(entry)) if entry.tag in POINTERS else {}
    for place in list(places)[:_MOST_BELOW]:
        try:
            found += tiff.chain(place, _MOST_BELOW)
        except InvalidInput:
            continue
    return found


def _is_raw(tiff: Tiff, directory: Directory) -> bool:
    if directory.find(_DNG):
        return True
    colours = tiff.numbers(directory.find(_PHOTOMETRIC))
    packing = tiff.numbers(directory.find(_COMPRESSION))
    return bool(_RAW_PHOTOMETRIC & set(colours) or _RAW_COMPRESSION & set(packing))


def image_data(tiff: Tiff, directory: Directory) -> list[tuple[int, int]]:
    """Give the spans of a directory's strips or tiles."""
    spans: list[tuple[int, int]] = []
    for places, sizes in IMAGE_DATA:
        at = tiff.numbers(directory.find(places))
        length = tiff.numbers(directory.find(sizes))
        spans += [(a, a + n) for a, n in zip(at, length, strict=False)]
    # What is written behind such a file would be taken for the missing data.
    if any(stop > tiff.size for _, stop in spans):
        raise damaged("tiff-cut-off")
    return spans


def _value(tiff: Tiff, entry: Entry) -> Content:
    head = struct.pack(">HHQ", entry.tag, entry.kind, entry.number)
    if entry.at + entry.length > tiff.size:
        raise damaged("tiff-cut-off")
    return (head, (entry.at, entry.at + entry.length))


def _seen(tiff: Tiff, page: Directory) -> Iterator[Part]:
    for entry in sorted(page.entries):
        if entry.tag in SHOWN:
            yield Part(f"{entry.tag}", _value(tiff, entry), _plain(tiff, entry))
    yield Part("image", tuple(image_data(tiff, page)))


def _plain(tiff: Tiff, entry: Entry) -> Content:
    """Give a colour profile without its device, where it tells it."""
    if entry.tag != PROFILE:
        return ()
    head, *_ = _value(tiff, entry)
    whole = tiff.raw(entry)
    left = without_device(whole)
    return () if left == whole else (head, left)


def _rest(tiff: Tiff) -> Iterator[Part]:
    for name, one in directories(tiff):
        for entry in one.entries:
            if entry.tag != XMP or name != "page 1":
                yield Part(f"{name} {entry.tag}", _value(tiff, entry))
        yield Part(f"{name} image", tuple(image_data(tiff, one)))


def _roomy(packet: bytes) -> bytes:
    """Fill a packet so that the next label fits into its place."""
    return xmp.fill(packet, -(-(len(packet) + _ROOM // 4) // _ROOM) * _ROOM)


def _pointer(tiff: Tiff, value: int) -> bytes:
    if not tiff.big and value > _LONGEST_CLASSIC:
        raise InvalidInput("document.too-large", size=value, limit=_LONGEST_CLASSIC)
    return struct.pack(tiff.number_format(tiff.pointer_size), value)


def _entry_bytes(tiff: Tiff, at: int, length: int) -> bytes:
    head = struct.pack(tiff.order + "HH", XMP, _BYTE)
    return head + _pointer(tiff, length) + _pointer(tiff, at)


def directory_bytes(tiff: Tiff, entries: Sequence[bytes], following: int) -> bytes:
    """Write a directory of these fields."""
    count = struct.pack(tiff.number_format(tiff.count_size), len(entries))
    return count + b"".join(entries) + _pointer(tiff, following)


def _as_it_stands(tiff: Tiff, entry: Entry) -> bytes:
    return tiff.data[entry.place : entry.place + tiff.entry_size]


def _added(tiff: Tiff, first: Directory, packet: bytes) -> list[Splice]:
    """Write a longer first directory at the end and point to it; the old one is wiped.

    Where something else shares the old one's bytes, the proof notices.
    """
    gap = -tiff.size % 8
    place = tiff.size + gap
    count = len(first.entries) + 1
    at = place + tiff.count_size + count * tiff.entry_size + tiff.pointer_size
    gap_behind = -at % 8
    entries = [(one.tag, _as_it_stands(tiff, one)) for one in first.entries]
    entries.append((XMP, _entry_bytes(tiff, at + gap_behind, len(packet))))
    # Fields stand in order of their numbers; of those that already did not the order stays.
    entries.sort(key=lambda one: one[0])
    written = directory_bytes(tiff, [raw for _, raw in entries], first.following)
    end = bytes(gap) + written + bytes(gap_behind) + packet
    link = tiff.first_link
    old_end = min(first.link + tiff.pointer_size, tiff.size)
    return [
        Splice(link, link + tiff.pointer_size, _pointer(tiff, place)),
        Splice(first.place, old_end, bytes(old_end - first.place)),
        Splice(tiff.size, tiff.size, end),
    ]


def _gone(tiff: Tiff, old: Entry) -> Splice:
    """Wipe an old packet: it may tell what its successor does not."""
    stop = old.at + old.length
    return Splice(old.at, stop, b"" if stop == tiff.size else bytes(old.length))


def _replaced(tiff: Tiff, old: Entry, packet: bytes) -> list[Splice]:
    if old.length <= tiff.pointer_size:
        start, wiped = tiff.size, []
    else:
        wiped = [_gone(tiff, old)]
        start = old.at if not wiped[0].new else tiff.size
    gap = -start % 8
    entry = _entry_bytes(tiff, start + gap, len(packet))
    return [
        *wiped,
        Splice(old.place, old.place + tiff.entry_size, entry),
        Splice(tiff.size, tiff.size, bytes(gap) + packet),
    ]


def _removed(tiff: Tiff, first: Directory, old: Entry) -> list[Splice]:
    """Take the field out where the directory stands."""
    entries = [_as_it_stands(tiff, one) for one in first.entries if one is not old]
    written = directory_bytes(tiff, entries, first.following)
    stop = first.link + tiff.pointer_size
    wiped = [_gone(tiff, old)] if old.length > tiff.pointer_size else []
    return [*wiped, Splice(first.place, stop, written + bytes(tiff.entry_size))]


TIFF = TiffFile()
