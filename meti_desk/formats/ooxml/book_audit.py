"""An independent look at a scrubbed workbook: nothing may be left in it.

Shares no code with the removal, on purpose: it unzips with the standard library and goes through
every name, attribute and text of every member, whatever part it is. A mistake of the removal is
found here, before the file is handed out.
"""

import html
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
from meti_desk.formats.base import HANDLING_KEY, LABEL_KEY, ScrubOrder
from meti_desk.formats.ooxml.book_audit_read import (
    SHARED,
    Pages,
    SheetReader,
    strings_of,
    text_of_string,
)
from meti_desk.formats.ooxml.book_audit_seen import compare_seen

_PATH = re.compile(
    r"(?<![a-zA-Z])[a-zA-Z]:\\\w|(?<![\w\\])\\\\[\w.-]+\\|file:/|(?<![\w/])/(?:home|Users)/\w"
    r"|(?<![a-zA-Z])[a-zA-Z]:/(?!/)\w",
)
_OUTSIDE = re.compile(r"""\[\d+\][^\[\]()+*/,;<>=&"!]*!|\.xl\w*\]|^\s*\w+\|['\w]""")
_VISIBLE = frozenset({"t", "v"})
_HEADERS = frozenset(
    {"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}
)
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2", "definedName"})
_ELEMENTS = {
    "absPath": ("path", "6"),
    "revisionPtr": ("document-id", "8"),
    "ArchID": ("document-id", "8"),
    "fileRecoveryPr": ("editing-state", "8"),
    "customWorkbookView": ("custom-view", "8"),
    "customSheetView": ("custom-view", "8"),
    "scenario": ("scenario", "4"),
    "webPublishing": ("path", "6"),
    "webPublishItem": ("path", "6"),
    "webPublishObject": ("path", "6"),
    "smartTagType": ("markup", "8"),
    "cellSmartTag": ("markup", "8"),
    "oleObject": ("embedded", "3"),
    "externalData": ("embedded", "3"),
    "externalReference": ("external-link", "8"),
    "dataRef": ("external-link", "8"),
    "pivotCache": ("pivot-cache", "8"),
    "pivotSource": ("pivot-cache", "8"),
    "pivotCacheDefinition": ("pivot-cache", "8"),
    "dataModel": ("data-model", "8"),
    "xmlColumnPr": ("xml-map", "8"),
    "customPr": ("custom-property", "15"),
    "threadedComment": ("comment", "2"),
    "comment": ("comment", "2"),
    "person": ("people", "2"),
    "userInfo": ("revision", "1"),
    "creator": ("property", "15"),
    "lastModifiedBy": ("property", "15"),
    "Company": ("property", "15"),
    "Manager": ("property", "15"),
}
_ATTRIBUTES = {
    "userName": ("author", "15"),
    "refreshedBy": ("pivot-cache", "8"),
    "securityDescriptor": ("author", "15"),
    "suggestedsigner": ("author", "15"),
    "suggestedsigneremail": ("author", "15"),
}
_WORDS = (*(one.encode() for one in _ATTRIBUTES), b"/revision", b"hashValue")
_REVISION = re.compile(r"/spreadsheetml/\d{4}/revision\d*$")
_TAGS = anywhere(_ELEMENTS)
_TAGS_DRAWN = anywhere(("externalData", "pivotSource"))
_TAGS_FORMULAS = anywhere(_FORMULAS)
_MEMBERS: tuple[tuple[re.Pattern[str], tuple[str, str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), found)
    for pattern, found in (
        (r"(^|/)(comments|threadedcomment)\w*\.xml$", ("comment", "2")),
        (r"(^|/)person\w*\.xml$", ("people", "2")),
        (r"/revisions?/|/usernames\w*\.xml$|revision(headers|log)\d*\.xml$", ("revision", "1")),
        (r"/embeddings/", ("embedded", "3")),
        (r"(^|/)thumbnail\.", ("thumbnail", "5")),
        (r"^docProps/(core|app)\d*\.xml$", ("property", "15")),
        (r"^customXml/item", ("custom-xml", "8")),
        (r"printerSettings", ("printer-settings", "8")),
        (r"/externalLinks/", ("external-link", "8")),
        (r"/pivot(Cache|Table)s?/", ("pivot-cache", "8")),
        (r"(^|/)connections\w*\.xml$|/queryTables/|volatileDependencies", ("connection", "8")),
        (r"/model/item", ("data-model", "8")),
        (r"(^|/)xmlMaps\w*\.xml$|/tableSingleCells", ("xml-map", "8")),
        (r"customProperty\d*\.bin$", ("custom-property", "15")),
        (r"/namedSheetViews/", ("custom-view", "8")),
    )
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CELL_PATH = re.compile(rb"""="[^"<>]*(?:[A-Za-z]:\\|\\\\|file:)""")
_NOTE = re.compile(rb"""ObjectType=["']Note["']""")
_CELL_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^<>]*)?>([^<]+)<")
_HIDDEN_ROW = re.compile(
    rb"""<(?:[\w.-]+:)?row(?=\s)[^<>]*\shidden=["'](?:1|true)["'][^<>]*(?<!/)>(.*?)</(?:[\w.-]+:)?row>""",
    re.DOTALL,
)

