"""Marks that stand in a PowerPoint document, ours and those that people typed (Art. 5).

Only where a mark stands counts: in header and footer, at the upper and lower edge of a slide, in
what layouts and masters show by themselves, in the document's properties; in titles and on the
first slide only as a line of its own (place `body`). Running text and notes say nothing.
"""

import re
import unicodedata
from collections.abc import Iterator

from meti_desk.formats.base import MarkFound
from meti_desk.formats.mark_lines import looks_like_mark
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.properties import read_core
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_shapes import MARGINAL, TITLES, Shape
from meti_desk.formats.ooxml.slide_text import Show

_TEXTS = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)<")
_SOME = re.compile(r"[秘密扱]|C\s*[1-3]\s*[\W_]?\s*I|secret|confidential", re.IGNORECASE)
_CORE_PLACES = ("title", "subject", "keywords", "category", "contentStatus", "description")
_UPPER, _LOWER = 0.15, 0.85
"""Shares of a slide's height: what ends above or begins below stands at an edge."""


def may_hold_mark(data: bytes) -> bool:
    """Tell by a part's bytes whether its text can have a mark at all; most layouts have none.

    The texts are looked at in one piece, because a word may be split into several runs.
    """
    if b"\0" in data or b"&#" in data or b"<!" in data:
        return True
    text = b"".join(_TEXTS.findall(data)).decode("utf-8", "replace")
    return bool(_SOME.search(unicodedata.normalize("NFKC", text)))


def marks_in(package: Package, deck: Deck, show: Show) -> tuple[MarkFound, ...]:
    """Find the marks, each text once per kind of place, at the first slide that has it."""
    found: dict[tuple[str, str, bool], MarkFound] = {}
    for mark in _all(package, deck, show):
        found.setdefault((mark.place.partition(" ")[0], mark.text, mark.own), mark)
    return tuple(found.values())


def _all(package: Package, deck: Deck, show: Show) -> Iterator[MarkFound]:
    for number, page in enumerate(show.slides, start=1):
        for shape in page.shapes:
            if shape.own:
                yield MarkFound(shape.text.strip(), page.place, own=True)
            elif place := _place(shape, deck, number):
                yield from _lines(shape.text, place)
    for page in show.backgrounds(may_hold_mark):
        for shape in page.shapes:
            if shape.kind in MARGINAL or not shape.placeholder:
                yield from _lines(shape.text, page.place)
    core = read_core(package)
    for name in _CORE_PLACES:
        yield from _lines(core.get(name, ""), "property")


def _place(shape: Shape, deck: Deck, number: int) -> str:
    """Tell where a shape stands, empty where marks do not."""
    if shape.kind in MARGINAL:
        return f"{MARGINAL[shape.kind]} {number}"
    if shape.kind in TITLES:
        return f"body {number}"
    if _at_edge(shape, deck):
        return f"slide {number}"
    return f"body {number}" if number == 1 else ""


def _at_edge(shape: Shape, deck: Deck) -> bool:
    if shape.top is None or shape.bottom is None:
        return False
    return shape.bottom <= deck.height * _UPPER or shape.top >= deck.height * _LOWER


def _lines(text: str, place: str) -> Iterator[MarkFound]:
    for line in text.splitlines():
        plain = " ".join(line.split())
        if plain and looks_like_mark(plain):
            yield MarkFound(plain, place)
