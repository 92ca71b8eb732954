"""A PNG or JPEG as a page of a PDF, so that PDFium decodes it: no decoder of our own is needed.

PDF knows both encodings: JPEG as DCTDecode, PNG's rows as FlateDecode with PNG predictors. The
image data is carried over as it is; only its dimensions are read here.
"""

import struct
from collections.abc import Iterator

from meti_desk.domain.errors import InvalidInput

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
_MOST_BYTES = 400_000_000
"""What an image may take once it is decoded: a photo of 100 million pixels in colour fits."""
_LONGEST = 30_000
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})
_PALETTE, _GREY_ALPHA, _COLOUR_ALPHA = 3, 4, 6


def as_pdf(data: bytes) -> bytes:
    """Wrap an image (`code.no-image` for another kind, `document.damaged` for a broken one)."""
    try:
        if data.startswith(PNG):
            return _of_png(data)
        if data.startswith(JPEG):
            return _of_jpeg(data)
    except (struct.error, IndexError):
        raise InvalidInput("document.damaged") from None
    raise InvalidInput("code.no-image")


def _of_jpeg(data: bytes) -> bytes:
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        if data[at] != 0xFF:  # noqa: PLR2004 - a marker begins so
            raise InvalidInput("document.damaged")
        marker = data[at + 1]
        if marker in _NO_LENGTH:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:  # noqa: PLR2004 - frames
            bits, high, wide, colours = struct.unpack_from(">BHHB", data, at + 4)
            spaces = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
            if colours not in spaces:
                raise InvalidInput("document.damaged")
            about = f"/ColorSpace {spaces[colours]} /BitsPerComponent {bits} /Filter /DCTDecode"
            return _page(wide, high, colours * bits, about, data)
        at += 2 + length


def _of_png(data: bytes) -> bytes:
    wide, high, bits, kind, _, _, interlaced = struct.unpack_from(">IIBBBBB", data, 16)
    if interlaced:
        raise InvalidInput("code.no-image")
    chunks = list(_chunks(data))
    colours = {0: 1, 2: 3, _PALETTE: 1, _GREY_ALPHA: 2, _COLOUR_ALPHA: 4}.get(kind)
    if colours is None:
        raise InvalidInput("document.damaged")
    palette = next((body for name, body in chunks if name == b"PLTE"), b"")
    space = {
        0: "/DeviceGray",
        2: "/DeviceRGB",
        _PALETTE: f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]",
        # The transparency is left out: the second colour is thrown away, the fourth set to none.
        _GREY_ALPHA: "[/DeviceN [/G /A] /DeviceGray 5 0 R]",
        _COLOUR_ALPHA: "/DeviceCMYK /Decode [1 0 1 0 1 0 0 0]",
    }[kind]
    about = (
        f"/ColorSpace {space} /BitsPerComponent {bits} /Filter /FlateDecode /DecodeParms "
        f"<</Predictor 15 /Colors {colours} /BitsPerComponent {bits} /Columns {wide}>>"
    )
    pixels = b"".join(body for name, body in chunks if name == b"IDAT")
    return _page(wide, high, colours * bits, about, pixels)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, data[at + 8 : at + 8 + length]
        at += length + 12


def _page(wide: int, high: int, bits: int, about: str, data: bytes) -> bytes:
    if not (0 < wide <= _LONGEST and 0 < high <= _LONGEST):
        raise InvalidInput("document.too-large")
    if wide * high * bits // 8 > _MOST_BYTES:
        raise InvalidInput("document.too-large")
    scale = 1000 / max(wide, high)
    across, up = wide * scale, high * scale
    draw = f"{across:.2f} 0 0 {up:.2f} 0 0 cm /I Do".encode()
    head = (
        f"<</Type /XObject /Subtype /Image /Width {wide} /Height {high} {about} "
        f"/Length {len(data)}>>"
    )
    bodies = (
        b"<</Type /Catalog /Pages 2 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 {across:.2f} {up:.2f}] /Contents 4 0 R "
        f"/Resources <</XObject <</I 6 0 R>>>>>>".encode(),
        _stream(f"<</Length {len(draw)}>>".encode(), draw),
        _stream(b"<</FunctionType 4 /Domain [0 1 0 1] /Range [0 1] /Length 5>>", b"{pop}"),
        _stream(head.encode(), data),
    )
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<</Size %d /Root 1 0 R>>\n" % (len(bodies) + 1)
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(head: bytes, data: bytes) -> bytes:
    return head + b"\nstream\n" + data + b"\nendstream"