Left = tuple[str, str, str]


def audit(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or shows something else.

    `InvalidInput("scrub.left-behind", kind=…, member=…)`, `InvalidInput("scrub.text-changed",
    what=…)`. Kinds that a person chose to keep are not looked for.
    """
    kept = frozenset(order.keep)
    try:
        after = Pages(result)
        for name, group, member in _left(after, order):
            if f"xlsx.{name}" not in kept and group not in kept:
                raise InvalidInput("scrub.left-behind", kind=f"xlsx.{name}", member=member)
        compare_seen(Pages(source), after, order)
    except (
        *(zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, StopIteration),
        *(NotImplementedError, EOFError),
    ) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged", member="") from bad


def _left(pages: Pages, order: ScrubOrder) -> Iterator[Left]:
    if pages.box.comment:
        yield "zip-metadata", "13", ""
    sheets = {member for _, _, member in pages.sheets()}
    strings = pages.member("sharedStrings")
    used: set[int] = set()
    for info in pages.box.infolist():
        name = info.filename
        yield from _left_in_name(info, order)
        if name in sheets:
            yield from _left_in_sheet(pages, name, order, used)
        elif name == strings:
            yield from _left_unplain(pages.box.read(info), name)
        elif name.endswith((".xml", ".rels")):
            yield from _left_in_xml(pages.box.read(info), name, order)
        else:
            yield from _left_in_data(pages, info, name)
    yield from _left_in_book(pages, order)
    for number, string in enumerate(strings_of(pages)):
        if number not in used and text_of_string(string):
            yield "orphan-string", "4", strings or ""


def _left_in_name(info: zipfile.ZipInfo, order: ScrubOrder) -> Iterator[Left]:
    name = info.filename
    if info.date_time != _EPOCH or info.extra or info.comment:
        yield "zip-metadata", "13", name
    for pattern, found in _MEMBERS:
        if pattern.search(name):
            yield *found, name
    if order.purpose == "publish" and name.endswith("vbaProject.bin"):
        yield "macro", "3", name


def _left_in_book(pages: Pages, order: ScrubOrder) -> Iterator[Left]:
    kept = {"xlsx.hidden-sheet", "xlsx.hidden-sheet-used"} & set(order.keep)
    if not kept and any(not seen for _, seen, _ in pages.sheets()):
        yield "hidden-sheet", "4", pages.main


def _left_unplain(data: bytes, name: str) -> Iterator[Left]:
    if b"<!--" in data or data.count(b"<?") > 1:
        yield "editing-state", "8", name


def _left_in_sheet(pages: Pages, name: str, order: ScrubOrder, used: set[int]) -> Iterator[Left]:
    reader = SheetReader(pages, name)
    for block in reader.blocks():
        used.update(map(int, SHARED.findall(block)))
        if b"<!" in block or b"<?" in block:
            yield "editing-state", "8", name
        if _CELL_PATH.search(block):
            yield "path", "6", name
        for told in _CELL_FORMULA.findall(block):
            yield from _left_in_formula(html.unescape(told.decode("utf-8", "replace")), name)
        if order.purpose == "publish" and b"hidden=" in block:
            for inside in _HIDDEN_ROW.findall(block):
                if b"<v>" in inside or b"<is>" in inside:
                    yield "hidden-rows", "4", name
    yield from _left_in_xml(reader.frame, name, order)


def _left_in_formula(text: str, name: str) -> Iterator[Left]:
    if _OUTSIDE.search(text):
        yield "external-link", "8", name
    elif _PATH.search(text):
        yield "path", "6", name


def _left_in_data(pages: Pages, info: zipfile.ZipInfo, name: str) -> Iterator[Left]:
    lowered = name.lower()
    if lowered.endswith((".jpg", ".jpeg")):
        data = pages.box.read(info)
        head = data[: data.find(b"\xff\xda")]
        telling = (b"http://ns.adobe.com", b"Photoshop 3.0", b"GPS")
        if any(word in head for word in telling) or head.count(b"Exif\0\0") > 1:
            yield "image-metadata", "12", name
    elif lowered.endswith(".png"):
        data = pages.box.read(info)
        at = 8
        while at + 8 <= len(data):
            if data[at + 4 : at + 8] in {b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME"}:
                yield "image-metadata", "12", name
            at += 12 + int.from_bytes(data[at : at + 4], "big")
    elif lowered.endswith(".vml"):
        data = pages.box.read(info)
        if _NOTE.search(data):
            yield "comment", "2", name
        if b"<!--" in data:
            yield "editing-state", "8", name
        yield from _left_in_xml(data, name, ScrubOrder())


def _left_in_xml(data: bytes, name: str, order: ScrubOrder) -> Iterator[Left]:
    root = parsed(data)
    drawn = "/charts/" in name or "/drawings/" in name or "/diagrams/" in name
    for _ in root.iter(*REMARKS):
        yield "editing-state", "8", name
    for one in root.iter(*(_TAGS_DRAWN if drawn else _TAGS)):
        yield *_ELEMENTS[LOCAL[one.tag]], name
    for one in root.iter("*") if may_hold(data, (b"filtered",)) else ():
        if LOCAL[one.tag].startswith("filtered") and LOCAL[one.tag].endswith("Series"):
            yield "hidden-series", "7", name
    for one in root.iter(*_TAGS_FORMULAS):
        yield from _left_in_formula(one.text or "", name)
    for one in root.iter("*") if may_hold_path(data) else ():
        yield from _left_path(one, name)
    for one in root.iter("*") if may_hold(data, _WORDS) else ():
        yield from _left_in_attributes(one, name, order)
    if name.endswith(".rels") and "/externalLinks/" not in name:
        yield from _left_in_links(root, name)
    for one in root.iter("{*}property") if name.startswith("docProps/") else ():
        yield from _left_property(str(one.get("name")), name, order)


_SILENT = _VISIBLE | _HEADERS | _FORMULAS
"""Elements whose text is seen, or read as a formula."""


def _left_path(one: "etree._Element", name: str) -> Iterator[Left]:
    if LOCAL[one.tag] not in _SILENT and _PATH.search(one.text or ""):
        yield "path", "6", name
    if "/externalLinks/" not in name and any(_PATH.search(str(v)) for _, v in one.items()):
        yield "path", "6", name


def _left_in_attributes(one: "etree._Element", name: str, order: ScrubOrder) -> Iterator[Left]:
    for key in map(str, one.keys()):
        space, _, tag = key.rpartition("}")
        if tag in _ATTRIBUTES and not (tag == "userName" and LOCAL[one.tag] != "fileSharing"):
            yield *_ATTRIBUTES[tag], name
        if _REVISION.search(space):
            yield "document-id", "8", name
        if tag == "hashValue" and order.purpose == "publish":
            yield "protection-hash", "8", name


def _left_in_links(root: "etree._Element", name: str) -> Iterator[Left]:
    for one in root.iter("*"):
        target = str(one.get("Target")).lower()
        if one.get("TargetMode") == "External" and target.startswith(("file:", "\\\\", "//")):
            yield "path", "6", name


def _left_property(prop: str, name: str, order: ScrubOrder) -> Iterator[Left]:
    allowed = set() if order.purpose == "publish" else {LABEL_KEY, HANDLING_KEY}
    if prop not in allowed:
        own = prop.startswith("jp.go.meti.")
        yield "own-property" if own else "custom-property", "15", name
