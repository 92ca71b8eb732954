"""Pictures (JPEG, PNG, WebP, GIF, TIFF, HEIC/HEIF, AVIF) as one of the document formats."""

from typing import BinaryIO

from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)


class Images:
    """The family of picture files; keeps no state and decodes no picture.

    People expect no visible mark on a picture (明示, Art. 5): it would change the pixels, so it is
    made on request only, and not by this family.
    """

    id = "image"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant: `jpeg`, `png`, `webp`, `gif`, `tiff`, `heic`, `heif` or `avif`."""
        del head
        from meti_desk.formats.image.containers import variant_of
        from meti_desk.formats.image.data import Data

        return variant_of(Data(source))

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a picture file is and holds; see the protocol for the errors."""
        from meti_desk.formats.image.inspecting import inspect

        return inspect(source, wants)

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties into the XMP; the pixels stay bit for bit."""
        from meti_desk.formats.image.labelling import write_label

        return write_label(source, target, order)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that the properties are there and that every other part is the same."""
        from meti_desk.formats.image.labelling import verify_label

        verify_label(source, result, order)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the picture without 付加情報: whole parts go, what is seen is not touched."""
        from meti_desk.formats.image.scrubbing import scrub

        return scrub(source, target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove by readers of its own that the hidden went and the seen stayed."""
        from meti_desk.formats.image.audit import verify_scrub

        verify_scrub(source, result, order)


IMAGES = Images()
"""The one object of this family for the registry."""
