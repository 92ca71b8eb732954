"""A large part of a workbook, read piece by piece: its frame, and the rows inside.

A sheet is a small frame - views, columns, page setup, pictures - around one huge element. The frame
is a well-formed document of its own when that element is left empty, and can be parsed as usual;
the rows pass by in blocks. So a sheet of 100 MB costs the memory of a small one.
"""

import re
from collections.abc import Iterator

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import MAX_XML

_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s[^<>]*\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([\w.:-]+)["']""")
_PLAIN = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LONGEST_TAG = 4096
_LONGEST_ROW = 64 << 20


class NotPlainError(Exception):
    """The part has comments, CDATA, instructions or another encoding: it has to be parsed whole."""


class Frame:
    """One part around one large element (`sheetData`, `sst`), whose rows end with `</row>`.

    `head` reaches to the end of the element's start tag, `tail` begins with its end tag and is
    there once all of `blocks` has passed. Without such an element all is head. `prefix` is what
    the element's name begins with (`x:` or nothing). Raises `NotPlainError` from the constructor
    and from `blocks`.
    """

    def __init__(self, pieces: Iterator[bytes], element: str, row: str) -> None:
        """Read as far as the element's start tag."""
        self._pieces = pieces
        self._row = row.encode()
        self._element = element.encode()
        start = re.compile(rb"<((?:[\w.-]+:)?)" + self._element + rb"(?=[\s/>])[^<>]*>")
        self.prefix, self.tail, self.size = b"", b"", 0
        held = bytearray()
        found = None
        for piece in pieces:
            at = max(0, len(held) - _LONGEST_TAG)
            held += piece
            found = start.search(held, at)
            if found is not None:
                break
            if len(held) > MAX_XML:
                raise InvalidInput("document.bomb", what="xml", member=element)
        end = len(held) if found is None else found.end()
        self.head = bytes(held[:end])
        self._rest = bytes(held[end:])
        self.empty = found is None or self.head.endswith(b"/>")
        if found is not None:
            self.prefix = found[1]
            _require_plain(self.head, declared=True)
        self._blocks = self._read()

    def blocks(self) -> Iterator[bytes]:
        """Give the inside in blocks of whole rows; afterwards `tail` and `size` are known.

        It is read once: who asks again gets what is left.
        """
        return self._blocks

    def _read(self) -> Iterator[bytes]:
        if self.empty:
            self.tail = self._rest + b"".join(self._pieces)
            return
        end = b"</" + self.prefix + self._element
        row = b"</" + self.prefix + self._row + b">"
        rest = self._rest
        while (stop := rest.find(end)) < 0:
            cut = rest.rfind(row) + len(row)
            if cut >= len(row):
                yield self._passing(rest[:cut])
                rest = rest[cut:]
            piece = next(self._pieces, None)
            if piece is None:
                raise damaged("xml", member=self._element.decode())
            if len(rest) > _LONGEST_ROW:
                raise InvalidInput("document.bomb", what="xml", member=self._element.decode())
            rest += piece
        yield self._passing(rest[:stop])
        self.tail = rest[stop:] + b"".join(self._pieces)

    def _passing(self, block: bytes) -> bytes:
        _require_plain(block)
        self.size += len(block)
        return block

    def skip(self) -> bytes:
        """Pass over what is left inside and give the part with its large element left empty."""
        for _ in self._blocks:
            pass
        return self.head + self.tail


def frame_of(package: Package, part: str, element: str, row: str) -> Frame:
    """Open a part for reading piece by piece."""
    return Frame(package.pieces(part), element, row)


def _require_plain(data: bytes, *, declared: bool = False) -> None:
    """Make sure that a `<` begins nothing but a tag, in an encoding in which it is one byte."""
    if declared:
        declaration = _DECLARATION.match(data)
        at = 0
        if declaration is not None:
            at = declaration.end()
            encoding = _ENCODING.search(declaration[0])
            if encoding is not None and encoding[1].lower() not in _PLAIN:
                raise NotPlainError
        data = data[at:]
    if b"<!" in data or b"<?" in data:
        raise NotPlainError


def is_wide(data: bytes) -> str:
    """Name the encoding of a part that is written in UTF-16; empty for all others."""
    if data[:2] in _UTF16:
        return "utf-16-le" if data[:2] in {b"\xff\xfe", b"<\0"} else "utf-16-be"
    return ""


def as_utf8(data: bytes, part: str) -> bytes:
    """Give a part, or its beginning, in UTF-8, whose declaration need not be true any more.

    Office knows UTF-8 and UTF-16 only; anything else is refused as `document.damaged`.
    """
    codec = is_wide(data)
    if codec:
        try:
            return data.decode(codec).encode()
        except UnicodeError as bad:
            raise damaged("encoding", member=part) from bad
    declaration = _DECLARATION.match(data)
    encoding = _ENCODING.search(declaration[0]) if declaration else None
    if encoding is not None and encoding[1].lower() not in _PLAIN:
        raise damaged("encoding", member=part)
    return data
