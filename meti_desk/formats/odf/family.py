"""OpenDocument files (odt, ods, odp, odg, their templates and flat forms) as one of the formats."""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import (
    Inspection,
    LabelOrder,
    LabelReport,
    ProtectionFound,
    ScrubOrder,
    ScrubReport,
    Wants,
    own_properties,
)
from meti_desk.formats.foreign import of_properties
from meti_desk.formats.odf import mark_pages, mark_sheets, mark_slides
from meti_desk.formats.odf.mark import check
from meti_desk.formats.odf.package import OdfFile, variant_of_type
from meti_desk.formats.odf.properties import META, read_custom, write_own, written

_ZIP = b"PK\x03\x04"
_MIMETYPE_AT = 30
_FLAT_ROOT = b"office:document"
_SEARCHED = 1 << 16
_FEW = 400
"""Pieces of text that hold the first lines of any part, where only marks are looked for."""
_MARKS = {
    "text": mark_pages, "text-master": mark_pages, "text-web": mark_pages,
    "spreadsheet": mark_sheets, "presentation": mark_slides, "graphics": mark_slides,
}  # fmt: skip


class Odf:
    """The family of OpenDocument files; keeps no state."""

    id = "odf"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant by the member `mimetype`, wherever it stands, or by the manifest.

        A file that begins like OpenDocument but is cut off is named all the same, so that it is
        reported as damaged. A flat file is named by `office:mimetype` of its root.
        """
        if not head.startswith(_ZIP) and b"opendocument" not in head:
            return None
        try:
            return OdfFile(source).variant
        except InvalidInput:
            source.seek(0)
            return _begins_like(source.read(_SEARCHED))

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a document is and holds; see the protocol for the errors.

        An encrypted one has only its protection told; a signed one is looked through.
        """
        file = OdfFile(source, skim=True)
        protection = file.protection()
        if protection is not None:
            return Inspection(
                format=file.variant, protection=protection, obstacle="encrypted",
                markable=file.has_pages,
            )  # fmt: skip
        _require_whole(file)
        from meti_desk.formats.odf.marks_found import marks_in
        from meti_desk.formats.odf.stories import Stories, content_digest, text_parts

        signed = file.is_signed()
        whole = wants.digest or wants.text
        stories = Stories(file, most=None if whole else _FEW)
        properties = read_custom(file)
        inspection = Inspection(
            format=file.variant,
            properties=own_properties(properties),
            marks=marks_in(file, stories),
            protection=ProtectionFound("signed") if signed else None,
            digest=content_digest(stories) if wants.digest else "",
            obstacle="signed" if signed else "",
            text=text_parts(stories) if wants.text else (),
            markable=file.has_pages,
            foreign=of_properties(properties, META),
        )
        if not wants.findings or file.flat:
            return inspection
        from msgspec.structs import replace

        from meti_desk.formats.odf.scrub import findings_of

        # The findings take a tree of their own: two of a large document would not fit.
        del stories
        file.forget("content.xml")
        return replace(inspection, findings=findings_of(source, ScrubOrder(wants.purpose)))

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties and the mark; all other members are copied as they are.

        A kind without pages of its own (formulas, charts, databases) takes the properties alone.
        Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into
        a sidecar then).
        """
        file = _rewritable(source)
        write_own(file, order.properties, order.foreign)
        marked = 0
        family = _MARKS.get(file.kind)
        if order.mark is not None:
            check(order.mark)
            if family is not None and order.mark:
                marked = family.write(file, order.mark)
            elif family is not None:
                family.remove(file)
        file.save(target)
        return LabelReport(marked=marked)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that properties and mark are in the result and that the content is the same."""
        from meti_desk.formats.odf.marks_found import own_marks
        from meti_desk.formats.odf.stories import same_content

        before, after = OdfFile(source, skim=True), OdfFile(result, skim=True)
        if not written(after, order):
            raise InvalidInput("label.not-proven", what="properties")
        family = _MARKS.get(after.kind)
        if order.mark is None:
            if own_marks(before) != own_marks(after):
                raise InvalidInput("label.not-proven", what="mark")
        elif family is not None and not family.stands(after, order.mark):
            raise InvalidInput("label.not-proven", what="mark")
        if not same_content(before, after):
            raise InvalidInput("label.not-proven", what="content")
        lost = set(before.names) - set(after.names)
        if lost and order.mark != "" and order.properties:
            raise InvalidInput("label.not-proven", what="parts")

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the document without 付加情報 (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked` (with the
        first kind of finding that a person has to solve, and their number),
        `scrub.unsupported-format` for a flat file.
        """
        from meti_desk.formats.odf.scrub import scrub

        _scrubbable(_rewritable(source))
        return scrub(source, target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.odf.audit import audit

        _scrubbable(OdfFile(source))
        audit(source, result, order)


def _scrubbable(file: OdfFile) -> None:
    if file.flat:
        code = "scrub.unsupported-format"
        raise RuleViolation(code, articles=("14-7",), format=file.variant)


def _begins_like(start: bytes) -> str | None:
    """Name a broken file by its beginning: a first member `mimetype`, stored, or a flat root."""
    if start.startswith(_ZIP):
        at = start.find(b"mimetypeapplication/", _MIMETYPE_AT)
        if at != _MIMETYPE_AT:
            return None
        end = start.find(b"PK", at)
        said = start[at + len("mimetype") : end if end > 0 else None]
        return variant_of_type(said.decode("ascii", "replace"))
    return "fodt" if b"<" + _FLAT_ROOT + b" " in start else None


def _require_whole(file: OdfFile) -> None:
    from meti_desk.formats.container import damaged

    if file.has_pages and file.body() is None:
        raise damaged("body")


def _rewritable(source: BinaryIO) -> OdfFile:
    """Open what may be written anew; only the styles of a workbook are, never its content."""
    file = OdfFile(source, skim=True)
    if file.protection() is not None:
        raise RuleViolation("document.encrypted")
    if file.is_signed():
        raise RuleViolation("document.signed")
    _require_whole(file)
    return file


ODF = Odf()
