"""Cleaning a sheet around its cells: links, views, scenarios, headers that no page shows."""

from dataclasses import dataclass

from meti_desk.formats.ooxml.book_look import is_on
from meti_desk.formats.ooxml.book_settings import drop_hashes, drop_ids, tidy
from meti_desk.formats.ooxml.book_uses import is_external, sheets_in, words_in
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.paths import has_path, is_path_target, without_path
from meti_desk.formats.ooxml.sheet_header import own_marks, text_of, without_mark
from meti_desk.formats.ooxml.workbook import Sheet
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    drop_attribute,
    find_all,
    remove,
)
from meti_desk.formats.ooxml.xml import text_of as all_text

_GOING = {
    "x:customSheetViews": "custom-view",
    "x:scenarios": "scenario",
    "x:webPublishItems": "path",
    "x:smartTags": "markup",
    "x:dataConsolidate": "external-link",
}
_SWITCHES = {"even": "differentOddEven", "first": "differentFirst"}
_POINTING = frozenset({"r:id", "r:embed", "r:link", "r:pict"})


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves the workbook: sheets and names (folded), `order` are all sheets before.

    `publish` takes our mark along; `links` tells whether references to other workbooks go.
    """

    sheets: frozenset[str]
    names: frozenset[str]
    order: list[str]
    publish: bool
    links: bool


def clean_sheet(
    package: Package, sheet: Sheet, root: Element, notes: Notes, leaving: Leaving
) -> None:
    """Clean the frame of a sheet."""
    place = f"sheet {sheet.name}"
    for one in find_all(root, *_GOING):
        if notes.add(notes.kind(_GOING[short(one.tag)]), place, _told(one)):
            remove(one)
    _headers(root, place, notes, publish=leaving.publish)
    _links(package, sheet, root, notes, leaving)
    _properties(package, sheet.part, root, place, notes)
    _protection(root, place, notes)
    _rules(root, place, notes, leaving)
    _paths(root, place, notes)
    _drop_unused(package, sheet.part, root, place, notes)
    drop_dangling(package, sheet.part, root)
    drop_ids(root, notes)
    tidy(root)


def _told(one: Element) -> str:
    values = [str(value) for inner in one.iter() for _, value in attributes(inner)]
    return " ".join(values)


def _headers(root: Element, place: str, notes: Notes, *, publish: bool) -> None:
    for holder in find_all(root, "x:headerFooter"):
        for one in list(holder):
            kind = short(one.tag)[2:]
            text = one.text or ""
            switch = _SWITCHES.get(kind[:-6])
            if switch and not is_on(holder.get(switch)) and text:
                if notes.add(notes.kind("hidden-header"), place, text_of(text)):
                    remove(one)
            elif publish and own_marks(text):
                one.text = without_mark(text)
                if not one.text:
                    remove(one)
        if not len(holder) and not holder.attrib:
            remove(holder)


def _links(package: Package, sheet: Sheet, root: Element, notes: Notes, leaving: Leaving) -> None:
    """Cut links to files of a computer, and to sheets that leave; the text of the cell stays."""
    for one in find_all(root, "x:hyperlink"):
        place = f"sheet {sheet.name}!{one.get('ref') or ''}"
        link = package.by_id(sheet.part, attribute(one, "r:id") or "")
        inside = str(one.get("location") or "")
        if link is not None and link.external and is_path_target(link.target):
            if notes.add(notes.kind("path"), place, link.target):
                package.unlink(sheet.part, link)
                remove(one)
        elif (link is None and sheets_in(inside, leaving.order) & leaving.sheets) or (
            link is None and _leads_out(inside) and notes.add(notes.kind("path"), place, inside)
        ):
            remove(one)
    for holder in find_all(root, "x:hyperlinks"):
        if not len(holder):
            remove(holder)


def _leads_out(text: str) -> bool:
    return is_external(text) or has_path(text)


def _properties(package: Package, part: str, root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, "x:customPr"):
        if notes.add(notes.kind("custom-property"), place, str(one.get("name") or "")):
            link = package.by_id(part, attribute(one, "r:id") or "")
            if link is not None:
                package.unlink(part, link)
            remove(one)
    for one in find_all(root, "x:customProperties"):
        if not len(one):
            remove(one)


def _protection(root: Element, place: str, notes: Notes) -> None:
    for one in find_all(root, "x:sheetProtection", "x:protectedRange"):
        notes.add(notes.kind("protection"), place, str(one.get("name") or ""))
        drop_hashes(one, place, notes)
        told = one.get("securityDescriptor")
        if told and notes.add(notes.kind("author"), place, told):
            del one.attrib["securityDescriptor"]
        for inner in find_all(one, "x:securityDescriptor"):
            if notes.add(notes.kind("author"), place, all_text(inner)):
                remove(inner)


def _rules(root: Element, place: str, notes: Notes, leaving: Leaving) -> None:
    """Look at formulas outside of cells: rules of formats and checks of what is typed in."""
    for one in list(root.iter()) if leaving.links else ():
        text = one.text or ""
        if not text or not _is_rule(one):
            continue
        if is_external(text) or not leaving.names.isdisjoint(words_in(text)):
            check = _above(one, "dataValidation")
            if check is None:
                notes.add(notes.kind("external-link-used"), place, text)
            elif notes.add(notes.kind("external-link"), place, text):
                remove(check)
    for one in list(root.iter("{*}dataValidations")):
        if not len(one):
            remove(one)
        elif one.get("count") is not None:
            one.set("count", str(len(one)))


def _is_rule(one: Element) -> bool:
    if short(one.tag).rpartition(":")[2] not in {"formula", "formula1", "formula2", "f"}:
        return False
    outer = one.getparent()
    return outer is None or short(outer.tag) != "x:c"


def _above(one: Element, name: str) -> Element | None:
    for outer in one.iterancestors():
        if short(outer.tag).rpartition(":")[2] == name:
            return outer
    return None


def _paths(root: Element, place: str, notes: Notes) -> None:
    for one in root.iter():
        if short(one.tag) in {"x:row", "x:c"}:
            continue
        for key, text in attributes(one):
            if has_path(text) and notes.add(notes.kind("path"), place, text):
                one.attrib[key] = without_path(text)
        name = short(one.tag)
        text = one.text or ""
        if name in {"x:formula", "x:formula1", "x:formula2"} and has_path(text):
            notes.add(notes.kind("external-link-used"), place, text)


def _drop_unused(package: Package, part: str, root: Element, place: str, notes: Notes) -> None:
    """Cut ways to the outside that nothing on the sheet mentions, or nothing any more."""
    outside = [link for link in package.links(part) if link.external]
    used = {value for one in root.iter() for _, value in attributes(one)} if outside else set()
    for link in outside:
        if link.id not in used and notes.add(notes.kind("path"), place, link.target):
            package.unlink(part, link)


def drop_dangling(package: Package, part: str, root: Element) -> None:
    """Drop what mentions a relationship that is gone; settings of a page lose only its id."""
    held = {link.id for link in package.links(part)}
    for one in list(root.iter()):
        for key, value in attributes(one):
            if short(key) not in _POINTING or value in held:
                continue
            if short(one.tag) in {"x:pageSetup", "x:hyperlink"}:
                drop_attribute(one, short(key))
            elif short(one.tag).startswith("x:") and short(one.tag) != "x:sheet":
                remove(one)
    for one in find_all(root, "x:tableParts"):
        if not len(one):
            remove(one)
        elif one.get("count") is not None:
            one.set("count", str(len(one)))


def behind(root: Element, names: tuple[str, ...]) -> int:
    """Give the place among a sheet's children before the first of these (of its own names)."""
    for at, one in enumerate(root):
        inner = one[0] if short(one.tag) == "mc:AlternateContent" and len(one) else one
        inner = inner[0] if short(inner.tag) == "mc:Choice" and len(inner) else inner
        if short(inner.tag) in names:
            return at
    return len(root)
