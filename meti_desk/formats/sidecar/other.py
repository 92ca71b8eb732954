"""Any other file: it is never rewritten, its label lies beside it or in the ledger alone."""

from typing import BinaryIO, NoReturn

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    ScrubOrder,
    ScrubReport,
    Wants,
)
from meti_desk.formats.sidecar.hashing import sha256
from meti_desk.formats.sidecar.kinds import LEGACY_OFFICE, kind_of


class Other:
    """The family of last resort, of the shape that `DocumentFormat` describes.

    Its content is read only to hash it, in constant memory. What would have to rewrite it is
    refused: `RuleViolation("format.not-embeddable")`; a scrub is refused too, because nothing says
    that there is nothing to remove (Art. 14-7).
    """

    id = "other"

    def recognise(self, head: bytes, source: BinaryIO) -> str:
        """Name the kind by its content; every file is of this family."""
        return kind_of(head, source)

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell the kind and, when wanted, the digest: SHA-256 of all bytes."""
        source.seek(0)
        kind = self.recognise(source.read(4096), source)
        return Inspection(
            format=kind,
            digest=sha256(source) if wants.digest else "",
            obstacle=_obstacle(kind),
            embeds=False,
            markable=False,
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Refuse with `format.not-embeddable`: the services write a sidecar."""
        del target, order
        self._refuse("format.not-embeddable", source)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Refuse with `format.not-embeddable`."""
        del result, order
        self._refuse("format.not-embeddable", source)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Refuse with `scrub.unsupported-format`."""
        del target, order
        self._refuse("scrub.unsupported-format", source, "14-7")

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Refuse with `scrub.unsupported-format`."""
        del result, order
        self._refuse("scrub.unsupported-format", source, "14-7")

    def _refuse(self, code: str, source: BinaryIO, *articles: str) -> NoReturn:
        source.seek(0)
        kind = self.recognise(source.read(4096), source)
        raise RuleViolation(code, articles=articles, format=kind)


def _obstacle(kind: str) -> str:
    """Name why an Office file cannot be rewritten here; other kinds simply have no place."""
    if kind in LEGACY_OFFICE:
        return "legacy"
    return "encrypted" if kind == "ooxml-encrypted" else ""


OTHER = Other()
