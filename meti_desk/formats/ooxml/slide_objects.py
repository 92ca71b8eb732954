"""Embedded and linked objects of a slide (OLE): the picture that stands for one takes its place."""

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.ooxml.clean_links import EMBEDDED
from meti_desk.formats.ooxml.names import OFFICE_RELATIONSHIPS, STRICT_RELATIONSHIPS, short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.slide_hidden import properties_of, shape_name
from meti_desk.formats.ooxml.slide_place import frame_of
from meti_desk.formats.ooxml.slide_timing import drop_animations
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    child,
    find_all,
    namespace,
    remove,
)

_MEDIA = frozenset({"video", "audio", "media"})


def flatten_objects(package: Package, part: str, place: str, notes: Notes) -> frozenset[str]:
    """Put pictures in the place of embedded objects; gives the links that have to stay.

    An object without a picture is told as `pptx.embedded-alone` and left as it is.
    """
    root = package.xml(part)
    spared: set[str] = set()
    for frame in find_all(root, "p:graphicFrame"):
        objects = list(find_all(frame, "p:oleObj"))
        links = {attribute(one, "r:id") or "" for one in objects}
        if not objects or not any(_goes(package, part, link, notes) for link in links):
            continue
        made = _picture(package, part, root, frame)
        if made is None:
            notes.add("pptx.embedded-alone", f"{place} {shape_name(frame)}".strip())
            spared |= links
            continue
        _replace(frame, made)
    for one in find_all(root, "p:control"):
        notes.add("pptx.control", place, one.get("name") or "")
    if not any(one.get("spid") for one in find_all(root, "p:oleObj", "p:control")):
        for link in list(package.links(part)):
            if link.kind == "vmlDrawing":
                package.unlink(part, link)
    return frozenset(spared)


def _goes(package: Package, part: str, link_id: str, notes: Notes) -> bool:
    link = package.by_id(part, link_id)
    if link is None:
        return notes.goes("pptx.embedded")
    return link.kind in EMBEDDED and notes.goes("pptx.path" if link.external else "pptx.embedded")


def _picture(package: Package, part: str, root: Element, frame: Element) -> Element | None:
    """Give the picture of an object, or make one of its drawing in VML."""
    for one in find_all(frame, "p:pic"):
        blip = next(find_all(one, "a:blip"), None)
        if blip is not None and attribute(blip, "r:embed"):
            return one
    for one in find_all(frame, "p:oleObj"):
        image = _drawn_image(package, part, one.get("spid") or "")
        if image is not None:
            return _made(root, _linked(package, part, image))
    return None


def _drawn_image(package: Package, part: str, shape_id: str) -> str | None:
    """Find the image of a shape in the VML that belongs to a slide."""
    for drawing in package.targets(part, "vmlDrawing") if shape_id else ():
        try:
            shapes = list(find_all(package.xml(drawing), "v:shape", "v:rect"))
        except InvalidInput:
            continue  # VML need not be well-formed
        for one in shapes:
            data = next(find_all(one, "v:imagedata"), None)
            if one.get("id") != shape_id or data is None:
                continue
            link_id = attribute(data, "o:relid") or attribute(data, "r:id") or ""
            link = package.by_id(drawing, link_id)
            if link is not None and not link.external and package.find(link.target):
                return link.target
    return None


def _linked(package: Package, part: str, image: str) -> str:
    for link in package.links(part):
        if link.kind == "image" and not link.external and link.target == image:
            return link.id
    base = STRICT_RELATIONSHIPS if package.strict() else OFFICE_RELATIONSHIPS
    return package.add_link(part, base + "/image", image)


def _made(root: Element, link: str) -> Element:
    strict = namespace(root).startswith("http://purl.oclc.org/")
    p, r = namespace(root), STRICT_RELATIONSHIPS if strict else OFFICE_RELATIONSHIPS
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    a = "http://purl.oclc.org/ooxml/drawingml/main" if strict else a
    return etree.fromstring(
        f'<p:pic xmlns:p="{p}" xmlns:a="{a}" xmlns:r="{r}"><p:nvPicPr><p:cNvPr id="0" name=""/>'
        f'<p:cNvPicPr/><p:nvPr/></p:nvPicPr><p:blipFill><a:blip r:embed="{link}"/><a:stretch>'
        '<a:fillRect/></a:stretch></p:blipFill><p:spPr><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></p:spPr></p:pic>"
    )


def _replace(frame: Element, made: Element) -> None:
    """Put the picture where the object stood, with the object's id, name and place.

    What animations say of the object holds for its picture then.
    """
    known, own = properties_of(frame), properties_of(made)
    if known is not None and own is not None:
        for key in ("id", "name", "descr", "title"):
            value = known.get(key)
            if value is not None:
                own.set(key, value)
        for link in list(known):
            if short(link.tag).startswith("a:hlink") and child(own, short(link.tag)) is None:
                own.insert(0, link)
    _place_as(frame, made)
    parent = frame.getparent()
    if parent is None:
        return
    made.tail = None
    parent.replace(frame, made)
    # A shape of alternate content stands on its own now: nothing of it is new any more.
    choice = parent
    alternate = choice.getparent()
    if short(choice.tag) in {"mc:Choice", "mc:Fallback"} and alternate is not None:
        if sum(1 for _ in find_all(alternate, "p:oleObj")) or len(choice) != 1:
            return
        above = alternate.getparent()
        if above is not None:
            above.replace(alternate, made)


def _place_as(frame: Element, made: Element) -> None:
    stands = frame_of(frame)
    drawn = child(made, "p:spPr")
    if stands is None or drawn is None:
        return
    old = child(drawn, "a:xfrm")
    if old is not None:
        remove(old)
    main = next((namespace(one) for one in stands), "")
    if not main:
        return
    moved = drawn.makeelement(f"{{{main}}}xfrm", dict(attributes(stands)), None)
    for one in list(stands):
        moved.append(one)
    drawn.insert(0, moved)


def drop_linked_media(package: Package, part: str, notes: Notes) -> None:
    """Forget the playing of films and sounds that lie outside and are cut off (class 6)."""
    from meti_desk.formats.ooxml.paths import is_path_target

    outside = {
        link.id
        for link in package.links(part)
        if link.kind in _MEDIA and link.external and is_path_target(link.target)
    }
    if not outside or not notes.goes("pptx.path"):
        return
    root = package.xml(part)
    ids: set[str] = set()
    for named in root.iter("{*}cNvPr"):
        holder = named.getparent()
        for one in () if holder is None else holder.iter():
            if any(value in outside for _, value in attributes(one)):
                ids.add(named.get("id") or "")
    drop_animations(root, ids, media_only=True)
