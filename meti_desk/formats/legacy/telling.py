"""What old documents (doc, xls, ppt, msg) tell besides their text: found, never removed here.

Streams of these formats refer to each other by places in bytes; what is left over from earlier
savings lies between them. The way out is to convert (decision 018), then to scrub (Art. 14-7).
"""

import re
import struct
from collections.abc import Iterator

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding, ScrubOrder
from meti_desk.formats.legacy import property_sets
from meti_desk.formats.legacy.compound import Compound
from meti_desk.formats.noting import Kind, Notes
from meti_desk.formats.text.encoding import decode

PROPERTY, CUSTOM, COMMENT = "legacy.property", "legacy.custom-property", "legacy.comment"
REVISION, EMBEDDED, PATH = "legacy.revision", "legacy.embedded", "legacy.path"
PEOPLE, EARLIER, MACRO = "legacy.people", "legacy.earlier-save", "legacy.macro"
HEADER = "legacy.header"

KINDS: dict[str, Kind] = {
    REVISION: Kind(1, "high", "blocks", "blocks"),
    COMMENT: Kind(2, "high", "blocks", "blocks"),
    PEOPLE: Kind(2, "high", "blocks", "blocks"),
    EMBEDDED: Kind(3, "high", "blocks", "blocks"),
    MACRO: Kind(3, "high", "blocks", "blocks"),
    PATH: Kind(6, "high", "blocks", "blocks"),
    EARLIER: Kind(9, "high", "blocks", "blocks"),
    PROPERTY: Kind(15, "high", "blocks", "blocks"),
    CUSTOM: Kind(15, "medium", "blocks", "blocks"),
    HEADER: Kind(15, "high", "blocks", "blocks"),
}
_FIB, _QUICK_SAVED, _TABLE_1 = 0x9A, 0x0004, 0x0200
_COMMENTS, _COMMENT_AUTHORS, _CHANGE_AUTHORS, _SAVED_BY = 4, 36, 51, 71
_NOTE, _USER = 0x001C, 0x005C
_SLIDE_COMMENT = 0x2EE0
_MOST = 50
_LAST_MODIFIER, _LONG_PATH = 0x3FFA, 0x370D


def refuse(kind: str) -> RuleViolation:
    """Make the refusal that names the way out."""
    return RuleViolation("scrub.legacy", articles=("14-7",), format=kind)


def findings(compound: Compound, kind: str) -> tuple[Finding, ...]:
    """List what a document tells; all of it stands in the way of handing it out."""
    notes = Notes(ScrubOrder(), KINDS, showing=True)
    _properties(compound, notes)
    for path in compound.paths():
        _stream(compound, path, notes)
    for found, place, value in _OF_KIND[kind](compound):
        notes.add(found, place, value)
    return notes.findings()


def _properties(compound: Compound, notes: Notes) -> None:
    for stream in ("\x05SummaryInformation", "\x05DocumentSummaryInformation"):
        data = compound.read(stream)
        for name, value in property_sets.told(data).items():
            notes.add(PROPERTY, stream[1:], f"{name}={value}")
    for name, value in property_sets.custom(
        compound.read("\x05DocumentSummaryInformation")
    ).items():
        notes.add(CUSTOM, "DocumentSummaryInformation", f"{name}={value}")


def _stream(compound: Compound, path: str, notes: Notes) -> None:
    last = path.rpartition("/")[2]
    if last == "\x01Ole10Native":
        # Size, flags, then: label, the path it came from, and one of a temporary folder.
        for name in compound.read(path, 4096)[6:].split(b"\0")[:2]:
            if name:
                notes.add(PATH if b"\\" in name else EMBEDDED, path, name)
    elif last in ("Package", "CONTENTS") or re.match(r"MBD[0-9A-F]+\Z", path.partition("/")[0]):
        notes.add(EMBEDDED, path)
    elif last.lower() == "_vba_project":
        notes.add(MACRO, path)


