"""Removing 付加情報 from an RTF document, by cutting out of its own bytes.

One pass over words and groups. Changes are accepted: deleted text goes, inserted text stays.
"""

import re
from dataclasses import dataclass, field

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.inner import clean_inside
from meti_desk.formats.members import Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.text import kinds
from meti_desk.formats.text.rtf_parts import (
    BREAKS,
    GONE,
    INDEX,
    KNOWN,
    OFFICE_PROPERTIES,
    PATH,
    REVISION,
    RSID,
    TELLING_FIELD,
)

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
    rb"|[\r\n]+|\\\Z",
    re.DOTALL,
)
_ENDS_WITH_WORD = re.compile(rb"(?<!\\)(?:\\\\)*\\[a-zA-Z]{1,32}(?:-?\d{1,10})?\Z")
_GLUED = re.compile(rb"[a-zA-Z0-9 -]")
_DEEPEST = 10_000
_MOVING = frozenset({"pict", "object", "field", "shp", "footnote", "shppict", "do"})
_BLIPS = frozenset({"pngblip", "jpegblip"})
_OTHER_PICTURES = frozenset(
    {"emfblip", "wmetafile", "dibitmap", "wbitmap", "macpict", "pmmetafile"}
)
_LINE = 128


@dataclass(slots=True)
class _Group:
    """A group that is open; `name` is that of its destination, `kind` what it goes as."""

    start: int
    deleted: bool = False
    hidden: bool = False
    starred: bool = False
    begun: bool = False
    name: str = ""
    kind: str = ""
    result: tuple[int, int] = (0, 0)
    body: int = 0
    picture: str = ""
    data: list[tuple[int, int, bytes]] = field(default_factory=list)


