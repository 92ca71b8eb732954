"""The properties of an Outlook message file ([MS-OXMSG]), which is a compound file."""

import struct
from collections.abc import Iterator

from meti_desk.formats.legacy.compound import Compound
from meti_desk.formats.text.encoding import decode

PROPERTIES = "__properties_version1.0"
_NAMES = "__nameid_version1.0"
_ATTACHMENT = "__attach_version1.0_#"
_STREAM = "__substg1.0_"
_WIDE, _NARROW, _BINARY, _LONG, _OBJECT = "001F", "001E", "0102", 0x0003, "000D"
_FIRST_NAMED = 0x8000
_CODE_PAGES = (0x3FFD, 0x3FDE)
_UTF8 = 65001

SUBJECT, HEADERS, BODY, HTML, RTF = 0x0037, 0x007D, 0x1000, 0x1013, 0x1009
SENDER, TO, COPY = 0x0C1A, 0x0E04, 0x0E03
DATA, LONG_NAME, SHORT_NAME, SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3001


class Node:
    """One message or attachment: the streams below one path of the compound file."""

    def __init__(self, compound: Compound, path: str = "", header: int = 32) -> None:
        """Keep the place; `header` is the number of bytes before the fixed properties.

        They are 32 at the top, 24 in a message inside, 8 in an attachment.
        """
        self._compound = compound
        self.path = path
        self._header = header

    def binary(self, tag: int) -> bytes:
        """Give a property that is bytes."""
        return self._compound.read(f"{self.path}{_STREAM}{tag:04X}{_BINARY}")

    def size(self, tag: int) -> int:
        """Tell how many bytes such a property has."""
        return self._compound.size(f"{self.path}{_STREAM}{tag:04X}{_BINARY}")

    def text(self, tag: int) -> str:
        """Give a property that is text, in Unicode or in the code page of the message."""
        wide = self._compound.read(f"{self.path}{_STREAM}{tag:04X}{_WIDE}")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._compound.read(f"{self.path}{_STREAM}{tag:04X}{_NARROW}")
        return decode(narrow.rstrip(b"\0"), self._codec()) if narrow else ""

    def _codec(self) -> str:
        fixed = self._compound.read(f"{self.path}{PROPERTIES}")
        for at in range(self._header, len(fixed) - 15, 16):
            kind, tag, _, value = struct.unpack_from("<HHLL", fixed, at)
            if kind == _LONG and tag in _CODE_PAGES:
                return "utf-8" if value == _UTF8 else f"cp{value}"
        return ""

    def attachments(self) -> Iterator["Node"]:
        """Give the attachments in their order."""
        start = f"{self.path}{_ATTACHMENT}"
        found = {
            path[: path.index("/", len(start)) + 1]
            for path in self._compound.paths()
            if path.startswith(start) and "/" in path[len(start) :]
        }
        return (Node(self._compound, path, 8) for path in sorted(found))

    def inner(self) -> "Node | None":
        """Give the message that is attached as such; nothing for a file."""
        path = f"{self.path}{_STREAM}{DATA:04X}{_OBJECT}/"
        if f"{path}{PROPERTIES}" not in self._compound:
            return None
        return Node(self._compound, path, 24)

    def named(self) -> dict[str, str]:
        """Give the texts of properties with names of their own, in small letters.

        Headers that Outlook does not know by number are among them; their names stand at the top
        of the file for all messages in it.
        """
        entries = self._compound.read(f"{_NAMES}/{_STREAM}00030102")
        names = self._compound.read(f"{_NAMES}/{_STREAM}00040102")
        found: dict[str, str] = {}
        for at in range(0, len(entries) - 7, 8):
            start, kind, index = struct.unpack_from("<LHH", entries, at)
            if not kind & 1 or start + 4 > len(names):
                continue
            length = struct.unpack_from("<L", names, start)[0]
            name = names[start + 4 : start + 4 + length].decode("utf-16-le", "replace")
            value = self.text(_FIRST_NAMED + index) if index < _FIRST_NAMED else ""
            if value:
                found.setdefault(name.lower(), value)
        return found
