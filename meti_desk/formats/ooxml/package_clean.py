"""Cleaning what all Office packages have alike: properties, pictures, parts that nobody sees.

Word documents, workbooks and presentations are the same kind of package. Each family says which
relationships lead to parts that go (`Parts`), and its kinds of findings begin with its own name:
`notes` knows it. What a family has for itself stands in modules of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, OWN_PREFIX, own_properties
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import TYPES_PART, Package, relationships_of
from meti_desk.formats.ooxml.pictures import strip_picture
from meti_desk.formats.ooxml.properties import (
    custom_part,
    drop_part,
    read_core,
    read_custom,
    write_own,
)
from meti_desk.formats.ooxml.xml import Element, remove, text_of

_PICTURES = (".jpg", ".jpeg", ".png", ".jpe", ".jfif")
_CARRYING = (".tif", ".tiff", ".gif", ".svg", ".emf", ".wmf", ".webp", ".wdp", ".mp4", ".bin")

GOING = {
    "thumbnail": "thumbnail",
    "customXml": "custom-xml",
    "printerSettings": "printer-settings",
    "extensibility": "customization",
    "userCustomization": "customization",
    "webextensiontaskpanes": "customization",
    "classificationlabels": "custom-property",
    "core-properties": "property",
    "extended-properties": "property",
}
"""Relationship kinds whose parts go in every family, and as what they are found."""

KNOWN = frozenset(
    {
        *("officeDocument", "theme", "themeOverride", "image", "hyperlink", "font"),
        *("chart", "chartEx", "chartUserShapes", "chartStyle", "chartColorStyle"),
        *("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing"),
        *("video", "audio", "media", "hdphoto", "custom-properties", "oleObject", "package"),
        *("vbaProject", "control", "activeXControlBinary", "customXmlProps"),
    }
)
"""Relationship kinds that every family has and whose parts are looked into or told elsewhere."""

Told = Callable[[Package, str, str], list[tuple[str, str]] | None]
"""Gives place and value of each finding in a part that goes, by kind of finding (without the
family) and the part's name; `None`: the part as a whole is one finding."""


