"""A sheet's frame as a tree, and the sheet written anew around its cells.

The frame - views, columns, links, settings - is small and cleaned as a tree; the cells pass by in
blocks, in which nothing but frozen formulas changes. A sheet is always written anew in the same
way, so that cleaning it twice gives the same bytes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from meti_desk.formats.container import damaged
from meti_desk.formats.deflate import packed
from meti_desk.formats.ooxml.book_look import Look
from meti_desk.formats.ooxml.book_uses import Freezing
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import bare
from meti_desk.formats.ooxml.sheet_stream import Frame, NotPlainError, frame_of
from meti_desk.formats.ooxml.sheet_strings import ATTRIBUTES, plain
from meti_desk.formats.ooxml.xml import Element, child, drop_attribute, parse, remove, serialize

_HOLE = "@meti-desk:cells@"
_SMALL = 4 << 20
_FAST = 3
"""Level of compression for large sheets, as when they are labelled."""
_SHARED = re.compile(r"""\ssi="([0-9]{1,9})\"""")
_DYNAMIC = re.compile(r'\scm="[0-9]+"')


class SheetTree:
    """One sheet that is going to be cleaned: `root` is its frame, or all of it.

    Sheets that carry comments or another encoding, or no cells at all, are read whole.
    """

    def __init__(self, package: Package, part: str) -> None:
        """Read the frame."""
        self.part = part
        self._package = package
        self._size = 0
        try:
            self.root = self._framed()
            self.whole = self.root is None
        except NotPlainError:
            self.whole = True
        if self.whole or self.root is None:
            bare(package, part)
            self.root = package.xml(part)

    def _framed(self) -> Element | None:
        frame = frame_of(self._package, self.part, "sheetData", "row")
        if frame.empty:
            return None
        data = frame.skip()
        self._size = frame.size
        root = parse(data, self.part)
        tail = frame.tail
        if b"<!" in tail or b"<?" in tail:
            raise NotPlainError
        return root

    def write(self, look: Look, freezing: Freezing) -> None:
        """Write the sheet with its frame as it is now and without the formulas that freeze.

        Raises `InvalidInput("document.damaged")` where its cells cannot be put back.
        """
        if not self.whole:
            try:
                self._stream(look, freezing)
            except NotPlainError:
                self._take_whole()
            else:
                return
        _freeze_tree(self.tree, look, freezing)
        self._package.touch(self.part)

    @property
    def tree(self) -> Element:
        """Give the frame, which is always there."""
        assert self.root is not None  # noqa: S101 - the constructor made sure
        return self.root

    def _take_whole(self) -> None:
        """Put the cells as a tree into the frame, where they are written in an unusual way."""
        cells = child(self._package.xml(self.part), "x:sheetData")
        hole = child(self.tree, "x:sheetData")
        if cells is None or hole is None:
            raise damaged("xml", member=self.part)
        hole.text = None
        for row in list(cells):
            hole.append(row)
        whole = self.tree
        self._package.set_data(self.part, serialize(whole))
        self.root = self._package.xml(self.part)
        self.whole = True

    def _stream(self, look: Look, freezing: Freezing) -> None:
        hole = child(self.tree, "x:sheetData")
        if hole is None or len(hole):
            raise NotPlainError
        hole.text = _HOLE
        text = serialize(self.tree)
        hole.text = None
        head, found, tail = text.partition(_HOLE.encode())
        if not found or _HOLE.encode() in tail:
            raise damaged("xml", member=self.part)
        frame = frame_of(self._package, self.part, "sheetData", "row")
        pieces = self._pieces(head, frame, tail, look, freezing)
        large = self._size > _SMALL
        data = packed(pieces, _FAST) if large else b"".join(pieces)
        self._package.set_data(self.part, data)

    def _pieces(
        self, head: bytes, frame: Frame, tail: bytes, look: Look, freezing: Freezing
    ) -> Iterator[bytes]:
        yield head
        if look.frozen:
            done = 0
            for block in frame.blocks():
                made, number = _frozen(block, frame.prefix, look.shared, freezing)
                done += number
                yield made
            if done < len(look.frozen):
                raise NotPlainError
        else:
            yield from frame.blocks()
        yield tail


@lru_cache(maxsize=16)
def _pattern(prefix: str) -> re.Pattern[str]:
    p, a = re.escape(prefix), ATTRIBUTES
    return re.compile(
        rf"(<{p}c)({a})(\s*>\s*)<{p}f({a})\s*(?:/>|>([^<]*+)</{p}f>)\s*(?=<{p}[vi]|</{p}c>)"
    )


def _frozen(block: bytes, prefix: bytes, shared: set[str], freezing: Freezing) -> tuple[bytes, int]:
    """Take the formulas out of a block that freeze, and count those that have a text."""
    done = 0

    def settle(found: re.Match[str]) -> str:
        nonlocal done
        number = _SHARED.search(found[4])
        formula = plain(found[5] or "")
        gone = bool(formula) and bool(freezing.kind(formula))
        done += gone
        if gone or (number is not None and number[1] in shared):
            return found[1] + _DYNAMIC.sub("", found[2]) + found[3]
        return found[0]

    return _pattern(prefix.decode()).sub(settle, block.decode()).encode(), done


def _freeze_tree(root: Element, look: Look, freezing: Freezing) -> None:
    for one in list(root.iter("{*}f")):
        holder = one.getparent()
        if short(one.tag) != "x:f" or holder is None or short(holder.tag) != "x:c":
            continue
        if freezing.kind(one.text or "") or str(one.get("si")) in look.shared:
            remove(one)
            drop_attribute(holder, "cm")
