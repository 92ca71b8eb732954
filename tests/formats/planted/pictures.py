"""Pictures in which every hiding place holds a string of its own."""

import io
import struct
import zlib
from collections.abc import Callable, Sequence

from PIL import Image

from tests.formats.image.heif_files import Layout, box, build
from tests.formats.image.pictures import packet, picture, profile, saved, with_segments


class Planted:
    """Hands out unique strings and remembers them."""

    def __init__(self) -> None:
        self.leaks: list[str] = []

    def text(self) -> str:
        token = f"PLANT{len(self.leaks):03d}X"
        self.leaks.append(token)
        return token

    def bytes(self) -> bytes:
        return self.text().encode()


def exif(p: Planted, order: str = "<", orientation: int = 6, *, thumbnail: bool = True) -> bytes:
    """Make a full Exif block: camera, owner, comment, maker's note, position, thumbnail."""
    small = io.BytesIO()
    picture(size=(16, 16)).save(small, "JPEG", comment=p.bytes())
    note, name, owner, comment = p.bytes(), p.bytes(), p.bytes(), b"ASCII\0\0\0" + p.bytes()
    wide = p.text().encode("utf-16-le")
    area = p.bytes()
    degrees = struct.pack(order + "6L", 35, 1, 40, 1, 30, 1)
    first = [
        (0x010E, 2, name), (0x0112, 3, struct.pack(order + "H", orientation)), (0x013B, 2, owner),
        (0x8769, 4, "inner"), (0x8825, 4, "gps"), (0x9C9C, 1, wide),
    ]  # fmt: skip
    inner = [(0x927C, 7, note), (0x9286, 7, comment)]
    gps = [(1, 2, b"N\0"), (2, 5, degrees), (3, 2, b"E\0"), (4, 5, degrees), (0x1C, 7, area)]
    at = 8
    places = {"gps": 0, "inner": 0}
    second: list[tuple[int, int, bytes | str]] = []
    for _ in range(2):
        parts = []
        at = 8
        for title, fields in (("first", first), ("inner", inner), ("gps", gps), ("second", second)):
            places[title] = at
            parts.append(_directory(order, fields, at, places))
            at += len(parts[-1])
        second = [
            (0x0201, 4, struct.pack(order + "L", at)),
            (0x0202, 4, struct.pack(order + "L", len(small.getvalue()))),
        ]
        link = 8 + 2 + 12 * len(first)
    whole = b"".join(parts)
    if not thumbnail:
        whole = whole[: places["second"] - 8]
    following = struct.pack(order + "L", places["second"] if thumbnail else 0)
    whole = whole[: link - 8] + following + whole[link - 4 :]
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HL", 42, 8)
    return head + whole + (small.getvalue() if thumbnail else b"")


Fields = Sequence[tuple[int, int, bytes | str]]


def _directory(order: str, fields: Fields, start: int, places: dict[str, int]) -> bytes:
    head = struct.pack(order + "H", len(fields))
    values = b""
    at = start + 2 + 12 * len(fields) + 4
    for tag, kind, value in fields:
        raw = struct.pack(order + "L", places[value]) if isinstance(value, str) else value
        count = len(raw) // {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[kind]
        head += struct.pack(order + "HHL", tag, kind, count)
        if len(raw) <= 4:
            head += raw.ljust(4, b"\0")
        else:
            head += struct.pack(order + "L", at + len(values))
            values += raw + bytes(len(raw) % 2)
    return head + bytes(4) + values


def iptc(p: Planted) -> bytes:
    """Make Photoshop's resources: a caption, and a resource with a name."""
    caption = p.bytes()
    record = b"\x1c\x02\x78" + struct.pack(">H", len(caption)) + caption
    name = p.bytes()
    other = b"8BIM\x03\xed" + bytes([len(name)]) + name + bytes((len(name) + 1) % 2)
    return (
        b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">L", len(record)) + record
        + bytes(len(record) % 2) + other + struct.pack(">L", 0)
    )  # fmt: skip