def _whole(_package: Package, _name: str, _target: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """What a family says of the parts of its packages, by kind of relationship.

    `going` are those that go, with the name of their finding; `known` those that are dealt with
    elsewhere; `noted` those that stay but are told. All others are `unknown-part`.
    """

    going: Mapping[str, str]
    known: frozenset[str]
    noted: Mapping[str, str] = field(default_factory=dict)
    told: Told = _whole


def is_ink(package: Package, part: str) -> bool:
    """Tell ink, which is drawn, from other custom XML, which nobody sees."""
    return package.type_of(part) == "application/inkml+xml"


def clean_parts(package: Package, notes: Notes, parts: Parts) -> None:
    """Drop the parts that nobody sees, with their relationships and content types."""
    waiting, passed = [""], {""}
    while waiting:
        part = waiting.pop()
        for link in list(package.links(part)):
            name = parts.going.get(link.kind)
            if link.kind == "customXml" and is_ink(package, link.target):
                name = None
            if name and _goes(package, link.target, name, notes, parts, external=link.external):
                package.unlink(part, link)
                continue
            if not link.external:
                _note_kept(package, link.kind, link.target, notes, parts)
                if link.target not in passed and package.find(link.target) is not None:
                    passed.add(link.target)
                    waiting.append(link.target)


def _goes(
    package: Package, target: str, name: str, notes: Notes, parts: Parts, *, external: bool
) -> bool:
    kind = notes.kind(name)
    if external:
        return notes.add(kind, "settings", target)
    if name == "property" or package.find(target) is None:
        return notes.goes(kind)
    found = parts.told(package, name, target)
    if found is None:
        return notes.add(kind, "package", target)
    for place, value in found:
        notes.add(kind, place, value)
    return notes.goes(kind)


def _note_kept(package: Package, kind: str, target: str, notes: Notes, parts: Parts) -> None:
    if kind in parts.noted:
        notes.add(notes.kind(parts.noted[kind]), "package", target)
    elif kind not in parts.known and kind not in parts.going and package.find(target) is not None:
        notes.add(notes.kind("unknown-part"), "package", f"{kind}: {target}")


def clean_properties(package: Package, notes: Notes, *, publish: bool) -> None:
    """Drop names and counts; what is left of our own is label and handling, or nothing.

    Art. 14-6 wants the label to go with the file that is provided; publishing drops all.
    """
    for name, value in read_core(package).items():
        notes.add(notes.kind("property"), "properties", f"{name}: {value}")
    if notes.goes(notes.kind("property")):
        for part in package.targets("", "core-properties", "extended-properties"):
            drop_part(package, part)
    _foreign_properties(package, notes)
    stays = set() if publish else {LABEL_KEY, HANDLING_KEY}
    kept = {
        name: value
        for name, value in own_properties(read_custom(package)).items()
        if name in stays or not notes.add(notes.kind("own-property"), "properties", name)
    }
    write_own(package, kept)
    held = custom_part(package)
    if held is not None and not len(package.xml(held)):
        drop_part(package, held)


def _foreign_properties(package: Package, notes: Notes) -> None:
    part = custom_part(package)
    if part is None:
        return
    for one in list(package.xml(part)):
        name = str(one.get("name") or "")
        told = f"{name}: {text_of(one)}"
        if not name.startswith(OWN_PREFIX) and notes.add(
            notes.kind("custom-property"), "properties", told
        ):
            remove(one)
            package.touch(part)


def reachable(package: Package) -> set[str]:
    """Give all members that can be reached by relationships, with the relationship members."""
    found = {TYPES_PART, relationships_of("")}
    waiting = [""]
    while waiting:
        part = waiting.pop()
        for link in package.links(part):
            if link.external or link.target in found or package.find(link.target) is None:
                continue
            found.add(link.target)
            found.add(relationships_of(link.target))
            waiting.append(link.target)
    return {held for name in found if (held := package.find(name)) is not None}


def drop_unreachable(package: Package, spared: frozenset[str]) -> None:
    """Drop every member that nothing leads to any more, but those that a person wants kept."""
    kept = reachable(package) | spared
    for name in package.names:
        if name not in kept:
            package.drop(name)


def note_orphans(package: Package, notes: Notes) -> frozenset[str]:
    """Note members that no relationship leads to, and give those that a person wants kept.

    No program shows them, but an unzip does.
    """
    kept = reachable(package)
    orphans = [n for n in package.original_names if n not in kept and not n.endswith("/")]
    return frozenset(
        name for name in orphans if not notes.add(notes.kind("orphan"), "package", name)
    )


def clean_types(package: Package) -> None:
    """Drop content types of parts that are gone, and extensions that nothing has any more."""
    name = package.find(TYPES_PART) or TYPES_PART
    root = package.xml(name)
    names = package.names
    extensions = {one.rpartition(".")[2].casefold() for one in names} | {"xml", "rels"}
    for one in list(root):
        part = str(one.get("PartName") or "").removeprefix("/")
        gone = short(one.tag) == "ct:Override" and package.find(part) is None
        idle = (
            short(one.tag) == "ct:Default"
            and str(one.get("Extension")).casefold() not in extensions
        )
        if gone or idle:
            remove(one)
            package.touch(name)


def clean_pictures(package: Package, notes: Notes) -> None:
    """Strip the pictures of a package of what they tell besides themselves (class 12)."""
    for name in package.names:
        lowered = name.lower()
        if lowered.endswith(_PICTURES):
            data = package.data(name)
            plain, gone = strip_picture(data)
            if gone and notes.add(notes.kind("image-metadata"), "media", f"{name}: {gone}"):
                package.set_data(name, plain)
        elif lowered.endswith(_CARRYING) and "/media/" in lowered:
            notes.add(notes.kind("image-unchecked"), "media", name)


def bare(package: Package, part: str) -> None:
    """Drop XML comments and processing instructions: remarks of programs, seen by nobody."""
    root: Element = package.xml(part)
    for one in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        remove(one)
        package.touch(part)


def note_zip(package: Package, notes: Notes) -> None:
    """Note what the zip itself tells: saving with `clean=True` takes it away (class 13)."""
    if package.has_zip_metadata():
        notes.add(notes.kind("zip-metadata"), "zip")
