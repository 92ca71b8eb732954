"""Cleaning what a part refers to: embedded objects, outside paths, names of pictures."""

import re
from functools import lru_cache

from meti_desk.formats.ooxml.names import full, short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package, Relationship
from meti_desk.formats.ooxml.paths import has_path, is_path_target, may_hold_path, without_path
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    child,
    drop_attribute,
    find_all,
    namespace,
    remove,
    unwrap,
)

EMBEDDED = frozenset({"oleObject", "package"})
_EMBEDDING = frozenset(
    {
        "c:externalData",
        "cx:externalData",
        "?:externalData",
        "o:OLEObject",
        "w:objectEmbed",
        "w:objectLink",
    }
)
_FILE_NAME = re.compile(r"^[^/:*?\"<>|]+\.[A-Za-z][A-Za-z0-9]{1,4}$")
_NAMED = ("wp:docPr", "pic:cNvPr", "wps:cNvPr", "wpg:cNvPr", "a:cNvPr")
_VML = ("v:shape", "v:rect", "v:oval", "v:line", "v:group", "v:imagedata", "v:fill", "v:image")
_SIGNERS = ("o:suggestedsigner", "o:suggestedsigner2", "o:suggestedsigneremail")


def clean_links(
    package: Package,
    part: str,
    place: str,
    notes: Notes,
    *,
    formulas: bool = True,
    spared: frozenset[str] = frozenset(),
    data: bytes | None = None,
) -> None:
    """Take out embedded files and outside paths of one part, and what mentions them.

    `formulas` also cuts references of charts to other workbooks; a workbook has its own way. Links
    whose ids are `spared` stay as they are. `data` are the bytes that the tree was read from, if it
    only lost something since.
    """
    root = package.xml(part)
    links = [link for link in package.links(part) if link.id not in spared and _may_go(link)]
    mentions = _references(root) if links else {}
    for link in links:
        elements = mentions.get(link.id, [])
        if link.kind in EMBEDDED:
            goes = _embedded(elements, link, place, notes)
        else:
            goes = _outside(elements, link, place, notes)
        if goes:
            package.unlink(part, link)
    for one in find_all(root, "w:object"):
        if notes.goes(notes.kind("embedded")) and child(one, "w:control") is None:
            _to_picture(one)
    _names(root, place, notes, data)
    if formulas:
        _formulas(root, place, notes)


def _may_go(link: Relationship) -> bool:
    """Tell whether a link leads to an embedded file or to a path outside."""
    return link.kind in EMBEDDED or (link.external and is_path_target(link.target))


def _embedded(elements: list[Element], link: Relationship, place: str, notes: Notes) -> bool:
    if link.external:
        goes = notes.add(notes.kind("path"), place, link.target)
    else:
        goes = notes.add(notes.kind("embedded"), place, link.target.rpartition("/")[2])
    for one in elements if goes else ():
        if short(one.tag) in _EMBEDDING:
            _convert(one)
    return goes


def _convert(one: Element) -> None:
    holder = one.getparent()
    remove(one)
    if holder is not None and short(holder.tag) == "w:object":
        _to_picture(holder)


def _to_picture(holder: Element) -> None:
    """Turn an embedded object into the plain picture that stands for it."""
    for one in find_all(holder, "o:OLEObject", "w:objectEmbed", "w:objectLink"):
        remove(one)
    drawn = child(holder, "w:drawing")
    if drawn is not None:
        unwrap(holder)
        return
    for one in find_all(holder, *_VML):
        drop_attribute(one, "o:ole")
    holder.tag = f"{{{namespace(holder)}}}pict"
    drop_attribute(holder, "w:dxaOrig", "w:dyaOrig")


def _outside(elements: list[Element], link: Relationship, place: str, notes: Notes) -> bool:
    """Cut the link to a file outside; what is shown in its place stays."""
    if not notes.add(notes.kind("path"), place, link.target):
        return False
    for one in elements:
        name = short(one.tag)
        if name == "w:hyperlink":
            unwrap(one)
        elif name in {"a:blip", "v:imagedata", "v:fill", "v:stroke"}:
            for key in [key for key, value in attributes(one) if value == link.id]:
                del one.attrib[key]
        else:
            remove(one)
    return True


