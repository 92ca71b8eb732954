"""Sound, films, bitmaps and drawings in which every hiding place holds a string of its own."""

import base64
import io
import struct
from collections.abc import Callable
from urllib.parse import quote

from PIL import Image

from tests.formats.planted.pictures import Planted
from tests.formats.planted.pictures import exif as full_exif

FRAME = b"\xff\xfb\x90\x64" + bytes(413)
"""One frame of silence: MPEG-1 layer III, 128 kbit/s, 44.1 kHz."""


def synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3v2(*fields: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        name + struct.pack(">LH", len(text) + 1, 0) + b"\0" + text for name, text in fields
    )
    return b"ID3\3\0\0" + synchsafe(len(body) + 64) + body + bytes(64)


def id3v1(title: bytes, comment: bytes) -> bytes:
    return b"TAG" + title.ljust(94, b"\0") + comment.ljust(31, b"\0")


def ape(text: bytes) -> bytes:
    item = struct.pack("<LL", len(text), 0) + b"Artist\0" + text
    tail = struct.pack("<LLL", 2000, len(item) + 32, 1)
    head = b"APETAGEX" + tail + struct.pack("<L", 0xA0000000) + bytes(8)
    return head + item + b"APETAGEX" + tail + struct.pack("<L", 0x80000000) + bytes(8)


def lyrics(text: bytes) -> bytes:
    body = b"LYRICSBEGIN" + b"LYR" + f"{len(text):05}".encode() + text
    return body + f"{len(body):06}".encode() + b"LYRICS200"


def mp3(p: Planted) -> bytes:
    """Hide strings in tags of every kind before, amid and behind the frames."""
    before = id3v2((b"TIT2", p.bytes()), (b"APIC", b"image/png\0\3\0" + p.bytes()))
    amid = id3v2((b"PRIV", p.bytes()))
    behind = lyrics(p.bytes()) + ape(p.bytes()) + id3v1(p.bytes(), p.bytes())
    return before + p.bytes() + FRAME * 6 + amid + bytes(20) + FRAME * 6 + p.bytes() + behind


def riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<L", len(body)) + body + bytes(len(body) % 2)


def whole_riff(form: bytes, *chunks: bytes) -> bytes:
    body = form + b"".join(chunks)
    return b"RIFF" + struct.pack("<L", len(body)) + body


SOUND = bytes(range(250)) * 8


def wav(p: Planted) -> bytes:
    """Hide strings in the chunks of studios and recorders, and behind the end."""
    return (
        whole_riff(
            b"WAVE",
            riff(b"bext", p.bytes().ljust(602, b"\0")),
            riff(b"fmt ", struct.pack("<HHLLHH", 1, 1, 8000, 8000, 1, 8)),
            riff(b"LIST", b"INFO" + riff(b"INAM", p.bytes()) + riff(b"IART", p.bytes())),
            riff(b"JUNK", p.bytes()),
            riff(b"data", SOUND),
            riff(b"iXML", b"<BWFXML>" + p.bytes() + b"</BWFXML>"),
            riff(b"id3 ", id3v2((b"TIT2", p.bytes()))),
            riff(b"cart", p.bytes()),
            riff(b"prVt", p.bytes()),
        )
        + p.bytes()
    )


def rf64(p: Planted) -> bytes:
    """Hide strings in a long sound, whose lengths stand in a chunk of their own."""
    more = riff(b"LIST", b"INFO" + riff(b"INAM", p.bytes())) + riff(b"aXML", p.bytes())
    fmt = riff(b"fmt ", struct.pack("<HHLLHH", 1, 1, 8000, 8000, 1, 8))
    data = b"data\xff\xff\xff\xff" + SOUND
    size = 4 + 36 + len(fmt) + len(data) + len(more)
    ds64 = riff(b"ds64", struct.pack("<QQQL", size, len(SOUND), len(SOUND), 0))
    return b"RF64\xff\xff\xff\xffWAVE" + ds64 + fmt + data + more + p.bytes()


def _crc(data: bytes, polynomial: int, bits: int) -> int:
    """Check sum, bit by bit."""
    crc, top = 0, 1 << bits - 1
    for byte in data:
        crc ^= byte << bits - 8
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & (1 << bits) - 1
    return crc


def flac_frame(number: int) -> bytes:
    """192 samples of one level."""
    head = b"\xff\xf8\x19\x08" + bytes([number])
    head += bytes([_crc(head, 0x07, 8)]) + b"\0" + struct.pack(">h", number * 300)
    return head + struct.pack(">H", _crc(head, 0x8005, 16))


def flac_block(kind: int, body: bytes, *, last: bool = False) -> bytes:
    return bytes([kind | 0x80 * last]) + struct.pack(">L", len(body))[1:] + body