def _word(compound: Compound) -> Iterator[tuple[str, str, str]]:
    stream = compound.read("WordDocument", 1 << 16)
    if len(stream) < _FIB + 8 * (_SAVED_BY + 1):
        return
    (flags,) = struct.unpack_from("<H", stream, 10)
    table = compound.read("1Table" if flags & _TABLE_1 else "0Table")
    if flags & _QUICK_SAVED:
        yield EARLIER, "WordDocument", ""
    if _length(stream, _COMMENTS):
        yield COMMENT, "body", ""
    for name in _counted(_part(stream, table, _COMMENT_AUTHORS)):
        yield PEOPLE, "comments", name
    for index, found, place in (
        (_CHANGE_AUTHORS, PEOPLE, "changes"), (_SAVED_BY, EARLIER, "saved by"),
    ):  # fmt: skip
        for name in _strings(_part(stream, table, index)):
            if name != "Unknown":
                yield found, place, name


def _length(stream: bytes, index: int) -> int:
    return int(struct.unpack_from("<L", stream, _FIB + 8 * index + 4)[0])


def _part(stream: bytes, table: bytes, index: int) -> bytes:
    at, size = struct.unpack_from("<LL", stream, _FIB + 8 * index)
    return table[at : at + size]


def _counted(data: bytes) -> Iterator[str]:
    """Read strings of UTF-16, each behind its length."""
    at = 0
    for _ in range(_MOST):
        if at + 2 > len(data):
            return
        (length,) = struct.unpack_from("<H", data, at)
        yield data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
        at += 2 + 2 * length


def _strings(data: bytes) -> Iterator[str]:
    """Read a table of strings (STTB): a mark for UTF-16, count, size of what is extra."""
    if len(data) < 6 or data[:2] != b"\xff\xff":  # noqa: PLR2004 - its head
        return
    yield from _counted(data[6:])


def _excel(compound: Compound) -> Iterator[tuple[str, str, str]]:
    from meti_desk.formats.legacy.excel import stream_of

    stream = stream_of(compound)
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + size]
        if kind == _USER and data.strip(b"\0 "):
            yield PEOPLE, "workbook", _short(data)
        elif kind == _NOTE and size > 10:  # noqa: PLR2004 - row, column, flags, object, length
            yield COMMENT, "sheet", _short(data[8:])
        at += 4 + size


def _short(data: bytes) -> str:
    """Read a string behind its length; one byte tells whether its letters are wide."""
    if len(data) < 3:  # noqa: PLR2004 - length and flag
        return ""
    length = int.from_bytes(data[:2], "little")
    if data[2] & 1:
        return data[3 : 3 + 2 * length].decode("utf-16-le", "replace").strip()
    return decode(data[3 : 3 + length].strip())


def _slides(compound: Compound) -> Iterator[tuple[str, str, str]]:
    user = compound.read("Current User", 4096)
    if len(user) > 28:  # noqa: PLR2004 - its head
        length = int.from_bytes(user[20:22], "little")
        name = user[28 : 28 + length]
        if name.strip():
            yield PEOPLE, "current user", decode(name)
    stream = compound.read("PowerPoint Document")
    for found in re.finditer(rb".\x00\xe0\x2e(?=.{4})", stream, re.DOTALL):
        if found.group()[0] & 0xF == 0xF:  # noqa: PLR2004 - a container
            yield COMMENT, "slide", ""
    if stream.count(b"\xf5\x0f\x1c\x00\x00\x00") > 1:
        yield EARLIER, "slides", ""


def _message(compound: Compound) -> Iterator[tuple[str, str, str]]:
    from meti_desk.formats.mail import mapi

    node = mapi.Node(compound)
    for line in node.text(mapi.HEADERS).splitlines()[:_MOST]:
        if line[:1].strip():
            yield HEADER, "header", line
    if name := node.text(_LAST_MODIFIER):
        yield PEOPLE, "message", name
    for one in node.attachments():
        if path := one.text(_LONG_PATH):
            yield PATH, "attachment", path


_OF_KIND = {"doc": _word, "xls": _excel, "ppt": _slides, "msg": _message}
