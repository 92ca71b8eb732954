"""The text of an Excel workbook of 1995 to 2003 ([MS-XLS]): cells, names of sheets, margins."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from meti_desk.formats.legacy.compound import Compound
from meti_desk.formats.text.encoding import decode

STREAMS = ("Workbook", "Book")
_BOF, _EOF, _SHEET, _SST, _CONTINUE = 0x0809, 0x000A, 0x0085, 0x00FC, 0x003C
_HEADER, _FOOTER, _LABEL, _RSTRING, _LABEL_SST = 0x0014, 0x0015, 0x0204, 0x00D6, 0x00FD
_STRING, _NUMBER, _RK, _MULTI_RK, _FILEPASS = 0x0207, 0x0203, 0x027E, 0x00BD, 0x002F
_BIFF8 = 0x0600
_WIDE, _ASIAN, _RICH = 1, 4, 8
_FORMAT = re.compile(r'&(?:"[^"]*"|\d{1,3}|[A-JM-QS-Zbcdefghipsu]|K[0-9A-Fa-f+-]{6})')
_PARTS = re.compile(r"&[LCR]")
_EXACT = 1e15
_MOST_STRINGS = 2_000_000


@dataclass(slots=True)
class Sheet:
    """One sheet: its name, its cells in order, and the lines of its margins."""

    name: str = ""
    cells: list[str] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Book:
    names: list[str] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    depth: int = 0
    wide: bool = True
    """BIFF8: texts say themselves how they are written."""


def stream_of(compound: Compound) -> bytes:
    """Give the stream of the workbook; empty without one."""
    return next((compound.read(name) for name in STREAMS if name in compound), b"")


def is_encrypted(stream: bytes) -> bool:
    """Tell a password to open: its record stands among the first."""
    for number, (kind, _) in enumerate(_records(stream)):
        if kind == _FILEPASS:
            return True
        if number > 20:  # noqa: PLR2004 - it comes right after the beginning
            break
    return False


def read(stream: bytes) -> list[Sheet]:
    """Read all sheets; what is broken ends the reading, and what came before is given."""
    book = _Book()
    try:
        records = _records(stream)
        pending = next(records, None)
        while pending is not None:
            kind, data = pending
            pending = next(records, None)
            if kind == _SST:
                pieces = [data]
                while pending is not None and pending[0] == _CONTINUE:
                    pieces.append(pending[1])
                    pending = next(records, None)
                book.strings = _shared(pieces)
            else:
                _one(book, kind, data)
    except (struct.error, IndexError):
        pass
    for number, sheet in enumerate(book.sheets):
        sheet.name = book.names[number] if number < len(book.names) else ""
    return book.sheets


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _one(book: _Book, kind: int, data: bytes) -> None:
    if kind == _BOF:
        book.wide = struct.unpack_from("<H", data)[0] >= _BIFF8
        book.depth += 1
        of_workbook = 5
        # Charts inside a sheet begin anew one level deeper; they belong to their sheet.
        if struct.unpack_from("<H", data, 2)[0] != of_workbook and book.depth == 1:
            book.sheets.append(Sheet())
    elif kind == _EOF:
        book.depth -= 1
    elif kind == _SHEET:
        book.names.append(_short(book, data, 6))
    elif book.sheets:
        _in_sheet(book, book.sheets[-1], kind, data)


def _in_sheet(book: _Book, sheet: Sheet, kind: int, data: bytes) -> None:
    if kind in (_HEADER, _FOOTER) and data:
        text = _long(book, data, 0) if book.wide else _short(book, data, 0)
        lines = [_FORMAT.sub("", one).strip() for one in _PARTS.split(text)]
        (sheet.header if kind == _HEADER else sheet.footer).extend(one for one in lines if one)
    elif kind == _LABEL_SST:
        index = struct.unpack_from("<L", data, 6)[0]
        sheet.cells.append(book.strings[index] if index < len(book.strings) else "")
    elif kind in (_LABEL, _RSTRING):
        sheet.cells.append(_long(book, data, 6))
    elif kind == _STRING:
        sheet.cells.append(_long(book, data, 0))
    elif kind == _NUMBER:
        sheet.cells.append(_number(struct.unpack_from("<d", data, 6)[0]))
    elif kind == _RK:
        sheet.cells.append(_number(_rk(struct.unpack_from("<L", data, 6)[0])))
    elif kind == _MULTI_RK:
        for at in range(4, len(data) - 2, 6):
            sheet.cells.append(_number(_rk(struct.unpack_from("<L", data, at + 2)[0])))


def _number(value: float) -> str:
    """Write a number as a person would type it: long integers have no exponent."""
    whole = abs(value) < _EXACT and value.is_integer()
    return str(int(value)) if whole else f"{value:.15g}"


def _rk(raw: int) -> float:
    """Read the short form of numbers: 30 bits of an integer or of a double, maybe a hundredfold."""
    if raw & 2:
        value = float((raw >> 2) - (1 << 30 if raw & 0x80000000 else 0))
    else:
        value = float(struct.unpack("<d", struct.pack("<Q", (raw & ~3) << 32))[0])
    return value / 100 if raw & 1 else value


def _short(book: _Book, data: bytes, at: int) -> str:
    """Read a text with its length in one byte."""
    length = data[at]
    if not book.wide:
        return decode(data[at + 1 : at + 1 + length])
    return _chars(data, at + 2, length, data[at + 1])


def _long(book: _Book, data: bytes, at: int) -> str:
    """Read a text with its length in two bytes."""
    length = struct.unpack_from("<H", data, at)[0]
    if not book.wide:
        return decode(data[at + 2 : at + 2 + length])
    return _chars(data, at + 3, length, data[at + 2])


def _chars(data: bytes, at: int, length: int, flags: int) -> str:
    if flags & _WIDE:
        return data[at : at + 2 * length].decode("utf-16-le", "replace")
    return data[at : at + length].decode("latin-1")


def _shared(pieces: list[bytes]) -> list[str]:
    """Read the table of shared strings, which goes on over several records.

    Where a text is cut by the end of a record its rest begins with a new flag of its own.
    """
    reader = _Pieces(pieces)
    count = struct.unpack("<L", reader.take(8)[4:])[0]
    strings: list[str] = []
    while len(strings) < min(count, _MOST_STRINGS) and reader.more():
        length, flags = struct.unpack("<HB", reader.take(3))
        runs = struct.unpack("<H", reader.take(2))[0] if flags & _RICH else 0
        extra = struct.unpack("<L", reader.take(4))[0] if flags & _ASIAN else 0
        strings.append(reader.text(length, flags))
        reader.take(4 * runs + extra)
    return strings


@dataclass(slots=True)
class _Pieces:
    """Reads over the borders of records."""

    pieces: list[bytes]
    index: int = 0
    at: int = 0

    def more(self) -> bool:
        """Tell whether anything follows."""
        while self.index < len(self.pieces) and self.at >= len(self.pieces[self.index]):
            self.index, self.at = self.index + 1, 0
        return self.index < len(self.pieces)

    def take(self, size: int) -> bytes:
        """Give the next bytes, from several records where need be."""
        out = b""
        while len(out) < size and self.more():
            piece = self.pieces[self.index][self.at : self.at + size - len(out)]
            out += piece
            self.at += len(piece)
        return out

    def text(self, length: int, flags: int) -> str:
        """Give a text of so many characters."""
        out = ""
        while length > 0 and self.more():
            here = self.pieces[self.index]
            if self.at == 0 and out:
                flags = here[0]
                self.at = 1
            width = 2 if flags & _WIDE else 1
            size = min(length * width, len(here) - self.at)
            size -= size % width
            part = here[self.at : self.at + size]
            out += part.decode("utf-16-le" if width > 1 else "latin-1", "replace")
            length -= size // width
            self.at += size
            if size == 0:
                self.at = len(here)
        return out
