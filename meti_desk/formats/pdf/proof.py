"""Proving a scrub: what was hidden is gone, what was seen is still there (Arts. 14-7, 15-2).

Nothing of the removing code is used here. What must be gone is searched in the written objects as
text, what must have stayed is compared by the second reader: each page's text and pictures, and its
pixels at 36 dots per inch. Of documents with more than 200 pages the pixels of 200 are compared,
evenly spread; text and pictures are compared on all of them.
"""

import re
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pikepdf

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.pdf import pdfium, properties, rawscan, xmp
from meti_desk.formats.pdf.opening import opened
from meti_desk.formats.pdf.view import reader_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRING = re.compile(rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>(?!>)", re.DOTALL)
_LOCAL = re.compile(rb"/URI\s*\(\s*(?:file:|\\\\\\\\)", re.IGNORECASE)
_END = rb"(?![\w.#-])"
_FORBIDDEN: dict[str, tuple[int, tuple[bytes, ...]]] = {
    "pdf.private-data": (11, (b"/PieceInfo", b"/LastModified", b"/OPI", b"/CreatorInfo")),
    "pdf.thumbnail": (5, (b"/Thumb",)),
    "pdf.attachment": (
        11,
        (b"/EmbeddedFiles", b"/EmbeddedFile", b"/EF", b"/FileAttachment", b"/AF"),
    ),
    "pdf.javascript": (11, (b"/JavaScript", b"/JS")),
    "pdf.action": (11, (b"/AA", b"/Launch", b"/SubmitForm", b"/ImportData", b"/GoToR", b"/GoToE")),
    "pdf.form-value": (11, (b"/AcroForm", b"/XFA", b"/Widget")),
    "pdf.user-properties": (11, (b"/UserProperties",)),
}
_ANNOTATIONS = re.compile(
    rb"/Subtype\s*/(?:Text|Popup|FreeText|Line|Square|Circle|Polygon|PolyLine|Highlight|Underline|"
    rb"Squiggly|StrikeOut|Stamp|Caret|Ink|Redact)" + _END
)
_RICH = re.compile(rb"/Subtype\s*/(?:RichMedia|Sound|Movie|Screen|3D)" + _END)
_CAMERA = (b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"Photoshop 3.0\0")
_ALIKE = 24
"""Mean greys that differ by no more, of 255, come from rounding a place, not from loss."""
_SQUARE = 4
_SCALE = 0.5
_PAGES = 200


def verify_scrub(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Prove a scrub; `scrub.left-behind` or `scrub.text-changed` with what and, if known, page."""
    _search_bytes(result)
    with opened(result) as pdf:
        _search_objects(pdf, order)
        _search_properties(pdf, order)
    with opened(source) as pdf:
        before = reader_view(pdf, source)
    _compare(before, result)


def _keeps(order: ScrubOrder, kind: str, group: int) -> bool:
    return kind in order.keep or str(group) in order.keep


def _left(kind: str) -> InvalidInput:
    return InvalidInput("scrub.left-behind", **{"class": kind})


def _search_bytes(result: BinaryIO) -> None:
    data = rawscan.raw(result)
    if len(re.findall(rb"%%EOF", data)) > 1 and rawscan.revisions(data) > 1:
        raise _left("pdf.revisions")
    if data[:5] != b"%PDF-" or data[-6:].strip() != b"%%EOF":
        raise _left("pdf.foreign-data")


def _patterns(order: ScrubOrder) -> list[tuple[str, re.Pattern[bytes]]]:
    """List what must not stand in any object, unless the person keeps it."""
    patterns = [
        (kind, re.compile(b"(?:" + b"|".join(map(re.escape, names)) + b")" + _END))
        for kind, (group, names) in _FORBIDDEN.items()
        if not _keeps(order, kind, group)
    ]
    if not _keeps(order, "pdf.annotation", 11):
        patterns.append(("pdf.annotation", _ANNOTATIONS))
    if not _keeps(order, "pdf.rich-media", 11):
        patterns.append(("pdf.rich-media", _RICH))
    return patterns


def _search_objects(pdf: pikepdf.Pdf, order: ScrubOrder) -> None:
    patterns = _patterns(order)
    pictures = not _keeps(order, "pdf.image-metadata", 12)
    metadata = 0
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            continue
        stream = isinstance(one, pikepdf.Stream)
        written = (one.stream_dict if stream else one).unparse(resolved=True)
        if not _keeps(order, "pdf.local-link", 6) and _LOCAL.search(written):
            raise _left("pdf.local-link")
        bare = _STRING.sub(b"()", written)
        for kind, pattern in patterns:
            if pattern.search(bare):
                raise _left(kind)
        if stream:
            metadata += one.get("/Type") == pikepdf.Name.Metadata
            if pictures and b"/Image" in bare and _has_camera_data(one):
                raise _left("pdf.image-metadata")
    if metadata > 1 and not _keeps(order, "pdf.object-metadata", 11):
        raise _left("pdf.object-metadata")


def _has_camera_data(image: pikepdf.Object) -> bool:
    head = image.read_raw_bytes()[: 256 * 1024]
    return any(word in head for word in _CAMERA)


def _search_properties(pdf: pikepdf.Pdf, order: ScrubOrder) -> None:
    info = properties.info_of(pdf)
    own = {"/jp.go.meti.label", "/jp.go.meti.handling"} if order.purpose == "provide" else set()
    if not _keeps(order, "pdf.info", 15) and info is not None and set(info.keys()) - own:
        raise _left("pdf.info")
    if not _keeps(order, "pdf.xmp", 15) and xmp.foreign(pdf):
        raise _left("pdf.xmp")
    if {f"/{key}" for key in properties.read(pdf)} - own:
        raise _left("jp.go.meti")


def _compare(before: BinaryIO, after: BinaryIO) -> None:
    with pdfium.document(before) as old, pdfium.document(after) as new:
        old.init_forms()
        new.init_forms()
        if len(old) != len(new):
            raise InvalidInput("scrub.text-changed", what="pages")
        step = max(len(old) / _PAGES, 1.0)
        drawn = {int(number * step) for number in range(_PAGES)}
        for index in range(len(old)):
            scale = _SCALE if index in drawn else None
            one, picture = pdfium.look_at(old, index, scale)
            two, other = pdfium.look_at(new, index, scale)
            if not _look_alike(picture, other):
                raise InvalidInput("scrub.text-changed", what="pixels", page=index + 1)
            if pdfium.squeezed(one.text) != pdfium.squeezed(two.text):
                raise InvalidInput("scrub.text-changed", what="text", page=index + 1)
            if one.images != two.images:
                raise InvalidInput("scrub.text-changed", what="images", page=index + 1)


def _look_alike(one: pdfium.Picture | None, two: pdfium.Picture | None) -> bool:
    """Compare the pixels of one page, without our mark.

    A flattened field is placed by other arithmetic than a field, so letters may move by a fraction
    of a pixel. Where pictures differ at all, squares of four by four pixels are compared by their
    mean grey: a word or line that is gone changes it, a moved edge hardly.
    """
    if one is None or two is None or one == two:
        return one == two
    if one[:2] != two[:2]:
        return False
    apart = np.abs(_squares(*one) - _squares(*two))
    return int(apart.max()) <= _ALIKE * _SQUARE * _SQUARE


def _squares(across: int, up: int, picture: bytes) -> "NDArray[np.int32]":
    """Sum up a picture in small squares; those at the edges are filled up with black."""
    rows, columns = -(-up // _SQUARE), -(-across // _SQUARE)
    whole = np.zeros((rows * _SQUARE, columns * _SQUARE), np.uint8)
    whole[:up, :across] = np.frombuffer(picture, np.uint8).reshape(up, across)
    parts = whole.reshape(rows, _SQUARE, columns, _SQUARE)
    return np.asarray(parts.sum(axis=(1, 3), dtype=np.int32))
