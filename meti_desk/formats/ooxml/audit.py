"""An independent look at a scrubbed Word document: nothing may be left in it.

Shares no code with the removal, on purpose: it unzips with the standard library and goes through
every name, attribute and text of every member, whatever part it is. A mistake of the removal is
found here, before the file is handed out.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.audit_xml import (
    LOCAL,
    REMARKS,
    anywhere,
    may_hold,
    may_hold_path,
    parsed,
)
from meti_desk.formats.audit_zip import AuditedZip
from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, ScrubOrder
from meti_desk.formats.ooxml.audit_seen import compare_seen

_PATH = re.compile(
    r"(?<![a-zA-Z])[a-zA-Z]:\\\w|(?<![\w\\])\\\\[\w.-]+\\|file:/|(?<![\w/])/(?:home|Users)/\w"
    r"|(?<![a-zA-Z])[a-zA-Z]:/(?!/)\w",
)
_VISIBLE = frozenset({"t", "v", "delText"})
_CHANGES = ("docx.revision", "1")
_REMARKS = ("docx.comment", "2")
_PEOPLE = ("docx.people", "2")
_IDS = ("docx.rsid", "8")
_ELEMENTS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            *("ins", "del", "moveFrom", "moveTo", "delText", "delInstrText", "cellIns", "cellDel"),
            *("cellMerge", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange"),
            *("tcPrChange", "tblGridChange", "tblPrExChange", "numberingChange"),
            *("moveFromRangeStart", "moveToRangeStart", "moveFromRangeEnd", "moveToRangeEnd"),
        ),
        _CHANGES,
    ),
    **dict.fromkeys(
        (
            *("commentRangeStart", "commentRangeEnd", "commentReference", "comment"),
            *("commentEx", "commentId", "commentExtensible", "annotationRef"),
        ),
        _REMARKS,
    ),
    **dict.fromkeys(("person", "presenceInfo"), _PEOPLE),
    **dict.fromkeys(("rsid", "rsids", "rsidRoot"), _IDS),
    **dict.fromkeys(("OLEObject", "objectEmbed", "externalData"), ("docx.embedded", "3")),
    **dict.fromkeys(("attachedTemplate", "saveThroughXslt"), ("docx.path", "6")),
    **dict.fromkeys(("fldData",), ("docx.field", "6")),
    **dict.fromkeys(("docVars", "docVar"), ("docx.variable", "8")),
    **dict.fromkeys(("mailMerge", "odso"), ("docx.mail-merge", "8")),
    **dict.fromkeys(("smartTag", "smartTagPr"), ("docx.markup", "8")),
    **dict.fromkeys(("dataBinding", "schemaLibrary"), ("docx.custom-xml", "8")),
    **dict.fromkeys(("docId", "persistentDocumentId"), ("docx.document-id", "8")),
    **dict.fromkeys(("proofErr",), ("docx.editing-state", "8")),
    **dict.fromkeys(("creator", "lastModifiedBy", "Company", "Manager"), ("docx.property", "15")),
    "permStart": ("docx.author", "15"),
}
_ATTRIBUTES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("author", "initials", "userId", "dateUtc", "suggestedsigner", "suggestedsigneremail"),
        ("docx.author", "15"),
    ),
    **dict.fromkeys(
        ("rsidR", "rsidRPr", "rsidP", "rsidRDefault", "rsidDel", "rsidSect", "rsidTr"), _IDS
    ),
    **dict.fromkeys(("paraId", "textId"), _IDS),
}
_MEMBERS: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = (
    (re.compile(r"(^|/)(comments|threadedcomment)\w*\.xml$", re.IGNORECASE), _REMARKS),
    (re.compile(r"(^|/)people\w*\.xml$", re.IGNORECASE), ("docx.people", "2")),
    (re.compile(r"/embeddings/", re.IGNORECASE), ("docx.embedded", "3")),
    (re.compile(r"(^|/)thumbnail\.", re.IGNORECASE), ("docx.thumbnail", "5")),
    (re.compile(r"^docProps/(core|app)\d*\.xml$", re.IGNORECASE), ("docx.property", "15")),
    (re.compile(r"^customXml/item", re.IGNORECASE), ("docx.custom-xml", "8")),
    (re.compile(r"printerSettings", re.IGNORECASE), ("docx.printer-settings", "8")),
)
_WORD = re.compile(r"wordprocessingml|office/word|microsoft-com:office|schemaLibrary|drawingml/|"
                   r"core-properties|extended-properties|elements/1\.1|bibliography")  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TAGS = anywhere(_ELEMENTS)
_WORDS = (
    *(b":author", b":initials", b":userId", b":dateUtc", b":suggestedsigner", b":rsid"),
    *(b":paraId", b":textId"),
)
"""How the attributes begin that are not to be left: each has a namespace and so a prefix."""


def audit(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or shows something else.

    `InvalidInput("scrub.left-behind", kind=…, member=…)`, `InvalidInput("scrub.text-changed",
    what=…)`. Kinds that a person chose to keep are not looked for.
    """
    kept = frozenset(order.keep)
    try:
        with AuditedZip(result) as box:
            for kind, group, member in _left(box, order):
                if kind not in kept and group not in kept:
                    raise InvalidInput("scrub.left-behind", kind=kind, member=member)
        compare_seen(source, result, order)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged", member="") from bad


