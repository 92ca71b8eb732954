"""Taking 付加情報 out of one XML part of a document: changes, comments, hidden text, links, ids."""

from lxml import etree

from meti_desk.formats.odf.hidden import HiddenStyles
from meti_desk.formats.odf.lengths import centimetres
from meti_desk.formats.odf.names import full, short
from meti_desk.formats.odf.notes import Notes
from meti_desk.formats.odf.xml import Element, child, find_all, get, name_of
from meti_desk.formats.ooxml.paths import has_path, without_path

_CHANGES = ("text:tracked-changes", "table:tracked-changes")
_CHANGE_MARKS = ("text:change", "text:change-start", "text:change-end")
_FROZEN = frozenset(
    {
        *("text:title", "text:subject", "text:keywords", "text:description", "text:user-defined"),
        *("text:initial-creator", "text:creation-date", "text:creation-time", "text:variable-get"),
        *("text:variable-set", "text:variable-input", "text:user-field-get"),
        *("text:user-field-input", "text:conditional-text", "text:hidden-text", "text:text-input"),
        *(
            "text:database-display",
            "text:database-name",
            "text:expression",
            "text:database-row-number",
        ),
        *("text:database-row-select", "text:database-next", "text:dde-connection", "text:script"),
        *("text:execute-macro", "text:placeholder"),
    }
)
"""Fields that say more than they show, or that would show something else without the properties."""

_DECLARED = {
    "text:variable-decls": "odf.variable",
    "text:user-field-decls": "odf.variable",
    "text:dde-connection-decls": "odf.connection",
    "table:dde-links": "odf.external-cache",
    "office:dde-source": "odf.connection",
    "form:connection-resource": "odf.connection",
    "form:hidden": "odf.variable",
    "table:database-source-sql": "odf.connection",
    "table:database-source-query": "odf.connection",
    "table:database-source-table": "odf.connection",
}
_NOTED = {
    "office:scripts": "odf.macro",
    "script:event-listener": "odf.macro",
    "draw:plugin": "odf.control",
    "draw:applet": "odf.control",
    "draw:floating-frame": "odf.control",
    "text:alphabetical-index-mark": "odf.index-entry",
    "text:alphabetical-index-mark-start": "odf.index-entry",
    "text:user-index-mark": "odf.index-entry",
    "text:toc-mark": "odf.index-entry",
}
_NAMING = frozenset({"text:file-name", "text:template-name"})
_LINKING = frozenset({"text:a", "draw:a"})
_VISIBLE = frozenset({"text:p", "text:h", "text:span", "text:a", "office:binary-data"})
_HREF = full("xlink:href")
_FORMULA = full("table:formula")


def clean_tree(root: Element, place: str, notes: Notes, hidden: HiddenStyles) -> None:
    """Take out of a part all that its readers do not see; what is found is noted."""
    _changes(root, place, notes)
    _comments(root, place, notes)
    _hidden_text(root, place, notes, hidden)
    _slides(root, place, notes)
    _sheets(root, place, notes)
    _declarations(root, place, notes)
    _fields(root, place, notes)
    _links(root, place, notes)
    _attributes(root, place, notes)
    drop_remarks(root, place, notes)


def words(element: Element) -> str:
    """Give all text inside an element."""
    return " ".join(str(piece) for piece in element.itertext()).strip()


def take(element: Element) -> None:
    """Take an element out of its parent and keep the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    _keep_tail(element, parent)
    parent.remove(element)


def unwrap(element: Element) -> None:
    """Put what is in an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    text = element.text or ""
    if before is not None:
        before.tail = ((before.tail or "") + text) or None
    else:
        parent.text = ((parent.text or "") + text) or None
    at = parent.index(element)
    for offset, one in enumerate(list(element)):
        parent.insert(at + offset, one)
    take(element)


def _keep_tail(element: Element, parent: Element) -> None:
    tail = element.tail
    if not tail:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None


def _changes(root: Element, place: str, notes: Notes) -> None:
    for held in list(find_all(root, *_CHANGES)):
        regions = [one for one in held if name_of(one)]
        for one in regions:
            notes.add("odf.revision", place, words(one))
        if notes.goes("odf.revision"):
            take(held)
    if notes.goes("odf.revision"):
        for mark in list(find_all(root, *_CHANGE_MARKS)):
            take(mark)


def _comments(root: Element, place: str, notes: Notes) -> None:
    for one in list(find_all(root, "office:annotation")):
        notes.add("odf.comment", place, words(one))
    if notes.goes("odf.comment"):
        for one in list(find_all(root, "office:annotation", "office:annotation-end")):
            take(one)


def _hidden_text(root: Element, place: str, notes: Notes, hidden: HiddenStyles) -> None:
    for one in [one for one in root.iter("*") if _is_hidden(one, hidden)]:
        if words(one) and notes.add("odf.hidden-text", place, words(one)):
            take(one)


