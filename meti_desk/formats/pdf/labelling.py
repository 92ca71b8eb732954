"""Writing the label into a PDF, and proving that it is there and nothing else changed (Art. 5)."""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder, LabelReport, own_properties
from meti_desk.formats.pdf import foreign_labels, marks, pdfium, properties, rawscan, xmp
from meti_desk.formats.pdf.opening import opened, refuse_obstacles, save_as_it_is
from meti_desk.formats.pdf.view import reader_view


def write_label(source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
    """Write properties and mark; refuses what is signed or encrypted."""
    with opened(source) as pdf:
        refuse_obstacles(pdf, rawscan.raw(source))
        was_pdfa = xmp.is_pdfa(pdf)
        properties.write(pdf, order.properties)
        foreign_labels.write(pdf, order.foreign)
        report = LabelReport()
        if order.mark:
            report = marks.set_mark(pdf, order.mark)
        elif order.mark is not None:
            report = marks.remove_mark(pdf)
        notes = ("pdf.no-longer-pdfa",) if was_pdfa and not xmp.is_pdfa(pdf) else ()
        save_as_it_is(pdf, target)
        return LabelReport(report.marked, report.skipped, notes)


def verify_label(source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
    """Prove a labelled file by reading it anew; `InvalidInput("label.not-proven", what=…)`."""
    with opened(result) as pdf:
        own = properties.read(pdf) == own_properties(order.properties)
        if not own or not foreign_labels.written(pdf, order.foreign):
            raise _unproven("properties")
        fits = marks.pages_that_fit(pdf, order.mark) if order.mark else set()
        after = pdfium.read_pages(reader_view(pdf, result))
    with opened(source) as pdf:
        before = pdfium.read_pages(reader_view(pdf, source))
    if len(before) != len(after):
        raise _unproven("pages")
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        _verify_page(old, new, number, order.mark, fits=number in fits)


def _verify_page(
    old: pdfium.PageRead, new: pdfium.PageRead, number: int, mark: str | None, *, fits: bool
) -> None:
    if pdfium.squeezed(old.text) != pdfium.squeezed(new.text):
        raise _unproven("text", number)
    if old.images != new.images:
        raise _unproven("images", number)
    if mark is None:
        kept = pdfium.squeezed(old.whole) == pdfium.squeezed(new.whole)
        if not kept:
            raise _unproven("mark", number)
    elif not (mark and fits):
        if new.whole:
            raise _unproven("mark", number)
    else:
        wanted = pdfium.squeezed(mark)
        more = pdfium.squeezed(new.whole).count(wanted) - pdfium.squeezed(new.text).count(wanted)
        if more != 1:
            raise _unproven("mark", number)


def _unproven(what: str, page: int = 0) -> InvalidInput:
    return InvalidInput("label.not-proven", what=what, page=page)
