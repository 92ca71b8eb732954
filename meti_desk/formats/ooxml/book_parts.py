"""What hangs on sheets - charts, tables, drawings, buttons: its references, and cleaning it."""

import re

from meti_desk.formats.ooxml.book_look import Look, Terms, is_on
from meti_desk.formats.ooxml.book_settings import drop_ids, tidy
from meti_desk.formats.ooxml.book_sheet import Leaving
from meti_desk.formats.ooxml.book_uses import is_external, words_in
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.paths import has_path
from meti_desk.formats.ooxml.sheet_strings import plain
from meti_desk.formats.ooxml.xml import (
    Element,
    attributes,
    child,
    drop_attribute,
    find_all,
    namespace,
    parse,
    remove,
    text_of,
)

_LINKED = frozenset({"textlink", "fmlaLink", "fmlaRange", "fmlaGroup", "fmlaTxbx", "macro"})
_FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula"}
)
_OLD = re.compile(rb"<(?:[\w.-]+:)?Fmla\w+>([^<]*)<")
_HIDDEN_SERIES = re.compile(r"^filtered\w*Series$")
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"


def parts_of(package: Package, part: str, *, tables: bool = True) -> list[str]:
    """Give the parts that a sheet leads to, near ones first."""
    found, waiting = list[str](), [part]
    while waiting:
        for link in package.links(waiting.pop()):
            if link.external or link.target in found or package.find(link.target) is None:
                continue
            if link.kind in {"worksheet", "pivotTable", "comments", "threadedComment"}:
                continue
            if tables or link.kind != "table":
                found.append(link.target)
                waiting.append(link.target)
    return found


def refer_parts(package: Package, look: Look, terms: Terms) -> None:
    """Note what charts, tables, drawings and buttons of a sheet refer to."""
    for part in parts_of(package, look.sheet.part):
        place = part.rpartition("/")[2]
        if part.endswith(".vml"):
            for told in _OLD.findall(package.data(part)):
                look.refer(plain(told.decode("utf-8", "replace")), place, terms)
        elif part.endswith(".xml"):
            refer_tree(package.xml(part), place, look, terms)


def refer_tree(root: Element, place: str, look: Look, terms: Terms) -> None:
    """Note what the formulas of a part refer to; those of cells are not looked at here."""
    for one in root.iter():
        name = short(one.tag).rpartition(":")[2]
        if name in _FORMULAS and one.text:
            holder = one.getparent()
            if holder is None or short(holder.tag) != "x:c":
                look.refer(one.text, place, terms)
        elif name == "cfvo" and one.get("type") == "formula":
            look.refer(str(one.get("val") or ""), place, terms)
        for key, value in attributes(one):
            if key in _LINKED:
                look.refer(value, place, terms)


def clean_chart(root: Element, place: str, notes: Notes, leaving: Leaving, *, pivots: bool) -> None:
    """Cut a chart from other workbooks and pivot tables; what it shows becomes its own."""
    for one in list(root.iter()):
        name = short(one.tag).rpartition(":")[2]
        goes = name in {"pivotSource", "pivotFmts"} and pivots
        if _HIDDEN_SERIES.match(name):
            goes = notes.add(notes.kind("hidden-series"), place, text_of(one))
        if goes:
            remove(one)
    if not leaving.links:
        return
    for one in list(root.iter("{*}f")):
        text = one.text or ""
        holder = one.getparent()
        if holder is None or not _leads_out(text, leaving):
            continue
        if short(holder.tag) in {"c:numRef", "c:strRef"} and _literal(holder):
            notes.add(notes.kind("external-link"), place, text)
        else:
            notes.add(notes.kind("external-link-used"), place, text)
    tidy(root)


def _leads_out(text: str, leaving: Leaving) -> bool:
    if is_external(text) or has_path(text):
        return True
    return bool(leaving.names) and not leaving.names.isdisjoint(words_in(text))


def _literal(reference: Element) -> bool:
    """Put the values that a chart remembers in the place of a reference to them."""
    space = namespace(reference)
    kind = "num" if short(reference.tag) == "c:numRef" else "str"
    cache = child(reference, f"c:{kind}Cache")
    holder = reference.getparent()
    if holder is None or cache is None:
        return False  # What the chart shows is not known.
    if short(holder.tag) == "c:tx":
        return _title(reference, holder, cache)
    made = reference.makeelement(f"{{{space}}}{kind}Lit", {}, None)
    for one in list(cache):
        made.append(one)
    holder.replace(reference, made)
    return True


