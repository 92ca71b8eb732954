"""PowerPoint documents (pptx, pptm, potx, potm, ppsx, ppsm) as one of the document formats."""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import (
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    Purpose,
    ScrubOrder,
    ScrubReport,
    Wants,
    own_properties,
)
from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml import office
from meti_desk.formats.ooxml.foreign_labels import foreign_of, write_labels
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import read_custom
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_mark import write_mark
from meti_desk.formats.ooxml.slide_marks_found import marks_in
from meti_desk.formats.ooxml.slide_proof import prove
from meti_desk.formats.ooxml.slide_text import Show, content_digest, text_parts

_OPEN = "application/vnd.openxmlformats-officedocument.presentationml."
_MACRO = "application/vnd.ms-powerpoint."
KINDS = office.Kinds(
    variants={
        _OPEN + "presentation.main+xml": "pptx",
        _OPEN + "template.main+xml": "potx",
        _OPEN + "slideshow.main+xml": "ppsx",
        _MACRO + "presentation.macroenabled.main+xml": "pptm",
        _MACRO + "template.macroenabled.main+xml": "potm",
        _MACRO + "slideshow.macroenabled.main+xml": "ppsm",
    },
    plain="pptx",
    folder="ppt/",
)


class Pptx:
    """The family of PowerPoint documents; keeps no state."""

    id = "pptx"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant by the main part's content type; see `office.Kinds.recognise`."""
        return KINDS.recognise(head, source)

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a presentation is and holds; see the protocol for the errors.

        `pages` is the number of slides, hidden ones included.
        """
        closed = office.encrypted(source)
        if closed is not None:
            return closed
        package = _seen(source)
        deck = _deck(package)
        show = Show(package, deck, media=wants.digest)
        signature = office.signature_of(package)
        return Inspection(
            format=KINDS.variant_of(package) or self.id,
            properties=own_properties(read_custom(package)),
            marks=marks_in(package, deck, show),
            protection=signature,
            digest=content_digest(package, show) if wants.digest else "",
            pages=len(deck.slides),
            obstacle="signed" if signature else "",
            text=text_parts(show) if wants.text else (),
            foreign=foreign_of(package),
            findings=_findings(source, wants.purpose) if wants.findings else (),
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties and the mark on every slide; all other members are copied.

        Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into
        a sidecar then). A presentation without slides is labelled and noted: `pptx.no-slides`.
        """
        package = office.rewritable(source, _open)
        write_labels(package, order)
        report = LabelReport()
        if order.mark is not None:
            report = write_mark(package, _deck(package), order.mark)
        package.save(target)
        return report

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that properties and mark are in the result and that nothing else changed."""
        before = _seen(source)
        prove(before, _checked(Package(result, beside=before)), order)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the presentation without 付加情報 (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked` (with the
        first kind of finding that a person has to solve, and their number).
        """
        from meti_desk.formats.ooxml.slide_scrub import scrub

        return scrub(office.rewritable(source, _open), target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.ooxml.slide_audit import audit

        audit(source, result, order)


def _findings(source: BinaryIO, purpose: Purpose) -> tuple[Finding, ...]:
    """Look for what a scrub would remove; a part that cannot be read is all that is told then.

    The look uses the package up, so it has one of its own.
    """
    from meti_desk.formats.ooxml.slide_scrub import findings_of

    try:
        return findings_of(_open(source), ScrubOrder(purpose))
    except InvalidInput as bad:
        if bad.code != "document.damaged":
            raise
        member = str(bad.params.get("member", ""))
        return (Finding("pptx.damaged-part", 8, "high", member, member, removal="blocks"),)


def _open(source: BinaryIO) -> Package:
    return _checked(Package(source))


def _seen(source: BinaryIO) -> Package:
    """Open a presentation to look at it only."""
    return _checked(Package.seen(source))


def _checked(package: Package) -> Package:
    if KINDS.variant_of(package) is None:
        raise damaged("not-a-presentation")
    return package


def _deck(package: Package) -> Deck:
    deck = Deck.of(package)
    if deck is None:
        raise damaged("presentation")
    return deck


PPTX = Pptx()
