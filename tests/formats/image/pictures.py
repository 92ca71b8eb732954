"""Pictures of every kind, made for the tests, and what a second reader sees of them."""

import io
import struct
from collections.abc import Callable

from PIL import Image, ImageCms, ImageSequence, PngImagePlugin

from meti_desk.formats.base import Inspection, LabelOrder, LabelReport, Wants
from meti_desk.formats.image.family import IMAGES

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
PROPERTIES = {
    "jp.go.meti.label": "C2;I2;A1",
    "jp.go.meti.handling": "複製禁止 & <\"'>",
    "jp.go.meti.id": "01JD0000000000000000000000",
    "jp.go.meti.seal": "seal" * 100,
}
ORDER = LabelOrder(PROPERTIES, MARK)
CHANGED = LabelOrder({"jp.go.meti.label": "C3;I2;A2", "jp.go.meti.seal": "other" * 600})
NOTHING = LabelOrder({})

FOREIGN = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="ja">'
    "【機密性3情報】会議の写真</rdf:li></rdf:Alt></dc:title>{more}</rdf:Description>"
    "</rdf:RDF></x:xmpmeta>"
)
"""A packet of somebody else."""


def packet(more: str = "") -> bytes:
    """Make a packet of somebody else, with more properties where wanted."""
    head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return f'{head}{FOREIGN.format(more=more)}{" " * 20}<?xpacket end="w"?>'.encode()


def labelled(data: bytes, order: LabelOrder = ORDER) -> bytes:
    """Label a picture and let the proof look at it."""
    return labelled_with_report(data, order)[0]


def labelled_with_report(data: bytes, order: LabelOrder = ORDER) -> tuple[bytes, LabelReport]:
    """Label a picture, prove it, and give the report too."""
    target = io.BytesIO()
    report = IMAGES.write_label(io.BytesIO(data), target, order)
    IMAGES.verify_label(io.BytesIO(data), target, order)
    return target.getvalue(), report


def inspected(data: bytes) -> Inspection:
    """Inspect a picture."""
    return IMAGES.inspect(io.BytesIO(data), Wants(text=True))


def shows(data: bytes) -> list[tuple[object, ...]]:
    """Decode every frame with Pillow, with its orientation and colour profile."""
    with Image.open(io.BytesIO(data)) as picture:
        return [
            (
                frame.mode,
                frame.size,
                frame.tobytes(),
                frame.getexif().get(0x0112),
                frame.info.get("icc_profile"),
                frame.info.get("duration"),
            )
            for frame in ImageSequence.Iterator(picture)
        ]


def profile() -> bytes:
    """Make a colour profile that does not tell when it was made."""
    made = fresh_profile()
    return made[:24] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + made[36:]


def fresh_profile() -> bytes:
    """Make a colour profile as programs do that save a picture."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def device_profile() -> bytes:
    """Make a colour profile with a screen's record; two of its tags share their data."""
    plain = profile()
    (count,) = struct.unpack_from(">L", plain, 128)
    table, body = plain[132 : 132 + 12 * count], plain[132 + 12 * count :]
    more = {b"mmod": b"mmod" + bytes(20) + b"SERIAL-4711", b"meta": b"dict screen of YAMADA"}
    grown = 12 * (len(more) + 1)
    moved = [(name, at + grown, size) for name, at, size in struct.iter_unpack(">4sLL", table)]
    shared = next(one for one in moved if one[0] == b"cprt")
    end = len(plain) + grown
    for name, data in more.items():
        moved.append((name, end, len(data)))
        body += data
        end += len(data)
    moved.append((b"targ", shared[1], shared[2]))
    written = b"".join(struct.pack(">4sLL", *one) for one in moved)
    head = struct.pack(">L", end) + plain[4:84] + b"0123456789abcdef" + plain[100:128]
    return head + struct.pack(">L", len(moved)) + written + body


def picture(mode: str = "RGB", shift: int = 0, size: tuple[int, int] = (37, 23)) -> Image.Image:
    """Make a picture in which no two places look alike."""
    wide, high = size
    plain = Image.frombytes("RGB", size, bytes(
        (x * 7 + y * 13 + c * 31 + shift) % 256 for y in range(high) for x in range(wide)
        for c in range(3)
    ))  # fmt: skip
    if mode == "I;16":
        values = [(x * 1771 + shift) % 65536 for x in range(wide * high)]
        return Image.frombytes("I;16", size, struct.pack(f"<{wide * high}H", *values))
    if mode == "RGBA":
        plain.putalpha(plain.getchannel(0))
        return plain
    return plain.convert(mode)


def exif(orientation: int = 6, description: str = "") -> bytes:
    """Make Exif with an orientation and a description."""
    block = Image.Exif()
    block[0x0112] = orientation
    if description:
        block[0x010E] = description.encode()
    block[0x010F] = "カメラ"
    return block.tobytes()


def saved(kind: str, mode: str = "RGB", frames: int = 1, **options: object) -> bytes:
    """Save a picture with Pillow."""
    target = io.BytesIO()
    if frames > 1:
        options |= {
            "save_all": True,
            "append_images": [picture(mode, 40 * n) for n in range(1, frames)],
        }
    picture(mode).save(target, kind, **options)
    return target.getvalue()


