"""The text of a Word document of 1995 to 2003 ([MS-DOC]): body, headers, notes."""

import re
import struct
from itertools import pairwise

from meti_desk.formats.legacy.compound import LARGEST_STREAM, Compound
from meti_desk.formats.text.encoding import decode

STREAM = "WordDocument"
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_WORD_97 = 0x00C1
_LENGTHS = 0x4C
_CLX = 0x1A2
_COMPRESSED = 1 << 30
_FIELD_CODE = re.compile(r"\x13[^\x13\x14\x15]*(?:\x14|\x15)")
_SIGNS = {7: "\t", 11: "\n", 12: "\n", 13: "\n", 14: "\n", 30: "\u2011", 31: "", 160: " "}
_DROPPED = dict.fromkeys((1, 2, 3, 4, 5, 6, 8, 0x13, 0x14, 0x15), "")


def is_encrypted(compound: Compound) -> bool:
    """Tell a password to open; a mere obfuscation counts too, its text cannot be read."""
    head = compound.read(STREAM, 32)
    return len(head) > 11 and bool(struct.unpack_from("<H", head, 10)[0] & _ENCRYPTED)  # noqa: PLR2004


def read(compound: Compound) -> dict[str, str]:
    """Give the text by place: `body`, `notes`, `header` (with the footers)."""
    stream = compound.read(STREAM)
    try:
        version, flags = struct.unpack_from("<H6xH", stream, 2)
        if version < _WORD_97:
            start, end = struct.unpack_from("<LL", stream, 0x18)
            return {"body": _plain(decode(stream[start:end]))}
        lengths = struct.unpack_from("<8L", stream, _LENGTHS)
        at, size = struct.unpack_from("<LL", stream, _CLX)
    except struct.error:
        return {}
    table = compound.read("1Table" if flags & _TABLE_1 else "0Table")
    text = _pieces(stream, table[at : at + size])
    parts = {}
    start = 0
    # Positions count units of UTF-16, two of which make one character beyond the first 65,536.
    for place, length in (("body", lengths[0]), ("notes", lengths[1]), ("header", lengths[2])):
        parts[place] = _plain(_decoded(text[2 * start : 2 * (start + length)]))
        start += length
    return parts | {"more": _plain(_decoded(text[2 * start :]))}


def _decoded(text: bytes) -> str:
    return text.decode("utf-16-le", "replace")


def _pieces(stream: bytes, clx: bytes) -> bytes:
    """Put the text together, in UTF-16, by the table of pieces that lie about in the stream."""
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:  # noqa: PLR2004 - the mark of the table
        return b""
    size = struct.unpack_from("<L", clx, at + 1)[0]
    plc = clx[at + 5 : at + 5 + size]
    count = (len(plc) - 4) // 12
    if count <= 0:
        return b""
    positions = struct.unpack_from(f"<{count + 1}L", plc, 0)
    text: list[bytes] = []
    left = LARGEST_STREAM  # pieces may all point at the same place
    for index, (first, last) in enumerate(pairwise(positions)):
        place = struct.unpack_from("<L", plc, 4 * (count + 1) + 8 * index + 2)[0]
        length = min(max(0, last - first), left // 2)
        left -= 2 * length
        if place & _COMPRESSED:
            start = (place & ~_COMPRESSED) // 2
            narrow = stream[start : start + length].decode("cp1252", "replace")
            text.append(narrow.encode("utf-16-le"))
        else:
            text.append(stream[place : place + 2 * length])
    return b"".join(text)


def _plain(text: str) -> str:
    """Leave out codes of fields and anchors; what a field shows stays."""
    for _ in range(5):
        shorter = _FIELD_CODE.sub("", text)
        if shorter == text:
            break
        text = shorter
    return text.translate(_SIGNS | _DROPPED)
