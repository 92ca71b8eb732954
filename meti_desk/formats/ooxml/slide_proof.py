"""The proof that a labelled presentation is the same document with our label and mark.

It is stronger than equal digests and cheaper: a member that the label does not concern lies in both
files as the same compressed bytes, and a slide is the same to the byte once our mark is cut out.
"""

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.base import LabelOrder
from meti_desk.formats.ooxml.foreign_labels import parts_of, written
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import TYPES_PART, Package, relationships_of
from meti_desk.formats.ooxml.slide_bytes import without_mark
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_mark import box_of
from meti_desk.formats.ooxml.slide_shapes import is_own_mark, text_of_body, tree_of
from meti_desk.formats.ooxml.xml import Element, child, find_all, parse


def prove(before: Package, after: Package, order: LabelOrder) -> None:
    """Prove it, or raise `InvalidInput("label.not-proven", what=…)`.

    `what` is `properties`, `mark`, `content` or `parts`.
    """
    deck = Deck.of(after)
    if not written(after, order):
        raise InvalidInput("label.not-proven", what="properties")
    if deck is None or Deck.of(before) != deck:
        raise InvalidInput("label.not-proven", what="content")
    if not _marked(before, after, deck, order.mark):
        raise InvalidInput("label.not-proven", what="mark")
    for part in deck.slides:
        if before.same_member(after, part):
            continue
        one, two = (without_mark(held.data(part), part) for held in (before, after))
        if one != two:
            raise InvalidInput("label.not-proven", what="content")
    _same_members(before, after, deck)


def _marked(before: Package, after: Package, deck: Deck, mark: str | None) -> bool:
    fits = bool(mark) and box_of(mark or "", deck.width, deck.height) is not None
    for part in deck.slides:
        held = _marks(after, part)
        if mark is None:
            if held != _marks(before, part):
                return False
        elif held != ([(mark, True)] if fits else []):
            return False
    return True


def _marks(package: Package, part: str) -> list[tuple[str, bool]]:
    """Give the text of each of our marks in a slide, and whether it lies above all shapes."""
    root = parse(package.data(part), part)
    tree = tree_of(root)
    shapes = [one for one in (() if tree is None else tree) if short(one.tag) != "p:extLst"]
    last = next((one for one in reversed(shapes) if isinstance(one.tag, str)), None)
    return [(_text(one), one is last) for one in find_all(root, "p:sp") if is_own_mark(one)]


def _text(shape: Element) -> str:
    body = child(shape, "p:txBody")
    return "" if body is None else text_of_body(body)


def _same_members(before: Package, after: Package, deck: Deck) -> None:
    """See to it that nothing went and nothing else changed; new are the properties alone."""
    ours = {TYPES_PART.casefold(), relationships_of("").casefold()}
    ours |= {part.casefold() for part in deck.slides}
    parts = parts_of(before) | parts_of(after)
    for name in before.original_names:
        if name in parts or name.casefold() in ours:
            if after.find(name) is None and name not in parts:
                raise InvalidInput("label.not-proven", what="parts")
            continue
        if after.find(name) is None:
            raise InvalidInput("label.not-proven", what="parts")
        if not before.same_member(after, name):
            raise InvalidInput("label.not-proven", what="content")
    if set(after.original_names) - set(before.original_names) - parts:
        raise InvalidInput("label.not-proven", what="parts")
