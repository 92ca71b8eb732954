"""PDF: label, mark, digest, findings and scrub (Arts. 5, 14-7, 15-2).

pikepdf writes, PDFium reads back. Both are imported only when a PDF is really worked on, so that
recognising files stays cheap.
"""

from typing import BinaryIO

from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)

_MAGIC = b"%PDF-"
_WITHIN = 1024
"""Viewers accept a header that stands behind up to so many bytes of something else."""


class Pdf:
    """The PDF family, of the shape that `DocumentFormat` describes."""

    id = "pdf"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant `pdf` when the header stands near the beginning."""
        del source
        return "pdf" if _MAGIC in head[:_WITHIN] else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what the file is and holds; encrypted and signed files are described."""
        from meti_desk.formats.pdf.inspecting import inspect

        return inspect(source, wants)

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write properties and mark (Arts. 5, 14-6); writing twice gives the same bytes."""
        from meti_desk.formats.pdf.labelling import write_label

        return write_label(source, target, order)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove properties, mark and equal content; `InvalidInput("label.not-proven")`."""
        from meti_desk.formats.pdf.labelling import verify_label

        verify_label(source, result, order)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the document without 付加情報 (Arts. 14-7, 15-2)."""
        from meti_desk.formats.pdf.scrubbing import scrub

        return scrub(source, target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove that the hidden went and that text and pixels stayed."""
        from meti_desk.formats.pdf.proof import verify_scrub

        verify_scrub(source, result, order)


PDF = Pdf()
"""The one object of this family for the registry."""
