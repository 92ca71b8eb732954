"""HEIF files of every layout that the standard allows, built box by box; the codec is made up."""

import struct
from dataclasses import dataclass, field

CODED = b"coded picture of no real codec " * 40
GRID = b"\0\0\x01\x01" + b"\0\x40\0\x40"


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body) + 8) + kind + body


def full(kind: bytes, version: int, body: bytes, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">L", version << 24 | flags) + body)


@dataclass
class Layout:
    """How the file is laid out."""

    brand: bytes = b"heic"
    iloc: int = 1
    offset_size: int = 4
    base_size: int = 0
    xmp: bytes = b""
    exif: bytes = b""
    pieces: int = 1
    in_idat: bool = False
    xmp_in_idat: bool = False
    references: int = 0
    open_end: bool = False
    wide_box: bool = False
    meta_last: bool = False
    behind: bytes = b""
    thumbnail: bytes = b""
    without_references: bool = False
    profile: bytes = b""
    items: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)


def build(how: Layout) -> bytes:
    """Build a file; the places are filled in when the lengths are known."""
    items: dict[int, tuple[bytes, bytes, bytes]] = {1: (b"hvc1", CODED, b"")}
    if how.in_idat:
        items[2] = (b"grid", GRID, b"")
    if how.exif:
        items[5] = (b"Exif", b"\0\0\0\6Exif\0\0" + how.exif, b"")
    if how.xmp:
        items[6] = (b"mime", how.xmp, b"application/rdf+xml\0")
    if how.thumbnail:
        items[7] = (b"hvc1", how.thumbnail, b"")
    for number, (kind, content) in how.items.items():
        items[number] = (kind, content, b"text/plain\0" if kind == b"mime" else b"")
    inside = {2} | ({6} if how.xmp_in_idat else set())
    idat = b"".join(content for n, (_, content, _) in items.items() if n in inside)
    mdat = b"".join(content for n, (_, content, _) in items.items() if n not in inside)
    ftyp = box(b"ftyp", how.brand + bytes(4) + b"mif1" + how.brand)
    head = 16 if how.wide_box else 8

    def meta(start: int) -> bytes:
        return _meta(how, items, inside, start, idat)

    length = len(meta(0))
    start = len(ftyp) + head + (0 if how.meta_last else length)
    size = len(mdat) + head
    if how.wide_box:
        data = struct.pack(">L4sQ", 1, b"mdat", size) + mdat
    else:
        data = struct.pack(">L4s", 0 if how.open_end else size, b"mdat") + mdat
    parts = [data, meta(start)] if how.meta_last else [meta(start), data]
    return ftyp + b"".join(parts) + how.behind


def _meta(how: Layout, items: dict[int, tuple[bytes, bytes, bytes]], inside: set[int],
          start: int, idat: bytes) -> bytes:  # fmt: skip
    infe = b"".join(
        full(b"infe", 2, struct.pack(">HH", n, 0) + kind + b"\0" + told)
        for n, (kind, _, told) in items.items()
    )
    about = [(b"cdsc", 5, 1)] * bool(how.exif) + [(b"cdsc", 6, 1)] * bool(how.xmp)
    about += [(b"thmb", 7, 1)] * bool(how.thumbnail) + [(b"dimg", 2, 1)] * how.in_idat
    shape = ">LHL" if how.references else ">HHH"
    iref = b"".join(box(kind, struct.pack(shape, a, 1, b)) for kind, a, b in about)
    ispe = full(b"ispe", 0, struct.pack(">LL", 64, 64))
    irot = box(b"irot", b"\1")
    colours = b"nclx" + struct.pack(">HHHB", 1, 13, 6, 0x80)
    colr = box(b"colr", b"prof" + how.profile if how.profile else colours)
    ipma = full(b"ipma", 0, struct.pack(">LHBBBB", 1, 1, 3, 0x81, 0x02, 0x83))
    parts = [
        full(b"hdlr", 0, bytes(4) + b"pict" + bytes(13)),
        full(b"pitm", 0, struct.pack(">H", 1)),
        full(b"iinf", 0, struct.pack(">H", len(items)) + infe),
        box(b"iprp", box(b"ipco", ispe + irot + colr) + ipma),
        _iloc(how, items, inside, start),
    ]
    if about and not how.without_references:
        parts.append(full(b"iref", how.references, iref))
    if idat:
        parts.append(box(b"idat", idat))
    return full(b"meta", 0, b"".join(parts))


def _iloc(how: Layout, items: dict[int, tuple[bytes, bytes, bytes]], inside: set[int],
          start: int) -> bytes:  # fmt: skip
    wide = 4 if how.iloc == 2 else 2
    at = {True: 0, False: start}
    body = struct.pack(">H", how.offset_size << 12 | 4 << 8 | how.base_size << 4)
    body += len(items).to_bytes(wide, "big")
    for number, (_, content, _) in items.items():
        stored = number in inside
        body += number.to_bytes(wide, "big")
        if how.iloc:
            body += struct.pack(">H", int(stored))
        base = at[stored] if how.base_size else 0
        body += bytes(2) + base.to_bytes(how.base_size, "big")
        cut = -(-len(content) // how.pieces)
        pieces = [content[n : n + cut] for n in range(0, len(content), cut)]
        if not how.offset_size:
            pieces = [content]
        body += struct.pack(">H", len(pieces))
        place = at[stored] - base
        for piece in pieces:
            body += place.to_bytes(how.offset_size, "big") + struct.pack(">L", len(piece))
            place += len(piece)
        at[stored] += len(content)
    return full(b"iloc", how.iloc, body)
