"""Making a part of a picture black for good: its samples are overwritten, not covered.

Pictures are unpacked, overwritten and stored without loss. What the first reader cannot unpack -
fax, JBIG2, JPEG 2000 - is unpacked by the second one. `None` means that nobody could: the picture
has to go as a whole.
"""

import ctypes
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Stream
from pypdfium2 import raw as c

from meti_desk.formats.pdf import pdfium
from meti_desk.formats.pdf.geometry import Box, Matrix
from meti_desk.formats.pdf.planes import inverse, moved

MOST_BYTES = 256 * 1024 * 1024
"""A picture that unpacks to more is not worked on."""

_KEPT = (
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent",
    "/ImageMask", "/Mask", "/Decode", "/Interpolate", "/SMask", "/Matte", "/OC", "/StructParent",
)  # fmt: skip
_BILEVEL = (Name.CCITTFaxDecode, Name.JBIG2Decode, Name("/CCF"))
_PARTS = {
    Name.DeviceGray: 1, Name.CalGray: 1, Name.Indexed: 1, Name.Separation: 1,
    Name.DeviceRGB: 3, Name.CalRGB: 3, Name.Lab: 3, Name.DeviceCMYK: 4,
}  # fmt: skip
_PIXEL = {c.FPDFBitmap_Gray: 1, c.FPDFBitmap_BGR: 3, c.FPDFBitmap_BGRx: 4, c.FPDFBitmap_BGRA: 4}

Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


def blackened(pdf: pikepdf.Pdf, image: Any, matrix: Matrix, zones: Sequence[Box]) -> Stream | None:
    """Give a copy of an image in which nothing is left of what lies in the zones.

    `matrix` puts the unit square, which is the image, onto the page.
    """
    made = _overwritten(pdf, image, matrix, zones)
    if made is None:
        return None
    for key in ("/SMask", "/Mask"):
        below = image.get(key)
        if isinstance(below, Stream):
            inner = _overwritten(pdf, below, matrix, zones)
            if inner is None:
                return None
            made[key] = inner
    return made


def _overwritten(
    pdf: pikepdf.Pdf, image: Any, matrix: Matrix, zones: Sequence[Box]
) -> Stream | None:
    wide, high = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    if wide < 1 or high < 1:
        return None
    found = _unpacked(image, wide, high)
    if found is None:
        return None
    data, bits, entries = found
    row = (wide * bits + 7) // 8
    if len(data) < row * high:
        return None
    samples = np.frombuffer(data, np.uint8, row * high).reshape(high, row).copy()
    for zone in zones:
        _wipe(samples, bits, (wide, high), matrix, zone)
    made = pdf.make_stream(samples.tobytes())
    _describe(made, image, entries)
    return made


def _describe(made: Any, image: Any, entries: dict[str, Any]) -> None:
    """Give a copy the entries of its image, but what changed and the masks beside it."""
    for key in _KEPT:
        if key in image and not isinstance(image[key], Stream):
            made[key] = image[key]
    for key, value in entries.items():
        if value is not None:
            made[key] = value
        elif key in made:
            del made[key]


Unpacked = tuple[bytes, int, dict[str, Any]]
"""The samples, how many bits a pixel has, and entries of the image that change."""


def _unpacked(image: Any, wide: int, high: int) -> Unpacked | None:
    filters = image.get("/Filter")
    names = list(filters) if isinstance(filters, Array) else [filters] if filters else []
    last = names[-1] if names else None
    if last in _BILEVEL:
        bits = _bilevel(image, wide, high)
        return (bits, 1, {"/BitsPerComponent": 1}) if bits is not None else None
    if last == Name.JPXDecode:
        return _coloured(image, wide, high)
    depth = 1 if image.get("/ImageMask") else int(image.get("/BitsPerComponent", 8))
    parts = 1 if image.get("/ImageMask") else _components(image.get("/ColorSpace"))
    try:
        data = image.read_bytes(pikepdf.StreamDecodeLevel.all)
    except pikepdf.PdfError:
        return None
    if len(data) > MOST_BYTES:
        return None
    if last in {Name.DCTDecode, Name("/DCT")}:
        parts, depth = len(data) // (wide * high), 8
    if parts is None or parts < 1:
        return None
    return data, parts * depth, {}


def _components(space: Any) -> int | None:
    kind = space[0] if isinstance(space, Array) and len(space) else space
    if not isinstance(kind, Name):
        return None
    if kind == Name.ICCBased:
        return int(space[1].get("/N", 0)) or None
    if kind == Name.DeviceN:
        return len(space[1])
    return _PARTS.get(kind)


