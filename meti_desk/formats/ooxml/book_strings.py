"""The table of shared strings: what no cell uses any more goes.

An unused string keeps its number and loses its text: no cell has to be written anew, and its place
is worth two tags.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from meti_desk.formats.deflate import packed
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import bare
from meti_desk.formats.ooxml.sheet_stream import NotPlainError, frame_of
from meti_desk.formats.ooxml.sheet_strings import plain
from meti_desk.formats.ooxml.xml import Element, drop_attribute, find_all, parse, serialize, text_of

_HOLE = "@meti-desk:strings@"
_SMALL = 4 << 20
_FAST = 3
_TAGS = re.compile(r"<[^<>]*>")
_SHOWN = 1000


def clean_strings(
    package: Package, used: set[int], gone: set[int], notes: Notes, *, write: bool
) -> None:
    """Empty the strings that no cell uses; with `write` the table is written anew.

    `gone` are those of cells on sheets that are removed: told with their sheet, and not again.
    """
    for part in package.targets(package.main(), "sharedStrings"):
        try:
            _stream(package, part, used, gone, notes, write=write)
        except NotPlainError:
            bare(package, part)
            _clean_tree(package.xml(part), used, gone, notes)
            package.touch(part)


def _stream(
    package: Package, part: str, used: set[int], gone: set[int], notes: Notes, *, write: bool
) -> None:
    frame = frame_of(package, part, "sst", "si")
    if frame.empty:
        raise NotPlainError
    emptied = _Emptying(frame.prefix.decode(), used, gone, notes)
    small = package.size(part) <= _SMALL if part in package.original_names else True
    # Read to the end before anything is noted or written: it may turn out not to be plain.
    first = frame_of(package, part, "sst", "si")
    first.skip()
    if b"<!" in first.tail or b"<?" in first.tail:
        raise NotPlainError
    if not write:
        for block in frame.blocks():
            emptied.block(block)
        return

    def pieces() -> Iterator[bytes]:
        yield _opened(frame.head, frame.prefix, part)
        for block in frame.blocks():
            yield emptied.block(block)
        yield frame.tail.rstrip()

    package.set_data(part, b"".join(pieces()) if small else packed(pieces(), _FAST))


def _opened(head: bytes, prefix: bytes, part: str) -> bytes:
    """Write the beginning as every run does, without numbers that are no longer true."""
    root = parse(head + b"</" + prefix + b"sst>", part)
    for name in ("count", "uniqueCount"):
        drop_attribute(root, name)
    root.text = _HOLE
    return serialize(root).partition(_HOLE.encode())[0]


class _Emptying:
    def __init__(self, prefix: str, used: set[int], gone: set[int], notes: Notes) -> None:
        self._used, self._gone, self._notes = used, gone, notes
        self._empty = f"<{prefix}si><{prefix}t/></{prefix}si>"
        self._pattern = _pattern(prefix)
        self._spoken = f"<{prefix}rPh".encode()
        self._number = -1

    def block(self, block: bytes) -> bytes:
        if self._spoken in block:
            self._notes.add(self._notes.kind("phonetic"), "package", "rPh")
        return self._pattern.sub(self._settle, block.decode()).encode()

    def _settle(self, found: re.Match[str]) -> str:
        self._number += 1
        if self._number in self._used or found[0] == self._empty:
            return found[0]
        told = plain(_TAGS.sub("", found[0]))
        if not told or self._number in self._gone:
            return self._empty
        shown = told if self._number < _SHOWN else ""
        goes = self._notes.add(self._notes.kind("orphan-string"), "package", shown)
        return self._empty if goes else found[0]


@lru_cache(maxsize=16)
def _pattern(prefix: str) -> re.Pattern[str]:
    p = re.escape(prefix)
    return re.compile(
        rf"<{p}si(?:\s[^<>]*)?/>|<{p}si(?:\s[^<>]*)?>(?:[^<]++|<(?!/{p}si>))*+</{p}si>"
    )


def _clean_tree(root: Element, used: set[int], gone: set[int], notes: Notes) -> None:
    for name in ("count", "uniqueCount"):
        drop_attribute(root, name)
    for number, one in enumerate(list(root.iter("{*}si"))):
        if number in used or short(one.tag) != "x:si" or not text_of(one):
            continue
        if number in gone or notes.add(notes.kind("orphan-string"), "package", text_of(one)):
            for inner in list(one):
                one.remove(inner)
            one.append(one.makeelement(str(one.tag)[:-2] + "t", {}, None))
    for _ in find_all(root, "x:rPh"):
        notes.add(notes.kind("phonetic"), "package", "rPh")