def comments(vendor: bytes, *texts: bytes) -> bytes:
    body = struct.pack("<L", len(vendor)) + vendor + struct.pack("<L", len(texts))
    return body + b"".join(struct.pack("<L", len(one)) + one for one in texts)


def flac_info(frames: int) -> bytes:
    packed = 44100 << 44 | 0 << 41 | 15 << 36 | 192 * frames
    return struct.pack(">HH", 192, 192) + bytes(6) + packed.to_bytes(8, "big") + bytes(16)


def flac(p: Planted) -> bytes:
    """Hide strings in blocks of every kind, and in tags around all."""
    picture = struct.pack(">L", 3) + b"\0\0\0\x09image/png" + p.bytes() + p.bytes()
    return (
        id3v2((b"TIT2", p.bytes()))
        + b"fLaC"
        + flac_block(0, flac_info(5))
        + flac_block(4, comments(p.bytes(), b"ARTIST=" + p.bytes()))
        + flac_block(3, bytes(18))
        + flac_block(2, b"riff" + p.bytes())
        + flac_block(5, p.bytes().ljust(396, b"\0"))
        + flac_block(6, picture)
        + flac_block(9, p.bytes())
        + flac_block(1, p.bytes().ljust(100, b"\0"), last=True)
        + b"".join(flac_frame(n) for n in range(5))
        + ape(p.bytes())
        + id3v1(p.bytes(), p.bytes())
    )


def page(
    body: list[bytes], number: int, flags: int = 0, *, serial: int = 7, more: bool = False
) -> bytes:
    """One page of Ogg; with `more` its last packet goes on."""
    lengths = b""
    for place, packet in enumerate(body):
        full, rest = divmod(len(packet), 255)
        lengths += b"\xff" * full
        if not (more and place == len(body) - 1):
            lengths += bytes([rest])
    head = b"OggS\0" + bytes([flags]) + struct.pack("<QLL", number * 960, serial, number)
    whole = head + bytes(4) + bytes([len(lengths)]) + lengths + b"".join(body)
    return whole[:22] + struct.pack("<L", _crc(whole, 0x04C11DB7, 32)) + whole[26:]


OPUS_HEAD = b"OpusHead\1\1" + struct.pack("<HLhB", 0, 48000, 0, 0)


def ogg(p: Planted) -> bytes:
    """Hide strings in comments that go over two pages, and behind the end."""
    texts = [b"ARTIST=" + p.bytes(), b"TITLE=" + p.bytes(), b"COMMENT=" + b"." * 300 + p.bytes()]
    packet = b"OpusTags" + comments(p.bytes(), *texts, b"METADATA_BLOCK_PICTURE=" + p.bytes())
    packet += b"\1" + p.bytes()
    return (
        page([OPUS_HEAD], 0, 2)
        + page([packet[:255]], 1, more=True)
        + page([packet[255:]], 2, 1)
        + page([b"\xf8\xff\xfe"] * 5, 3)
        + page([b"\xf8\xff\xfe"] * 5, 4, 4)
        + p.bytes()
    )


def ogg_flac(p: Planted) -> bytes:
    """Hide strings in the blocks of FLAC inside Ogg."""
    blocks = [
        flac_block(4, comments(p.bytes(), b"ARTIST=" + p.bytes())),
        flac_block(6, p.bytes()),
        flac_block(2, b"riff" + p.bytes()),
        flac_block(9, p.bytes()),
        flac_block(1, p.bytes(), last=True),
    ]
    first = b"\x7fFLAC\1\0" + struct.pack(">H", len(blocks)) + b"fLaC" + flac_block(0, flac_info(3))
    return (
        page([first], 0, 2)
        + page(blocks, 1)
        + page([flac_frame(n) for n in range(3)], 2, 4)
    )  # fmt: skip


def small_jpeg(shade: int = 90) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (16, 16), (shade, 20, 200)).save(target, "JPEG")
    return target.getvalue()


