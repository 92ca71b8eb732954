"""An independent look at a scrubbed presentation: nothing may be left in it.

Shares no code with the removal, on purpose: it unzips with the standard library and goes through
every name, attribute and text of every member, whatever part it is. A mistake of the removal is
found here, before the file is handed out.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from lxml import etree

from meti_desk.domain.errors import InvalidInput, MetiDeskError
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
from meti_desk.formats.ooxml.slide_audit_seen import compare_seen, is_faint, media_families

_PATH = re.compile(
    r"(?<![a-zA-Z])[a-zA-Z]:\\\w|(?<![\w\\])\\\\[\w.-]+\\|file:/|(?<![\w/])/(?:home|Users)/\w"
    r"|(?<![a-zA-Z])[a-zA-Z]:/(?!/)\w",
)
_VISIBLE = frozenset({"t", "v", "pt"})
_LARGEST = 24 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ON = frozenset({"1", "true"})


class Left(NamedTuple):
    """Something that was left: its kind, its class and the member."""

    kind: str
    group: str
    member: str


_COMMENT = ("pptx.comment", "2")
_PEOPLE = ("pptx.people", "2")
_OBJECT = ("pptx.embedded", "3")
_NOTES = ("pptx.speaker-note", "7")
_CUSTOM = ("pptx.custom-xml", "8")
_STATE = ("pptx.editing-state", "8")
_PRINT = ("pptx.printer-settings", "8")
_REVISION = ("pptx.revision-info", "8")
_TAG = ("pptx.tag", "8")
_ID = ("pptx.id", "8")
_EXCUSED: dict[str, tuple[str, ...]] = {
    "pptx.people": ("pptx.comment", "2"),
    "pptx.embedded": ("pptx.embedded-alone", "pptx.path", "6"),
    "pptx.speaker-note": ("pptx.notes-page",),
    "pptx.notes-master": ("pptx.speaker-note", "pptx.notes-page"),
    "pptx.hidden-slide": ("pptx.hidden-slides-only",),
    "pptx.custom-xml": ("pptx.tag",),
    "pptx.path": ("pptx.author",),
}
"""Kinds that stay with what a person keeps of another kind."""

_ELEMENTS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("cm", "cmLst", "reply", "threadingInfo", "commentRel", "cmTg"), _COMMENT),
    **dict.fromkeys(("cmAuthor", "cmAuthorLst", "authorLst", "presenceInfo", "person"), _PEOPLE),
    **dict.fromkeys(("oleObj", "externalData", "OLEObject"), _OBJECT),
    **dict.fromkeys(("tags", "tagLst"), _TAG),
    **dict.fromkeys(("custData", "smartTags"), _CUSTOM),
    **dict.fromkeys(("revInfo", "chgInfo", "revisionInfo"), _REVISION),
    **dict.fromkeys(("viewPr", "clrMru", "webPr", "sldGuideLst", "notesGuideLst"), _STATE),
    **dict.fromkeys(("prnPr", "printSettings"), _PRINT),
    **dict.fromkeys(("htmlPubPr", "pivotSource"), ("pptx.path", "6")),
    **dict.fromkeys(("modId", "rowId", "colId", "uniqueId", "predDERef"), _ID),
    **dict.fromkeys(("imgProps", "imgLayer"), ("pptx.picture-original", "7")),
    **dict.fromkeys(("creator", "lastModifiedBy", "Company", "Manager"), ("pptx.property", "15")),
    "notes": _NOTES,
    "notesMaster": ("pptx.notes-master", "7"),
    "handoutMaster": ("pptx.handout-master", "7"),
    "annotationXML": ("pptx.ink-data", "8"),
}
_OFFICE = re.compile(
    r"presentationml|powerpoint|drawingml|office/drawing|InkML|core-properties|"
    r"extended-properties|elements/1\.1|microsoft-com:office"
)
_MEMBERS: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = (
    (re.compile(r"(^|/)(modern|threaded)?comments?[\d_-]*(\.xml$|/)", re.IGNORECASE), _COMMENT),
    (re.compile(r"(^|/)(commentAuthors|authors)\w*\.xml$", re.IGNORECASE), _PEOPLE),
    (re.compile(r"/embeddings/", re.IGNORECASE), _OBJECT),
    (re.compile(r"(^|/)thumbnail\.", re.IGNORECASE), ("pptx.thumbnail", "5")),
    (re.compile(r"(^|/)notesSlides/", re.IGNORECASE), _NOTES),
    (re.compile(r"(^|/)notesMasters/", re.IGNORECASE), ("pptx.notes-master", "7")),
    (re.compile(r"(^|/)handoutMasters/", re.IGNORECASE), ("pptx.handout-master", "7")),
    (re.compile(r"(^|/)tags/", re.IGNORECASE), _TAG),
    (re.compile(r"^docProps/(core|app)\d*\.xml$", re.IGNORECASE), ("pptx.property", "15")),
    (re.compile(r"^customXml/item", re.IGNORECASE), _CUSTOM),
    (re.compile(r"printerSettings", re.IGNORECASE), _PRINT),
    (re.compile(r"(^|/)(revisionInfo|changesInfo)", re.IGNORECASE), _REVISION),
    (re.compile(r"(^|/)viewProps\w*\.xml$", re.IGNORECASE), _STATE),
)
_LINKS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("commentAuthors", "authors"), _PEOPLE),
    "comments": _COMMENT,
    **dict.fromkeys(("oleObject", "package"), _OBJECT),
    **dict.fromkeys(("revisionInfo", "changesInfo", "changesInfos", "slideUpdateInfo"), _REVISION),
    "notesSlide": _NOTES,
    "notesMaster": ("pptx.notes-master", "7"),
    "handoutMaster": ("pptx.handout-master", "7"),
    "tags": _TAG,
    "viewProps": _STATE,
    "printerSettings": _PRINT,
    "thumbnail": ("pptx.thumbnail", "5"),
    "core-properties": ("pptx.property", "15"),
    "extended-properties": ("pptx.property", "15"),
}


def audit(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or shows something else.

    `InvalidInput("scrub.left-behind", kind=…, member=…)`, `InvalidInput("scrub.text-changed",
    what=…)`. Kinds that a person chose to keep are not looked for.
    """
    kept = frozenset(order.keep)
    try:
        with AuditedZip(result) as box:
            morphs = any(
                b"morph" in box.read(n) for n in box.namelist() if "slides/slide" in n.lower()
            )
            for one in _left(box, order, morphs=morphs):
                if not kept & {one.kind, one.group, *_EXCUSED.get(one.kind, ())}:
                    raise InvalidInput("scrub.left-behind", kind=one.kind, member=one.member)
        compare_seen(source, result, order)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged", member="") from bad


