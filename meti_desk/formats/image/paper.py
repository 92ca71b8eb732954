"""A picture put on a page of a PDF as it is coded, so that PDFium can draw it in its confinement.

No other decoder of pictures belongs to the product: JPEG and PNG are codings that a PDF holds as
they stand. What a PDF cannot hold so - interlaced PNG, PNG with transparency, the other kinds -
has no picture.
"""

import io
import struct
from typing import Any

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image.data import Data
from meti_desk.formats.image.model import Picture

_LARGEST = 64 << 20
_MOST_PIXELS = 40_000_000
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_TURNS = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip
"""How the unit square of a picture lies on the page, by its orientation."""


def on_paper(data: Data, picture: Picture) -> bytes | None:
    """Give a PDF of one page with the picture as it is meant to be seen, or nothing."""
    if data.size > _LARGEST:
        return None
    whole = data[0 : data.size]
    made = {"jpeg": _jpeg, "png": _png}.get(picture.variant)
    try:
        found = made(whole) if made is not None else None
    except (struct.error, IndexError) as bad:
        raise InvalidInput("document.damaged", what=picture.variant) from bad
    if found is None or not 0 < found[0] * found[1] <= _MOST_PIXELS:
        return None
    return _page(*found, picture.orientation)


def _jpeg(whole: bytes) -> tuple[int, int, bytes, dict[str, Any]] | None:
    """Find size and components in the frame's head; Adobe's CMYK is written upside down."""
    at, adobe = 2, False
    while at + 4 <= len(whole):
        kind, length = whole[at + 1], int.from_bytes(whole[at + 2 : at + 4], "big")
        adobe = adobe or (kind == 0xEE and whole[at + 4 : at + 9] == b"Adobe")  # noqa: PLR2004 - APP14
        if kind in _FRAMES:
            bits, high, wide, parts = struct.unpack(">BHHB", whole[at + 4 : at + 10])
            if parts not in _SPACES:
                return None
            told: dict[str, Any] = {"Filter": "/DCTDecode", "Colours": parts, "Bits": bits}
            if parts == 4 and adobe:  # noqa: PLR2004 - CMYK
                told["Decode"] = [1, 0] * parts
            return wide, high, whole, told
        at += 1 if whole[at + 1] == 0xFF else 2 + length  # noqa: PLR2004 - a byte that fills
    return None


def _png(whole: bytes) -> tuple[int, int, bytes, dict[str, Any]] | None:
    """Take the packed rows as they are: a PDF knows the filters of PNG."""
    wide, high, bits, colours, _, _, interlaced = struct.unpack(">LLBBBBB", whole[16:29])
    if interlaced or colours not in (0, 2, 3):
        return None
    rows, table, at = [], b"", 8
    while at + 12 <= len(whole):
        length, name = struct.unpack(">L4s", whole[at : at + 8])
        body = whole[at + 8 : at + 8 + length]
        if name == b"IDAT":
            rows.append(body)
        elif name == b"PLTE":
            table = body
        at += 12 + length
    parts = 3 if colours == 2 else 1  # noqa: PLR2004 - true colour
    told: dict[str, Any] = {"Filter": "/FlateDecode", "Colours": parts, "Bits": bits}
    told["Table"] = table if colours == 3 else b""  # noqa: PLR2004 - a table of colours
    told["Rows"] = wide
    return wide, high, b"".join(rows), told


def _page(wide: int, high: int, coded: bytes, told: dict[str, Any], turned: int) -> bytes:
    import pikepdf

    name, array, dictionary = pikepdf.Name, pikepdf.Array, pikepdf.Dictionary
    with pikepdf.new() as pdf:
        across, up = (high, wide) if turned in (5, 6, 7, 8) else (wide, high)
        image = pikepdf.Stream(pdf, coded)
        space: Any = name(_SPACES[told["Colours"]])
        if told.get("Table"):
            last = len(told["Table"]) // 3 - 1
            space = array([name.Indexed, name.DeviceRGB, last, pikepdf.String(told["Table"])])
        image.stream_dict = dictionary(
            Type=name.XObject, Subtype=name.Image, Width=wide, Height=high, ColorSpace=space,
            BitsPerComponent=told["Bits"], Filter=name(told["Filter"]),
        )  # fmt: skip
        if "Rows" in told:
            image.DecodeParms = dictionary(
                Predictor=15, Colors=told["Colours"], BitsPerComponent=told["Bits"], Columns=wide
            )
        if "Decode" in told:
            image.Decode = array(told["Decode"])
        a, b, c, d, e, f = _TURNS.get(turned, _TURNS[1])
        place = f"{a * across} {b * up} {c * across} {d * up} {e * across} {f * up}"
        pdf.add_blank_page(page_size=(across, up))
        page = pdf.pages[0]
        page.Resources = dictionary(XObject=dictionary(I=image))
        page.Contents = pikepdf.Stream(pdf, f"q {place} cm /I Do Q".encode())
        held = io.BytesIO()
        pdf.save(held)
        return held.getvalue()
