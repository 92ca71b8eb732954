"""A PDF's revision for a signature: prepared with a gap, filled with what was signed (PAdES).

The document is appended to, never written anew, so that signatures that it has already stay whole.
The private key is elsewhere: between the two steps the caller hashes all but the gap and signs.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO, cast

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigAppearanceSetup,
    SigIOSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pyhanko.stamp import BaseStampStyle

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection.base import DAMAGE
from meti_desk.protection.signing.base import PreparedPdf, SignPdfOrder, StampPlace

UNREADABLE = (PdfError, SigningError, SignatureValidationError, *DAMAGE)
"""What pyHanko raises on files that it does not understand to the last byte."""

_QUARTER = 90
_NAME = "署名{}"


def prepare(source: BinaryIO, target: BinaryIO, order: SignPdfOrder, picture: bytes) -> PreparedPdf:
    """Write `source` and a revision with a gap for the signature to `target`.

    `picture` is a PDF of one page: what the visible stamp shows, where `order.place` is set.
    Raises `InvalidInput`: `sign.pdf-irregular` for files that programs may read in different ways,
    `sign.no-such-page`, `sign.stamp-outside`; `RuleViolation("sign.certified")` where the author
    certified the document and allows nothing to be added.
    """
    source.seek(0)
    try:
        writer = _Appending(source, strict=True)
        if writer.prev.xrefs.hybrid_xrefs_present:
            raise InvalidInput("sign.pdf-irregular")
        _check_certified(writer.prev)
        name = _free_name(writer.prev)
        spec = _field(writer, name, order.place)
        return _written(writer, target, order, spec, picture)
    except UNREADABLE:
        raise InvalidInput("sign.pdf-irregular") from None


def fill(target: BinaryIO, signature: bytes, start: int, end: int) -> None:
    """Put the signature into its gap; raises `InvalidInput("sign.too-large")`."""
    text = signature.hex().upper().encode("ascii")
    if len(text) > end - start - 2:
        raise InvalidInput("sign.too-large", size=len(signature))
    target.seek(start + 1)
    target.write(text)
    target.flush()


def _check_certified(reader: PdfFileReader) -> None:
    told = read_certification_data(reader)
    if told is not None and told.permission is MDPPerm.NO_CHANGES:
        raise RuleViolation("sign.certified", articles=("14-3",))


def _free_name(reader: PdfFileReader) -> str:
    taken = {name for name, _, _ in enumerate_sig_fields(reader)}
    form = reader.root.get("/AcroForm", None)
    fields = form.get("/Fields", ()) if isinstance(form, generic.DictionaryObject) else ()
    for one in fields:
        held = one.get_object()
        if isinstance(held, generic.DictionaryObject):
            taken.add(str(held.get("/T", "")))
    number = 1
    while _NAME.format(number) in taken:
        number += 1
    return _NAME.format(number)


def _written(
    writer: IncrementalPdfFileWriter, target: BinaryIO, order: SignPdfOrder, spec: SigFieldSpec,
    picture: bytes,
) -> PreparedPdf:  # fmt: skip
    when = datetime.fromisoformat(order.when)
    held = SignatureObject(
        timestamp=when,
        subfilter=SigSeedSubFilter.PADES,
        reason=order.reason or None,
        bytes_reserved=2 * order.reserve,
    )
    look = None
    if order.place is not None:
        turned = _turned(writer, order.place.page)
        look = SigAppearanceSetup(
            style=PictureStyle(picture, turned), timestamp=when, name=order.signer
        )
    target.seek(0)
    target.truncate()
    steps = PdfCMSEmbedder(new_field_spec=spec).write_cms(spec.sig_field_name, writer)
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=held, appearance_setup=look))
    prepared, _ = steps.send(SigIOSetup(md_algorithm="sha256", output=target))
    target.flush()
    return PreparedPdf(
        prepared.reserved_region_start,
        prepared.reserved_region_end,
        target.seek(0, 2),
        spec.sig_field_name,
    )


def _field(writer: IncrementalPdfFileWriter, name: str, place: StampPlace | None) -> SigFieldSpec:
    if place is None:
        return SigFieldSpec(sig_field_name=name)
    pages = int(writer.root["/Pages"]["/Count"])
    if not 1 <= place.page <= pages:
        raise InvalidInput("sign.no-such-page", page=place.page, pages=pages)
    box = user_box(place, _crop(writer, place.page), _turned(writer, place.page))
    return SigFieldSpec(sig_field_name=name, on_page=place.page - 1, box=box)


def _inherited(writer: IncrementalPdfFileWriter, page: int, key: str) -> generic.PdfObject | None:
    node = writer.find_page_for_modification(page - 1)[0].get_object()
    for _ in range(50):
        if not isinstance(node, generic.DictionaryObject):
            return None
        if key in node:
            return cast("generic.PdfObject", node[key])
        node = node.get("/Parent", None)
    return None


def _turned(writer: IncrementalPdfFileWriter, page: int) -> int:
    held = _inherited(writer, page, "/Rotate")
    return int(held) % 360 if isinstance(held, generic.NumberObject) else 0


def _crop(writer: IncrementalPdfFileWriter, page: int) -> tuple[float, float, float, float]:
    for key in ("/CropBox", "/MediaBox"):
        held = _inherited(writer, page, key)
        if isinstance(held, generic.ArrayObject) and len(held) == 4:  # noqa: PLR2004 - a box
            x0, y0, x1, y1 = (float(one) for one in held)
            return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    raise InvalidInput("sign.pdf-irregular")


def user_box(place: StampPlace, crop: Sequence[float], turned: int) -> tuple[int, int, int, int]:
    """Turn a rectangle of the page as it is seen into the page's own coordinates.

    Raises `InvalidInput("sign.stamp-outside")` when it does not lie on the page.
    """
    x0, y0, x1, y1 = crop
    across, down = x1 - x0, y1 - y0
    if turned % 180:
        across, down = down, across
    right, bottom = place.x + place.width, place.y + place.height
    inside = 0 <= place.x < right <= across + 1 and 0 <= place.y < bottom <= down + 1
    if not (inside and place.width >= 1 and place.height >= 1):
        raise InvalidInput("sign.stamp-outside", width=round(across), height=round(down))
    corners = [_user(u, v, crop, turned) for u, v in ((place.x, place.y), (right, bottom))]
    (ax, ay), (bx, by) = corners
    return round(min(ax, bx)), round(min(ay, by)), round(max(ax, bx)), round(max(ay, by))


def _user(u: float, v: float, crop: Sequence[float], turned: int) -> tuple[float, float]:
    x0, y0, x1, y1 = crop
    if turned == _QUARTER:
        return x0 + v, y0 + u
    if turned == 2 * _QUARTER:
        return x1 - u, y0 + v
    if turned == 3 * _QUARTER:
        return x1 - v, y1 - u
    return x0 + u, y1 - v


class _Appending(IncrementalPdfFileWriter):
    """Adds a revision and touches nothing that is not asked for."""

    def _update_meta(self) -> None:
        """Leave the metadata alone: a signature names its time itself, and a label lies there."""


class PictureStyle(BaseStampStyle):
    """The look of a stamp: the page of another PDF, upright as the page is seen."""

    def __init__(self, picture: bytes, turned: int) -> None:
        super().__init__()
        object.__setattr__(self, "_picture", picture)
        object.__setattr__(self, "_turned", turned)

    def create_stamp(  # type: ignore[override] # all that is used of a stamp is its look
        self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, str]
    ) -> "Picture":
        """Take the page over into the document."""
        del box, text_params
        other = PdfFileReader(BytesIO(self._picture))  # type: ignore[attr-defined] # set above
        held = writer.import_page_as_xobject(other)
        angle = math.radians(self._turned)  # type: ignore[attr-defined] # set above
        across, up = round(math.cos(angle)), round(math.sin(angle))
        held.get_object()["/Matrix"] = generic.ArrayObject(
            generic.NumberObject(one) for one in (across, up, -up, across, 0, 0)
        )
        return Picture(held)


class Picture:
    """The look of one stamp in a document."""

    def __init__(self, form: generic.IndirectObject) -> None:
        self._form = form

    def apply_appearance(self, annotation: generic.DictionaryObject) -> None:
        """Let the annotation of the signature look like this."""
        annotation["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): self._form})
