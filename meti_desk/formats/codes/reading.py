"""Finds QR codes in a picture or on the first pages of a PDF."""

import ctypes
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.codes.wrapping import as_pdf

LARGEST = 64 << 20
_PAGES = 20
_SIZES = (1400, 2600, 800)
"""Pixels of the longer side that are tried in turn: photos are blurred, prints are fine."""
_LONGEST = 4000
_PDF = b"%PDF-"


class CodesOrder(msgspec.Struct, frozen=True):
    """What the texts looked for begin with; nothing: all."""

    prefix: str = ""


class CodesReport(msgspec.Struct, frozen=True):
    """The texts of the codes, in the order of the pages."""

    texts: tuple[str, ...]

    def __repr__(self) -> str:
        """Leave the texts out: they may be shares."""
        return f"CodesReport({len(self.texts)})"


def read_codes(order: CodesOrder, source: BinaryIO) -> CodesReport:
    """Read the codes of a PDF, PNG or JPEG.

    Raises `InvalidInput`: `code.no-image` (another kind of file), `code.none-found`,
    `document.too-large`, `document.damaged`.
    """
    if source.seek(0, 2) > LARGEST:
        raise InvalidInput("document.too-large")
    source.seek(0)
    data = source.read()
    wrapped = data if _PDF in data[:1024] else as_pdf(data)
    found: dict[str, None] = {}
    for text in _codes(wrapped):
        if text.startswith(order.prefix) and len(text) <= _LONGEST:
            found[text] = None
    if not found:
        raise InvalidInput("code.none-found")
    return CodesReport(tuple(found))


def _codes(data: bytes) -> Iterator[str]:
    from pypdfium2 import raw as c

    from meti_desk.formats.pdf.pdfium import document, page

    with document(BytesIO(data)) as doc:
        for index in range(min(c.FPDF_GetPageCount(doc), _PAGES)):
            with page(doc, index, flat=False) as handle:
                for longest in _SIZES:
                    texts = _on_page(handle, longest)
                    yield from texts
                    if texts:
                        break


def _on_page(handle: Any, longest: int) -> list[str]:
    """Draw a page in shades of grey and look for codes."""
    import zxingcpp
    from pypdfium2 import raw as c

    wide, high = c.FPDF_GetPageWidthF(handle), c.FPDF_GetPageHeightF(handle)
    if not (wide > 0 and high > 0):
        return []
    scale = longest / max(wide, high)
    across, up = max(int(wide * scale), 4) & ~3, max(int(high * scale), 1)
    bitmap = c.FPDFBitmap_CreateEx(across, up, c.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return []
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, across, up, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, across, up, 0, 0)
        stride = c.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * up)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    shown = memoryview(pixels).cast("B", (up, stride))
    kind = zxingcpp.barcode_formats_from_str("QRCode")
    return [str(one.text) for one in zxingcpp.read_barcodes(shown, formats=kind)]
