"""The auditor's readers of TIFF and HEIF: files of tables that name places."""

import struct
from collections.abc import Iterator, Sequence

from meti_desk.formats.image.audit_view import Blob, Span, View

_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
           16: 8, 17: 8, 18: 8}  # fmt: skip
_FORMS = {1: "B", 3: "H", 4: "L", 16: "Q"}
_OF_PICTURE = frozenset(
    {
        *range(254, 260), 262, 263, 266, *range(273, 275), *range(277, 285), *range(290, 294),
        296, 297, 301, *range(317, 326), 332, 334, 336, *range(338, 343), 347, 512, 513, 514, 515,
        *range(519, 522), *range(529, 533), 34675,
    }
)  # fmt: skip
_OTHERS = {
    34853: "image.location", 33723: "image.iptc", 34377: "image.iptc",
    330: "image.thumbnail", 33550: "image.location", 33922: "image.location",
    34264: "image.location", 34735: "image.location", 34736: "image.location",
    34737: "image.location",
    **dict.fromkeys((269, 270, 271, 272, 285, 305, 306, 315, 316, 337, 33432, 36867, 36868, 42032,
                     42033, *range(40091, 40096)), "image.exif"),
}  # fmt: skip
_OLD_TABLE_ROOM = {519: 64, 520: 272, 521: 272}
_PACKET, _ICC, _TURNED = 700, 34675, 274
_INNER, _NOTE = 34665, 37500
_MOST_BELOW = 64
_MOST_SPANS = 1 << 20
_MOVIE_TIMES = (b"mvhd", b"tkhd", b"mdhd")
_CODED = (b"mime", b"uri ", b"")
_EMPTIED = (b"udes", b"crtt", b"mdft")
Spans = list[tuple[int, int]]
Field = tuple[int, int, int, int]


