"""The table of strings that the cells of a workbook share, kept small in memory.

Furigana (`rPh`) is no text of a cell: it is left out.
"""

import re
from array import array
from collections.abc import Iterator
from functools import lru_cache

from meti_desk.formats.container import damaged
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.sheet_stream import NotPlainError, frame_of
from meti_desk.formats.ooxml.xml import Element, parse

_ENTITY = re.compile(r"&(?:#x[0-9A-Fa-f]{1,6};|#[0-9]{1,7};|[a-z]{1,4};)?")
_MOST_KNOWN = 1 << 16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
ATTRIBUTES = r'(?:\s+[\w:.-]++="[^"<]*+")*+'
"""What a tag may carry, as all programs write it."""


class _Entities(dict[str, str]):
    """Characters by their entity, read once each: some programs write all kanji so."""

    def __missing__(self, entity: str) -> str:
        if not entity.startswith("&#"):
            raise damaged("xml")
        code = int(entity[3:-1], 16) if entity[2] == "x" else int(entity[2:-1])
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:  # noqa: PLR2004 - Unicode's own borders
            raise damaged("xml")
        if len(self) < _MOST_KNOWN:
            self[entity] = chr(code)
        return chr(code)


_KNOWN = _Entities({"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"})


def plain(text: str) -> str:
    """Read entities in text that stands in XML, and line ends as XML has them.

    Raises `InvalidInput("document.damaged")` for an entity that XML does not know.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: _KNOWN[found[0]], text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def unescape(text: str) -> str:
    """Read characters that are written as `_xHHHH_`, as in all strings of a workbook."""
    if "_x" not in text:
        return text
    read = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return read.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Strings:
    """The strings by number; one that the table does not have is empty."""

    def __init__(self, texts: Iterator[str]) -> None:
        """Keep the strings one behind the other, a third of what a list of them would take."""
        held = bytearray()
        self._ends = array("Q", [0])
        for text in texts:
            held += text.encode()
            self._ends.append(len(held))
        self._held = bytes(held)

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            return ""
        return self._held[self._ends[number] : self._ends[number + 1]].decode()


def strings_of(package: Package) -> Strings:
    """Read the table of strings of a workbook."""
    part = package.target(package.main(), "sharedStrings")
    if part is None:
        return Strings(iter(()))
    try:
        return Strings(_quick(package, part))
    except NotPlainError:
        root = package.xml(part)
        return Strings(text_of_string(one) for one in root if short(one.tag) == "x:si")


def text_of_string(element: Element) -> str:
    """Give the text of a string (`si`, `is`), of all its runs, without furigana."""
    pieces = []
    for one in element:
        name = short(one.tag)
        if name == "x:t":
            pieces.append(one.text or "")
        elif name == "x:r":
            pieces += [inner.text or "" for inner in one if short(inner.tag) == "x:t"]
    return unescape("".join(pieces))


@lru_cache(maxsize=16)
def _pattern(prefix: str) -> re.Pattern[str]:
    p = re.escape(prefix)
    text = rf"<{p}t{ATTRIBUTES}\s*(?:/>|>([^<]*+)</{p}t>)\s*"
    spoken = rf"<{p}rPh{ATTRIBUTES}\s*>\s*<{p}t{ATTRIBUTES}\s*(?:/>|>[^<]*+</{p}t>)\s*</{p}rPh>\s*"
    return re.compile(
        rf"<{p}si>\s*(?:{text}(?:{spoken})*+(?:<{p}phoneticPr{ATTRIBUTES}\s*/>\s*)?+)?+</{p}si>"
        rf"|(\S)"
    )


def _quick(package: Package, part: str) -> Iterator[str]:
    frame = frame_of(package, part, "sst", "si")
    prefix = frame.prefix.decode()
    for block in frame.blocks():
        try:
            found = _pattern(prefix).findall(block.decode())
        except UnicodeDecodeError as bad:
            raise damaged("encoding", member=part) from bad
        if any(odd for _, odd in found):
            yield from _parsed(frame.head, frame.prefix, block, part)
        else:
            for text, _ in found:
                yield unescape(plain(text))
    # What stands around the strings is checked like any other part.
    parse(frame.head + frame.tail, part)


def _parsed(head: bytes, prefix: bytes, block: bytes, part: str) -> Iterator[str]:
    root = parse(head + block + b"</" + prefix + b"sst>", part)
    for one in root:
        if short(one.tag) == "x:si":
            yield text_of_string(one)
