"""Property sets of compound files ([MS-OLEPS]): title, subject …, and user-defined properties."""

import struct
import uuid

from meti_desk.formats.text.encoding import decode

_SUMMARY = uuid.UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9").bytes_le
_CUSTOM = uuid.UUID("d5cdd505-2e9c-101b-9397-08002b2cf9ae").bytes_le
_CODE_PAGE, _DICTIONARY = 1, 0
_UNICODE = 1200
_MOST = 5_000
_I2, _I4, _BOOL, _LPSTR, _LPWSTR = 2, 3, 11, 30, 31
_NAMES = {2: "title", 3: "subject", 5: "keywords", 6: "comments"}


def about(stream: bytes) -> dict[str, str]:
    """Read title, subject, keywords and comments out of `SummaryInformation`."""
    found = _section(stream, _SUMMARY)
    return {name: found[number] for number, name in _NAMES.items() if number in found}


_TELLING = {
    _SUMMARY: {
        2: "title", 3: "subject", 4: "author", 5: "keywords", 6: "comments", 7: "template",
        8: "last saved by", 9: "revision", 18: "program",
    },
    uuid.UUID("d5cdd502-2e9c-101b-9397-08002b2cf9ae").bytes_le: {
        2: "category", 14: "manager", 15: "company",
    },
}  # fmt: skip
"""What tells who wrote a document, by the two sets that every such document has."""


def told(stream: bytes) -> dict[str, str]:
    """Read what tells who wrote a document, of either stream; empty values are left out."""
    found: dict[str, str] = {}
    for wanted, names in _TELLING.items():
        values = _section(stream, wanted)
        found |= {name: values[n] for n, name in names.items() if values.get(n, "").strip()}
    return found


def custom(stream: bytes) -> dict[str, str]:
    """Read user-defined properties out of `DocumentSummaryInformation`; the first of a name."""
    section = _body(stream, _CUSTOM)
    if not section:
        return {}
    offsets = _offsets(section)
    page = _code_page(section, offsets)
    names = _dictionary(section, offsets.get(_DICTIONARY, 0), page)
    values: dict[str, str] = {}
    for number, name in names.items():
        if number in offsets:
            value = _value(section, offsets[number], page)
            if value is not None:
                values.setdefault(name, value)
    return values


def _body(stream: bytes, wanted: bytes) -> bytes:
    """Give the section with this format id; empty without one."""
    try:
        count = struct.unpack_from("<L", stream, 24)[0]
        for index in range(min(count, 10)):
            at = 28 + 20 * index
            if stream[at : at + 16] == wanted:
                start = struct.unpack_from("<L", stream, at + 16)[0]
                return stream[start:]
    except struct.error:
        pass
    return b""


def _section(stream: bytes, wanted: bytes) -> dict[int, str]:
    section = _body(stream, wanted)
    offsets = _offsets(section)
    page = _code_page(section, offsets)
    values = {number: _value(section, at, page) for number, at in offsets.items()}
    return {number: value for number, value in values.items() if value is not None}


def _offsets(section: bytes) -> dict[int, int]:
    try:
        count = struct.unpack_from("<L", section, 4)[0]
        pairs = [struct.unpack_from("<LL", section, 8 + 8 * n) for n in range(min(count, _MOST))]
    except struct.error:
        return {}
    return {int(number): int(at) for number, at in pairs}


def _code_page(section: bytes, offsets: dict[int, int]) -> int:
    try:
        return int(struct.unpack_from("<H", section, offsets[_CODE_PAGE] + 4)[0])
    except (KeyError, struct.error):
        return 1252


def _text(data: bytes, page: int) -> str:
    if page == _UNICODE:
        return data.decode("utf-16-le", "replace").split("\0", 1)[0]
    codec = "utf-8" if page == 65001 else f"cp{page}"  # noqa: PLR2004 - a code page
    return decode(data.split(b"\0", 1)[0], codec)


def _dictionary(section: bytes, at: int, page: int) -> dict[int, str]:
    names: dict[int, str] = {}
    if not at:
        return names
    try:
        count = struct.unpack_from("<L", section, at)[0]
        at += 4
        for _ in range(min(count, _MOST)):
            number, length = struct.unpack_from("<LL", section, at)
            size = 2 * length if page == _UNICODE else length
            names[number] = _text(section[at + 8 : at + 8 + size], page)
            at += 8 + size + (-size % 4 if page == _UNICODE else 0)
    except struct.error:
        pass
    return names


def _value(section: bytes, at: int, page: int) -> str | None:
    try:
        kind, length = struct.unpack_from("<LL", section, at)
        if kind == _LPSTR:
            return _text(section[at + 8 : at + 8 + length], page)
        if kind == _LPWSTR:
            return _text(section[at + 8 : at + 8 + 2 * length], _UNICODE)
        if kind == _BOOL:
            return "true" if length & 0xFFFF else "false"
        if kind in (_I2, _I4):
            return str(struct.unpack_from("<h" if kind == _I2 else "<l", section, at + 4)[0])
    except struct.error:
        return None
    return None
