"""The shapes of a slide with their text, in the order in which they are read.

Left out: hidden shapes, our own mark, the second rendering of alternate content, cells that merged
cells cover, and the fields that programs fill in anew at every showing (date, slide number).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.slide_bytes import is_mark_name
from meti_desk.formats.ooxml.xml import Element, attribute, child, find_all

TITLES = frozenset({"title", "ctrTitle"})
MARGINAL = {"hdr": "header", "ftr": "footer", "dt": "footer"}
_VOLATILE = ("slidenum", "datetime")
_ON = frozenset({"1", "true"})
_RUN_TEXTS = ("a:t", "m:t")
_WITHOUT_TEXT = frozenset({"a:pPr", "a:endParaRPr", "a:fld", ""})
_SHAPES = frozenset({"p:sp", "p:grpSp", "p:graphicFrame"})

Follow = Callable[[str], str]
"""Gives the text of the part (a chart, a diagram) that a relationship id of the slide leads to."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape's text.

    `kind` is the placeholder's type, empty for a shape that is none. `top` and `bottom` are in EMU
    from the slide's upper edge, absent where the shape takes its place from the layout. `own` tells
    our mark.
    """

    text: str
    kind: str = ""
    top: float | None = None
    bottom: float | None = None
    own: bool = False

    @property
    def placeholder(self) -> bool:
        """Whether the layout gives this shape its part on the slide."""
        return bool(self.kind)


def tree_of(root: Element) -> Element | None:
    """Give the shape tree of a slide, notes page, layout or master."""
    return child(child(root, "p:cSld"), "p:spTree")


def shapes_of(root: Element, follow: Follow) -> list[Shape]:
    """Give the shapes that have text: the title first, then in the order of the file."""
    tree = tree_of(root)
    if tree is None:
        return []
    found = [one for one in _shapes(tree, follow, (1.0, 0.0)) if one.text.strip() or one.own]
    return sorted(found, key=lambda one: one.kind not in TITLES)


def _shapes(parent: Element, follow: Follow, scale: tuple[float, float]) -> Iterator[Shape]:
    for one in parent:
        name = short(one.tag)
        if name == "mc:AlternateContent":
            yield from _shapes(_chosen(one), follow, scale)
        elif name in _SHAPES:
            said = _properties(one)
            if not _hidden(said):
                yield from _seen(one, name, said, follow, scale)


def _seen(
    one: Element,
    name: str,
    said: dict[str, Element],
    follow: Follow,
    scale: tuple[float, float],
) -> Iterator[Shape]:
    if name == "p:sp":
        shape = _of_text(one, said, scale)
        if shape is not None:
            yield shape
    elif name == "p:grpSp":
        yield from _shapes(one, follow, _inner(one, scale))
    else:
        top, bottom = _span(child(one, "p:xfrm"), scale)
        yield Shape(_graphic(one, follow), top=top, bottom=bottom)


def _chosen(alternate: Element) -> Element:
    """Give the rendering that a program of today shows."""
    for name in ("mc:Choice", "mc:Fallback"):
        found = child(alternate, name)
        if found is not None:
            return found
    return alternate.makeelement("none", {}, None)


def _properties(shape: Element) -> dict[str, Element]:
    """Give what describes a shape, by short name: `p:cNvPr`, `p:cNvSpPr`, `p:nvPr`."""
    for one in shape:
        if short(one.tag).startswith("p:nv"):
            return {short(inner.tag): inner for inner in one}
    return {}


def _hidden(said: dict[str, Element]) -> bool:
    named = said.get("p:cNvPr")
    return named is not None and named.get("hidden") in _ON


def _of_text(shape: Element, said: dict[str, Element], scale: tuple[float, float]) -> Shape | None:
    body = child(shape, "p:txBody")
    if body is None:
        return None
    mark = child(said.get("p:nvPr"), "p:ph")
    top, bottom = _span(child(child(shape, "p:spPr"), "a:xfrm"), scale)
    kind = "" if mark is None else (mark.get("type") or "obj")
    return Shape(text_of_body(body), kind, top, bottom, own=_is_own(shape, said))


def is_own_mark(shape: Element) -> bool:
    """Tell whether a shape is our mark: by its name, with one paragraph, in no layout's place."""
    return _is_own(shape, _properties(shape))