def _left(box: zipfile.ZipFile, order: ScrubOrder, *, morphs: bool) -> Iterator[Left]:
    if box.comment:
        yield Left("pptx.zip-metadata", "13", "")
    for info in box.infolist():
        name = info.filename
        if info.date_time != _EPOCH or info.extra or info.comment:
            yield Left("pptx.zip-metadata", "13", name)
        for pattern, found in _MEMBERS:
            if pattern.search(name):
                yield Left(*found, name)
        if order.purpose == "publish" and name.endswith("vbaProject.bin"):
            yield Left("pptx.macro", "3", name)
        if name.endswith(".rels"):
            yield from _left_in_links(box.read(info), name)
        if name.endswith((".xml", ".rels")):
            yield from _left_in_xml(box.read(info), name, order, morphs=morphs)
        elif "/media/" in name.lower() and info.file_size <= _LARGEST:
            yield from _left_in_medium(box.read(info), name, order)


def _left_in_medium(data: bytes, name: str, order: ScrubOrder) -> Iterator[Left]:
    """Ask the family of a medium whether anything is left in it; what none knows was told."""
    family = media_families(data)
    if family is None or {"pptx.image-metadata", "pptx.media-metadata", "12"} & set(order.keep):
        return
    source = io.BytesIO(data)
    try:
        family.verify_scrub(source, source, ScrubOrder(purpose=order.purpose))
    except InvalidInput as told:
        if told.code == "scrub.left-behind" and not _untouchable(family, source, order):
            yield Left("pptx.image-metadata", "12", name)
    except MetiDeskError:
        return


def _untouchable(family: object, source: io.BytesIO, order: ScrubOrder) -> bool:
    """Tell whether a family refuses a medium, which was told as unchecked then."""
    try:
        family.scrub(source, io.BytesIO(), ScrubOrder(purpose=order.purpose))  # type: ignore[attr-defined]
    except MetiDeskError:
        return True
    return False


