"""The only module that speaks to PDFium: what a reader sees on a page, as text, images and pixels.

PDFium is a second, independent implementation of PDF. What pikepdf has written is read back
through it, so that the proof does not rest on the code that did the work. The functions take raw
handles, since the library's own wrappers cost ten times as much for thousands of objects.
"""

import ctypes
import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw as c

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.pdf import calls
from meti_desk.formats.pdf.imagemeta import media_only

_IN_MEMORY = 64 * 1024 * 1024
_DEPTH = 12
_KEY = "MetiMark"
ICONS = (
    c.FPDF_ANNOT_TEXT,
    c.FPDF_ANNOT_POPUP,
    c.FPDF_ANNOT_FILEATTACHMENT,
    c.FPDF_ANNOT_SOUND,
    c.FPDF_ANNOT_MOVIE,
    c.FPDF_ANNOT_SCREEN,
    c.FPDF_ANNOT_RICHMEDIA,
    c.FPDF_ANNOT_THREED,
    c.FPDF_ANNOT_REDACT,
    c.FPDF_ANNOT_LINK,
)
"""Annotations that are a sign for something else, no part of the page: notes, files, links."""
_UNSEEN = c.FPDF_ANNOT_FLAG_HIDDEN | c.FPDF_ANNOT_FLAG_NOVIEW | c.FPDF_ANNOT_FLAG_INVISIBLE


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page as read: its text without our mark, and digests of its images.

    `whole` is the text with our mark, empty where the page has none.
    """

    text: str
    whole: str = ""
    images: frozenset[bytes] = frozenset()


@contextmanager
def document(source: BinaryIO) -> Iterator[Any]:
    """Open a document; `InvalidInput("document.damaged")` when PDFium cannot read it."""
    size = source.seek(0, 2)
    source.seek(0)
    try:
        doc = pdfium.PdfDocument(source.read() if size <= _IN_MEMORY else source)
    except pdfium.PdfiumError as error:
        raise InvalidInput("document.damaged", reason="second-reader") from error
    try:
        yield doc
    finally:
        doc.close()


@contextmanager
def page(doc: Any, index: int, *, flat: bool = True) -> Iterator[Any]:
    """Load a page with its visible annotations made part of it, as a reader sees it.

    Form values and drawn annotations are text of the page for whoever reads it; a scrub makes them
    so for good. Reading them alike before and after keeps the digest equal. Notes, files and links
    are left out. Without `flat` annotations stay what they are, but those that are left out go all
    the same: making them part of the page may move its box, which spoils a comparison of pixels.
    """
    handle = c.FPDF_LoadPage(doc, index)
    if not handle:
        raise InvalidInput("document.damaged", reason="page", page=index + 1)
    try:
        if c.FPDFPage_GetAnnotCount(handle) > 0:
            _drop_icons(handle)
        if flat and c.FPDFPage_GetAnnotCount(handle) > 0:
            c.FPDFPage_Flatten(handle, c.FLAT_NORMALDISPLAY)
            c.FPDF_ClosePage(handle)
            handle = c.FPDF_LoadPage(doc, index)
        yield handle
    finally:
        c.FPDF_ClosePage(handle)


def _drop_icons(handle: Any) -> None:
    for index in reversed(range(c.FPDFPage_GetAnnotCount(handle))):
        annotation = c.FPDFPage_GetAnnot(handle, index)
        if not annotation:
            continue
        unseen = c.FPDFAnnot_GetFlags(annotation) & _UNSEEN
        kind = c.FPDFAnnot_GetSubtype(annotation)
        c.FPDFPage_CloseAnnot(annotation)
        if unseen or kind in ICONS:
            c.FPDFPage_RemoveAnnot(handle, index)


def objects(parent: Any, *, form: bool = False) -> Iterator[Any]:
    """Give the objects of a page, or of a form on it, in the order of drawing."""
    if form:
        for index in range(max(c.FPDFFormObj_CountObjects(parent), 0)):
            yield c.FPDFFormObj_GetObject(parent, index)
    else:
        for index in range(max(c.FPDFPage_CountObjects(parent), 0)):
            yield c.FPDFPage_GetObject(parent, index)


def take_off_mark(handle: Any) -> bool:
    """Take our mark off a loaded page, in memory only; tell whether there was one."""
    listed = calls.objects(calls.number_of(handle))
    forms = [n for n, one in enumerate(listed) if calls.kind(one) == c.FPDF_PAGEOBJ_FORM]
    own = [one for n in forms if _carries_key(one := c.FPDFPage_GetObject(handle, n))]
    for one in own:
        c.FPDFPage_RemoveObject(handle, one)
        c.FPDFPageObj_Destroy(one)
    return bool(own)


def _carries_key(one: Any) -> bool:
    buffer = ctypes.create_string_buffer(64)
    length = ctypes.c_ulong()
    for index in range(c.FPDFPageObj_CountMarks(one)):
        mark = c.FPDFPageObj_GetMark(one, index)
        for number in range(max(c.FPDFPageObjMark_CountParams(mark), 0)):
            done = c.FPDFPageObjMark_GetParamKey(
                mark, number, ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), 64, length
            )
            if done and buffer.raw[: length.value - 2].decode("utf-16-le", "replace") == _KEY:
                return True
    return False


def text_of(handle: Any) -> str:
    """Extract a loaded page's text in the order of its content."""
    page_text = c.FPDFText_LoadPage(handle)
    if not page_text:
        return ""
    try:
        count = c.FPDFText_CountChars(page_text)
        if count <= 0:
            return ""
        # An array of ctypes would be a type of its own for every length.
        room = bytearray(2 * count + 2)
        begin = ctypes.c_ushort.from_buffer(room)
        written = c.FPDFText_GetText(page_text, 0, count, begin)
        told = room[: 2 * max(written - 1, 0)]
        return told.decode("utf-16-le", "ignore").replace("\r\n", "\n").replace("\0", "")
    finally:
        c.FPDFText_ClosePage(page_text)


