"""Which format redacts (墨消し) how; what knows no redaction is refused."""

from typing import BinaryIO

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.redaction import RedactOrder, RedactReport
from meti_desk.formats.registry import find


def redact(source: BinaryIO, target: BinaryIO, order: RedactOrder) -> RedactReport:
    """Write a redacted document, proven; `RuleViolation("redact.unsupported-format")` otherwise."""
    family = _family(source)
    if family == "pdf":
        from meti_desk.formats.pdf import redaction as pdf

        return pdf.redact(source, target, order)
    from meti_desk.formats.ooxml import redaction as ooxml

    return ooxml.redact(source, target, order)


def redaction_places(source: BinaryIO, order: RedactOrder) -> RedactReport:
    """Tell what would be redacted, without writing; the same errors."""
    family = _family(source)
    if family == "pdf":
        from meti_desk.formats.pdf import redaction as pdf

        return pdf.redaction_places(source, order)
    from meti_desk.formats.ooxml import redaction as ooxml

    return ooxml.redaction_places(source, order)


def _family(source: BinaryIO) -> str:
    found = find(source)
    if found.family.id not in {"pdf", "docx"}:
        raise RuleViolation("redact.unsupported-format", articles=("14-7",), format=found.variant)
    return found.family.id
