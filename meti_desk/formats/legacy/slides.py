"""The text of a PowerPoint presentation of 1997 to 2003 ([MS-PPT]).

All text that lies in the stream is given, also that of slides which an earlier saving left behind.
"""

import struct
from collections.abc import Iterator

from meti_desk.formats.legacy.compound import Compound

STREAM = "PowerPoint Document"
_USER = "Current User"
_ENCRYPTED = 0xF3D1C4DF
_WIDE, _NARROW, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_MARGINS = 0x0FD9
_CONTAINER = 0xF
_HEADER = 1
_FOOTER = 2


def is_encrypted(compound: Compound) -> bool:
    """Tell a password to open by the token of the current user."""
    head = compound.read(_USER, 16)
    return len(head) >= 16 and struct.unpack_from("<L", head, 12)[0] == _ENCRYPTED  # noqa: PLR2004


def read(compound: Compound) -> dict[str, list[str]]:
    """Give texts by place: `body`, `header`, `footer`."""
    found: dict[str, list[str]] = {"body": [], "header": [], "footer": []}
    margins_end = 0
    for kind, instance, start, data in _records(compound.read(STREAM)):
        if kind == _MARGINS:
            margins_end = start + len(data)
        elif kind == _STRING and start < margins_end and instance in (_HEADER, _FOOTER):
            text = data.decode("utf-16-le", "replace")
            found["header" if instance == _HEADER else "footer"].append(text)
        elif kind == _WIDE:
            found["body"].append(_lines(data.decode("utf-16-le", "replace")))
        elif kind == _NARROW:
            found["body"].append(_lines(data.decode("latin-1")))
    return found


def _lines(text: str) -> str:
    return text.replace("\r", "\n").replace("\v", "\n").strip("\0")


def _records(stream: bytes) -> Iterator[tuple[int, int, int, bytes]]:
    """Give kind, instance, where the content starts, and the content; containers are entered."""
    at = 0
    while at + 8 <= len(stream):
        head, kind, size = struct.unpack_from("<HHL", stream, at)
        at += 8
        data = stream[at : at + size] if kind in (_WIDE, _NARROW, _STRING, _MARGINS) else b""
        yield kind, head >> 4, at, data
        if head & _CONTAINER != _CONTAINER:
            at += size
