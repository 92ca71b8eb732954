"""Cleaning one WordprocessingML part: anchors, ids, hidden content, wrappers, names."""

import re
from functools import lru_cache

from meti_desk.formats.ooxml.hidden import HiddenStyles, is_off_page
from meti_desk.formats.ooxml.mark import is_own_mark
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.paths import is_literal
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    drop_attribute,
    find_all,
    remove,
    text_of,
    unwrap,
)

_ANCHORS = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:annotationRef")
_IDS = frozenset({"w14:paraId", "w14:textId", "w16cid:durableId"})
_ID_ELEMENTS = frozenset({"w:rsid", "w:rsids", "w:rsidRoot"})
_PERSONAL = frozenset(
    {
        *("w:author", "w:initials", "w:date", "w:ed", "w:edGrp", "w:userId", "w15:author"),
        *("w15:userId", "w15:presenceId", "w16du:dateUtc", "w16cex:dateUtc", "w:originalAuthor"),
    }
)
_TELLING = (b":rsid", *sorted({f":{one.partition(':')[2]}".encode() for one in _IDS | _PERSONAL}))
"""How their names begin in the bytes of a part: all of them have a prefix."""
_PREFIX = 32
_ELEMENT = re.compile(rb"</?[\w.-]+\Z")
_WRAPPERS = {"w:smartTag": "w:smartTagPr", "w:customXml": "w:customXmlPr"}
_HIDDEN_STAYS = frozenset({"w:rPr", "w:fldChar", "w:instrText"})
_SHAPES = ("wp:anchor", "wp:inline", "v:shape", "v:rect", "v:oval", "v:line", "v:group")


def clean_story(
    root: Element, place: str, notes: Notes, hidden: HiddenStyles, data: bytes | None = None
) -> None:
    """Take out of a part what its reader does not see; see `docx.*` in `notes.KINDS`.

    `data` are the bytes that the tree was read from, if it only lost something since.
    """
    _anchors(root, notes)
    _hidden_text(root, place, notes, hidden)
    _hidden_shapes(root, place, notes)
    _wrappers(root, place, notes)
    _controls(root, place, notes)
    _editing_marks(root, place, notes)
    _blocking(root, place, notes)
    if data is None or may_tell(data):
        _attributes(root, place, notes)


def _anchors(root: Element, notes: Notes) -> None:
    if notes.keeps("docx.comment"):
        return
    for one in find_all(root, *_ANCHORS):
        run = one.getparent()
        remove(one)
        if run is not None and short(run.tag) == "w:r":
            drop_empty_run(run)


def drop_empty_run(run: Element) -> None:
    """Remove a run in which nothing but its properties is left."""
    if all(short(one.tag) == "w:rPr" for one in run):
        remove(run)


def _hidden_text(root: Element, place: str, notes: Notes, hidden: HiddenStyles) -> None:
    for run in find_all(root, "w:r"):
        if not hidden.hides_run(run):
            continue
        doomed = [one for one in run if short(one.tag) not in _HIDDEN_STAYS]
        if doomed and notes.add("docx.hidden-text", place, text_of(run)):
            for one in doomed:
                remove(one)
            drop_empty_run(run)


def _hidden_shapes(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, *_SHAPES):
        name = short(one.tag)
        if HiddenStyles.hides_shape(one, name):
            if notes.add("docx.hidden-shape", place, text_of(one)):
                _remove_shape(one)
        elif name == "wp:anchor" and is_off_page(one):
            notes.add("docx.off-page-shape", place, text_of(one))


def _remove_shape(shape: Element) -> None:
    """Remove a shape with the holders that it leaves empty."""
    holder = shape.getparent()
    remove(shape)
    while holder is not None and short(holder.tag) in {"w:drawing", "w:pict", "mc:Choice"}:
        if any(short(one.tag) not in {"v:shapetype", ""} for one in holder):
            return
        above = holder.getparent()
        if short(holder.tag) == "mc:Choice" and above is not None:
            remove(above)
            return
        remove(holder)
        holder = above


