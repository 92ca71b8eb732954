"""Cleaning a Word package as a whole: properties, settings, parts that nobody sees."""

from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, OWN_PREFIX, own_properties
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import TYPES_PART, Package, relationships_of
from meti_desk.formats.ooxml.properties import (
    custom_part,
    drop_part,
    read_core,
    read_custom,
    write_own,
)
from meti_desk.formats.ooxml.xml import Element, attribute, find_all, remove, text_of

_GOING = {
    "comments": "docx.comment",
    "commentsExtended": "docx.comment",
    "commentsIds": "docx.comment",
    "commentsExtensible": "docx.comment",
    "documenttasks": "docx.comment",
    "documentTasks": "docx.comment",
    "people": "docx.people",
    "thumbnail": "docx.thumbnail",
    "customXml": "docx.custom-xml",
    "printerSettings": "docx.printer-settings",
    "mailMergeSource": "docx.mail-merge",
    "mailMergeHeaderSource": "docx.mail-merge",
    "mailMergeRecipientData": "docx.mail-merge",
    "recipientData": "docx.mail-merge",
    "attachedTemplate": "docx.path",
    "transform": "docx.path",
    "attachedToolbars": "docx.customization",
    "keyMapCustomizations": "docx.customization",
    "extensibility": "docx.customization",
    "userCustomization": "docx.customization",
    "webextensiontaskpanes": "docx.customization",
    "intelligence": "docx.customization",
    "classificationlabels": "docx.custom-property",
    "core-properties": "docx.property",
    "extended-properties": "docx.property",
}
"""Relationship kinds whose parts go, and as what they are found."""

_KNOWN = frozenset(
    {
        *("officeDocument", "styles", "numbering", "settings", "webSettings", "fontTable", "font"),
        *("theme", "themeOverride", "header", "footer", "footnotes", "endnotes", "image", "chart"),
        *("hyperlink", "chartEx", "chartUserShapes", "chartStyle", "chartColorStyle", "frame"),
        *("diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing"),
        *("glossaryDocument", "stylesWithEffects", "video", "audio", "media", "hdphoto"),
        *("custom-properties", "oleObject", "package", "vbaProject", "wordVbaData", "control"),
        *("activeXControlBinary", "aFChunk", "subDocument", "customXmlProps"),
    }
)

_SETTINGS = {
    "w:rsids": "docx.rsid",
    "w:docVars": "docx.variable",
    "w:mailMerge": "docx.mail-merge",
    "w:attachedTemplate": "docx.path",
    "w:linkStyles": "docx.path",
    "w:attachedSchema": "docx.custom-xml",
    "w:saveThroughXslt": "docx.path",
    "sl:schemaLibrary": "docx.custom-xml",
    "w14:docId": "docx.document-id",
    "w15:docId": "docx.document-id",
    "w16:persistentDocumentId": "docx.document-id",
    "w15:persistentDocumentId": "docx.document-id",
    "w16sdtdh:storeItemChecksum": "docx.custom-xml",
    "w:proofState": "docx.editing-state",
    "w:activeWritingStyle": "docx.editing-state",
    "w:revisionView": "docx.editing-state",
    "w:smartTagType": "docx.markup",
    "w:printerSettings": "docx.printer-settings",
}
_PROTECTING = ("w:documentProtection", "w:writeProtection")


def is_ink(package: Package, part: str) -> bool:
    """Tell ink, which is drawn, from other custom XML, which nobody sees."""
    return package.type_of(part) == "application/inkml+xml"


def clean_settings(package: Package, notes: Notes) -> None:
    """Clear the document's settings of what identifies, links or counts."""
    for owner in (package.main(), *package.targets(package.main(), "glossaryDocument")):
        for part in package.targets(owner, "settings"):
            root = package.xml(part)
            for one in list(root):
                kind = _SETTINGS.get(short(one.tag))
                if kind and notes.add(kind, "settings", _told(one)):
                    remove(one)
            for one in find_all(root, *_PROTECTING):
                notes.add("docx.protection", "settings", short(one.tag))
            package.touch(part)


def _told(one: Element) -> str:
    values = [str(v) for inner in one.iter() for v in inner.attrib.values()]
    return " ".join(values[:6])


def clean_parts(package: Package, notes: Notes) -> None:
    """Drop the parts that nobody sees, with their relationships and content types."""
    waiting, passed = [""], {""}
    while waiting:
        part = waiting.pop()
        for link in list(package.links(part)):
            kind = _GOING.get(link.kind)
            if link.kind == "customXml" and is_ink(package, link.target):
                kind = None
            if kind and _goes(package, link.target, kind, notes, external=link.external):
                package.unlink(part, link)
                continue
            if not link.external:
                _note_kept(package, link.kind, link.target, notes)
                if link.target not in passed and package.find(link.target) is not None:
                    passed.add(link.target)
                    waiting.append(link.target)


def _goes(package: Package, target: str, kind: str, notes: Notes, *, external: bool) -> bool:
    if external:
        return notes.add(kind, "settings", target)
    if kind == "docx.property":
        return notes.goes(kind)
    if package.find(target) is None:
        return notes.goes(kind)
    if kind == "docx.comment" and target.endswith(".xml"):
        for one in find_all(package.xml(target), "w:comment"):
            notes.add(kind, "body", f"{attribute(one, 'w:author') or ''}: {text_of(one)}")
        return notes.goes(kind)
    if kind == "docx.people":
        for one in find_all(package.xml(target), "w15:person"):
            notes.add(kind, "package", attribute(one, "w15:author") or "")
        return notes.goes(kind)
    return notes.add(kind, "package", target)


def _note_kept(package: Package, kind: str, target: str, notes: Notes) -> None:
    if kind == "vbaProject":
        notes.add("docx.macro", "package", target)
    elif kind == "glossaryDocument":
        notes.add("docx.building-blocks", "package", target)
    elif kind not in _KNOWN and kind not in _GOING and package.find(target) is not None:
        notes.add("docx.unknown-part", "package", f"{kind}: {target}")


def clean_properties(package: Package, notes: Notes, *, publish: bool) -> None:
    """Drop names and counts; what is left of our own is label and handling, or nothing.

    Art. 14-6 wants the label to go with the file that is provided; publishing drops all.
    """
    for name, value in read_core(package).items():
        notes.add("docx.property", "properties", f"{name}: {value}")
    if notes.goes("docx.property"):
        for part in package.targets("", "core-properties", "extended-properties"):
            drop_part(package, part)
    _foreign_properties(package, notes)
    stays = set() if publish else {LABEL_KEY, HANDLING_KEY}
    kept = {
        name: value
        for name, value in own_properties(read_custom(package)).items()
        if name in stays or not notes.add("docx.own-property", "properties", name)
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
            "docx.custom-property", "properties", told
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

    Word does not show them, but an unzip does.
    """
    kept = reachable(package)
    orphans = [n for n in package.original_names if n not in kept and not n.endswith("/")]
    return frozenset(name for name in orphans if not notes.add("docx.orphan", "package", name))


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