def _references(root: Element) -> dict[str, list[Element]]:
    """Tell for every relationship id which elements mention it."""
    found: dict[str, list[Element]] = {}
    for one in root.iter():
        for key, value in attributes(one):
            if short(key)[:2] in {"r:", "o:"}:
                found.setdefault(value, []).append(one)
    return found


def _names(root: Element, place: str, notes: Notes, data: bytes | None) -> None:
    """Clear file names and paths from names and alternative texts of pictures and shapes."""
    for one in list(root.iter(*_drawn())):
        _picture(one, short(one.tag), place, notes)
    for one in root.iter() if may_hold_path(root, data) else ():
        for key, text in attributes(one):
            # Asked here already, because there are tens of thousands, and most have no slash.
            if ("/" in text or "\\" in text) and has_path(text):
                code = _is_code(short(one.tag), short(key))
                if not code and notes.add(notes.kind("path"), place, text):
                    one.attrib[key] = without_path(text)


def _picture(one: Element, name: str, place: str, notes: Notes) -> None:
    if name in _VML:
        _vml(one, place, notes)
    elif name == "a:srcRect":
        if any(value not in {"0", ""} for _, value in attributes(one)):
            notes.add(notes.kind("cropped-picture"), place)
    elif name == "o:signatureline":
        for key in _SIGNERS:
            if attribute(one, key) and notes.add(
                notes.kind("author"), place, attribute(one, key) or ""
            ):
                drop_attribute(one, key)
    else:
        _name(one, place, notes)


@lru_cache(maxsize=1)
def _drawn() -> tuple[str, ...]:
    """Give the full names of what draws a picture, a shape or a line for signing."""
    names = (*_NAMED, *_VML, "o:signatureline", "a:srcRect")
    return ("{*}cNvPr", *(tag for name in names for tag in full(name)))


def _is_code(element: str, key: str) -> bool:
    """Leave field codes to their own cleaning, and ids that only look like paths."""
    return (element, key) == ("w:fldSimple", "w:instr") or key == "w:rsid"


def _name(one: Element, place: str, notes: Notes) -> None:
    name = one.get("name") or ""
    if (_FILE_NAME.match(name) or has_path(name)) and notes.add(notes.kind("path"), place, name):
        one.set("name", f"Picture {one.get('id') or ''}".strip())
    for key in ("descr", "title"):
        text = one.get(key) or ""
        if (
            _FILE_NAME.match(text)
            and " " not in text
            and notes.add(notes.kind("path"), place, text)
        ):
            one.set(key, "")


def _vml(one: Element, place: str, notes: Notes) -> None:
    for key in ("o:title", "o:href", "o:althref", "o:detectmouseclick"):
        value = attribute(one, key)
        if value and notes.add(notes.kind("path"), place, value):
            drop_attribute(one, key)
    text = one.get("alt") or ""
    if _FILE_NAME.match(text) and " " not in text and notes.add(notes.kind("path"), place, text):
        one.set("alt", "")


def _formulas(root: Element, place: str, notes: Notes) -> None:
    """Cut the path of an outside workbook from a chart's references; its values stay."""
    for one in list(root.iter("{*}f")):
        text = (one.text or "") if short(one.tag) in {"c:f", "?:f"} else ""
        if (has_path(text) or "[" in text) and notes.add(notes.kind("path"), place, text):
            one.text = text.rpartition("]")[2].strip("'") or "Sheet1!$A$1"


def drop_unused_links(package: Package, part: str) -> None:
    """Cut relationships that nothing in the part mentions any more, so that their targets go."""
    links = [link for link in package.links(part) if link.kind in EXPLICIT]
    if not links:
        return
    used = {
        value
        for one in package.xml(part).iter()
        for key, value in attributes(one)
        # Some elements name a relationship without the prefix of relationships (diagrams).
        if short(key)[:2] in {"r:", "o:"} or key == "relId"
    }
    for link in links:
        if link.id not in used:
            package.unlink(part, link)


EXPLICIT = frozenset(
    {
        *("image", "hyperlink", "chart", "chartEx", "oleObject", "package", "video", "audio"),
        *("media", "hdphoto", "diagramData", "diagramLayout", "diagramQuickStyle"),
        *("diagramColors", "header", "footer", "frame", "aFChunk", "subDocument", "control"),
    }
)
"""Kinds of relationships that count only when the part mentions their id."""
