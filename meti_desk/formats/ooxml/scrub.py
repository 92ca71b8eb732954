"""Removing 付加情報 from a Word document (Arts. 14-7, 15-2), and showing it first.

What is shown is what is done: the findings are noted by the same pass that takes them out, run on
a copy in memory. That nothing was left is proven by `audit`, which shares no code with this.
"""

from typing import BinaryIO

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport
from meti_desk.formats.ooxml.clean_links import clean_links, drop_unused_links
from meti_desk.formats.ooxml.clean_package import PARTS, clean_settings
from meti_desk.formats.ooxml.clean_story import clean_story
from meti_desk.formats.ooxml.fields import freeze_fields
from meti_desk.formats.ooxml.hidden import HiddenStyles
from meti_desk.formats.ooxml.mark import remove_mark
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import (
    bare,
    clean_parts,
    clean_pictures,
    clean_properties,
    clean_types,
    drop_unreachable,
    note_orphans,
    note_zip,
    reachable,
)
from meti_desk.formats.ooxml.revisions import note_revisions, settle
from meti_desk.formats.ooxml.xml import attribute, find_all, remove

_PLACES = {
    "w:document": "body",
    "w:hdr": "header",
    "w:ftr": "footer",
    "w:footnotes": "footnote",
    "w:endnotes": "endnote",
    "w:glossaryDocument": "glossary",
    "w:styles": "styles",
    "w:settings": "settings",
    "w:numbering": "numbering",
    "w:webSettings": "settings",
}


def findings_of(package: Package, order: ScrubOrder | None = None) -> tuple[Finding, ...]:
    """Give all findings with what a scrub would do; the package is used up by it."""
    order = order or ScrubOrder()
    notes = Notes(order.purpose, order.keep)
    _clean(package, order, notes)
    return notes.findings()


def scrub(package: Package, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the cleaned document.

    Raises `RuleViolation("scrub.blocked", kind=…, count=…)` when a finding needs a person first:
    tracked changes that were not to be decided, hidden text before publishing, and the like.
    """
    notes = Notes(order.purpose, order.keep)
    _clean(package, order, notes)
    findings = notes.findings()
    blocking = [one for one in findings if one.removal == "blocks"]
    if order.revisions == "refuse":
        kinds = {"docx.revision", "docx.format-revision"}
        blocking += [one for one in findings if one.kind in kinds and one.removal != "kept"]
    if blocking:
        count = sum(one.count for one in blocking)
        articles = ("15-2",) if order.purpose == "publish" else ("14-7",)
        raise RuleViolation("scrub.blocked", articles=articles, kind=blocking[0].kind, count=count)
    package.save(target, clean=True)
    return ScrubReport(removed=notes.removed(), left=notes.left())


def _clean(package: Package, order: ScrubOrder, notes: Notes) -> None:
    package.take_over()
    spared = note_orphans(package, notes)
    note_zip(package, notes)
    if order.purpose == "publish":
        remove_mark(package)
    clean_properties(package, notes, publish=order.purpose == "publish")
    hidden = HiddenStyles.of(package)
    clean_settings(package, notes)
    clean_parts(package, notes, PARTS)
    for part in _xml_parts(package):
        _clean_part(package, part, order, notes, hidden)
    _drop_hidden_notes(package, notes)
    drop_unreachable(package, spared)
    clean_pictures(package, notes)
    for part in package.names:
        if part.endswith((".xml", ".rels")):
            bare(package, part)
    clean_types(package)


def _xml_parts(package: Package) -> list[str]:
    held = reachable(package)
    return [name for name in package.names if name in held and _is_content(package, name)]


def _is_content(package: Package, name: str) -> bool:
    if name.endswith(".rels") or name.startswith(("docProps/", "customXml/", "[")):
        return False
    return name.endswith(".xml") or package.type_of(name).endswith("+xml")


def _clean_part(
    package: Package, part: str, order: ScrubOrder, notes: Notes, hidden: HiddenStyles
) -> None:
    root = package.xml(part)
    name = short(root.tag)
    place = _PLACES.get(name, "package")
    data = package.as_it_lies(part)
    if name.startswith("w:"):
        note_revisions(root, place, notes)
        if notes.goes("docx.revision") and order.revisions != "refuse":
            settle(root, accept=order.revisions == "accept")
        clean_story(root, place, notes, hidden, data)
        freeze_fields(root, place, notes)
    clean_links(package, part, place, notes, data=data)
    drop_unused_links(package, part)
    package.touch(part)


def _drop_hidden_notes(package: Package, notes: Notes) -> None:
    """Drop footnotes and endnotes whose reference is gone: nobody sees them, but they are there."""
    main = package.main()
    for place in ("footnote", "endnote"):
        part = package.target(main, place + "s")
        if part is None:
            continue
        used = {
            attribute(one, "w:id")
            for name in (main, part, *package.targets(main, "header", "footer"))
            for one in find_all(package.xml(name), f"w:{place}Reference")
        }
        for one in find_all(package.xml(part), f"w:{place}"):
            plain = (attribute(one, "w:type") or "normal") == "normal"
            if plain and attribute(one, "w:id") not in used:
                words = "".join(str(piece) for piece in one.itertext())
                if notes.add("docx.hidden-note", place, words):
                    remove(one)
        drop_unused_links(package, part)