def xmp(p: Planted) -> bytes:
    """Make a packet with two strings, and one in a comment."""
    return packet(f"<dc:creator>{p.text()}</dc:creator><!-- {p.text()} -->")


def jpeg(p: Planted) -> bytes:
    """Hide strings in segments of every kind, between scans, and behind the end."""
    target = io.BytesIO()
    others = [Image.new("RGB", (8, 8), 5)]
    picture().save(target, "MPO", save_all=True, append_images=others, progressive=True)
    plain = target.getvalue()
    extension = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + bytes(8)
    data = with_segments(
        plain,
        (0xE0, b"JFXX\0\x10" + p.bytes()),
        (0xE1, b"Exif\0\0" + exif(p)),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp(p)),
        (0xE1, extension + p.bytes()),
        (0xE2, b"ICC_PROFILE\0\1\1" + profile()),
        (0xE2, b"FPXR\0" + p.bytes()),
        (0xED, iptc(p)),
        (0xEC, b"Ducky" + p.bytes()),
        (0xFE, p.bytes()),
        (0xE1, b"Exif\0\0" + exif(p, ">", 3, thumbnail=False)),
    )
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    remark = p.bytes()
    between = b"\xff\xfe" + struct.pack(">H", len(remark) + 2) + remark
    # Only the first picture of a multi-picture file has the second scan that was found.
    data = data[:second] + between + data[second:]
    return data + p.bytes()


def chunk(name: bytes, body: bytes) -> bytes:
    whole = name + body
    return struct.pack(">L", len(body)) + whole + struct.pack(">L", zlib.crc32(whole))


def png(p: Planted) -> bytes:
    """Hide strings in chunks before and behind the picture's data, and behind the end."""
    plain = saved("PNG", "RGBA", frames=2)
    before = [
        chunk(b"iCCP", p.bytes() + b"\0\0" + zlib.compress(profile())),
        chunk(b"tEXt", b"Author\0" + p.bytes()),
        chunk(b"zTXt", p.bytes() + b"\0\0" + zlib.compress(p.bytes())),
        chunk(b"iTXt", b"Title\0\0\0ja\0" + p.bytes() + b"\0" + p.bytes()),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(p)),
        chunk(b"eXIf", exif(p, ">", 8)),
        chunk(b"tIME", struct.pack(">H5B", 2026, 1, 2, 3, 4, 5)),
        chunk(b"pHYs", struct.pack(">LLB", 3000, 3000, 1)),
        chunk(b"sPLT", p.bytes() + b"\0\x08"),
        chunk(b"prVt", p.bytes()),
        chunk(b"tEXt", b"Raw profile type exif\0" + p.bytes()),
    ]
    behind = [chunk(b"caBX", p.bytes()), chunk(b"tEXt", b"Comment\0" + p.bytes())]
    end = plain.rindex(b"IEND") - 4
    return (
        plain[:33] + b"".join(before) + plain[33:end] + b"".join(behind) + plain[end:] + p.bytes()
    )


def riff_chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<L", len(body)) + body + bytes(len(body) % 2)


def webp(p: Planted) -> bytes:
    """Hide strings in chunks, in a frame of an animation, and behind the end."""
    plain = saved("WEBP", frames=2, exif=b"Exif\0\0" + exif(p), icc_profile=profile(), xmp=xmp(p))
    frame = plain.index(b"ANMF")
    length = int.from_bytes(plain[frame + 4 : frame + 8], "little")
    inside = riff_chunk(b"note", p.bytes())
    end = frame + 8 + length + length % 2
    grown = plain[: frame + 4] + struct.pack("<L", length + length % 2 + len(inside))
    data = grown + plain[frame + 8 : end] + inside + plain[end:]
    data += riff_chunk(b"priv", p.bytes())
    return data[:4] + struct.pack("<L", len(data) - 8) + data[8:] + p.bytes()


