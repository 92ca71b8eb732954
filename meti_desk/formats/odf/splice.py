"""Changing a part by its bytes: what is not changed stays as it was written, to the byte.

lxml says what an element is, expat where it stands. Both see the elements in the same order, so an
element is found in the bytes by its number.
"""

import re
import weakref
from collections.abc import Iterable
from typing import NamedTuple
from xml.parsers import expat  # parses only what `xml.parse` has let pass: no entities

from meti_desk.formats.container import damaged
from meti_desk.formats.odf.names import full, short
from meti_desk.formats.odf.xml import Element, as_utf8, parse

_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
_QNAME = re.compile(rb"<([^\s/>]+)")
_ESCAPES = {
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;",
    "\t": "&#9;",
}  # fmt: skip


def escaped(text: str) -> str:
    """Write text so that it reads back the same, as content and as a value of an attribute."""
    return "".join(_ESCAPES.get(one, one) for one in text)


class Span(NamedTuple):
    """Where an element stands: its start, the end of its start tag, its end tag, its end."""

    start: int
    inner: int
    closing: int
    end: int

    @property
    def empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.inner == self.end


class Part:
    """One XML part with its tree and the changes ordered so far; the tree itself stays as read."""

    def __init__(self, name: str, data: bytes) -> None:
        """Parse a part; see `xml.parse` for the errors."""
        self.name = name
        self.original = data
        self.data = as_utf8(data, name)
        self.root = parse(self.data, name)
        # Not in a circle: a large tree has to go at once when nobody needs it any more.
        self.edits = Edits(weakref.proxy(self))

    def result(self) -> bytes:
        """Give the part as it is to be written."""
        if not self.edits.any:
            return self.original
        return self.edits.render()

    def spans(self, elements: Iterable[Element]) -> dict[Element, Span]:
        """Find where elements stand in the bytes."""
        wanted = set(elements)
        numbers = {at: one for at, one in enumerate(self.root.iter("*")) if one in wanted}
        found = _locate(self.data, set(numbers), self.name)
        return {one: found[number] for number, one in numbers.items()}


