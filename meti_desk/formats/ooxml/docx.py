"""Word documents (docx, docm, dotx, dotm) as one of the document formats."""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import (
    MAGIC_BYTES,
    Inspection,
    LabelOrder,
    LabelReport,
    ProtectionFound,
    ScrubOrder,
    ScrubReport,
    Wants,
    own_properties,
)
from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.encryption import (
    MAGIC,
    VARIANT,
    encryption_info,
    is_encrypted_package,
    protection_of,
)
from meti_desk.formats.ooxml.mark import own_marks, write_mark
from meti_desk.formats.ooxml.marks_found import marks_in
from meti_desk.formats.ooxml.package import TYPES_PART, Package
from meti_desk.formats.ooxml.properties import read_custom, write_own
from meti_desk.formats.ooxml.sections import body_of, shown_headers
from meti_desk.formats.ooxml.text import Stories, content_digest, text_parts
from meti_desk.formats.ooxml.xml import text_of

_ZIP = b"PK\x03\x04"
_SEARCHED = 1 << 16
_NAMES = 1024
_VARIANTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "dotx",
    "application/vnd.ms-word.document.macroenabled.main+xml": "docm",
    "application/vnd.ms-word.template.macroenabledtemplate.main+xml": "dotm",
}


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
        if not head.startswith(_ZIP):
            return None
        try:
            package = Package(source)
            main = package.main()
            return variant_of(package) or _cut_off(package, main)
        except InvalidInput:
            source.seek(0)
            return "docx" if _begins_like_word(source.read(_SEARCHED)) else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what a Word document is and holds; see the protocol for the errors.

        An encrypted one has only its protection told; a signed one is looked through.
        """
        info = _encrypted(source)
        if info is not None:
            return Inspection(format=VARIANT, protection=protection_of(info), obstacle="encrypted")
        package = _open(source)
        signed = is_signed(package)
        stories = Stories(package) if wants.digest or wants.text else None
        inspection = Inspection(
            format=variant_of(package) or self.id,
            properties=own_properties(read_custom(package)),
            marks=marks_in(package),
            protection=ProtectionFound("signed") if signed else None,
            digest=content_digest(package, stories) if wants.digest and stories else "",
            obstacle="signed" if signed else "",
            text=text_parts(stories) if wants.text and stories else (),
        )
        if not wants.findings:
            return inspection
        from msgspec.structs import replace

        from meti_desk.formats.ooxml.scrub import findings_of

        return replace(inspection, findings=findings_of(package))

    def write_label(self, source: BinaryIO, target: BinaryIO, order: LabelOrder) -> LabelReport:
        """Write our properties and the mark; all other members are copied as they are.

        Raises `RuleViolation`: `document.signed`, `document.encrypted` (Art. 5; the label goes into
        a sidecar then).
        """
        package = _rewritable(source)
        write_own(package, order.properties)
        marked = 0 if order.mark is None else write_mark(package, order.mark)
        package.save(target)
        return LabelReport(marked=marked)

    def verify_label(self, source: BinaryIO, result: BinaryIO, order: LabelOrder) -> None:
        """Prove that properties and mark are in the result and that the content is the same."""
        before, after = _open(source), _open(result)
        if own_properties(read_custom(after)) != order.properties:
            raise InvalidInput("label.not-proven", what="properties")
        if order.mark is not None and not _marked(after, order.mark):
            raise InvalidInput("label.not-proven", what="mark")
        if order.mark is None and _marks(before) != _marks(after):
            raise InvalidInput("label.not-proven", what="mark")
        if content_digest(before) != content_digest(after):
            raise InvalidInput("label.not-proven", what="content")
        lost = {n for n in before.original_names if after.find(n) is None}
        if lost and order.mark != "" and order.properties:
            raise InvalidInput("label.not-proven", what="parts")

    def scrub(self, source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
        """Write the document without 付加情報 (Arts. 14-7, 15-2).

        Raises `RuleViolation`: `document.signed`, `document.encrypted`, `scrub.blocked` (with the
        first kind of finding that a person has to solve, and their number).
        """
        from meti_desk.formats.ooxml.scrub import scrub

        return scrub(_rewritable(source), target, order)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Prove with the independent auditor that nothing was left and all that is seen stayed."""
        from meti_desk.formats.ooxml.audit import audit

        audit(source, result, order)


def _begins_like_word(start: bytes) -> bool:
    """Tell whether a broken package was a Word document, as far as its beginning shows.

    Where not even the folder of the main part can be seen, the table of content types has to do.
    """
    if b"xl/wor" in start or b"ppt/" in start:
        return False
    return b"word/" in start or (start.startswith(_ZIP) and TYPES_PART.encode() in start[:_NAMES])


def variant_of(package: Package) -> str | None:
    """Name the kind of Word document by its main part's content type; nothing for other OOXML."""
    try:
        kind = package.type_of(package.main()).casefold()
    except InvalidInput:
        return None
    return _VARIANTS.get(kind)


def _cut_off(package: Package, main: str) -> str | None:
    """Name a Word document whose table of content types says nothing: damaged, but one of ours."""
    return "docx" if not package.type_of(main) and main.startswith("word/") else None


def is_signed(package: Package) -> bool:
    """Tell whether the package carries a digital signature, which any rewriting would break."""
    linked = any(link.kind == "origin" for link in package.links())
    return linked or any(n.casefold().startswith("_xmlsignatures/") for n in package.original_names)


def _encrypted(source: BinaryIO) -> bytes | None:
    source.seek(0)
    return encryption_info(source) if source.read(MAGIC_BYTES).startswith(MAGIC) else None


def _open(source: BinaryIO) -> Package:
    package = Package(source)
    if variant_of(package) is None:
        raise damaged("not-a-word-document")
    if body_of(package) is None:
        raise damaged("body")
    return package


def _rewritable(source: BinaryIO) -> Package:
    if _encrypted(source) is not None:
        raise RuleViolation("document.encrypted")
    package = _open(source)
    if is_signed(package):
        raise RuleViolation("document.signed")
    return package


def _marks(package: Package) -> list[str]:
    found = []
    for part in package.targets(package.main(), "header"):
        found += [text_of(one) for one in own_marks(package.xml(part))]
    return sorted(found)


def _marked(package: Package, mark: str) -> bool:
    """Tell whether every header that a page shows carries exactly this mark, or none does."""
    if not mark:
        return not _marks(package)
    for part in shown_headers(package).values():
        if part is None:
            return False
        texts = [text_of(one) for one in own_marks(package.xml(part))]
        if texts != [mark]:
            return False
    return True


DOCX = Docx()
