"""Writing a PDF without 付加情報 (Arts. 14-7, 15-2)."""

from collections import Counter
from io import BytesIO
from typing import BinaryIO

import pikepdf

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    HANDLING_KEY,
    LABEL_KEY,
    Finding,
    Removed,
    ScrubOrder,
    ScrubReport,
)
from meti_desk.formats.pdf import marks, properties, rawscan, xmp
from meti_desk.formats.pdf.findings import KINDS, find
from meti_desk.formats.pdf.flatten import drop_form, flatten
from meti_desk.formats.pdf.opening import opened, refuse_obstacles
from meti_desk.formats.pdf.removal import clean
from meti_desk.formats.pdf.view import give_appearances, reader_view
from meti_desk.sink import held_back

_IN_MEMORY = 4 * 1024 * 1024
KEPT_WHEN_PROVIDED = (LABEL_KEY, HANDLING_KEY)
"""The label travels (Art. 14-6); the device's seal and the document's id stay at home."""


def scrub(source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the document without what the order does not keep.

    Publishing with hidden text raises `RuleViolation("scrub.blocked")`: only a person can tell
    whether it has to be seen or to go.
    """
    with opened(source) as pdf:
        data = rawscan.raw(source)
        refuse_obstacles(pdf, data)
        found = find(pdf, data, reader_view(pdf, source))
        left = [one for found_one in found if (one := _as_left(found_one, order))]
        blocking = sorted({one.kind for one in left if one.removal == "blocks"})
        if blocking and order.purpose == "publish":
            raise RuleViolation(
                "scrub.blocked",
                articles=("15-2",),
                classes=", ".join(blocking),
                count=len(blocking),
            )
        _rewrite(pdf, order)
        _save(pdf, target)
    went = Counter[str]()
    for one in found:
        if _as_left(one, order) is None:
            went[one.kind] += one.count
    removed = tuple(Removed(kind, count) for kind, count in sorted(went.items()))
    return ScrubReport(removed=removed, left=tuple(left))


def keeps(order: ScrubOrder, kind: str) -> bool:
    """Tell whether the person wants findings of a kind, or of its class, to stay."""
    return kind in order.keep or str(KINDS[kind][0]) in order.keep


def _as_left(one: Finding, order: ScrubOrder) -> Finding | None:
    """Give a finding as the report shows it when it stays, `None` when it goes."""
    if keeps(order, one.kind):
        stays = one.kind not in {"pdf.revisions", "pdf.unreachable", "pdf.foreign-data"}
        return _with_removal(one, "kept") if stays else None
    return one if one.removal == "blocks" else None


def _with_removal(one: Finding, removal: str) -> Finding:
    import msgspec

    return msgspec.structs.replace(one, removal=removal)


def _rewrite(pdf: pikepdf.Pdf, order: ScrubOrder) -> None:
    def wants(kind: str) -> bool:
        return keeps(order, kind)

    own = properties.read(pdf)
    mark = next((text for page in pdf.pages if (text := marks.own_mark(page))), "")
    marks.remove_mark(pdf)
    give_appearances(pdf)
    flatten(pdf, wants)
    if not wants("pdf.form-value"):
        drop_form(pdf)
    clean(pdf, wants)
    pdf.remove_unreferenced_resources()
    if not wants("pdf.xmp"):
        xmp.standards_only(pdf)
    if not wants("pdf.info") and "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/ID" in pdf.trailer:
        del pdf.trailer["/ID"]
    travels = {key: own[key] for key in KEPT_WHEN_PROVIDED if key in own}
    properties.write(pdf, travels if order.purpose == "provide" else {})
    if mark and order.purpose == "provide":
        marks.set_mark(pdf, mark)


def _save(pdf: pikepdf.Pdf, target: BinaryIO) -> None:
    """Write anew in a fixed form, so that scrubbing twice gives the same bytes.

    The first writing sorts the objects as they are reached, the second numbers them so.
    """
    options = {
        "preserve_pdfa": True,
        "fix_metadata_version": False,
        "object_stream_mode": pikepdf.ObjectStreamMode.preserve,
        "deterministic_id": True,
    }
    first = BytesIO()
    pdf.save(first, **options)
    with pikepdf.open(first) as again:
        if "/ID" in again.trailer:
            del again.trailer["/ID"]
        if first.tell() <= _IN_MEMORY:
            # qpdf writes word by word: into memory that costs little.
            second = BytesIO()
            again.save(second, **options)
            target.write(second.getbuffer())
            return
        with held_back(target) as sink:
            again.save(sink, **options)