class _Tiff:
    """Reads directories by the byte order and width that the head tells."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.order = "<" if blob[:2] == b"II" else ">"
        self.wide = struct.unpack(self.order + "H", blob[2:4])[0] == 43  # noqa: PLR2004 - BigTIFF
        self.pointer = "Q" if self.wide else "L"
        self.size = 8 if self.wide else 4

    def number(self, at: int, form: str) -> int:
        return int(self.blob.unpack(self.order + form, at)[0])

    def directory(self, at: int) -> tuple[list[Field], int, int]:
        """Give fields as (tag, kind, place, length), the next directory, and the end of this."""
        count = self.number(at, "Q" if self.wide else "H")
        start = at + (8 if self.wide else 2)
        step = 4 + 2 * self.size
        fields = []
        for n in range(count):
            place = start + n * step
            tag, kind = self.number(place, "H"), self.number(place + 2, "H")
            length = self.number(place + 4, self.pointer) * _WIDTHS.get(kind, 1)
            value = place + 4 + self.size
            if length > self.size:
                value = self.number(value, self.pointer)
            fields.append((tag, kind, value, length))
        end = start + count * step
        following = 0 if end + self.size > len(self.blob) else self.number(end, self.pointer)
        return fields, following, end + self.size

    def numbers(self, fields: Sequence[Field], tag: int) -> list[int]:
        for one, kind, value, length in fields:
            if one == tag and kind in _FORMS:
                count = length // _WIDTHS[kind]
                form = f"{self.order}{count}{_FORMS[kind]}"
                return list(self.blob.unpack(form, value))
        return []


def tiff(blob: Blob) -> View:
    """Read a TIFF; whatever nothing points to has to be empty."""
    reader, view = _Tiff(blob), View()
    known: Spans = [(0, 16 if reader.wide else 8)]
    at, page, seen = reader.number(8 if reader.wide else 4, reader.pointer), 0, set()
    while at and at not in seen:
        seen.add(at)
        page += 1
        fields, following, end = reader.directory(at)
        known.append((at, min(end, len(blob))))
        _page(reader, view, fields, known, first=page == 1)
        at = following
    _look_between(blob, view, known, b"\0")
    return view


def _page(reader: _Tiff, view: View, fields: Sequence[Field], known: Spans, *, first: bool) -> None:
    for tag, kind, value, length in sorted(fields):
        body = reader.blob[value : value + length]
        known.append((value, value + length))
        if tag == _PACKET and first:
            view.tell("xmp", body)
        elif tag == _PACKET:
            view.tell("image.xmp")
        elif tag == _ICC:
            view.show(struct.pack(">HH", tag, kind), view.colours(body).encode())
        elif tag in _OF_PICTURE:
            view.show(struct.pack(">HH", tag, kind), body)
        else:
            if tag != _INNER:
                view.tell(_OTHERS.get(tag, "image.tiff-field"))
            _reach(reader, tag, fields, known, view)
        if tag == _ICC and first:
            view.profile = view.image[-1]
        if tag == _TURNED and first:
            view.turned = (reader.numbers(fields, tag) or [1])[0]
    _image(reader, view, fields, known)


def _image(reader: _Tiff, view: View, fields: Sequence[Field], known: Spans) -> None:
    """Read strips, tiles or old JPEG data, whose tables have no length of their own."""
    for places, sizes in ((273, 279), (324, 325), (513, 514)):
        for at, length in zip(
            reader.numbers(fields, places), reader.numbers(fields, sizes), strict=False
        ):
            view.show(Span(reader.blob, at, at + length))
            known.append((at, at + length))
    for tag, room in _OLD_TABLE_ROOM.items():
        known += [(at, at + room) for at in reader.numbers(fields, tag)]


def _reach(
    reader: _Tiff, tag: int, fields: Sequence[Field], known: Spans, view: View, depth: int = 3
) -> None:
    """Follow a pointer to directories that a person chose to keep."""
    if tag not in (34665, 34853, 330, 40965) or not depth:
        return
    places = list(dict.fromkeys(reader.numbers(fields, tag)))[:_MOST_BELOW]
    while places and len(known) < _MOST_SPANS:
        at = places.pop()
        try:
            inner, following, end = reader.directory(at)
        except struct.error:
            continue
        if following and following != at:
            places.append(following)
        known.append((at, end))
        for one, _, value, length in inner:
            known.append((value, value + length))
            if tag == _INNER:
                view.tell("image.maker-note" if one == _NOTE else "image.exif")
            _reach(reader, one, inner, known, view, depth - 1)
        for starts, sizes in ((273, 279), (324, 325), (513, 514)):
            pairs = zip(reader.numbers(inner, starts), reader.numbers(inner, sizes), strict=False)
            known += [(start, start + length) for start, length in pairs]


def _look_between(blob: Blob, view: View, known: Spans, blank: bytes) -> None:
    at = 0
    for start, stop in sorted([*known, (len(blob), len(blob))]):
        if start > at and blob.tells(at, start, blank):
            view.tell("image.unused-bytes")
        at = max(at, stop)


def bmff(blob: Blob) -> View:
    """Read a HEIF or AVIF file."""
    view = View()
    used: Spans = []
    holders: Spans = []
    end, movie = 0, False
    for kind, start, stop in _boxes(blob, 0, len(blob)):
        end = stop
        if kind == b"meta":
            used += _meta(blob, view, start + 4, stop, holders)
        elif kind == b"mdat":
            holders.append((start, stop))
        elif kind == b"moov":
            movie = True
            _movie(blob, view, start, stop)
        elif kind in (b"free", b"skip"):
            if blob.tells(start, stop, b"\0 "):
                view.tell("image.unused-bytes")
        elif kind != b"ftyp":
            view.tell("image.item")
    if end < len(blob):
        view.tell("image.trailing")
    for start, stop in () if movie else holders:
        around = [(0, start), *used, (stop, len(blob))]
        _look_between(blob, view, around, b"\0 ")
    return view


def _boxes(blob: Blob, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give (kind, beginning of the content, end)."""
    while at + 8 <= end:
        size, kind = blob.unpack(">L4s", at)
        start = at + 8
        if size == 1:
            (size,) = blob.unpack(">Q", start)
            start += 8
        stop = at + size if size else end
        if stop > end or stop < start:
            return
        yield kind, start, stop
        at = stop


