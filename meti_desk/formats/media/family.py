"""Sound, film and bitmaps (MP3, WAV, FLAC, Ogg, MP4, MOV, AVI, WMV, BMP) as document formats."""

from typing import BinaryIO, NoReturn

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    MAGIC_BYTES,
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)


class Media:
    """The family of media files; keeps no state and decodes nothing.

    The label lies in a sidecar (`format.not-embeddable`), while 付加情報 can be taken out. That
    changes the bytes, so the digest is one over what is heard and seen: the coded frames with what
    is needed to decode them. Only a file that does not hold together, and one that is never
    rewritten (ASF), is digested as a whole.
    """

    id = "media"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant: `mp3`, `wav`, `flac`, `ogg`, `mp4`, `mov`, `avi`, `asf`, `bmp`."""
        from meti_desk.formats.image.data import Data
        from meti_desk.formats.media.scrubbing import variant_of

        return variant_of(Data(source), head)

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a media file is and tells besides; what is damaged is described, too."""
        from meti_desk.formats.image.data import Data
        from meti_desk.formats.media.scrubbing import inspect
        from meti_desk.formats.sidecar.hashing import sha256

        return inspect(Data(source), self._variant(source), wants, lambda: sha256(source))

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del target, order
        self._refuse(source)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del result, order
        self._refuse(source)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the file without 付加情報: not one byte of what is heard or seen changes."""
        from meti_desk.formats.image.data import Data
        from meti_desk.formats.media.scrubbing import scrub

        return scrub(Data(source), self._variant(source), target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove by readers of its own that the hidden went and the seen stayed."""
        from meti_desk.formats.media.audit import verify_scrub

        verify_scrub(source, result, order)

    def _variant(self, source: BinaryIO) -> str:
        source.seek(0)
        return self.recognise(source.read(MAGIC_BYTES), source) or "mp3"

    def _refuse(self, source: BinaryIO) -> NoReturn:
        raise RuleViolation("format.not-embeddable", format=self._variant(source))


MEDIA = Media()
"""The one object of this family for the registry."""