def avi(p: Planted) -> bytes:
    """Hide strings in lists, chunks amid the frames, fillers, and behind the end."""
    frames = [small_jpeg(shade) for shade in (10, 120, 240)]
    avih = struct.pack("<14L", 40000, 0, 0, 16, 3, 0, 1, 0, 16, 16, 0, 0, 0, 0)
    strh = b"vidsMJPG" + struct.pack(
        "<LHHLLLLLLLL4H", 0, 0, 0, 0, 1, 25, 0, 3, 0, 0, 0, 0, 0, 16, 16
    )
    strf = struct.pack("<LllHH4sLllLL", 40, 16, 16, 1, 24, b"MJPG", 768, 0, 0, 0, 0)
    stream = riff(b"strh", strh) + riff(b"strf", strf) + riff(b"strn", p.bytes())
    stream += riff(b"strd", p.bytes())
    head = riff(b"avih", avih) + riff(b"LIST", b"strl" + stream) + riff(b"IDIT", p.bytes())
    movie, index = b"movi", b""
    for number, one in enumerate(frames):
        index += b"00dc" + struct.pack("<LLL", 16, len(movie), len(one))
        movie += riff(b"00dc", one)
        if number == 0:
            movie += riff(b"JUNK", p.bytes()) + riff(b"note", p.bytes())
    info = riff(b"LIST", b"INFO" + riff(b"ISFT", p.bytes()))
    return (
        whole_riff(
            b"AVI ",
            riff(b"LIST", b"hdrl" + head),
            info,
            riff(b"JUNK", p.bytes()),
            riff(b"LIST", movie),
            riff(b"idx1", index),
            riff(b"_PMX", p.bytes()),
        )
        + p.bytes()
    )


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">L", len(body) + 8) + kind + body


def full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">L", version << 24 | flags), *parts)


