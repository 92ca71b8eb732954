"""Cleaning what only Word packages have: the document's settings, its comments and people."""

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import GOING, KNOWN, Parts
from meti_desk.formats.ooxml.xml import Element, attribute, find_all, remove, text_of

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


def _told_of(package: Package, name: str, target: str) -> list[tuple[str, str]] | None:
    """Give the comments and people of a part one by one."""
    if name == "comment" and target.endswith(".xml"):
        return [
            ("body", f"{attribute(one, 'w:author') or ''}: {text_of(one)}")
            for one in find_all(package.xml(target), "w:comment")
        ]
    if name == "people":
        found = find_all(package.xml(target), "w15:person")
        return [("package", attribute(one, "w15:author") or "") for one in found]
    return None


PARTS = Parts(
    going={
        **GOING,
        **dict.fromkeys(
            (
                *("comments", "commentsExtended", "commentsIds", "commentsExtensible"),
                *("documenttasks", "documentTasks"),
            ),
            "comment",
        ),
        **dict.fromkeys(
            (
                *("mailMergeSource", "mailMergeHeaderSource", "mailMergeRecipientData"),
                "recipientData",
            ),
            "mail-merge",
        ),
        **dict.fromkeys(("attachedTemplate", "transform"), "path"),
        **dict.fromkeys(
            ("attachedToolbars", "keyMapCustomizations", "intelligence"), "customization"
        ),
        "people": "people",
    },
    known=KNOWN
    | {
        *("styles", "numbering", "settings", "webSettings", "fontTable", "header", "footer"),
        *("footnotes", "endnotes", "frame", "stylesWithEffects", "wordVbaData"),
        *("aFChunk", "subDocument"),
    },
    noted={"vbaProject": "macro", "glossaryDocument": "building-blocks"},
    told=_told_of,
)
"""What goes of a Word package."""