class _Cleaner:
    def __init__(self, data: bytes, notes: Notes, nest: Nest) -> None:
        self._data = data
        self._notes = notes
        self._nest = nest
        self._cuts: list[tuple[int, int, bytes]] = []
        self._stack: list[_Group] = []
        self._inside = 0
        """How many of the open groups go as a whole."""

    def cleaned(self) -> bytes:
        """Give the document without what goes."""
        at = 0
        while at < len(self._data):
            found = _TOKEN.match(self._data, at)
            if found is None:
                raise InvalidInput("document.damaged", reason="rtf")
            at = found.end()
            if found[1] is not None:
                at = self._word(found)
            elif found[4] == b"{":
                self._open(found.start())
            elif found[4] == b"}":
                self._close(found.end())
                if not self._stack:
                    self._trailing(at)
                    return self._applied()
            elif found[3] == b"*" and self._stack:
                self._stack[-1].starred = True
            else:
                self._text(found)
        raise InvalidInput("document.damaged", reason="groups")

    def _trailing(self, at: int) -> None:
        rest = self._data[at:]
        if rest.strip(b"\r\n") and self._notes.add(kinds.RTF_TRAILING, "", rest[:200]):
            self._cuts.append((at, len(self._data), b""))

    def _applied(self) -> bytes:
        out = bytearray()
        at = 0
        for start, stop, new in sorted(self._cuts):
            if start < at:
                continue  # inside what is cut already
            out += self._data[at:start] + new
            at = stop
            glued = _GLUED.match(self._data, at)
            if glued and not new and _ENDS_WITH_WORD.search(bytes(out[-64:])):
                out += b" "
        return bytes(out + self._data[at:])

    def _open(self, start: int) -> None:
        if len(self._stack) >= _DEEPEST:
            raise InvalidInput("document.bomb", what="groups")
        last = self._stack[-1] if self._stack else _Group(start)
        self._stack.append(_Group(start, last.deleted, last.hidden))

    def _close(self, stop: int) -> None:
        group = self._stack.pop()
        if group.kind:
            self._inside -= 1
        if self._inside:
            return
        raw = self._data[group.start : stop]
        if group.kind:
            if self._notes.add(group.kind, group.name, raw):
                self._cuts.append((group.start, stop, b""))
        elif group.name == "fldinst":
            self._field(group, stop, raw)
        elif group.name == "sp":
            self._property(group, stop, raw)
        elif group.name == "object":
            self._object(group, stop, raw)
        elif group.name == "result" and self._stack and self._stack[-1].name == "object":
            self._stack[-1].result = (group.body, stop - 1)
        elif group.name == "pict":
            self._pict(group)

    def _field(self, group: _Group, stop: int, raw: bytes) -> None:
        told = PATH.search(raw) or TELLING_FIELD.search(raw)
        if told and self._notes.add(kinds.RTF_FIELD, "field", raw[11:]):
            self._cuts.append((group.start, stop, b"{\\*\\fldinst }"))

    def _property(self, group: _Group, stop: int, raw: bytes) -> None:
        named = re.search(rb"\\sn\s+(\w+)", raw)
        name = named[1].decode() if named else ""
        value = raw.partition(b"\\sv")[2].strip(b" {}")
        if not value:
            return
        kind = kinds.RTF_PATH if PATH.search(value) or name == "pibName" else ""
        if not kind and name in OFFICE_PROPERTIES:
            kind = kinds.RTF_OFFICE
        if kind and self._notes.add(kind, name, value):
            self._cuts.append((group.start, stop, b""))

    def _object(self, group: _Group, stop: int, raw: bytes) -> None:
        start, end = group.result
        if not end:
            self._notes.add(kinds.RTF_EMBEDDED_ALONE, "object", raw[:200])
        elif self._notes.add(kinds.RTF_EMBEDDED, "object", raw[:200]):
            self._cuts += [(group.start + 1, start, b""), (end, stop - 1, b"")]

    def _pict(self, group: _Group) -> None:
        if not group.data or group.picture not in _BLIPS:
            if group.data:
                self._notes.add(kinds.RTF_PICTURE_UNCHECKED, "picture", group.picture)
            return
        try:
            data = bytes.fromhex(b"".join(piece for _, _, piece in group.data).decode("ascii"))
        except ValueError as bad:
            raise InvalidInput("document.damaged", reason="picture") from bad
        plain = clean_inside(data, "picture", self._notes, kinds.RTF_PICTURES, self._nest)
        if plain != data and self._notes.add(kinds.RTF_PICTURE, "picture"):
            start, stop = group.data[0][0], group.data[-1][1]
            coded = plain.hex().encode()
            lines = (coded[at : at + _LINE] for at in range(0, len(coded), _LINE))
            self._cuts.append((start, stop, b"\n" + b"\n".join(lines)))

    def _word(self, found: re.Match[bytes]) -> int:
        name = found[1].decode()
        number = None if found[2] is None else int(found[2])
        if not self._stack:
            raise InvalidInput("document.damaged", reason="groups")
        group = self._stack[-1]
        if name == "bin":
            return self._binary(found, max(0, number or 0))
        if not group.begun:
            self._begin(group, name, found.end())
        if self._inside:
            return found.end()
        if name in _BLIPS or name in _OTHER_PICTURES:
            group.picture = name
        self._state(group, name, number)
        if RSID.fullmatch(name):
            self._drop(kinds.RTF_RSID, found)
        elif name in REVISION:
            self._drop(kinds.RTF_REVISION, found)
        elif name == "chatn":
            self._drop(kinds.RTF_COMMENT, found)
        elif name in BREAKS:
            self._seen(found, is_break=name != "u")
        return found.end()

    def _drop(self, kind: str, found: re.Match[bytes]) -> None:
        if self._notes.add(kind, "text", found.group()):
            self._cuts.append((*found.span(), b""))

    def _begin(self, group: _Group, name: str, at: int) -> None:
        """Take the first word of a group for the name of its destination."""
        group.begun, group.name, group.body = True, name, at
        if name in GONE:
            group.kind = GONE[name]
        elif group.starred and not KNOWN.fullmatch(name):
            group.kind = kinds.RTF_UNKNOWN
        elif name in _MOVING and group.deleted and self._notes.goes(kinds.RTF_REVISION):
            group.kind = kinds.RTF_REVISION
        elif name in _MOVING and group.hidden and not group.deleted:
            group.kind = kinds.RTF_HIDDEN
        elif name in INDEX and not self._inside:
            self._notes.add(kinds.RTF_INDEX, "text", self._data[at : at + 80])
        if group.kind:
            self._inside += 1

    @staticmethod
    def _state(group: _Group, name: str, number: int | None) -> None:
        if name in ("deleted", "mvf"):
            group.deleted = number != 0
        elif name == "v":
            group.hidden = number != 0
        elif name == "plain":
            group.deleted = group.hidden = False

    def _text(self, found: re.Match[bytes]) -> None:
        if not self._stack:
            raise InvalidInput("document.damaged", reason="groups")
        group = self._stack[-1]
        if self._inside:
            return
        if group.name == "pict" and found[5] is not None:
            if piece := found.group().strip():
                group.data.append((*found.span(), piece))
        elif found.group().strip(b"\r\n"):
            group.begun = True
            self._seen(found, is_break=False)

    def _seen(self, found: re.Match[bytes], *, is_break: bool) -> None:
        """Take out what is deleted or hidden; a line that ends there goes only with the deleted."""
        group = self._stack[-1]
        if group.deleted and self._notes.goes(kinds.RTF_REVISION):
            self._drop(kinds.RTF_REVISION, found)
        elif group.hidden and not is_break and self._shows_text():
            self._drop(kinds.RTF_HIDDEN, found)

    def _shows_text(self) -> bool:
        """Tell whether this is text at all, and not a table of the document."""
        tables = {"stylesheet", "fonttbl", "colortbl", "listtable", "pict", "fldinst", "bkmkstart"}
        return not any(one.name in tables for one in self._stack)

    def _binary(self, found: re.Match[bytes], size: int) -> int:
        group = self._stack[-1]
        stop = found.end() + size
        if stop > len(self._data):
            raise InvalidInput("document.damaged", reason="binary")
        if group.name == "pict" and not self._inside:
            group.data.append((found.start(), stop, self._data[found.end() : stop].hex().encode()))
        elif not self._inside and group.name != "objdata":
            # Bytes that nobody shows.
            self._notes.add(kinds.RTF_EMBEDDED_ALONE, group.name, f"{size} bytes")
        return stop


def clean_rtf(data: bytes, notes: Notes, nest: Nest) -> bytes:
    """Give the document without what goes.

    Raises `InvalidInput("document.damaged")` where groups do not end: what is hidden cannot be
    told from what is shown then. Changes can be accepted here, not rejected: `scrub.blocked`.
    """
    plain = _Cleaner(data, notes, nest).cleaned()
    count = notes.count(kinds.RTF_REVISION)
    if count and notes.order.revisions != "accept" and notes.goes(kinds.RTF_REVISION):
        kind = kinds.RTF_REVISION
        raise RuleViolation("scrub.blocked", articles=("14-7",), kind=kind, count=count)
    return plain
