"""An independent look at a scrubbed OpenDocument file: nothing may be left in it.

Shares no code with the removal, on purpose: it unzips with the standard library and goes through
every name, attribute and text of every member. A mistake of the removal is found here, before the
file is handed out.
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
from meti_desk.formats.odf.audit_rows import by_rows, is_large_book
from meti_desk.formats.odf.audit_seen import compare_seen

Found = tuple[str, str]

_PATH = re.compile(
    r"(?<![a-zA-Z])[a-zA-Z]:\\\w|(?<![\w\\])\\\\[\w.-]+\\|file:/|(?<![\w/])/(?:home|Users)/\w"
    r"|(?<![a-zA-Z])[a-zA-Z]:/(?!/)\w",
)
_MEMBERS: tuple[tuple[re.Pattern[str], Found], ...] = (
    (re.compile(r"(^|/)Thumbnails/"), ("odf.thumbnail", "5")),
    (re.compile(r"(^|/)Configurations2/"), ("odf.customization", "8")),
    (re.compile(r"(^|/)layout-cache$"), ("odf.editing-state", "8")),
    (re.compile(r"\.rdf$"), ("odf.rdf", "8")),
    (re.compile(r"^Versions/|^VersionList\.xml$"), ("odf.versions", "1")),
    (re.compile(r"^META-INF/\w*signatures", re.IGNORECASE), ("odf.signature", "15")),
    (re.compile(r"/meta\.xml$"), ("odf.property", "15")),
)
_REVISION, _COMMENT = ("odf.revision", "1"), ("odf.comment", "2")
_FIELD, _VARIABLE, _CONNECTION = ("odf.field", "6"), ("odf.variable", "8"), ("odf.connection", "8")
_ELEMENTS: dict[str, Found] = {
    **dict.fromkeys(
        ("tracked-changes", "changed-region", "change", "change-start", "change-end", "deletion"),
        _REVISION,
    ),
    **dict.fromkeys(("annotation", "annotation-end"), _COMMENT),
    **dict.fromkeys(("user-field-decl", "variable-decl"), _VARIABLE),
    **dict.fromkeys(("dde-connection-decl", "dde-source", "connection-resource"), _CONNECTION),
    **dict.fromkeys(("database-source-sql", "database-source-query"), _CONNECTION),
    **dict.fromkeys(
        ("hidden-text", "conditional-text", "initial-creator", "database-display"), _FIELD
    ),
    "dde-link": ("odf.external-cache", "8"),
}
_SETTINGS = {
    "PrinterName": ("odf.printer-settings", "13"),
    "PrinterSetup": ("odf.printer-settings", "13"),
    "Rsid": ("odf.rsid", "13"),
    "RsidRoot": ("odf.rsid", "13"),
    "CurrentDatabaseDataSource": _CONNECTION,
}
_TAGS = anywhere(_ELEMENTS)
_WORDS = (b"rsid", b"jp.go.meti.")
_VISIBLE = frozenset({"p", "h", "span", "a", "binary-data", "text-box"})
_EPOCH = (1980, 1, 1, 0, 0, 0)


def audit(source: BinaryIO, result: BinaryIO, order: ScrubOrder) -> None:
    """Raise where the result still tells what it should not, or shows something else.

    `InvalidInput("scrub.left-behind", kind=…, member=…)`, `InvalidInput("scrub.text-changed",
    what=…)`. Kinds that a person chose to keep are not looked for.
    """
    kept = frozenset(order.keep)
    try:
        with AuditedZip(result) as box:
            for (kind, group), member in _left(box, order):
                if kind not in kept and group not in kept:
                    raise InvalidInput("scrub.left-behind", kind=kind, member=member)
        compare_seen(source, result, order)
    except (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError) as bad:
        raise InvalidInput("scrub.left-behind", kind="document.damaged", member="") from bad


def _left(box: zipfile.ZipFile, order: ScrubOrder) -> Iterator[tuple[Found, str]]:
    if box.comment:
        yield ("odf.zip-metadata", "13"), ""
    for info in box.infolist():
        name = info.filename
        if info.date_time != _EPOCH or info.extra or info.comment:
            yield ("odf.zip-metadata", "13"), name
        for pattern, found in _MEMBERS:
            if pattern.search(name):
                yield found, name
        if order.purpose == "publish" and name.startswith(("Basic/", "Scripts/", "Dialogs/")):
            yield ("odf.macro", "3"), name
        data = box.read(info)
        if name.endswith(".xml") and not name.startswith(("Basic/", "Scripts/", "Dialogs/")):
            yield from _left_in_xml(data, name, order)
        elif data.startswith(b"\xff\xd8\xff"):
            yield from _left_in_jpeg(data, name)


def _left_in_jpeg(data: bytes, name: str) -> Iterator[tuple[Found, str]]:
    head = data[: data.find(b"\xff\xda")]
    if any(word in head for word in (b"http://ns.adobe.com", b"Photoshop 3.0", b"GPS")):
        yield ("odf.image-metadata", "12"), name
    if head.count(b"Exif\0\0") > 1:
        yield ("odf.image-metadata", "12"), name


def _left_in_xml(data: bytes, name: str, order: ScrubOrder) -> Iterator[tuple[Found, str]]:
    every = may_hold_path(data) or may_hold(data, _WORDS)
    found: dict[tuple[Found, str], None] = {}
    if is_large_book(data):

        def look(row: "etree._Element") -> str:
            found.update(dict.fromkeys(_left_in_tree(row, name, order, every=every)))
            return ""

        root = by_rows(data, look)
    else:
        root = parsed(data)
    if name == "meta.xml":
        yield from _left_in_meta(root, order)
    yield from found
    yield from _left_in_tree(root, name, order, every=every)


def _left_in_tree(
    root: "etree._Element", name: str, order: ScrubOrder, *, every: bool
) -> Iterator[tuple[Found, str]]:
    """Look through a part or a row of a sheet; `every` element only where its bytes call for it."""
    for _ in root.iter(*REMARKS):
        yield ("odf.editing-state", "8"), name
    for one in root.iter(*_TAGS):
        if "MathML" not in str(one.tag):
            yield _ELEMENTS[LOCAL[one.tag]], name
    for one in root.iter("{*}notes", "{*}object-ole", "{*}config-item"):
        for found in _left_in_named(one):
            yield found, name
    if every:
        for one in root.iter("*"):
            for found in _left_in_element(one, LOCAL[one.tag], order):
                yield found, name


def _left_in_named(one: "etree._Element") -> Iterator[Found]:
    """Look into elements that may stay, but not with everything in them."""
    local, text = LOCAL[one.tag], (one.text or "").strip()
    if local == "object-ole":
        yield "odf.embedded", "3"
    if local == "notes" and "".join(str(piece) for piece in one.itertext()).strip():
        yield "odf.speaker-note", "7"
    for key, value in one.items() if local == "config-item" and text else ():
        if LOCAL[key] == "name" and str(value) in _SETTINGS:
            yield _SETTINGS[str(value)]


def _left_in_element(one: "etree._Element", local: str, order: ScrubOrder) -> Iterator[Found]:
    if local not in _VISIBLE and _PATH.search((one.text or "").strip()):
        yield "odf.path", "6"
    for key, value in one.items():
        said = str(value)
        if LOCAL[key].endswith("rsid"):
            yield "odf.rsid", "13"
        if _PATH.search(said):
            yield "odf.path", "6"
        if order.purpose == "publish" and said.startswith("jp.go.meti."):
            yield "odf.own-property", "15"


def _left_in_meta(root: "etree._Element", order: ScrubOrder) -> Iterator[tuple[Found, str]]:
    allowed = set() if order.purpose == "publish" else {LABEL_KEY, HANDLING_KEY}
    for one in root.iter():
        local = etree.QName(one).localname if isinstance(one.tag, str) else "document-meta"
        if local in {"document-meta", "meta"}:
            continue
        names = [str(v) for k, v in one.attrib.items() if str(k).endswith("}name")]
        if local != "user-defined":
            yield ("odf.property", "15"), "meta.xml"
        elif names != [name for name in names if name in allowed]:
            own = names[0].startswith("jp.go.meti.")
            yield ("odf.own-property" if own else "odf.custom-property", "15"), "meta.xml"