def _is_own(shape: Element, said: dict[str, Element]) -> bool:
    named = said.get("p:cNvPr")
    if named is None or not is_mark_name(named.get("name")):
        return False
    placed = child(said.get("p:nvPr"), "p:ph") is not None
    return not placed and sum(1 for _ in find_all(shape, "a:p")) == 1


def text_of_body(body: Element) -> str:
    """Give a text body's paragraphs, each on a line."""
    return "\n".join(_paragraph(one) for one in body if short(one.tag) == "a:p")


def _paragraph(paragraph: Element) -> str:
    pieces: list[str] = []
    for one in paragraph:
        name = short(one.tag)
        if name == "a:r" or (name == "a:fld" and not _volatile(one)):
            pieces += [inner.text or "" for inner in one if short(inner.tag) == "a:t"]
        elif name == "a:br":
            pieces.append("\n")
        elif name == "mc:AlternateContent":
            pieces += _texts(_chosen(one))
        elif name not in _WITHOUT_TEXT:
            pieces += _texts(one)
    return "".join(pieces)


def _volatile(field: Element) -> bool:
    return (field.get("type") or "").startswith(_VOLATILE)


def _texts(element: Element) -> list[str]:
    return [one.text or "" for one in find_all(element, *_RUN_TEXTS)]


def _graphic(frame: Element, follow: Follow) -> str:
    """Give the text of a table, or of the part that a chart or diagram leads to."""
    data = child(child(frame, "a:graphic"), "a:graphicData")
    if data is None:
        return ""
    pieces = []
    for one in data:
        name = short(one.tag)
        if name == "mc:AlternateContent":
            continue
        if name == "a:tbl":
            pieces.append(_table(one))
            continue
        link = attribute(one, "r:dm" if name == "dgm:relIds" else "r:id")
        if link and name != "p:oleObj":
            pieces.append(follow(link))
    return "\n".join(pieces)


def _table(table: Element) -> str:
    rows = []
    for row in table:
        if short(row.tag) != "a:tr":
            continue
        cells = [cell for cell in row if short(cell.tag) == "a:tc" and not _covered(cell)]
        bodies = [child(cell, "a:txBody") for cell in cells]
        rows.append("\t".join("" if one is None else text_of_body(one) for one in bodies))
    return "\n".join(rows)


def _covered(cell: Element) -> bool:
    return cell.get("hMerge") in _ON or cell.get("vMerge") in _ON


def _inner(group: Element, scale: tuple[float, float]) -> tuple[float, float]:
    """Give factor and offset that turn a group's own heights into the slide's."""
    frame = child(child(group, "p:grpSpPr"), "a:xfrm")
    values = [_number(child(frame, f"a:{name}"), "y", "cy") for name in _FRAME]
    if None in values:
        return scale
    top, high, inner_top, inner_high = (float(one or 0) for one in values)
    factor = high / inner_high if inner_high else 1.0
    return scale[0] * factor, scale[0] * (top - inner_top * factor) + scale[1]


_FRAME = ("off", "ext", "chOff", "chExt")


def _span(frame: Element | None, scale: tuple[float, float]) -> tuple[float | None, float | None]:
    top, high = (_number(child(frame, f"a:{name}"), "y", "cy") for name in _FRAME[:2])
    if top is None or high is None:
        return None, None
    return top * scale[0] + scale[1], (top + high) * scale[0] + scale[1]


def _number(element: Element | None, *names: str) -> int | None:
    """Read the first of these attributes that is there as a whole number."""
    if element is None:
        return None
    text = next((element.get(name) for name in names if element.get(name) is not None), None)
    try:
        return int(text or "")
    except ValueError:
        return None
