"""What a slide holds but does not show: hidden shapes, those beside it or covered, unseen text."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_place import SHAPES, Box, Placed, placed, reach
from meti_desk.formats.ooxml.slide_shapes import is_own_mark
from meti_desk.formats.ooxml.slide_timing import animated, drop_animations
from meti_desk.formats.ooxml.xml import Element, attribute, child, find_all, remove

_ON = frozenset({"1", "true"})
_TINY = 200
"""Hundredths of a point: smaller letters are a line of dust."""
_UNSEEN = 1000
"""Thousandths of a per cent of opacity: less is not seen."""
_MOST_COVERING = 100
"""So many of the largest shapes of a slide are asked whether they cover others: a slide may hold
any number of shapes, and whoever hides something takes few and large ones."""
_PLAIN_SHAPES = frozenset({"rect", "roundRect"})


@dataclass(frozen=True, slots=True)
class Page:
    """A slide, layout or master to be cleaned.

    `place` is where a person finds it, `moves` tells whether a change of slides may bring in what
    stands beside it, `inherited` gives the rectangles of its layout's placeholders.
    """

    root: Element
    place: str
    deck: Deck
    moves: bool = False
    inherited: dict[str, Box] = field(default_factory=dict)

    def named(self, shape: Element) -> str:
        """Name a shape as the selection pane does, behind the slide's number."""
        name = shape_name(shape)
        return f"{self.place} {name}" if name else self.place


def shape_name(shape: Element) -> str:
    """Give the name of a shape that the selection pane shows."""
    named = properties_of(shape)
    return "" if named is None else (named.get("name") or "").strip()


def properties_of(shape: Element) -> Element | None:
    """Give the element with a shape's id and name."""
    for one in shape:
        if short(one.tag).partition(":")[2].startswith("nv"):
            return next((i for i in one if short(i.tag).endswith(":cNvPr")), None)
    return None


def words_of(shape: Element) -> str:
    """Give what a shape says, or else its description."""
    text = " ".join(one.text or "" for one in find_all(shape, "a:t")).strip()
    named = properties_of(shape)
    return text or ("" if named is None else (named.get("descr") or ""))


def inherited_key(shape: Element) -> tuple[str, ...]:
    """Give the keys by which a placeholder finds its model, the best one first."""
    mark = next(find_all(shape, "p:ph"), None)
    if mark is None:
        return ()
    kind = {"ctrTitle": "title", "subTitle": "body"}.get(mark.get("type") or "", mark.get("type"))
    number = mark.get("idx")
    return tuple(key for key in (number and f"#{number}", kind and f"@{kind}") if key)


def clean_hidden(page: Page, notes: Notes) -> None:
    """Take out of a page what nobody sees on it; tell what only may be unseen."""
    gone = _hidden_shapes(page, notes)

    def inherited(shape: Element) -> Box | None:
        keys = inherited_key(shape)
        return next((page.inherited[key] for key in keys if key in page.inherited), None)

    shapes = placed(page.root, inherited)
    gone += _beside(page, shapes, notes)
    if gone:
        _forget(page.root, gone)
    _covered(page, [one for one in shapes if one.shape not in gone], notes)
    _unseen_text(page, notes)


def _hidden_shapes(page: Page, notes: Notes) -> list[Element]:
    gone = []
    for named in list(page.root.iter("{*}cNvPr")):
        holder = named.getparent()
        shape = None if holder is None else holder.getparent()
        if named.get("hidden") not in _ON or shape is None or not _is_shape(shape):
            continue
        if page.place in {"layout", "master"} and next(find_all(shape, "p:ph"), None) is not None:
            continue  # slides take their place and letters from it
        told = words_of(shape) or shape_name(shape)
        if notes.add("pptx.hidden-shape", page.named(shape), told):
            gone.append(shape)
            take_out(shape)
    return gone


def _is_shape(one: Element) -> bool:
    above = one.getparent()
    inside = {"p:spTree", "p:grpSp", "mc:Choice", "mc:Fallback"}
    return short(one.tag) in SHAPES and above is not None and short(above.tag) in inside


def take_out(shape: Element) -> None:
    """Remove a shape, with groups and alternate content that it leaves without any."""
    holder = shape.getparent()
    remove(shape)
    if holder is None:
        return
    name = short(holder.tag)
    if any(short(one.tag) in SHAPES or short(one.tag) == "mc:AlternateContent" for one in holder):
        return
    if name in {"mc:Choice", "mc:Fallback"}:
        alternate = holder.getparent()
        if name == "mc:Fallback" or alternate is None:
            return  # an empty one says: show nothing
        remove(holder)
        if not any(short(one.tag) == "mc:Choice" for one in alternate):
            take_out(alternate)
    elif name == "p:grpSp":
        take_out(holder)


def _forget(root: Element, gone: Iterable[Element]) -> None:
    """Take out effects on shapes that are gone, and the ends of lines that were tied to them."""
    left = {one.get("id") for one in root.iter("{*}cNvPr")}
    ids = {one.get("id") or "" for shape in gone for one in shape.iter("{*}cNvPr")} - left
    drop_animations(root, ids)
    for one in find_all(root, "a:stCxn", "a:endCxn"):
        if one.get("id") in ids:
            remove(one)


