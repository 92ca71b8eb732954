"""Looking into a slide's bytes: where a shape goes in, where our mark stands, which ids are taken.

A slide is spliced and never written anew, so that every byte that is not the mark stays. The
positions come from a parser that knows them, not from a search for words, because a text may hold
the same words.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import short

MARK_NAME = "jp.go.meti.mark"
"""The name of our mark's shape, as a selection pane shows it."""
_OURS = re.compile(re.escape(MARK_NAME) + r"(?:\.[0-9]+)?")

STRICT_SLIDES = "http://purl.oclc.org/ooxml/presentationml/main"
_TREE = ("p:sld", "p:cSld", "p:spTree")
_TELLING = frozenset({*_TREE, "p:extLst", "p:sp", "p:ph", "a:p"})
_END_OF_TREE = re.compile(rb"</(?:[^\s<>:]+:)?spTree\s*>")
_UTF8 = "utf-8"
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF16_BARE = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


@dataclass(slots=True)
class Held:
    """Our mark as it stands in a slide: its bytes from `start` to `end`, and its shape id."""

    start: int
    end: int
    id: int


@dataclass(slots=True)
class _Shape:
    start: int
    depth: int
    id: int = 0
    named: bool = False
    placed: bool = False
    paragraphs: int = 0


@dataclass(slots=True)
class View:
    """What was seen: the place for a shape above all others, our marks, ids of other shapes.

    `text` is the slide as UTF-8 (positions count in it), `restore` the encoding to go back to.
    """

    text: bytes
    restore: str = ""
    strict: bool = False
    plain: bool = True
    """Whether characters can be written as they are; else as references."""
    place: int = -1
    marks: list[Held] = field(default_factory=list)
    ids: set[int] = field(default_factory=set)

    def encoded(self, text: bytes) -> bytes:
        """Give a changed slide back in the encoding that it had."""
        return text.decode().encode(self.restore) if self.restore else text


def view(data: bytes, part: str) -> View:
    """Look through a slide. Raises `document.damaged` with `dtd`, `xml` or `slide` (no tree)."""
    plain, restore = _as_utf8(data, part)
    reader = _Reader(View(plain, restore))
    reader.read(part, override=_UTF8 if restore else None)
    if reader.view.place < 0:
        raise damaged("slide", member=part)
    return reader.view


def is_mark_name(name: str | None) -> bool:
    """Tell whether a shape has the name of our mark, in slides or (`….1`) in OpenDocument.

    LibreOffice keeps the name when it converts one into the other.
    """
    return name is not None and _OURS.fullmatch(name) is not None


def without_mark(data: bytes, part: str) -> bytes:
    """Give the slide's bytes without our mark, as UTF-8: what must not change."""
    if MARK_NAME.encode() not in data and b"\0" not in data:
        return data
    seen = view(data, part)
    return cut(seen.text, seen.marks)


def cut(text: bytes, marks: list[Held]) -> bytes:
    """Take our marks out of the bytes."""
    for held in reversed(marks):
        text = text[: held.start] + text[held.end :]
    return text


def _as_utf8(data: bytes, part: str) -> tuple[bytes, str]:
    """Turn UTF-16 into UTF-8, which gives every character back as it was."""
    encoding = _UTF16.get(data[:2]) or _UTF16_BARE.get(data[:2])
    if encoding is None:
        return data, ""
    try:
        return data.decode(encoding).encode(), encoding
    except UnicodeError as bad:
        raise damaged("xml", member=part) from bad


class _Reader:
    """Follows the parser's events through one slide."""

    def __init__(self, seen: View) -> None:
        self.view = seen
        self._path: list[str] = []
        self._shapes: list[_Shape] = []

    def read(self, part: str, *, override: str | None) -> None:
        parser = expat.ParserCreate(override, namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        parser.XmlDeclHandler = self._declared
        self._parser = parser
        self._part = part
        try:
            parser.Parse(self.view.text, True)  # noqa: FBT003 - the library's own signature
        except (expat.ExpatError, UnicodeError, LookupError) as bad:
            raise damaged("xml", member=part) from bad

    def _refuse(self, *_: object) -> None:
        raise damaged("dtd", member=self._part)

    def _declared(self, _version: str, encoding: str | None, _alone: int) -> None:
        if not self.view.restore:
            self.view.plain = (encoding or _UTF8).lower() in {"utf-8", "utf8"}

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _told(tag)
        path = self._path
        if name:
            if not path and name == _TREE[0]:
                self.view.strict = tag.startswith(STRICT_SLIDES)
            elif name == "p:extLst" and tuple(path) == _TREE:
                # Shapes come before what extends the tree.
                self.view.place = self._parser.CurrentByteIndex
            elif name == "p:sp":
                self._shapes.append(_Shape(self._parser.CurrentByteIndex, len(path) + 1))
            else:
                self._inside(name, attributes)
        path.append(name)

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        shape = self._shapes[-1] if self._shapes else None
        if name == "p:cNvPr" and shape is not None and not shape.id:
            shape.id = _number(attributes.get("id", ""))
            shape.named = is_mark_name(attributes.get("name"))
            if shape.named:
                return
        if name.endswith("cNvPr"):
            self.view.ids.add(_number(attributes.get("id", "")))
        elif name == "p:ph" and shape is not None:
            shape.placed = True
        elif name == "a:p" and shape is not None:
            shape.paragraphs += 1

    def _end(self, _tag: str) -> None:
        path = self._path
        name = path[-1]
        if name == "p:sp":
            if self._shapes and self._shapes[-1].depth == len(path):
                self._close(self._shapes.pop())
        elif name == "p:spTree" and tuple(path) == _TREE and self.view.place < 0:
            at = self._parser.CurrentByteIndex
            # An empty tree (`<p:spTree/>`) has no end tag to put a shape before.
            if _END_OF_TREE.match(self.view.text, at):
                self.view.place = at
        path.pop()

    def _close(self, shape: _Shape) -> None:
        if shape.named and not shape.placed and shape.paragraphs == 1:
            end = self._parser.CurrentByteIndex
            if self.view.text[end : end + 2] == b"</":
                end = self.view.text.index(b">", end) + 1
            self.view.marks.append(Held(shape.start, end, shape.id))
        elif shape.named:
            self.view.ids.add(shape.id)


@lru_cache(maxsize=1024)
def _told(tag: str) -> str:
    """Give the short name of an element that says something here; most of them do not."""
    name = short("{" + tag) if "}" in tag else tag
    return name if name in _TELLING or name.endswith("cNvPr") else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