def squeezed(text: str) -> str:
    """Give text without white space and in one Unicode form (NFC), as digests compare it."""
    return unicodedata.normalize("NFC", "".join(text.split()))


def read_page(doc: Any, index: int, *, images: bool) -> PageRead:
    """Read one page: text with and without our mark, and its images if wanted."""
    with page(doc, index) as handle:
        text, whole = text_of(handle), ""
        if take_off_mark(handle):
            text, whole = text_of(handle), text
        found = frozenset(_images(handle)) if images else frozenset()
        return PageRead(text, whole, found)


Picture = tuple[int, int, bytes]
"""Width, height and one byte for each pixel, row by row."""


def look_at(doc: Any, index: int, scale: float | None) -> tuple[PageRead, Picture | None]:
    """Read one page without our mark: its text and images, and its pixels if a scale is given.

    The pixels are those of the page as it is, fields drawn; most pages have nothing that would
    have to be made part of them first, and are loaded once for both.
    """
    with page(doc, index, flat=False) as handle:
        take_off_mark(handle)
        drawn = None if scale is None else pixels(handle, scale, forms=doc.formenv)
        if c.FPDFPage_GetAnnotCount(handle) <= 0:
            return PageRead(text_of(handle), images=frozenset(_images(handle))), drawn
    return read_page(doc, index, images=True), drawn


def read_pages(source: BinaryIO, *, images: bool = True) -> list[PageRead]:
    """Read all pages of a document, one after the other."""
    with document(source) as doc:
        return [read_page(doc, index, images=images) for index in range(len(doc))]


def _images(handle: Any) -> Iterator[bytes]:
    stack = [(one, 0) for one in calls.objects(calls.number_of(handle))]
    while stack:
        one, depth = stack.pop()
        kind = calls.kind(one)
        if kind == c.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            stack += [(child, depth + 1) for child in calls.objects(one, form=True)]
        elif kind == c.FPDF_PAGEOBJ_IMAGE:
            yield _image_digest(one)


def _image_digest(image: int) -> bytes:
    """Hash an image's data without lossless wrapping and without what is not picture."""
    size = calls.image_data(image, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 1))
    calls.image_data(image, ctypes.addressof(buffer), size)
    return hashlib.sha256(media_only(buffer.raw[:size])).digest()


def digest(pages: list[PageRead]) -> str:
    """Give the normalized content digest of a document: per page its text and its images."""
    total = hashlib.sha256(b"meti-desk pdf content 1")
    for one in pages:
        text = squeezed(one.text).encode("utf-8", "surrogatepass")
        total.update(b"P%d:" % len(text) + text)
        for image in sorted(one.images):
            total.update(b"I" + image)
    return total.hexdigest()


def pixels(
    handle: Any, scale: float, *, forms: Any = None, most: int = 4_000_000
) -> Picture | None:
    """Draw a loaded page in grey; width, height and one byte for each pixel, row by row.

    `scale` is pixels per point. Pages so large that they would need more than `most` pixels are
    drawn smaller; `None` when a page has no area. Fields are drawn when the document's `forms` are
    given, as `doc.init_forms()` opens them.
    """
    width, height = c.FPDF_GetPageWidthF(handle), c.FPDF_GetPageHeightF(handle)
    if not (width > 0 and height > 0):
        return None
    scale = min(scale, (most / (width * height)) ** 0.5)
    across, up = max(int(width * scale), 1), max(int(height * scale), 1)
    bitmap = c.FPDFBitmap_CreateEx(across, up, c.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return None
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, across, up, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, across, up, 0, c.FPDF_ANNOT)
        if forms:
            c.FPDF_FFLDraw(forms, bitmap, handle, 0, 0, across, up, 0, c.FPDF_ANNOT)
        stride = c.FPDFBitmap_GetStride(bitmap)
        data = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * up)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    if stride != across:
        data = np.frombuffer(data, np.uint8).reshape(up, stride)[:, :across].tobytes()
    return across, up, data


def origin(reader: Any, index: int) -> tuple[float, float]:
    """Give where a character of a loaded text begins, in page units."""
    x, y = ctypes.c_double(), ctypes.c_double()
    c.FPDFText_GetCharOrigin(reader, index, x, y)
    return x.value, y.value
