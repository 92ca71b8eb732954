"""Word documents (docx, docm, dotx, dotm) as one of the document formats."""

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
from meti_desk.formats.ooxml.encryption import VARIANT, is_encrypted_package
from meti_desk.formats.ooxml.foreign_labels import foreign_of, write_labels
from meti_desk.formats.ooxml.mark import own_marks, write_mark
from meti_desk.formats.ooxml.marks_found import marks_in
from meti_desk.formats.ooxml.office import (
    Kinds,
    encrypted,
    has_member_in,
    prove,
    rewritable,
    signature_of,
)
from meti_desk.formats.ooxml.package import TYPES_PART, Package
from meti_desk.formats.ooxml.properties import read_custom
from meti_desk.formats.ooxml.sections import body_of, shown_headers
from meti_desk.formats.ooxml.text import Stories, content_digest, text_parts
from meti_desk.formats.ooxml.xml import text_of

_ZIP = b"PK\x03\x04"
_NAMES = 1024
_VARIANTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "dotx",
    "application/vnd.ms-word.document.macroenabled.main+xml": "docm",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml": "dotm",
}
_KINDS = Kinds(_VARIANTS, "docx", "word/")


class Docx:
    """The family of Word documents; keeps no state."""

    id = "docx"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name the variant by the main part's content type.

        A file that begins like a Word document but is cut off is still named `docx`, so that it is
        reported as damaged and not taken for something that needs no look inside. Encrypted OOXML
        does not tell what it holds: `ooxml-encrypted`.
        """
        if is_encrypted_package(head, source):
            return VARIANT
        return _KINDS.recognise(head, source, _begins_like_word)

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a Word document is and holds; see the protocol for the errors.

        An encrypted one has only its protection told; a signed one is looked through.
        """
        closed = encrypted(source)
        if closed is not None:
            return closed
        package = _open(source) if wants.findings else _seen(source)
        signature = signature_of(package)
        stories = Stories(package) if wants.digest or wants.text else None
        inspection = Inspection(
            format=variant_of(package) or self.id,
            properties=own_properties(read_custom(package)),
            marks=marks_in(package),
            protection=signature,
            digest=content_digest(package, stories) if wants.digest and stories else "",
            obstacle="signed" if signature else "",
            text=text_parts(stories) if wants.text and stories else (),
            foreign=foreign_of(package),
        )
        if not wants.findings:
            return inspection
        from msgspec.structs import replace

        return replace(inspection, findings=_findings(package, wants.purpose))

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties and the mark; all other members are copied as they are.

        Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into
        a sidecar then).
        """
        package = rewritable(source, _open)
        write_labels(package, order)
        marked = 0 if order.mark is None else write_mark(package, order.mark)
        package.save(target)
        return LabelReport(marked=marked)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that properties and mark are in the result and that the content is the same."""
        before = _seen(source)
        after = _whole(Package(result, beside=before))

        def marked() -> bool:
            if order.mark is None:
                return _marks(before) == _marks(after)
            return _marked(after, order.mark)

        prove(before, after, order, marked=marked, digest=content_digest)

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the document without 付加情報 (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked` (with the
        first kind of finding that a person has to solve, and their number).
        """
        from meti_desk.formats.ooxml.scrub import scrub

        return scrub(rewritable(source, _open), target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.ooxml.audit import audit

        audit(source, result, order)


def _begins_like_word(start: bytes) -> bool:
    """Tell whether a broken package was a Word document, as far as its beginning shows.

    Where not even the folder of the main part can be seen, the table of content types has to do.
    """
    if has_member_in("xl/", start) or has_member_in("ppt/", start):
        return False
    return has_member_in("word/", start) or (
        start.startswith(_ZIP) and TYPES_PART.encode() in start[:_NAMES]
    )


def _findings(package: Package, purpose: Purpose) -> tuple[Finding, ...]:
    """Look for what a scrub would remove; a part that cannot be read is all that is told then.

    Its label and mark are read all the same; a scrub refuses such a document.
    """
    from meti_desk.formats.ooxml.scrub import findings_of

    try:
        return findings_of(package, ScrubOrder(purpose))
    except InvalidInput as bad:
        if bad.code != "document.damaged":
            raise
        member = str(bad.params.get("member", ""))
        return (Finding("docx.damaged-part", 8, "high", member, member, removal="blocks"),)


def variant_of(package: Package) -> str | None:
    """Name the kind of Word document by its main part's content type; nothing for other OOXML."""
    return _KINDS.variant_of(package)


def _open(source: BinaryIO) -> Package:
    return _whole(Package(source))


def _seen(source: BinaryIO) -> Package:
    """Open a document to look at it only."""
    return _whole(Package.seen(source))


def _whole(package: Package) -> Package:
    if variant_of(package) is None:
        raise damaged("not-a-word-document")
    if body_of(package) is None:
        raise damaged("body")
    return package


def _marks(package: Package) -> list[str]:
    found = []
    for part in package.targets(package.main(), "header"):
        found += [text_of(one) for one in own_marks(package.look(part))]
    return sorted(found)


def _marked(package: Package, mark: str) -> bool:
    """Tell whether every header that a page shows carries exactly this mark, or none does."""
    if not mark:
        return not _marks(package)
    for part in shown_headers(package).values():
        if part is None:
            return False
        texts = [text_of(one) for one in own_marks(package.look(part))]
        if texts != [mark]:
            return False
    return True


DOCX = Docx()