def _movie(blob: Blob, view: View, at: int, end: int) -> None:
    for kind, start, stop in _boxes(blob, at, end):
        if kind in (b"trak", b"mdia"):
            _movie(blob, view, start, stop)
        elif kind in _MOVIE_TIMES:
            size = 16 if blob[start : start + 1] == b"\1" else 8
            if blob[start + 4 : start + 4 + size].strip(b"\0"):
                view.tell("image.time")
        elif kind in (b"udta", b"meta", b"uuid"):
            view.tell("image.item")
        elif kind == b"minf":
            view.show(Span(blob, start, stop))


def _meta(blob: Blob, view: View, at: int, end: int, holders: Spans) -> Spans:
    """Read the items; gives the spans that they take up."""
    parts = {kind: (start, stop) for kind, start, stop in _boxes(blob, at, end)}
    kinds = dict(_kinds(blob, *parts[b"iinf"]))
    small = set()
    for kind, start, _ in (
        _boxes(blob, parts[b"iref"][0] + 4, parts[b"iref"][1]) if (b"iref" in parts) else ()
    ):
        if kind == b"thmb":
            form = ">L" if blob.unpack("B", parts[b"iref"][0])[0] else ">H"
            small.add(blob.unpack(form, start)[0])
    if b"idat" in parts:
        holders.append(parts[b"idat"])
    used: Spans = []
    places = dict(_places(blob, parts))
    for item, (kind, told) in sorted(kinds.items()):
        spans = places.get(item, [])
        used += spans
        body = b"".join(blob[a:b] for a, b in spans) if kind in (b"mime", b"Exif") else b""
        if kind == b"mime" and told.lower().startswith(b"application/rdf+xml"):
            view.tell("xmp", body)
        elif kind == b"Exif":
            view.tell("exif", body[4 + int.from_bytes(body[:4], "big") :])
        elif kind in _CODED:
            view.tell("image.item")
        elif item in small:
            view.tell("image.thumbnail")
        else:
            view.show(struct.pack(">L", item), kind, *(Span(blob, a, b) for a, b in spans))
    if b"iprp" in parts:
        _properties(blob, view, *parts[b"iprp"])
    return used


def _properties(blob: Blob, view: View, at: int, end: int) -> None:
    for kind, start, stop in _boxes(blob, at, end):
        if kind != b"ipco":
            continue
        for inner, body, last in _boxes(blob, start, stop):
            if inner == b"colr":
                view.show(inner, view.colours(blob[body:last], 4).encode())
            elif inner not in _EMPTIED:
                view.show(inner, blob[body:last])
            elif blob[body + 4 : last].strip(b"\0"):
                view.tell("image.item" if inner == b"udes" else "image.time")


def _kinds(blob: Blob, at: int, end: int) -> Iterator[tuple[int, tuple[bytes, bytes]]]:
    """Give each item's number with its kind and, for some, what it says of its content."""
    for kind, start, stop in _boxes(blob, at + (8 if blob.unpack("B", at)[0] else 6), end):
        (version,) = blob.unpack("B", start)
        if kind != b"infe" or version < 2:  # noqa: PLR2004 - older ones have no kind
            continue
        wide = version > 2  # noqa: PLR2004
        (item,) = blob.unpack(">L" if wide else ">H", start + 4)
        name = start + (10 if wide else 8)
        words = blob[name + 4 : stop].split(b"\0")
        yield item, (blob[name : name + 4], words[1] if len(words) > 1 else b"")


def _places(blob: Blob, parts: dict[bytes, tuple[int, int]]) -> Iterator[tuple[int, Spans]]:
    """Give each item's spans in the file."""
    at = parts[b"iloc"][0]
    (version,) = blob.unpack("B", at)
    sizes = int.from_bytes(blob[at + 4 : at + 6], "big")
    wide = 4 if version == 2 else 2  # noqa: PLR2004 - wide numbers
    at += 6

    def take(length: int) -> int:
        nonlocal at
        at += length
        return int.from_bytes(blob[at - length : at], "big")

    for _ in range(take(wide)):
        item = take(wide)
        method = take(2) & 15 if version else 0
        start = parts.get(b"idat", (0, 0))[0] if method == 1 else 0
        take(2)
        start += take(sizes >> 4 & 15)
        spans = []
        for _ in range(take(2)):
            take(sizes & 15 if version else 0)
            place = start + take(sizes >> 12)
            spans.append((place, place + take(sizes >> 8 & 15)))
        yield item, [] if method > 1 else spans