def _wrappers(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, *_WRAPPERS):
        value = f"{attribute(one, 'w:uri') or ''} {attribute(one, 'w:element') or ''}"
        if notes.add("docx.markup", place, value):
            for inner in list(one):
                if short(inner.tag) == _WRAPPERS[short(one.tag)]:
                    remove(inner)
            unwrap(one)
    for one in find_all(root, "w:smartTagType"):
        if notes.goes("docx.markup"):
            remove(one)


def _controls(root: Element, place: str, notes: Notes) -> None:
    """Free content controls from the data that they were bound to; what they show stays."""
    for one in find_all(root, "w:dataBinding", "w15:dataBinding"):
        if notes.add("docx.custom-xml", place, attribute(one, "w:xpath") or ""):
            remove(one)
    for one in find_all(root, "w:alias", "w:tag"):
        properties = one.getparent()
        if properties is None or short(properties.tag) != "w:sdtPr":
            continue
        control = properties.getparent()
        if control is not None and is_own_mark(control):
            continue
        if notes.add("docx.control-tag", place, attribute(one, "w:val") or ""):
            remove(one)


def _last_place(root: Element, place: str, notes: Notes) -> None:
    """Drop the bookmark of the place that was edited last."""
    ids = set()
    for one in find_all(root, "w:bookmarkStart"):
        last = attribute(one, "w:name") == "_GoBack"
        if last and notes.add("docx.editing-state", place, "_GoBack"):
            ids.add(attribute(one, "w:id"))
            remove(one)
    for one in find_all(root, "w:bookmarkEnd"):
        if attribute(one, "w:id") in ids:
            remove(one)


def _editing_marks(root: Element, place: str, notes: Notes) -> None:
    _last_place(root, place, notes)
    for one in find_all(root, "w:proofErr"):
        if notes.add("docx.editing-state", place, "proofErr"):
            remove(one)
    for one in find_all(root, "w:permStart", "w:permEnd"):
        if notes.add("docx.author", place, attribute(one, "w:ed") or ""):
            remove(one)
    for one in find_all(root, *_ID_ELEMENTS):
        if notes.add("docx.rsid", place):
            remove(one)


def _blocking(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, "w:altChunk", "w:subDoc", "w:control"):
        name = short(one.tag)
        kinds = {"w:altChunk": "docx.alternative-content", "w:subDoc": "docx.subdocument"}
        notes.add(kinds.get(name, "docx.control"), place, attribute(one, "w:name") or name)


def may_tell(data: bytes) -> bool:
    """Tell whether an attribute of a part may tell of an editor; `False` is certain.

    Styles have tens of thousands of attributes, and are searched as bytes in no time. Elements that
    are called so are none (`<w:rsid`).
    """
    if not is_literal(data):
        return True
    for name in _TELLING:
        at = data.find(name)
        while at >= 0:
            if _ELEMENT.search(data, max(0, at - _PREFIX), at) is None:
                return True
            at = data.find(name, at + 1)
    return False


def _attributes(root: Element, place: str, notes: Notes) -> None:
    changes_stay = notes.keeps("docx.revision") or notes.keeps("docx.comment")
    remarks = short(root.tag) == "w:comments" and notes.keeps("docx.comment")
    for one in root.iter():
        for key, value in attributes(one):
            name = _telling(key)
            if not name:
                continue
            if remarks and name in _IDS:
                continue  # they hold comments and their answers together
            if name in _IDS or name.startswith("w:rsid"):
                goes = notes.add("docx.rsid", place)
            elif name in _PERSONAL and not (name == "w:date" and not _is_stamp(one)):
                goes = not changes_stay and notes.add("docx.author", place, value)
            else:
                continue
            if goes:
                del one.attrib[key]
    if not changes_stay:
        for one in find_all(root, "w:sdt"):
            drop_attribute(one, "w16du:dateUtc")


@lru_cache(maxsize=1024)
def _telling(key: str) -> str:
    """Give the short name of an attribute that may tell of an editor; nothing for all others."""
    name = short(key)
    return name if name in _IDS or name in _PERSONAL or name.startswith("w:rsid") else ""


def _is_stamp(element: Element) -> bool:
    """Tell a time stamp of an edit from the date that a date control shows."""
    return short(element.tag) not in {"w:fullDate", "w:sdtPr"}