def _wipe(samples: Bytes, bits: int, size: tuple[int, int], matrix: Matrix, zone: Box) -> None:
    """Set all samples in a zone to zero, and those at its edge."""
    wide, high = size
    back = inverse(matrix)
    if back is None:
        samples[:] = 0
        return
    left, low, right, top = moved(back, zone)
    first, last = max(int(np.floor(left * wide)), 0), min(int(np.ceil(right * wide)), wide)
    upper, lower = (
        max(int(np.floor((1 - top) * high)), 0),
        min(int(np.ceil((1 - low) * high)), high),
    )
    if first >= last or upper >= lower:
        return
    straight = (abs(matrix[1]) + abs(matrix[2]) < 1e-9) or (abs(matrix[0]) + abs(matrix[3]) < 1e-9)  # noqa: PLR2004
    for row in range(upper, lower):
        hit = np.zeros(wide, np.bool_)
        hit[first:last] = True
        if not straight:
            hit &= _inside(row, size, matrix, zone)
        kept = ~np.packbits(np.repeat(hit, bits))
        samples[row, : len(kept)] &= kept


def _inside(row: int, size: tuple[int, int], matrix: Matrix, zone: Box) -> Mask:
    """Tell which pixels of a row touch a zone, for a picture that stands askew."""
    wide, high = size
    a, b, cc, d, e, f = matrix
    x = (np.arange(wide) + 0.5) / wide
    y = 1 - (row + 0.5) / high
    across, up = a * x + cc * y + e, b * x + d * y + f
    slack = (abs(a) + abs(b)) / wide + (abs(cc) + abs(d)) / high
    inside: Mask = (
        (across >= zone[0] - slack)
        & (across <= zone[2] + slack)
        & (up >= zone[1] - slack)
        & (up <= zone[3] + slack)
    )
    return inside


def _bilevel(image: Any, wide: int, high: int) -> bytes | None:
    """Unpack a picture of one bit a pixel as its bits."""
    read = _read_by_second(image, {"/ColorSpace": Name.DeviceGray, "/BitsPerComponent": 1})
    if read is None or read.shape[:2] != (high, wide):
        return None
    return bytes(np.packbits(read[:, :, 0] > 127, axis=1).tobytes())  # noqa: PLR2004 - half of 255


def _coloured(image: Any, wide: int, high: int) -> Unpacked | None:
    """Unpack a JPEG 2000 picture as red, green and blue."""
    if image.get("/SMaskInData", 0) or image.get("/ImageMask"):
        return None
    read = _read_by_second(image, {})
    if read is None or read.shape[:2] != (high, wide):
        return None
    grey = read.shape[2] == 1
    pixels = read if grey else read[:, :, 2::-1]
    space = Name.DeviceGray if grey else Name.DeviceRGB
    entries = {"/ColorSpace": space, "/BitsPerComponent": 8, "/Decode": None, "/Mask": None}
    return pixels.tobytes(), 8 * (1 if grey else 3), entries


def _read_by_second(image: Any, entries: dict[str, Any]) -> Bytes | None:
    """Have the second reader unpack an image: rows, columns, parts of a pixel."""
    copy = BytesIO()
    with pikepdf.new() as pdf:
        held = pdf.copy_foreign(image)
        for key in ("/Decode", "/ImageMask", "/SMask", "/Mask") if entries else ("/SMask", "/Mask"):
            if key in held:
                del held[key]
        for key, value in entries.items():
            held[key] = value
        page = pdf.add_blank_page(page_size=(100, 100))
        page.obj.Resources = Dictionary(XObject=Dictionary(I=held))
        page.obj.Contents = pdf.make_stream(b"q 100 0 0 100 0 0 cm /I Do Q")
        pdf.save(copy)
    with pdfium.document(copy) as doc, pdfium.page(doc, 0) as handle:
        for one in pdfium.objects(handle):
            if c.FPDFPageObj_GetType(one) == c.FPDF_PAGEOBJ_IMAGE:
                return _pixels_of(one)
    return None


def _pixels_of(one: Any) -> Bytes | None:
    bitmap = c.FPDFImageObj_GetBitmap(one)
    if not bitmap:
        return None
    try:
        wide, high = c.FPDFBitmap_GetWidth(bitmap), c.FPDFBitmap_GetHeight(bitmap)
        stride, parts = c.FPDFBitmap_GetStride(bitmap), _PIXEL.get(c.FPDFBitmap_GetFormat(bitmap))
        if parts is None or stride * high > MOST_BYTES:
            return None
        data = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * high)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    rows = np.frombuffer(data, np.uint8).reshape(high, stride)[:, : wide * parts]
    return rows.reshape(high, wide, parts)