MATRIX = struct.pack(">9L", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
WHEN = 3_800_000_000
Places = list[int]


def track(
    p: Planted, handler: bytes, entry: bytes, sizes: list[int], places: Places, *, wide: bool
) -> bytes:
    """Make a track whose samples lie one to a chunk."""
    count = len(sizes)
    media_head = b"vmhd" if handler == b"vide" else b"smhd" if handler == b"soun" else b"nmhd"
    rest = {b"vmhd": bytes(8), b"smhd": bytes(4), b"nmhd": b""}[media_head]
    numbers = struct.pack(f">L{count}{'Q' if wide else 'L'}", count, *places)
    tables = box(
        b"stbl",
        full(b"stsd", struct.pack(">L", 1), entry),
        full(b"stts", struct.pack(">LLL", 1, count, 100)),
        full(b"stsc", struct.pack(">LLLL", 1, 1, 1, 1)),
        full(b"stsz", struct.pack(f">LL{count}L", 0, count, *sizes)),
        full(b"co64" if wide else b"stco", numbers),
    )
    where = box(b"dinf", full(b"dref", struct.pack(">L", 1), full(b"url ", p.bytes(), flags=1)))
    media = box(
        b"mdia",
        full(b"mdhd", struct.pack(">LLLLHH", WHEN, WHEN, 1000, 100 * count, 0x55C4, 0)),
        full(b"hdlr", bytes(4), handler, bytes(12), p.bytes() + b"\0"),
        box(b"minf", full(media_head, rest), where, tables),
    )
    head = struct.pack(">LLLLL", WHEN, WHEN, 1, 0, 100 * count) + bytes(16) + MATRIX
    head += struct.pack(">LL", 16 << 16, 16 << 16)
    return box(b"trak", full(b"tkhd", head, flags=7), media, box(b"udta", box(b"name", p.bytes())))


def picture_entry(name: bytes) -> bytes:
    head = bytes(6) + struct.pack(">H", 1) + bytes(4) + b"abcd" + bytes(8)
    head += struct.pack(">HHLLLH", 16, 16, 72 << 16, 72 << 16, 0, 1)
    head += bytes([len(name)]) + name.ljust(31, b"\0") + struct.pack(">Hh", 24, -1)
    return box(b"jpeg", head)


def sound_entry() -> bytes:
    head = (
        bytes(6) + struct.pack(">H", 1) + bytes(8) + struct.pack(">HHHHL", 1, 16, 0, 0, 8000 << 16)
    )
    return box(b"sowt", head)


def film(
    p: Planted,
    brand: bytes,
    *,
    wide: bool = False,
    more: Callable[[Planted, int], bytes] | None = None,
) -> bytes:
    """Make a film of three pictures with sound, with strings in all boxes and amid the data."""
    pictures = [small_jpeg(shade) for shade in (10, 120, 240)]
    sounds = [SOUND[:200], SOUND[200:400]]
    data, places = b"", Places()
    for one in (*pictures, *sounds):
        data += p.bytes()  # amid the data, and part of no sample
        places.append(len(data))
        data += one
    mark = len(p.leaks)

    def head(base: int) -> bytes:
        del p.leaks[mark:]
        at = [base + place for place in places]
        item = box(b"\xa9nam", box(b"data", struct.pack(">LL", 1, 0), p.bytes()))
        tags = full(b"meta", full(b"hdlr", bytes(4), b"mdirappl", bytes(9)), box(b"ilst", item))
        position = struct.pack(">HH", 20, 0x15C7) + b"+35.6750+139.7500/" + p.bytes()
        user = box(b"udta", box(b"\xa9xyz", position), box(b"Xtra", p.bytes()), tags)
        numbers = struct.pack(">LLLLLHH", WHEN, WHEN, 1000, 300, 0x10000, 0x100, 0)
        numbers += bytes(8) + MATRIX + bytes(24) + struct.pack(">L", 3)
        first, second = [len(one) for one in pictures], [len(one) for one in sounds]
        return (
            box(b"ftyp", brand, bytes(4), brand)
            + box(b"free", p.bytes())
            + box(b"uuid", bytes(range(16)), p.bytes())
            + box(
                b"moov",
                full(b"mvhd", numbers),
                track(p, b"vide", picture_entry(p.bytes()), first, at[:3], wide=wide),
                track(p, b"soun", sound_entry(), second, at[3:], wide=wide),
                more(p, base) if more else b"",
                user,
                full(b"meta", p.bytes()),
                box(b"prVt", p.bytes()),
            )
        )

    length = len(head(0)) + 8
    return head(length) + box(b"mdat", data) + box(b"skip", p.bytes()) + p.bytes()


def mp4(p: Planted) -> bytes:
    return film(p, b"isom")


def mov(p: Planted) -> bytes:
    return film(p, b"qt  ", wide=True)


def bmp(p: Planted) -> bytes:
    """Hide strings before the pixels, around the profile, in the head and behind the end."""
    pixels = bytes(range(96)) * 2
    gap, between, profile = p.bytes(), p.bytes(), b"profile of colours"
    offset = 14 + 124 + len(gap)
    place = 124 + len(gap) + len(pixels) + len(between)
    head = struct.pack("<LllHHLLllLL", 124, 8, 8, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    head += bytes(16) + b"DEBM" + bytes(48) + struct.pack("<LLLL", 4, place, len(profile), 0)
    body = head + gap + pixels + between + profile
    behind = p.bytes() + p.bytes() + p.bytes() + p.bytes()
    return b"BM" + struct.pack("<L4sL", 14 + len(body), b"ABCD", offset) + body + behind


def svg(p: Planted) -> bytes:
    """Hide strings in comments, data of editors, scripts, paths, and in a picture inside."""
    pictures = []
    for kind, options in (("JPEG", {"comment": p.bytes()}), ("PNG", {"exif": full_exif(p)})):
        inside = io.BytesIO()
        Image.new("RGB", (8, 8), 7).save(inside, kind, **options)
        pictures.append(base64.b64encode(inside.getvalue()).decode())
    nested = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {p.text()} --><text>内</text></svg>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- {p.text()} -->
<?editor {p.text()}?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
 <!ENTITY ns "http://ns.adobe.com/AdobeIllustrator/10.0/"> <!-- {p.text()} --> ]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:i="&ns;" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 xmlns:x="urn:{p.text()}" viewBox="0 0 100 100" inkscape:export-filename="/home/{p.text()}/a.png"
 onload="f('{p.text()}')" data-name="{p.text()}">
 <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{p.text()}</rdf:RDF>
 </metadata>
 <inkscape:note at="{p.text()}">{p.text()}</inkscape:note>
 <script>var a = "{p.text()}";</script>
 <style>/* {p.text()} */ .a {{ fill: red; -inkscape-font-specification: '{p.text()}'; }}</style>
 <switch><foreignObject requiredExtensions="&ns;" width="1" height="1"><i:ref>{p.text()}</i:ref>
 </foreignObject><g i:extraneous="{p.text()}">
 <text class="a" x="5" y="20">見える<!-- {p.text()} -->文字
 </text></g></switch>
 <a xlink:href="https://www.meti.go.jp/"><rect width="9" height="9"/></a>
 <a href="file:///home/{p.text()}/b.html"><circle r="3"/></a>
 <image width="9" height="9" xlink:href="{p.text()}.jpg"/>
 <image width="9" height="9" xlink:href="data:image/jpeg;base64,{pictures[0]}"/>
 <rect style="fill:url(data:image/png;base64,{pictures[1]})" width="1" height="1"/>
 <image width="9" height="9" xlink:href="data:image/svg+xml,{quote(nested)}"/>
 <text y="50" style="fill:blue">機密性２情報</text>
</svg><!-- {p.text()} -->
""".encode()


BUILDERS: dict[str, Callable[[Planted], bytes]] = {
    "mp3": mp3, "wav": wav, "rf64": rf64, "flac": flac, "ogg": ogg, "ogg-flac": ogg_flac,
    "avi": avi, "mp4": mp4, "mov": mov, "bmp": bmp, "svg": svg,
}  # fmt: skip
