"""Words of a PDF that are not drawn: titles of bookmarks, descriptions, names, addresses of links.

What names the words is made black there too, and what describes a place that was cut says nothing
any more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from meti_desk.evidence.clues.masking import Blackener
from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.pdf.cutting import Zone
from meti_desk.formats.pdf.geometry import normal
from meti_desk.formats.pdf.graph import annotations, containers, entry
from meti_desk.formats.pdf.planes import number, shared

_SPOKEN = ("/ActualText", "/Alt", "/E")
_LEFT = frozenset({"/ID", "/Registry", "/Ordering", "/FontFamily", "/CharSet", "/Panose"})
_DEPTH = 200


def black_strings(pdf: pikepdf.Pdf, words: Blackener) -> int:
    """Make the words black in all strings of a document; gives in how many."""
    count = 0
    for one in containers(pdf):
        for key in list(one.keys()):
            if key in _LEFT or key[1:].startswith(OWN_PREFIX):
                continue
            made, changed = _black(one[key], words, 0)
            if changed:
                one[key] = made
                count += changed
    return count


def _black(value: Any, words: Blackener, depth: int) -> tuple[Any, int]:
    if isinstance(value, String):
        text = str(value)
        if words.says(text):
            return String(words.black(text)), 1
    elif isinstance(value, Array) and depth < _DEPTH:
        total = 0
        for at, inner in enumerate(list(value)):
            if not isinstance(inner, String | Array):
                continue
            made, changed = _black(inner, words, depth + 1)
            if changed and isinstance(inner, String):
                value[at] = made
            total += changed
        return value, total
    return value, 0


def drop_links(pdf: pikepdf.Pdf, words: Blackener, zones: Mapping[int, Sequence[Zone]]) -> int:
    """Take away the links that lie on a zone or lead to an address with the words."""
    count = 0
    for index, page in enumerate(pdf.pages):
        kept: list[Any] = []
        gone: list[Any] = []
        for one in annotations(page):
            goes = _lies_on(one, zones.get(index, ())) or _leads(one, words)
            (gone if goes else kept).append(one)
        for one in gone:
            for key in list(one.keys()):
                del one[key]
        count += len(gone)
        if gone and kept:
            page.obj.Annots = Array(kept)
        elif gone:
            del page.obj["/Annots"]
    for one in containers(pdf):
        if "/A" in one and _leads(one, words):
            del one["/A"]
            count += 1
    return count


def _lies_on(link: Any, zones: Sequence[Zone]) -> bool:
    rect = entry(link, "/Rect", Array)
    if rect is None or len(rect) != 4:  # noqa: PLR2004 - a box has four numbers
        return False
    x0, y0, x1, y1 = (number(one, 0.0) for one in rect)
    box = normal((x0, y0, x1, y1))
    return any(shared(box, zone.box) > 0 for zone in zones)


def _leads(holder: Any, words: Blackener) -> bool:
    action = entry(holder, "/A", Dictionary)
    address = action.get("/URI") if action is not None else None
    if not isinstance(address, String):
        return False
    text = str(address)
    return words.says(text) or words.says(unquote(text))


def silence(pdf: pikepdf.Pdf, touched: Mapping[tuple[int, int], set[int]]) -> int:
    """Take away what structure elements say of places that were cut, and all above them.

    `touched` has the ids of marked content by the page's object.
    """
    root = entry(pdf.Root, "/StructTreeRoot", Dictionary)
    if root is None or not any(touched.values()):
        return 0
    count = 0
    for path in _paths(root, touched):
        for one in path:
            for key in _SPOKEN:
                if key in one:
                    del one[key]
                    count += 1
    return count


def _paths(root: Any, touched: Mapping[tuple[int, int], set[int]]) -> Iterator[list[Any]]:
    """Give for each element that holds something cut the way to it, itself included."""
    waiting: list[tuple[Any, list[Any], Any]] = [(root, [], None)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        one, above, page = waiting.pop()
        if one.is_indirect:
            if one.objgen in seen:
                continue
            seen.add(one.objgen)
        page = one.get("/Pg", page)
        path = [*above, one][-_DEPTH:]
        kids = one.get("/K")
        hit: Callable[[Any, Any], bool] = _hits(touched)
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, int) and hit(page, kid):
                yield path
            elif isinstance(kid, Dictionary):
                if kid.get("/Type") == Name.MCR:
                    if hit(kid.get("/Pg", page), kid.get("/MCID")):
                        yield path
                else:
                    waiting.append((kid, path, page))


def _hits(touched: Mapping[tuple[int, int], set[int]]) -> Callable[[Any, Any], bool]:
    def hit(page: Any, number_: Any) -> bool:
        return (
            isinstance(page, Dictionary)
            and isinstance(number_, int)
            and number_ in touched.get(page.objgen, ())
        )

    return hit
