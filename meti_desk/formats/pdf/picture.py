"""A page as a person sees it, in colour: for a look at a document before and after."""

import ctypes
from typing import Any, BinaryIO

from pypdfium2 import raw as c

from meti_desk.formats.jobs import PageOrder, PagePicture
from meti_desk.formats.pdf.pdfium import document, page

_BYTES = 3


def picture(source: BinaryIO, order: PageOrder) -> PagePicture:
    """Draw a page so that its longer side has `order.longest` pixels; empty where there is none."""
    with document(source) as doc:
        count = len(doc)
        if not 1 <= order.page <= count:
            return PagePicture(pages=count)
        with page(doc, order.page - 1) as handle:
            return _drawn(handle, order.longest, count)


def _drawn(handle: Any, longest: int, count: int) -> PagePicture:
    wide, high = c.FPDF_GetPageWidthF(handle), c.FPDF_GetPageHeightF(handle)
    if not (wide > 0 and high > 0):
        return PagePicture(pages=count)
    scale = longest / max(wide, high)
    across, up = max(int(wide * scale), 1), max(int(high * scale), 1)
    bitmap = c.FPDFBitmap_CreateEx(across, up, c.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        return PagePicture(pages=count)
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, across, up, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, across, up, 0, c.FPDF_ANNOT)
        stride, line = c.FPDFBitmap_GetStride(bitmap), _BYTES * across
        data = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * up)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    if stride != line:
        data = b"".join(data[at * stride : at * stride + line] for at in range(up))
    return PagePicture(across, up, data, count, wide, high)