def _beside(page: Page, shapes: list[Placed], notes: Notes) -> list[Element]:
    """Find the shapes beside the slide; what may move or reach into it is only told."""
    gone = []
    moving = animated(page.root)
    width, height = page.deck.width, page.deck.height
    for one in shapes:
        if one.box is None or not one.box.beside(width, height) or is_own_mark(one.shape):
            continue
        if (
            page.place in {"layout", "master"}
            and next(find_all(one.shape, "p:ph"), None) is not None
        ):
            continue
        told = words_of(one.shape) or shape_name(one.shape)
        ids = {n.get("id") for s in (one.shape, *one.groups) if (n := properties_of(s)) is not None}
        near = not one.box.grown(reach(one.shape, one.box, turned=one.turned)).beside(width, height)
        if page.moves or near or not one.own or ids & moving:
            notes.add("pptx.off-slide-moving", page.named(one.shape), told)
        elif notes.add("pptx.off-slide-shape", page.named(one.shape), told):
            gone.append(one.shape)
            take_out(one.shape)
    return gone


def _covered(page: Page, shapes: list[Placed], notes: Notes) -> None:
    """Tell of shapes that lie wholly under one above them, which may be taken away."""
    moving = animated(page.root)
    shown = [one for one in shapes if not one.unused and one.box is not None]
    covers = [
        (number, one.box)
        for number, one in enumerate(shown)
        if one.box is not None and _is_opaque(one) and not _ids(one) & moving
    ]
    covers = sorted(covers, key=lambda cover: -cover[1].area)[:_MOST_COVERING]
    for number, one in enumerate(shown):
        if one.box is None or _ids(one) & moving or is_own_mark(one.shape):
            continue
        told = words_of(one.shape)
        if not told and short(one.shape.tag) == "p:sp":
            continue  # a frame without words hides nothing
        if any(above > number and one.box.within(box) for above, box in covers):
            notes.add("pptx.covered-shape", page.named(one.shape), told or shape_name(one.shape))


def _ids(one: Placed) -> set[str | None]:
    return {n.get("id") for s in (one.shape, *one.groups) if (n := properties_of(s)) is not None}


def _is_opaque(one: Placed) -> bool:
    """Tell whether a shape is an upright rectangle that surely lets nothing through."""
    if one.turned or short(one.shape.tag) != "p:sp" or is_own_mark(one.shape):
        return False
    drawn = child(one.shape, "p:spPr")
    form = child(drawn, "a:prstGeom")
    if form is None or form.get("prst") not in _PLAIN_SHAPES:
        return False
    if any(short(inner.tag) == "a:noFill" for inner in (() if drawn is None else drawn)):
        return False
    filled = child(drawn, "a:solidFill")
    if filled is None:
        style = child(child(one.shape, "p:style"), "a:fillRef")
        return style is not None and style.get("idx") not in {None, "0"}
    return not any(True for _ in find_all(filled, "a:alpha", "a:alphaMod", "a:alphaOff"))


def _unseen_text(page: Page, notes: Notes) -> None:
    """Blank out text that is too small or too transparent to be seen; its room stays."""
    for run in find_all(page.root, "a:r", "a:fld"):
        if not hides_text(child(run, "a:rPr")):
            continue
        texts = [one for one in run if short(one.tag) == "a:t" and (one.text or "").strip()]
        words = "".join(one.text or "" for one in texts)
        if texts and notes.add("pptx.hidden-text", _place_of(page, run), words):
            for one in texts:
                one.text = blanked(one.text or "")


def _place_of(page: Page, run: Element) -> str:
    for one in run.iterancestors():
        if short(one.tag) in SHAPES:
            return page.named(one)
    return page.place


def hides_text(properties: Element | None) -> bool:
    """Tell whether the properties of a run make its letters unseen."""
    if properties is None:
        return False
    size = properties.get("sz") or ""
    if size.isascii() and size.isdigit() and float(size) < _TINY:
        return True
    line = child(properties, "a:ln")
    drawn = line is not None and not any(short(one.tag) == "a:noFill" for one in line)
    if drawn:
        return False
    if child(properties, "a:noFill") is not None:
        return True
    filled = child(properties, "a:solidFill")
    opacities = [] if filled is None else list(find_all(filled, "a:alpha"))
    return any(_opacity(attribute(one, "val") or "") <= _UNSEEN for one in opacities)


def _opacity(text: str) -> float:
    """Read an opacity in thousandths of a per cent, or with the sign of per cent (strict)."""
    try:
        return float(text[:-1]) * 1000 if text.endswith("%") else float(text)
    except ValueError:
        return 100_000.0


def blanked(text: str) -> str:
    """Put blanks of about the same width in the place of letters."""
    return "".join(
        one
        if one.isspace()
        else "\u3000"
        if unicodedata.east_asian_width(one) in "WF"
        else "\u00a0"
        for one in text
    )
