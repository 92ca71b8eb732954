"""Excel workbooks (xlsx, xlsm, xltx, xltm) as one of the document formats.

Binary workbooks (xlsb) are told apart and left alone: their label goes into a sidecar.
"""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
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
from meti_desk.formats.ooxml.sheet_mark import write_mark
from meti_desk.formats.ooxml.sheet_proof import prove
from meti_desk.formats.ooxml.sheet_seen import Shown
from meti_desk.formats.ooxml.workbook import sheets_of
from meti_desk.formats.sidecar.hashing import sha256

_OPEN = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_MACRO = "application/vnd.ms-excel."
BINARY = "xlsb"
KINDS = office.Kinds(
    variants={
        _OPEN + "sheet.main+xml": "xlsx",
        _OPEN + "template.main+xml": "xltx",
        _MACRO + "sheet.macroenabled.main+xml": "xlsm",
        _MACRO + "template.macroenabled.main+xml": "xltm",
        _MACRO + "sheet.binary.macroenabled.main": BINARY,
    },
    plain="xlsx",
    folder="xl/",
)


class Xlsx:
    """The family of Excel workbooks; keeps no state."""

    id = "xlsx"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant by the main part's content type; see `office.Kinds.recognise`."""
        return KINDS.recognise(head, source)

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a workbook is and holds; see the protocol for the errors.

        `pages` is not known: only a printer decides it.
        """
        closed = office.encrypted(source)
        if closed is not None:
            return closed
        package = _seen(source)
        signature = office.signature_of(package)
        variant = KINDS.variant_of(package) or self.id
        if variant == BINARY:
            return Inspection(
                format=BINARY,
                digest=sha256(source) if wants.digest else "",
                protection=signature,
                embeds=False,
                markable=False,
            )
        shown = Shown(package, sheets_of(package), text=wants.text, digest=wants.digest)
        return Inspection(
            format=variant,
            properties=own_properties(read_custom(package)),
            marks=shown.marks(),
            protection=signature,
            digest=shown.digest() if wants.digest else "",
            obstacle="signed" if signature else "",
            text=shown.text() if wants.text else (),
            foreign=foreign_of(package),
            findings=_findings(source, wants.purpose) if wants.findings else (),
        )

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties and the mark into every sheet's header; the rest is copied as it is.

        Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into
        a sidecar then), `format.not-embeddable` for binary workbooks.
        """
        package = office.rewritable(source, _open)
        _require_xml(package)
        sheets = sheets_of(package)
        write_labels(package, order)
        report = LabelReport()
        if order.mark is not None:
            report = write_mark(package, sheets, order.mark)
        package.save(target)
        return report

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that properties and mark are in the result and that nothing else changed."""
        before = _seen(source)
        prove(before, _workbook(Package(result, beside=before)), order)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the workbook without 付加情報 (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked` (with the
        first kind of finding that a person has to solve, and their number),
        `scrub.unsupported-format` for binary workbooks.
        """
        from meti_desk.formats.ooxml.book_scrub import scrub

        package = office.rewritable(source, _open)
        if KINDS.variant_of(package) == BINARY:
            raise RuleViolation("scrub.unsupported-format", articles=("14-7",), format=BINARY)
        return scrub(package, target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.ooxml.book_audit import audit

        audit(source, result, order)


def _findings(source: BinaryIO, purpose: Purpose) -> tuple[Finding, ...]:
    """Look for what a scrub would remove; a part that cannot be read is all that is told then.

    The look uses its package up, so it opens one of its own.
    """
    from meti_desk.formats.ooxml.book_scrub import findings_of

    try:
        return findings_of(_open(source), ScrubOrder(purpose))
    except InvalidInput as bad:
        if bad.code != "document.damaged":
            raise
        member = str(bad.params.get("member", ""))
        return (Finding("xlsx.damaged-part", 8, "high", member, member, removal="blocks"),)


def _open(source: BinaryIO) -> Package:
    return _workbook(Package(source))


def _seen(source: BinaryIO) -> Package:
    """Open a workbook to look at it only."""
    return _workbook(Package.seen(source))


def _workbook(package: Package) -> Package:
    if KINDS.variant_of(package) is None:
        raise damaged("not-a-workbook")
    return package


def _require_xml(package: Package) -> None:
    if KINDS.variant_of(package) == BINARY:
        raise RuleViolation("format.not-embeddable", format=BINARY)


XLSX = Xlsx()
