"""Telling what a PDF is and holds; nothing is refused here but what is no PDF at all."""

from typing import BinaryIO

import pikepdf

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Inspection, MarkFound, ProtectionFound, TextPart, Wants
from meti_desk.formats.pdf import foreign_labels, marks, opening, pdfium, properties, rawscan
from meti_desk.formats.pdf.findings import find
from meti_desk.formats.pdf.typed import typed_marks
from meti_desk.formats.pdf.view import reader_view


def inspect(source: BinaryIO, wants: Wants) -> Inspection:
    """Read properties, marks, findings, digest and text, as far as they are wanted.

    Typed marks are looked for only when the pages are read for something else as well.
    """
    opening.check_size(source)
    data = rawscan.raw(source)
    try:
        with opening.opened(source) as pdf:
            return _describe(pdf, source, data, wants)
    except RuleViolation as refusal:
        if refusal.code != "document.encrypted":
            raise
    return Inspection(format="pdf", protection=rawscan.encryption(data), obstacle="encrypted")


def _describe(pdf: pikepdf.Pdf, source: BinaryIO, data: rawscan.Raw, wants: Wants) -> Inspection:
    own = properties.read(pdf)
    found = [
        MarkFound(text, f"page {number}", own=True)
        for number, page in enumerate(pdf.pages, 1)
        if (text := marks.own_mark(page))
    ]
    pages: list[pdfium.PageRead] = []
    view = source
    if wants.digest or wants.text or wants.findings:
        view = reader_view(pdf, source)
        pages = pdfium.read_pages(view, images=wants.digest)
    for number, page in enumerate(pages, 1):
        found += [MarkFound(text, f"page {number}") for text in typed_marks(page.text)]
    obstacle, guard = "", None
    if pdf.is_encrypted:
        obstacle, guard = "encrypted", opening.protection(pdf)
    elif opening.is_signed(pdf, data):
        obstacle, guard = "signed", ProtectionFound("signed")
    return Inspection(
        format="pdf",
        properties=own,
        marks=tuple(found),
        findings=tuple(find(pdf, data, view)) if wants.findings else (),
        protection=guard,
        digest=pdfium.digest(pages) if wants.digest else "",
        pages=len(pdf.pages),
        obstacle=obstacle,
        text=tuple(TextPart(f"page {number}", page.text) for number, page in enumerate(pages, 1))
        if wants.text
        else (),
        foreign=foreign_labels.read(pdf),
    )
