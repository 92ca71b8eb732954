"""What lies on a sheet besides its cells: shapes with text, charts, diagrams, buttons, pictures.

Comments are no part of it: they are 付加情報, as in a Word document.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute, child, find_all

_WORDS = frozenset({"a:t", "c:v", "m:t", "cx:v", "cx:pt"})
_LINES = frozenset({"a:p", "a:br", "c:pt", "cx:pt"})
_CHARTS = frozenset({"chart", "chartEx"})
_MEDIA = ("image", "video", "audio", "media", "hdphoto")


@dataclass(slots=True)
class Drawn:
    """Texts in the order of the file, and the names of the members with pictures."""

    texts: list[str] = field(default_factory=list)
    media: set[str] = field(default_factory=set)


def drawn_on(package: Package, part: str) -> Drawn:
    """Gather what is drawn on a sheet."""
    drawn = Drawn()
    drawn.media.update(package.targets(part, *_MEDIA))
    for drawing in package.targets(part, "drawing"):
        _drawing(package, drawing, drawn)
    for old in package.targets(part, "vmlDrawing"):
        drawn.media.update(package.targets(old, *_MEDIA))
        drawn.texts += _buttons(package.data(old))
    return drawn


def pictures_in_cells(package: Package) -> set[str]:
    """Give the pictures that stand in cells; the workbook holds them for all sheets."""
    found: set[str] = set()
    for part in package.targets(package.main(), "richValueRel"):
        found.update(package.targets(part, *_MEDIA))
    return found


def _drawing(package: Package, part: str, drawn: Drawn) -> None:
    drawn.media.update(package.targets(part, *_MEDIA))
    drawn.texts += _texts(package.xml(part))
    for link in package.links(part):
        if link.external or package.find(link.target) is None:
            continue
        if link.kind in _CHARTS:
            drawn.texts += _texts(package.xml(link.target))
            drawn.media.update(package.targets(link.target, *_MEDIA))
            for shapes in package.targets(link.target, "chartUserShapes"):
                _drawing(package, shapes, drawn)
        elif link.kind == "diagramData":
            drawn.media.update(package.targets(link.target, *_MEDIA))
            drawn.texts += _diagram(package, part, link.target)


def _diagram(package: Package, part: str, data: str) -> list[str]:
    """Read a diagram as it was last laid out; one that never was by its data."""
    root = package.xml(data)
    for one in find_all(root, "dsp:dataModelExt"):
        link = package.by_id(part, one.get("relId") or "")
        if link is not None and not link.external and package.find(link.target) is not None:
            return _texts(package.xml(link.target))
    return _texts(root)


def _texts(root: Element) -> list[str]:
    """Give the paragraphs of a part, of alternatives the first only."""
    line: list[str] = []
    found: list[str] = []
    for name, text in _walk(root):
        if name in _WORDS:
            line.append(text)
        if name in _LINES and line:
            found.append("".join(line))
            line = []
    if line:
        found.append("".join(line))
    return [text for text in found if text.strip()]


def _walk(root: Element) -> Iterator[tuple[str, str]]:
    """Give the name and text of each element, when it ends."""
    stack: list[tuple[Element, Iterator[Element]]] = [(root, _children(root))]
    while stack:
        element, rest = stack[-1]
        one = next(rest, None)
        if one is not None:
            stack.append((one, _children(one)))
            continue
        stack.pop()
        yield short(element.tag), element.text or ""


def _children(element: Element) -> Iterator[Element]:
    if short(element.tag) == "mc:AlternateContent":
        chosen = child(element, "mc:Choice")
        chosen = child(element, "mc:Fallback") if chosen is None else chosen
        return iter(() if chosen is None else (chosen,))
    return iter(element)


def _buttons(data: bytes) -> list[str]:
    """Give the words on buttons and other old controls; the boxes of comments are left out.

    Such drawings are written in a kind of HTML that need not be well-formed.
    """
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, reader)
    except (etree.XMLSyntaxError, ValueError):
        return []
    found = []
    for shape in () if root is None else find_all(root, "v:shape"):
        told = child(shape, "xv:ClientData")
        if told is None or attribute(told, "ObjectType") == "Note":
            continue
        box = child(shape, "v:textbox")
        text = "" if box is None else " ".join("".join(map(str, box.itertext())).split())
        if text:
            found.append(text)
    return found