def _left(box: zipfile.ZipFile, order: ScrubOrder) -> Iterator[tuple[str, str, str]]:
    if box.comment:
        yield "docx.zip-metadata", "13", ""
    for info in box.infolist():
        name = info.filename
        if info.date_time != _EPOCH or info.extra or info.comment:
            yield "docx.zip-metadata", "13", name
        for pattern, found in _MEMBERS:
            if pattern.search(name):
                yield *found, name
        if order.purpose == "publish" and name.endswith("vbaProject.bin"):
            yield "docx.macro", "3", name
        if name.endswith((".xml", ".rels")):
            yield from _left_in_xml(box.read(info), name, order)
        elif name.lower().endswith((".jpg", ".jpeg")):
            yield from _left_in_jpeg(box.read(info), name)


def _left_in_jpeg(data: bytes, name: str) -> Iterator[tuple[str, str, str]]:
    head = data[: data.find(b"\xff\xda")]
    if any(word in head for word in (b"http://ns.adobe.com", b"Photoshop 3.0", b"GPS")):
        yield "docx.image-metadata", "12", name
    if head.count(b"Exif\0\0") > 1:
        yield "docx.image-metadata", "12", name


def _left_in_xml(data: bytes, name: str, order: ScrubOrder) -> Iterator[tuple[str, str, str]]:
    root = parsed(data)
    for _ in root.iter(*REMARKS):
        yield "docx.editing-state", "8", name
    for one in root.iter(*_TAGS):
        space, _, local = str(one.tag)[1:].rpartition("}")
        if _WORD.search(space):
            yield *_ELEMENTS[local], name
    if may_hold_path(data) or may_hold(data, _WORDS):
        for one in root.iter("*"):
            yield from _left_in_attributes(one, name)
            if LOCAL[one.tag] not in _VISIBLE and _PATH.search(one.text or ""):
                yield "docx.path", "6", name
    if name.endswith(".rels"):
        yield from _left_in_links(root, name)
    yield from _left_of_ours(root, name, order)


def _left_of_ours(
    root: "etree._Element", name: str, order: ScrubOrder
) -> Iterator[tuple[str, str, str]]:
    for one in root.iter("{*}property") if name.startswith("docProps/") else ():
        yield from _left_property(str(one.get("name")), name, order)
    for one in root.iter("{*}tag") if order.purpose == "publish" else ():
        if one.get(str(one.tag).rpartition("}")[0] + "}val") == _MARK:
            yield "docx.own-property", "15", name


_MARK = "jp.go.meti.mark"


def _left_in_attributes(one: "etree._Element", name: str) -> Iterator[tuple[str, str, str]]:
    for key, value in one.attrib.items():
        space, _, local = str(key).rpartition("}")
        if local in _ATTRIBUTES and space:
            # The author of a change is part of the change, which a person may have kept, and
            # the ids of comments hold their answers together.
            if "comments" in name:
                yield *_REMARKS, name
                continue
            owner = _ELEMENTS.get(LOCAL[one.tag], _ATTRIBUTES[local])
            yield *(owner if owner in {_CHANGES, _REMARKS, _PEOPLE} else _ATTRIBUTES[local]), name
        if _PATH.search(str(value)):
            yield "docx.path", "6", name


def _left_in_links(root: "etree._Element", name: str) -> Iterator[tuple[str, str, str]]:
    for one in root.iter("*"):
        target = str(one.get("Target")).lower()
        if one.get("TargetMode") == "External" and target.startswith(("file:", "\\\\", "//")):
            yield "docx.path", "6", name


def _left_property(prop: str, name: str, order: ScrubOrder) -> Iterator[tuple[str, str, str]]:
    allowed = set() if order.purpose == "publish" else {LABEL_KEY, HANDLING_KEY}
    if prop not in allowed:
        kind = "docx.own-property" if prop.startswith("jp.go.meti.") else "docx.custom-property"
        yield kind, "15", name