def gif(p: Planted) -> bytes:
    """Hide strings in comments, extensions of applications, and behind the end."""
    plain = saved("GIF", "P", frames=2, loop=0)
    at = 13 + (3 << (plain[10] & 7) + 1)
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"

    def extension(label: int, head: bytes, body: bytes) -> bytes:
        return b"\x21" + bytes([label]) + head + bytes([len(body)]) + body + b"\0"

    new = (
        extension(0xFE, b"", p.bytes())
        + extension(0xFF, b"\x0bfruityV1234", p.bytes())
        + extension(0xCC, b"", p.bytes())
        + b"\x21\xff\x0bXMP DataXMP" + xmp(p) + trailer
    )  # fmt: skip
    return plain[:at] + new + plain[at:] + p.bytes()


def tiff(p: Planted) -> bytes:
    """Hide strings in fields of two pages, in directories below, and between all that is used."""
    options = {
        "tiffinfo": {
            270: p.text(), 305: p.text(), 315: p.text(), 269: p.text(), 50000: p.bytes(),
            700: xmp(p), 33723: b"\x1c\x02\x78\0\x08" + p.bytes()[:8], 34737: p.text(), 274: 6,
        },
    }  # fmt: skip
    p.leaks = [one[:8] for one in p.leaks]
    plain = saved("TIFF", frames=2, icc_profile=profile(), **options)
    order, at = "<", len(plain) + len(plain) % 2
    block = exif(p, order)
    # Its first directory becomes the one that a new field points to.
    (first,) = struct.unpack("<L", plain[4:8])
    (count,) = struct.unpack("<H", plain[first : first + 2])
    hidden = p.bytes()
    new_at = at + len(hidden) + len(hidden) % 2
    entries = plain[first + 2 : first + 2 + 12 * count]
    inner = new_at + 2 + 12 * (count + 2) + 4
    for tag in (0x8769, 0x8825):
        entries += struct.pack("<HHLL", tag, 4, 1, inner + _pointer(block, tag) - 8)
    following = plain[first + 2 + 12 * count : first + 6 + 12 * count]
    directory = struct.pack("<H", count + 2) + entries + following
    moved = _rebased(block, inner)
    return (
        plain[:4] + struct.pack("<L", new_at) + plain[8:] + bytes(len(plain) % 2)
        + hidden + bytes(len(hidden) % 2) + directory + moved
    )  # fmt: skip


def _rebased(block: bytes, base: int) -> bytes:
    """Take the head off an Exif block and let its places count from elsewhere."""
    shift = base - 8
    out = bytearray(block)
    (count,) = struct.unpack_from("<H", block, 8)
    for n in range(count):
        at = 10 + 12 * n
        tag, kind, number, value = struct.unpack_from("<HHLL", block, at)
        size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[kind] * number
        if size > 4 or tag in (0x8769, 0x8825):
            struct.pack_into("<L", out, at + 8, value + shift)
            if tag in (0x8769, 0x8825):
                _shift(block, out, value, shift)
    return bytes(out[8:])


def _pointer(block: bytes, tag: int) -> int:
    at = block.index(struct.pack("<HHL", tag, 4, 1)) + 8
    return int(struct.unpack_from("<L", block, at)[0])


def _shift(block: bytes, out: bytearray, start: int, shift: int) -> None:
    (count,) = struct.unpack_from("<H", block, start)
    for n in range(count):
        at = start + 2 + 12 * n
        _, kind, number, value = struct.unpack_from("<HHLL", block, at)
        if {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}[kind] * number > 4:
            struct.pack_into("<L", out, at + 8, value + shift)


def heic(p: Planted) -> bytes:
    """Hide strings in items, in free space, in boxes that nobody knows, and behind the end."""
    return build(
        Layout(
            exif=exif(p),
            xmp=xmp(p),
            in_idat=True,
            thumbnail=p.bytes(),
            items={9: (b"mime", p.bytes()), 12: (b"uri ", p.bytes())},
            behind=box(b"free", p.bytes()) + box(b"mpvd", p.bytes()) + p.bytes(),
        )
    )


BUILDERS: dict[str, Callable[[Planted], bytes]] = {
    "jpeg": jpeg, "png": png, "webp": webp, "gif": gif, "tiff": tiff, "heic": heic,
}  # fmt: skip
