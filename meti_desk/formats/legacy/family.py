"""The family of Word, Excel and PowerPoint documents before OOXML.

What they say of themselves is read: properties (ours and Microsoft's labels), marks, text. They are
never rewritten (`legacy`). The digest is the SHA-256 of all bytes: what of them is content cannot
be told apart safely.
"""

from typing import TYPE_CHECKING, BinaryIO, NamedTuple, NoReturn

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import (
    MAGIC_BYTES,
    Finding,
    Inspection,
    LabelOrder,
    LabelReport,
    MarkFound,
    ProtectionFound,
    ScrubOrder,
    ScrubReport,
    TextPart,
    Wants,
    own_properties,
)
from meti_desk.formats.foreign import of_properties
from meti_desk.formats.mark_lines import FIRST_LINES, first_lines, marks_of_lines
from meti_desk.formats.sidecar.hashing import sha256
from meti_desk.formats.sidecar.kinds import LEGACY_OFFICE, kind_of

if TYPE_CHECKING:
    from meti_desk.formats.legacy.compound import Compound

_DOCUMENT_SUMMARY = "\x05DocumentSummaryInformation"
_SUMMARY = "\x05SummaryInformation"


class Legacy:
    """The family, of the shape that `DocumentFormat` describes."""

    id = "legacy"

    def recognise(self, head: bytes, source: BinaryIO) -> str | None:
        """Name `doc`, `xls` or `ppt` by the streams inside."""
        kind = kind_of(head, source)
        return kind if kind in LEGACY_OFFICE else None

    def inspect(self, source: BinaryIO, wants: Wants) -> Inspection:
        """Tell what the document says of itself; of one that is damaged only what it is."""
        source.seek(0)
        kind = self.recognise(source.read(MAGIC_BYTES), source) or "doc"
        digest = sha256(source) if wants.digest else ""
        try:
            found = _read(source, kind, wants)
        except InvalidInput:
            found = _Found()
        locked = ProtectionFound("office-legacy", ("rc4", "md5")) if found.encrypted else None
        return Inspection(
            format=kind,
            properties=own_properties(found.custom),
            marks=found.marks,
            findings=_listed(source, kind) if wants.findings else (),
            protection=locked,
            digest=digest,
            obstacle="encrypted" if found.encrypted else "legacy",
            text=found.text if wants.text else (),
            embeds=False,
            markable=False,
            foreign=of_properties(found.custom, _DOCUMENT_SUMMARY.lstrip("\x05")),
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
        """Refuse with `scrub.legacy`: the way out is to convert it first."""
        del target, order
        raise self._legacy(source)

    def verify_scrub(self, source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
        """Refuse with `scrub.legacy`."""
        del result, order
        raise self._legacy(source)

    def _legacy(self, source: BinaryIO) -> RuleViolation:
        from meti_desk.formats.legacy.telling import refuse

        source.seek(0)
        return refuse(self.recognise(source.read(MAGIC_BYTES), source) or "doc")

    def _refuse(self, code: str, source: BinaryIO, *articles: str) -> NoReturn:
        source.seek(0)
        kind = self.recognise(source.read(MAGIC_BYTES), source) or "doc"
        raise RuleViolation(code, articles=articles, format=kind)


def _listed(source: BinaryIO, kind: str) -> tuple[Finding, ...]:
    """List what the document tells; of one that is damaged nothing can be told."""
    from meti_desk.formats.legacy.compound import opened
    from meti_desk.formats.legacy.telling import findings

    try:
        with opened(source) as compound:
            return findings(compound, kind)
    except InvalidInput:
        return ()


class _Found(NamedTuple):
    custom: dict[str, str] = {}  # noqa: RUF012 - never changed
    marks: tuple[MarkFound, ...] = ()
    text: tuple[TextPart, ...] = ()
    encrypted: bool = False


def _read(source: BinaryIO, kind: str, wants: Wants) -> _Found:
    from meti_desk.formats.legacy import property_sets
    from meti_desk.formats.legacy.compound import opened

    with opened(source) as compound:
        custom = property_sets.custom(compound.read(_DOCUMENT_SUMMARY))
        about = property_sets.about(compound.read(_SUMMARY))
        of_kind = {"doc": _document, "xls": _workbook, "ppt": _presentation}[kind](compound)
    marks = (*of_kind.marks, *marks_of_lines(about.values(), "property"))
    text = tuple(one for one in of_kind.text if one.text.strip()) if wants.text else ()
    title = about.get("title", "").strip()
    if title and wants.text and not of_kind.encrypted:
        text = (TextPart("title", title), *text)
    return _Found(custom, marks, text, of_kind.encrypted)


def _document(compound: "Compound") -> _Found:
    from meti_desk.formats.legacy import word

    if word.is_encrypted(compound):
        return _Found(encrypted=True)
    parts = word.read(compound)
    marks = marks_of_lines(parts.get("header", "").splitlines(), "header")
    marks += marks_of_lines(first_lines(parts.get("body", "")), "body")
    return _Found({}, marks, tuple(TextPart(place, text) for place, text in parts.items()))


def _workbook(compound: "Compound") -> _Found:
    from meti_desk.formats.legacy import excel

    stream = excel.stream_of(compound)
    if excel.is_encrypted(stream):
        return _Found(encrypted=True)
    sheets = excel.read(stream)
    marks: list[MarkFound] = []
    text: list[TextPart] = []
    for sheet in sheets:
        marks += marks_of_lines(sheet.header, "header")
        marks += marks_of_lines(sheet.footer, "footer")
        marks += marks_of_lines(sheet.cells[:FIRST_LINES], "top")
        lines = (*sheet.header, *sheet.cells, *sheet.footer)
        text.append(TextPart(f"sheet {sheet.name}".strip(), "\n".join(lines)))
    return _Found({}, tuple(dict.fromkeys(marks)), tuple(text))


def _presentation(compound: "Compound") -> _Found:
    from meti_desk.formats.legacy import slides

    if slides.is_encrypted(compound):
        return _Found(encrypted=True)
    found = slides.read(compound)
    marks: tuple[MarkFound, ...] = ()
    for place in ("header", "footer"):
        marks += marks_of_lines(found[place], place)
    # A mark on a slide is a text of its own, wherever it stands.
    marks += marks_of_lines((line for one in found["body"] for line in one.splitlines()), "body")
    return _Found({}, marks, (TextPart("slides", "\n".join(found["body"])),))


LEGACY = Legacy()