def _title(reference: Element, holder: Element, cache: Element) -> bool:
    """Write a name or title out: series have a plain one, titles a formatted one."""
    told = " ".join(text_of(one) for one in cache.iter("{*}v"))
    space = namespace(reference)
    above = holder.getparent()
    if above is not None and short(above.tag) == "c:ser":
        made = reference.makeelement(f"{{{space}}}v", {}, None)
        made.text = told
    else:
        drawing = _DRAWING if "schemas" in space else "http://purl.oclc.org/ooxml/drawingml/main"
        made = parse(
            f'<c:rich xmlns:c="{space}" xmlns:a="{drawing}"><a:bodyPr/><a:p><a:r><a:t/></a:r>'
            "</a:p></c:rich>".encode(),
            "chart",
        )
        for one in made.iter(f"{{{drawing}}}t"):
            one.text = told
    holder.replace(reference, made)
    return True


def clean_table(root: Element, place: str, notes: Notes, leaving: Leaving) -> None:
    """Cut a table from the query or the XML that filled it; its cells stay."""
    told = root.get("comment")
    if told and notes.add(notes.kind("name-comment"), place, told):
        del root.attrib["comment"]
    for kind, name, key in (
        ("connection", "queryTable", "queryTableFieldId"),
        ("xml-map", "xml", "uniqueName"),
    ):
        if not notes.goes(notes.kind(kind)):
            continue
        if root.get("tableType") == name:
            drop_attribute(root, "tableType", "connectionId")
        for one in find_all(root, "x:tableColumn"):
            drop_attribute(one, key)
    for one in find_all(root, "x:xmlColumnPr"):
        if notes.add(notes.kind("xml-map"), place, str(one.get("xpath") or "")):
            remove(one)
    for one in find_all(root, "x:calculatedColumnFormula", "x:totalsRowFormula"):
        text = one.text or ""
        if _leads_out(text, leaving) and notes.add(notes.kind("external-link"), place, text):
            remove(one)
    tidy(root)


def clean_drawing(root: Element, place: str, notes: Notes) -> None:
    """Drop shapes that are switched off, and what ties a shape to another workbook.

    Shapes of buttons and objects are switched off as well, for older programs draw them; they are
    known by what ties them to the old drawing.
    """
    for one in list(root.iter("{*}cNvPr")):
        if is_on(one.get("hidden")):
            shape = _shape_of(one)
            if shape is None or any(
                short(inner.tag).endswith(":compatExt") for inner in shape.iter()
            ):
                continue
            if notes.add(notes.kind("hidden-shape"), place, text_of(shape)):
                _drop_shape(shape)
    for one in root.iter():
        for key in ("textlink", "macro"):
            told = one.get(key)
            if told and is_external(told) and notes.add(notes.kind("external-link"), place, told):
                del one.attrib[key]
                if key == "macro":
                    one.set(key, "")


def _shape_of(one: Element) -> Element | None:
    for outer in one.iterancestors():
        if short(outer.tag) in {"xdr:sp", "xdr:pic", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp"}:
            return outer
    return None


def _drop_shape(shape: Element) -> None:
    """Drop a shape, and its anchor where nothing else stands in it."""
    holder = shape.getparent()
    remove(shape)
    while holder is not None:
        if short(holder.tag).endswith("Anchor") or short(holder.tag) in {
            "mc:Choice", "mc:AlternateContent",
        }:  # fmt: skip
            left = [
                one
                for one in holder
                if short(one.tag) not in {"xdr:from", "xdr:to", "xdr:clientData", "xdr:ext",
                                          "xdr:pos"}
            ]  # fmt: skip
            above = holder.getparent()
            if left or above is None:
                return
            remove(holder)
            holder = above
        else:
            return


def clean_ids(package: Package, part: str, notes: Notes) -> None:
    """Take the ids of copies out of a part."""
    drop_ids(package.xml(part), notes)
    package.touch(part)