def _locate(data: bytes, wanted: set[int], part: str) -> dict[int, Span]:
    found: dict[int, Span] = {}
    open_ones: list[tuple[int, int]] = []
    count = 0
    reader = expat.ParserCreate()

    def begin(_name: str, _attributes: object) -> None:
        nonlocal count
        open_ones.append((count, reader.CurrentByteIndex if count in wanted else -1))
        count += 1

    def finish(_name: str) -> None:
        number, start = open_ones.pop()
        if start < 0:
            return
        tag = _TAG.match(data, start)
        if tag is None:
            raise damaged("xml", member=part)
        inner = tag.end()
        if tag[0].endswith(b"/>"):
            found[number] = Span(start, inner, inner, inner)
        else:
            closing = reader.CurrentByteIndex
            found[number] = Span(start, inner, closing, data.index(b">", closing) + 1)

    reader.StartElementHandler = begin
    reader.EndElementHandler = finish
    try:
        reader.Parse(data, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as bad:
        raise damaged("xml", member=part) from bad
    return found


class Edits:
    """Changes to a part, or to a copy of one of its elements; all by elements of the read tree.

    What is put in is XML text that declares the namespaces it uses.
    """

    def __init__(self, part: Part) -> None:
        """Begin without any change."""
        self._part = part
        self._first: dict[Element, list[str]] = {}
        self._last: dict[Element, list[str]] = {}
        self._before: dict[Element, list[str]] = {}
        self._after: dict[Element, list[str]] = {}
        self._replaced: dict[Element, str | None] = {}
        self._values: dict[Element, dict[str, str | None]] = {}
        self._emptied: set[Element] = set()

    def _touched(self) -> set[Element]:
        added = (self._first, self._last, self._before, self._after)
        changed = (self._replaced, self._values, self._emptied)
        return {one for place in (*added, *changed) for one in place}

    @property
    def any(self) -> bool:
        """Whether there is any change."""
        return bool(self._touched())

    def prepend(self, element: Element, xml: str) -> None:
        """Put something at the beginning of an element."""
        self._first.setdefault(element, []).append(xml)

    def append(self, element: Element, xml: str) -> None:
        """Put something at the end of an element."""
        self._last.setdefault(element, []).append(xml)

    def before(self, element: Element, xml: str) -> None:
        """Put something before an element."""
        self._before.setdefault(element, []).append(xml)

    def after(self, element: Element, xml: str) -> None:
        """Put something behind an element."""
        self._after.setdefault(element, []).append(xml)

    def replace(self, element: Element, xml: str) -> None:
        """Put something in the place of an element and all in it."""
        self._replaced[element] = xml

    def remove(self, element: Element) -> None:
        """Take an element away with all in it."""
        self._replaced[element] = ""

    def unwrap(self, element: Element) -> None:
        """Take the tags of an element away and leave what is in it."""
        self._replaced[element] = None

    def set(self, element: Element, name: str, value: str | None) -> None:
        """Set an attribute by its short name; nothing takes it away."""
        self._values.setdefault(element, {})[name] = value

    def empty(self, element: Element) -> None:
        """Take away all that is in an element and write it as one tag."""
        self._emptied.add(element)

    def render(self, within: Element | None = None) -> bytes:
        """Give the changed bytes of the part, or of one element of it."""
        touched = self._touched()
        spans = self._part.spans({*touched, *([] if within is None else [within])})
        pieces: list[tuple[int, int, int, bytes]] = []
        for element in sorted(touched, key=lambda one: spans[one]):
            self._changes(element, spans[element], pieces)
        start, end = 0, len(self._part.data)
        if within is not None:
            start, end = spans[within].start, spans[within].end
        return _apply(self._part.data, pieces, start, end)

    def _changes(
        self, element: Element, span: Span, pieces: list[tuple[int, int, int, bytes]]
    ) -> None:
        """List the pieces of bytes to be replaced: start, end, order at the same place, bytes."""
        pieces.append((span.start, span.start, 0, _joined(self._before.get(element))))
        pieces.append((span.end, span.end, -2, _joined(self._after.get(element))))
        if element in self._replaced:
            new = self._replaced[element]
            if new is None:
                pieces.append((span.start, span.inner, 1, b""))
                pieces.append((span.closing, span.end, 1, b""))
            else:
                pieces.append((span.start, span.end, 1, new.encode()))
            return
        for name, value in self._values.get(element, {}).items():
            pieces.append(self._value(element, span, name, value))
        first, last = _joined(self._first.get(element)), _joined(self._last.get(element))
        if element in self._emptied:
            if not span.empty:
                pieces.append((span.inner - 1, span.end, 1, b"/>"))
        elif span.empty and (first or last):
            tag = _QNAME.match(self._part.data, span.start)
            assert tag is not None  # noqa: S101 - it was just parsed
            closing = b"</" + tag[1] + b">"
            pieces.append((span.end - 2, span.end, 1, b">" + first + last + closing))
        else:
            pieces.append((span.inner, span.inner, -1, first))
            pieces.append((span.closing, span.closing, -1, last))

    def _value(
        self, element: Element, span: Span, name: str, value: str | None
    ) -> tuple[int, int, int, bytes]:
        data = self._part.data
        wanted = full(name)
        tag = _TAG.match(data, span.start)
        assert tag is not None  # noqa: S101 - it was just parsed
        prefixes = {str(space): prefix for prefix, space in element.nsmap.items() if prefix}
        at = _QNAME.match(data, span.start)
        assert at is not None  # noqa: S101 - it was just parsed
        position = at.end()
        while found := _ATTRIBUTE.match(data, position, tag.end()):
            position = found.end()
            prefix, colon, local = found[1].decode().rpartition(":")
            space = element.nsmap.get(prefix) if colon else None
            if f"{{{space}}}{local}" == wanted and value is None:
                return found.start(), found.end(), 1, b""
            if f"{{{space}}}{local}" == wanted:
                new = f'"{escaped(value or "")}"'.encode()
                return found.start(2), found.end(2), 1, new
        if value is None:
            return position, position, 1, b""
        space, _, local = wanted[1:].partition("}")
        prefix = prefixes.get(space, "")
        declared = "" if prefix else f' xmlns:{short(wanted).partition(":")[0]}="{space}"'
        prefix = prefix or short(wanted).partition(":")[0]
        new = f'{declared} {prefix}:{local}="{escaped(value)}"'.encode()
        return position, position, 1, new


def _joined(pieces: list[str] | None) -> bytes:
    return "".join(pieces or ()).encode()


def _apply(data: bytes, pieces: list[tuple[int, int, int, bytes]], start: int, end: int) -> bytes:
    """Put the pieces together; what lies inside a replaced range goes with it."""
    made = []
    at = start
    for begin, finish, _, new in sorted(pieces, key=lambda one: (one[0], one[2])):
        if begin < at or finish > end:
            continue
        made += [data[at:begin], new]
        at = finish
    made.append(data[at:end])
    return b"".join(made)