def _left_in_links(data: bytes, name: str) -> Iterator[Left]:
    for one in parsed(data):
        kind = str(one.get("Type")).rpartition("/")[2]
        outside = one.get("TargetMode") == "External"
        if kind in _LINKS and not outside:
            yield Left(*_LINKS[kind], name)
        target = str(one.get("Target"))
        if outside and target.lower().startswith(("file:", "\\\\", "//")):
            yield Left("pptx.path", "6", name)


def _left_in_xml(data: bytes, name: str, order: ScrubOrder, *, morphs: bool) -> Iterator[Left]:
    root = parsed(data)
    page = LOCAL[root.tag]
    if page == "sld" and root.get("show") in {"0", "false"}:
        yield Left("pptx.hidden-slide", "7", name)
    for _ in root.iter(*REMARKS):
        yield Left(*_STATE, name)
    for one in root.iter(*_TAGS):
        space, _, local = str(one.tag)[1:].rpartition("}")
        if _OFFICE.search(space):
            yield Left(*_ELEMENTS[local], name)
    for one in root.iter(*_ASKED):
        yield from _left_in_element(one, LOCAL[one.tag], name, page, morphs=morphs)
    for one in root.iter("*") if may_hold_path(data) else ():
        yield from _left_path(one, name)
    for one in root.iter("{*}property") if name.startswith("docProps/") else ():
        yield from _left_property(str(one.get("name")), name, order)
    marked = order.purpose == "publish" and may_hold(data, (b"jp.go.meti.mark",))
    if marked and any(one.get("name") == "jp.go.meti.mark" for one in root.iter("*")):
        yield Left("pptx.own-property", "15", name)


def _left_path(one: "etree._Element", name: str) -> Iterator[Left]:
    if any(_PATH.search(str(value)) for _, value in one.items()):
        yield Left("pptx.path", "6", name)
    if LOCAL[one.tag] not in _VISIBLE and _PATH.search(one.text or ""):
        yield Left("pptx.path", "6", name)


_NAMES: dict[str, tuple[str, str]] = {
    "section": ("pptx.section", "Section"),
    "custShow": ("pptx.custom-show", "Custom Show"),
    "bmk": ("pptx.bookmark", "Bookmark"),
}
"""Elements whose names are to say nothing, and the word that has to stand there with a number."""

_TAGS = anywhere(_ELEMENTS)
_ASKED = anywhere((*_NAMES, "cNvPr", "creationId", "cSld", "r", "fld", "ext"))


def _left_in_element(
    one: "etree._Element", local: str, name: str, page: str, *, morphs: bool
) -> Iterator[Left]:
    if local in _NAMES and one.get("name") is not None:
        kind, word = _NAMES[local]
        if not re.fullmatch(rf"{word} \d+", str(one.get("name"))):
            yield Left(kind, "8", name)
    if local == "cNvPr" and one.get("hidden") in _ON and not _is_model(one, page):
        yield Left("pptx.hidden-shape", "7", name)
    elif local == "creationId" and not morphs:
        yield Left(*_ID, name)
    elif local == "cSld" and page == "sld" and one.get("name"):
        yield Left("pptx.slide-name", "8", name)
    elif local in {"r", "fld"} and is_faint(one) and "".join(map(str, one.itertext())).strip():
        yield Left("pptx.hidden-text", "7", name)
    elif local == "ext" and one.get("uri") is not None and len(one):
        yield from _left_in_extension(str(one[0].tag), name)


def _left_in_extension(first: str, name: str) -> Iterator[Left]:
    if LOCAL[first].startswith("filtered"):
        yield Left("pptx.hidden-series", "7", name)
    if not _OF_OFFICE.match(first):
        yield Left("pptx.markup", "8", name)


_OF_OFFICE = re.compile(r"\{(http://schemas\.|http://purl\.oclc|http://www\.w3|urn:sch)")


def _is_model(one: "etree._Element", page: str) -> bool:
    """Tell whether a hidden shape is a placeholder of a layout, which slides need."""
    shape = one.getparent()
    if page not in {"sldLayout", "sldMaster", "notesMaster"} or shape is None:
        return False
    return any(LOCAL[inner.tag] == "ph" for inner in shape.iter())


def _left_property(prop: str, name: str, order: ScrubOrder) -> Iterator[Left]:
    allowed = set() if order.purpose == "publish" else {LABEL_KEY, HANDLING_KEY}
    if prop not in allowed:
        kind = "pptx.own-property" if prop.startswith("jp.go.meti.") else "pptx.custom-property"
        yield Left(kind, "15", name)