def _is_hidden(element: Element, hidden: HiddenStyles) -> bool:
    name = name_of(element)
    if name == "text:section":
        return get(element, "text:display") == "none" or get(element, "text:is-hidden") == "true"
    if name == "text:hidden-text":
        return get(element, "text:is-hidden") == "true"
    if name in {"text:variable-set", "text:variable-input", "text:user-field-get"}:
        return get(element, "text:display") == "none"
    return hidden.hides(element)


def _slides(root: Element, place: str, notes: Notes) -> None:
    invisible = {
        get(style, "style:name")
        for style in find_all(root, "style:style")
        if get(child(style, "style:drawing-page-properties"), "presentation:visibility") == "hidden"
    }
    for page in list(find_all(root, "draw:page")):
        if get(page, "draw:style-name") in invisible and notes.add(
            "odf.hidden-slide", place, words(page)
        ):
            take(page)
            continue
        for shape in page:
            if _is_off(shape):
                notes.add("odf.off-page-shape", place, words(shape))
    for one in list(find_all(root, "presentation:notes")):
        if words(one) and notes.add("odf.speaker-note", place, words(one)):
            take(one)


_FARTHEST = 100.0
"""Centimetres; slides are smaller, so a shape beyond it is off the page."""


def _is_off(shape: Element) -> bool:
    if not name_of(shape).startswith("draw:"):
        return False
    left, top = (centimetres(get(shape, name)) for name in ("svg:x", "svg:y"))
    width, height = (centimetres(get(shape, name)) or 0 for name in ("svg:width", "svg:height"))
    if left is None or top is None:
        return False
    return left + width <= 0 or top + height <= 0 or max(left, top) >= _FARTHEST


def _sheets(root: Element, place: str, notes: Notes) -> None:
    invisible = {
        get(style, "style:name")
        for style in find_all(root, "style:style")
        if get(child(style, "style:table-properties"), "table:display") == "false"
    }
    for table in list(find_all(root, "table:table")):
        source = child(table, "table:table-source")
        if source is not None and "'#$" in get(table, "table:name"):
            if notes.add("odf.external-cache", place, get(table, "table:name")):
                take(table)
        elif get(table, "table:style-name") in invisible:
            notes.add("odf.hidden-sheet", place, get(table, "table:name"))
    for one in find_all(root, "table:table-row", "table:table-column"):
        if get(one, "table:visibility") in {"collapse", "filter"}:
            notes.add("odf.hidden-cells", place)


def _declarations(root: Element, place: str, notes: Notes) -> None:
    for one in list(find_all(root, *_DECLARED)):
        told = words(one) or " ".join(str(v) for inner in one.iter("*") for v in inner.values())
        kind = _DECLARED[name_of(one)]
        if (told or len(one)) and notes.add(kind, place, told):
            take(one)
    for one in list(find_all(root, *_NOTED)):
        if len(one) or one.attrib:
            notes.add(_NOTED[name_of(one)], place, " ".join(str(v) for v in one.values()))


def _fields(root: Element, place: str, notes: Notes) -> None:
    for one in list(find_all(root, "text:script", *_NAMING, *_FROZEN)):
        name = name_of(one)
        if name == "text:script" and notes.add("odf.macro", place, words(one)):
            take(one)
        elif name in _FROZEN and notes.add("odf.field", place, f"{name} {words(one)}"):
            unwrap(one)
        elif name in _NAMING and has_path(words(one)) and notes.add("odf.field", place, words(one)):
            one.text = without_path(one.text or "") or None


def _links(root: Element, place: str, notes: Notes) -> None:
    for one in [one for one in root.iter("*") if one.get(_HREF) or one.get(_FORMULA)]:
        name = name_of(one)
        href = str(one.get(_HREF) or "")
        formula = str(one.get(_FORMULA) or "")
        if formula and has_path(formula) and notes.add("odf.path", place, formula):
            del one.attrib[_FORMULA]
        if not href or not (has_path(href) or href.startswith(("../", "//", "\\\\"))):
            continue
        if not notes.add("odf.path", place, href):
            continue
        if name in _LINKING:
            unwrap(one)
        elif name in {"text:section-source", "table:table-source", "table:cell-range-source"}:
            take(one)
        else:
            del one.attrib[_HREF]


def _attributes(root: Element, place: str, notes: Notes) -> None:
    for one in root.iter("*"):
        for key, value in list(one.attrib.items()):
            if str(key).endswith("rsid"):
                if notes.add("odf.rsid", place):
                    del one.attrib[key]
            elif (
                has_path(str(value))
                and short(key) != "xlink:href"
                and notes.add("odf.path", place, str(value))
            ):
                one.set(key, without_path(str(value)))
        text = one.text or ""
        if name_of(one) not in _VISIBLE and has_path(text) and notes.add("odf.path", place, text):
            one.text = without_path(text) or None


def drop_remarks(root: Element, place: str, notes: Notes) -> None:
    """Take away XML comments and instructions: remarks of programs, seen by nobody."""
    for one in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        if notes.add("odf.editing-state", place, str(one.text or "")):
            take(one)
