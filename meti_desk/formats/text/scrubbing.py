"""Removing 付加情報 from texts, pages, XML and RTF, and proving it (Arts. 14-7, 15-2)."""

import io
from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport
from meti_desk.formats.members import Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.text.kinds import HTML_KINDS, RTF_KINDS, TEXT_KINDS, XML_KINDS

_LARGEST = 64 << 20
"""Bytes of a page or an RTF document, which are looked at as a whole."""
_KINDS = {"txt": TEXT_KINDS, "html": HTML_KINDS, "rtf": RTF_KINDS, "xml": XML_KINDS}


def scrub(
    source: BinaryIO, target: BinaryIO, order: ScrubOrder, kind: str, nest: Nest
) -> ScrubReport:
    """Write what is left of the text; nothing is written where something blocks."""
    notes = Notes(order, _KINDS.get(kind, {}))
    _clean(source, target, kind, notes, nest)
    return notes.report()


def findings(source: BinaryIO, order: ScrubOrder, kind: str, nest: Nest) -> tuple[Finding, ...]:
    """List what a scrub would take out, or leave."""
    notes = Notes(order, _KINDS.get(kind, {}), showing=True)
    try:
        _clean(source, io.BytesIO(), kind, notes, nest)
    except MetiDeskError:
        return ()  # the scrub says why it cannot look into it
    return notes.findings()


def _clean(source: BinaryIO, target: BinaryIO, kind: str, notes: Notes, nest: Nest) -> None:
    if kind == "txt":
        from meti_desk.formats.text.clean_text import clean_text

        clean_text(source, None if notes.showing else target, notes)
    elif kind == "html":
        from meti_desk.formats.text.clean_html import clean_html

        target.write(clean_html(_whole(source), "page", notes, nest))
    elif kind == "rtf":
        from meti_desk.formats.text.clean_rtf import clean_rtf

        target.write(clean_rtf(_whole(source), notes, nest))
    elif kind == "xml":
        from meti_desk.formats.text.clean_xml import clean_xml

        target.write(clean_xml(_whole(source), notes))
    else:
        raise RuleViolation("scrub.unsupported-format", articles=("14-7",), format=kind)


def verify(source: BinaryIO, result: BinaryIO, order: ScrubOrder, kind: str) -> None:
    """Raise `InvalidInput`: `scrub.left-behind`, `scrub.text-changed`."""
    if kind == "txt":
        from meti_desk.formats.text.audit_text import audit_text

        audit_text(source, result, order)
    elif kind == "html":
        from meti_desk.formats.text.audit_html import audit_html

        audit_html(_whole(source), _whole(result), order)
    elif kind == "rtf":
        from meti_desk.formats.text.audit_rtf import audit_rtf

        audit_rtf(_whole(source), _whole(result), order)
    elif kind == "xml":
        from meti_desk.formats.text.audit_xml import audit_xml

        audit_xml(_whole(source), _whole(result), order)
    else:
        raise RuleViolation("scrub.unsupported-format", articles=("14-7",), format=kind)


def _whole(source: BinaryIO) -> bytes:
    source.seek(0)
    data = source.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise InvalidInput("document.too-large", limit=_LARGEST)
    return data
