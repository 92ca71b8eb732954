"""Comments and embedded files on sheets, with the old drawings (VML) that hold their places.

A comment goes with its box, an embedded file is replaced by the picture that stands for it.
"""

import re
from dataclasses import dataclass

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.ooxml.book_picture import Place, add_picture, anchor_of, drop_stand_in
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.workbook import Sheet
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    child,
    find_all,
    remove,
    serialize,
    text_of,
)

_REMARKS = frozenset({"comments", "threadedComment"})
_SHAPES = frozenset({"v:shape", "v:rect", "v:oval", "v:line", "v:group", "v:image"})
_LINE_BREAK = re.compile(rb"<br\s*>", re.IGNORECASE)
_FILES = frozenset({"oleObject", "package"})


def clean_remarks(package: Package, sheet: Sheet, root: Element, notes: Notes) -> None:
    """Take comments and conversations with their boxes out of a sheet."""
    held = [link for link in package.links(sheet.part) if link.kind in _REMARKS]
    for link in held:
        if not link.external and package.find(link.target) is not None:
            _tell(package.xml(link.target), sheet.name, notes)
        if notes.goes(notes.kind("comment")):
            package.unlink(sheet.part, link)
    if notes.goes(notes.kind("comment")):
        for part in package.targets(sheet.part, "vmlDrawing"):
            _drop_boxes(package, sheet, root, part, notes, told=bool(held))


def _tell(root: Element, name: str, notes: Notes) -> None:
    names = [text_of(one) for one in find_all(root, "x:author")]
    for one in root.iter():
        kind = short(one.tag)
        place = f"sheet {name}!{one.get('ref') or ''}"
        if kind == "x:comment":
            at = str(one.get("authorId") or "")
            author = names[int(at)] if at.isdigit() and int(at) < len(names) else ""
            notes.add(notes.kind("comment"), place, f"{author}: {text_of(one)}")
        elif kind == "?:threadedComment":
            notes.add(notes.kind("comment"), place, text_of(one))


def _drop_boxes(
    package: Package, sheet: Sheet, root: Element, part: str, notes: Notes, *, told: bool
) -> None:
    drawing = vml(package, part)
    if drawing is None:
        return
    for shape in find_all(drawing, "v:shape"):
        if any(one.get("ObjectType") == "Note" for one in find_all(shape, "xv:ClientData")):
            if not told:
                notes.add(notes.kind("comment"), f"sheet {sheet.name}", text_of(shape))
            remove(shape)
    package.touch(part)
    if not any(short(one.tag) in _SHAPES for one in drawing.iter()):
        drop_vml(package, sheet, root, part)


def drop_vml(package: Package, sheet: Sheet, root: Element, part: str) -> None:
    """Take an old drawing without shapes away."""
    for link in list(package.links(sheet.part)):
        if link.kind == "vmlDrawing" and link.target == part:
            mentions = [
                one
                for one in find_all(root, "x:legacyDrawing", "x:legacyDrawingHF")
                if attribute(one, "r:id") == link.id
            ]
            for one in mentions:
                remove(one)
            package.unlink(sheet.part, link)


def vml(package: Package, part: str) -> Element | None:
    """Give an old drawing parsed; it is a kind of HTML that is mended where it is not XML."""
    try:
        return package.xml(part)
    except InvalidInput as bad:
        if bad.params.get("reason") != "xml":
            raise
    data = _LINE_BREAK.sub(b"<br/>", package.data(part))
    reader = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, reader)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None:
        return None
    package.set_data(part, serialize(root))
    return package.xml(part)


@dataclass(slots=True)
class _File:
    """An embedded or linked file: its shape's number, what mentions it, its name and picture."""

    shape: str
    links: set[str]
    told: str
    image: str = ""
    place: Place | None = None
    framed: bool = False


def clean_objects(package: Package, sheet: Sheet, root: Element, notes: Notes) -> None:
    """Replace embedded files by the pictures that stand for them.

    One without a picture is told as `embedded-unseen`, which blocks: what people see of it is not
    known.
    """
    files = _files(package, sheet, root)
    drawings = [vml(package, part) for part in package.targets(sheet.part, "vmlDrawing")]
    for one in files.values():
        _look_in_old(package, sheet, drawings, one)
        seen = one.image and one.place is not None
        kind = "embedded" if seen else "embedded-unseen"
        notes.add(notes.kind(kind), f"sheet {sheet.name}", one.told)
    if files and notes.goes(notes.kind("embedded")):
        for holder in find_all(root, "x:oleObjects"):
            remove(holder)
        for one in files.values():
            _flatten(package, sheet, root, drawings, one)
        _drop_idle(package, sheet, root)


def _flatten(
    package: Package, sheet: Sheet, root: Element, drawings: list[Element | None], one: _File
) -> None:
    for drawing in drawings:
        shape = _shape(drawing, one.shape)
        if shape is not None:
            remove(shape)
    drop_stand_in(package, sheet.part, one.shape)
    if one.place is not None and one.image:
        add_picture(package, sheet.part, root, one.image, one.place, framed=one.framed)
    for link in list(package.links(sheet.part)):
        if link.id in one.links:
            package.unlink(sheet.part, link)


def _drop_idle(package: Package, sheet: Sheet, root: Element) -> None:
    """Drop old drawings in which nothing is left."""
    for part in package.targets(sheet.part, "vmlDrawing"):
        drawing = vml(package, part)
        if drawing is not None:
            package.touch(part)
            if not any(short(one.tag) in _SHAPES for one in drawing.iter()):
                drop_vml(package, sheet, root, part)


def _files(package: Package, sheet: Sheet, root: Element) -> dict[str, _File]:
    found: dict[str, _File] = {}
    for one in find_all(root, "x:oleObject"):
        shape = str(one.get("shapeId") or "")
        link = package.by_id(sheet.part, attribute(one, "r:id") or "")
        target = link.target.rpartition("/")[2] if link is not None else one.get("link") or ""
        held = found.setdefault(shape, _File(shape, set(), f"{one.get('progId') or ''} {target}"))
        if link is not None and link.kind in _FILES:
            held.links.add(link.id)
        told = child(one, "x:objectPr")
        if told is not None:
            image = package.by_id(sheet.part, attribute(told, "r:id") or "")
            if image is not None and not image.external and package.find(image.target):
                held.image = image.target
                held.links.add(image.id)
            held.place = anchor_of(child(told, "x:anchor")) or held.place
    return found


def _look_in_old(
    package: Package, sheet: Sheet, drawings: list[Element | None], one: _File
) -> None:
    for part, drawing in zip(package.targets(sheet.part, "vmlDrawing"), drawings, strict=True):
        shape = _shape(drawing, one.shape)
        if shape is None:
            continue
        one.framed = shape.get("stroked") in {"t", "true"}
        for picture in find_all(shape, "v:imagedata"):
            told = attribute(picture, "o:relid") or attribute(picture, "r:id")
            link = package.by_id(part, told or "")
            if link is not None and not link.external and package.find(link.target):
                one.image = one.image or link.target
        for data in find_all(shape, "xv:Anchor"):
            one.place = one.place or Place.of_pixels(data.text or "")


def _shape(drawing: Element | None, number: str) -> Element | None:
    for one in () if drawing is None else find_all(drawing, "v:shape"):
        if f"_x0000_s{number}" in {one.get("id"), attribute(one, "o:spid")}:
            return one
    return None