def texts() -> PngImagePlugin.PngInfo:
    """Make PNG text chunks of all three kinds."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "plain")
    info.add_text("Comment", "packed", zip=True)
    info.add_itxt("Description", "部外秘", "ja", "説明")
    return info


def with_segments(jpeg: bytes, *bodies: tuple[int, bytes]) -> bytes:
    """Put segments behind the first marker of a JPEG."""
    new = b"".join(
        b"\xff" + bytes([kind]) + struct.pack(">H", len(body) + 2) + body for kind, body in bodies
    )
    return jpeg[:2] + new + jpeg[2:]


def extended_jpeg() -> bytes:
    """Make a JPEG with an extended packet in two segments, the second one first."""
    guid = b"0123456789ABCDEF0123456789ABCDEF"
    note = f'xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="{guid.decode()}"'
    main = FOREIGN.format(more="").replace('rdf:about=""', f'rdf:about="" {note}').encode()
    more = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:ex="http://example.invalid/"><ex:Depth>'
        + "0123456789" * 9000
        + "</ex:Depth></rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    size = struct.pack(">L", len(more))
    half = 45000
    pieces = [
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0" + guid + size + struct.pack(">L", at)
         + more[at : at + half])
        for at in range(0, len(more), half)
    ]  # fmt: skip
    return with_segments(
        saved("JPEG"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + main), *reversed(pieces)
    )


def gif_with_xmp() -> bytes:
    """Make a GIF with a packet behind its colours."""
    plain = saved("GIF", "P")
    at = 13 + (3 << (plain[10] & 7) + 1)
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return plain[:at] + b"\x21\xff\x0bXMP DataXMP" + packet() + trailer + plain[at:]


def big_endian_tiff() -> bytes:
    """Make an uncompressed grey TIFF in the other byte order, its data before its directory."""
    data = picture("L").tobytes()
    wide, high = 37, 23
    fields = [
        (256, 3, wide), (257, 3, high), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8),
        (274, 3, 1), (277, 3, 1), (278, 3, high), (279, 4, len(data)),
    ]  # fmt: skip
    entries = b"".join(
        struct.pack(">HHL", tag, kind, 1)
        + (struct.pack(">HH", value, 0) if kind == 3 else struct.pack(">L", value))
        for tag, kind, value in fields
    )
    gap = bytes(len(data) % 2)
    head = b"MM\0*" + struct.pack(">L", 8 + len(data) + len(gap))
    return head + data + gap + struct.pack(">H", len(fields)) + entries + bytes(4)


def _packed_xmp() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet().decode(), zip=True)
    return info


MAKERS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: saved("JPEG"),
    "jpeg-progressive": lambda: saved("JPEG", progressive=True, restart_marker_blocks=1),
    "jpeg-grey": lambda: saved("JPEG", "L"),
    "jpeg-cmyk": lambda: saved("JPEG", "CMYK"),
    "jpeg-exif": lambda: saved("JPEG", exif=exif(), icc_profile=profile(), comment=b"remark"),
    "jpeg-xmp": lambda: saved("JPEG", xmp=packet()),
    "jpeg-extended": extended_jpeg,
    "jpeg-many-pictures": lambda: saved("MPO", frames=3),
    "jpeg-trailing": lambda: saved("JPEG", exif=exif(), xmp=packet()) + b"\0\0\0\x18ftypmp42motion",
    "jpeg-cut-off": lambda: saved("JPEG")[:-40],
    "png": lambda: saved("PNG"),
    "png-alpha": lambda: saved("PNG", "RGBA"),
    "png-palette": lambda: saved("PNG", "P", transparency=3),
    "png-bits": lambda: saved("PNG", "1"),
    "png-16": lambda: saved("PNG", "I;16"),
    "png-animated": lambda: saved("PNG", "RGBA", frames=3, duration=80),
    "png-texts": lambda: saved(
        "PNG", pnginfo=texts(), exif=exif(3), icc_profile=profile(), dpi=(72, 72)
    ),
    "png-xmp": lambda: saved("PNG", pnginfo=_packed_xmp()),
    "png-trailing": lambda: saved("PNG") + b"behind",
    "webp": lambda: saved("WEBP"),
    "webp-lossless": lambda: saved("WEBP", "RGBA", lossless=True),
    "webp-alpha": lambda: saved("WEBP", "RGBA"),
    "webp-animated": lambda: saved("WEBP", frames=3, duration=50),
    "webp-exif": lambda: saved("WEBP", exif=exif(8), icc_profile=profile()),
    "webp-xmp": lambda: saved("WEBP", xmp=packet("<dc:odd>1</dc:odd>")),
    "gif": lambda: saved("GIF", "P"),
    "gif-87a": lambda: saved("GIF", "P").replace(b"GIF89a", b"GIF87a", 1),
    "gif-animated": lambda: saved("GIF", "P", frames=3, loop=0, duration=70, comment=b"remark"),
    "gif-xmp": gif_with_xmp,
    "tiff": lambda: saved("TIFF"),
    "tiff-big-endian": big_endian_tiff,
    "tiff-pages": lambda: saved("TIFF", frames=3, compression="tiff_lzw"),
    "tiff-16": lambda: saved("TIFF", "I;16"),
    "tiff-cmyk": lambda: saved("TIFF", "CMYK", compression="tiff_adobe_deflate"),
    "tiff-jpeg": lambda: saved("TIFF", compression="jpeg"),
    "tiff-fax": lambda: saved("TIFF", "1", compression="group4"),
    "tiff-exif": lambda: saved("TIFF", exif=exif(6, "秘"), icc_profile=profile()),
    "tiff-xmp": lambda: saved("TIFF", tiffinfo={700: packet()}),
    "bigtiff": lambda: saved("TIFF", big_tiff=True, frames=2),
    "avif": lambda: saved("AVIF"),
    "avif-alpha": lambda: saved("AVIF", "RGBA", exif=exif(3), icc_profile=profile()),
    "avif-animated": lambda: saved("AVIF", frames=3),
    "avif-xmp": lambda: saved("AVIF", xmp=packet()),
    "avif-animated-xmp": lambda: saved("AVIF", frames=3, xmp=packet()),
}
"""Every variant that Pillow can make, by name; the name begins with the kind of file."""
