"""Removing 付加情報 from an OpenDocument file (Arts. 14-7, 15-2), and showing it first.

What is shown is what is done: the findings are noted by the same pass that takes them out. That
nothing was left is proven by `audit`, which shares no code with this.
"""

import io
import re
from contextlib import suppress
from typing import BinaryIO

from lxml import etree

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import (
    HANDLING_KEY,
    LABEL_KEY,
    OWN_PREFIX,
    Finding,
    LabelOrder,
    ScrubOrder,
    ScrubReport,
)
from meti_desk.formats.container import Container
from meti_desk.formats.deflate import Packed, packed
from meti_desk.formats.odf import rows
from meti_desk.formats.odf.clean_tree import clean_tree, drop_remarks, take, words
from meti_desk.formats.odf.hidden import HiddenStyles
from meti_desk.formats.odf.names import full
from meti_desk.formats.odf.notes import Notes
from meti_desk.formats.odf.package import CONTENT, MANIFEST, OdfFile
from meti_desk.formats.odf.properties import META
from meti_desk.formats.odf.rows import NotPlainError, Rows
from meti_desk.formats.odf.xml import Element, as_utf8, child, find_all, get, name_of, parse
from meti_desk.formats.ooxml.paths import has_path
from meti_desk.formats.ooxml.pictures import strip_picture

_DROPPED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(^|/)Thumbnails/"), "odf.thumbnail"),
    (re.compile(r"(^|/)Configurations2/"), "odf.customization"),
    (re.compile(r"(^|/)layout-cache$"), "odf.editing-state"),
    (re.compile(r"^manifest\.rdf$|\.rdf$"), "odf.rdf"),
    (re.compile(r"^Versions/|^VersionList\.xml$"), "odf.versions"),
    (re.compile(r"^META-INF/.*signatures", re.IGNORECASE), "odf.signature"),
)
_MACROS = re.compile(r"^(Basic|Scripts|Dialogs)/")
_CONTENT = re.compile(r"(^|/)(content|styles)\.xml$")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_SETTINGS = {
    **dict.fromkeys(("PrinterName", "PrinterSetup"), "odf.printer-settings"),
    **dict.fromkeys(("Rsid", "RsidRoot"), "odf.rsid"),
    **dict.fromkeys(
        (*("CurrentDatabaseDataSource", "CurrentDatabaseCommand", "EmbeddedDatabaseName"),),
        "odf.connection",
    ),
}
_PLAIN_OBJECTS = ("chart", "formula")
_HREF = full("xlink:href")


def findings_of(source: BinaryIO, order: ScrubOrder | None = None) -> tuple[Finding, ...]:
    """Give all findings with what a scrub would do."""
    return _cleaned(source, order or ScrubOrder())[1].findings()


def scrub(source: BinaryIO, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the cleaned document.

    Raises `RuleViolation("scrub.blocked", kind=…, count=…)` when a finding needs a person first.
    Tracked changes can be accepted here, not rejected: that is for the program that made them.
    """
    cleaner, notes = _cleaned(source, order)
    findings = notes.findings()
    blocking = [one for one in findings if one.removal == "blocks"]
    if order.revisions != "accept":
        blocking += [
            one for one in findings if one.kind == "odf.revision" and one.removal != "kept"
        ]
    if blocking:
        count = sum(one.count for one in blocking)
        articles = ("15-2",) if order.purpose == "publish" else ("14-7",)
        raise RuleViolation("scrub.blocked", articles=articles, kind=blocking[0].kind, count=count)
    cleaner.save(target)
    return ScrubReport(removed=notes.removed(), left=notes.left())


def _cleaned(source: BinaryIO, order: ScrubOrder) -> "tuple[_Cleaner, Notes]":
    """Go through a file, a large workbook row by row where its rows can be told apart."""
    for by_rows in (True, False):
        notes = Notes(order.purpose, order.keep)
        cleaner = _Cleaner(source, order, notes, by_rows=by_rows)
        with suppress(NotPlainError):
            cleaner.clean()
            break
    return cleaner, notes


class _Cleaner:
    """Goes through one file; holds the trees that change and the members that go."""

    def __init__(self, source: BinaryIO, order: ScrubOrder, notes: Notes, *, by_rows: bool) -> None:
        self._notes = notes
        self._publish = order.purpose == "publish"
        file = OdfFile(source)
        self._types = {
            get(one, "manifest:full-path"): get(one, "manifest:media-type")
            for one in file.entries()
        }
        self._properties(file)
        self._by_rows = by_rows and file.kind == "spreadsheet"
        self._rows: Rows | None = None
        self._used: set[str] = set()
        """What runs of rows link to."""
        self._container = Container(_unmarked(source) if self._publish else source)
        self._trees: dict[str, Element] = {}
        self._changed: dict[str, bytes | Packed] = {}
        self._gone: set[str] = set()
        self._replaced: set[str] = set()

    def clean(self) -> None:
        """Take out all that goes."""
        if self._container.has_metadata():
            self._notes.add("odf.zip-metadata", "zip")
        for name in self._container.members:
            self._member(name)
        main = [self._trees[name] for name in ("styles.xml", "content.xml") if name in self._trees]
        hidden = HiddenStyles.among(main)
        for name, tree in self._trees.items():
            if _CONTENT.search(name):
                self._objects(tree)
                place = "styles" if name.endswith("styles.xml") else "body"
                clean_tree(tree, place, self._notes, hidden)
                if self._rows is not None and name == CONTENT:
                    self._rows.clean(lambda run: self._run(run, hidden))
                continue
            drop_remarks(tree, "package", self._notes)
            if name.endswith("settings.xml"):
                self._settings(tree)
            elif name == META:
                self._meta(tree)
        self._orphans()
        self._pictures()
        self._manifest()

    def _run(self, root: Element, hidden: HiddenStyles) -> None:
        self._objects(root)
        clean_tree(root, "body", self._notes, hidden)
        self._used |= _hrefs(root)

    def save(self, target: BinaryIO) -> None:
        """Write what is left, and the label where it stays."""
        for name, tree in self._trees.items():
            if self._rows is not None and name == CONTENT:
                self._changed[name] = packed(self._rows.written())
                continue
            self._changed[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
        kept = {name: data for name, data in self._changed.items() if name not in self._gone}
        self._container.rewrite(target, kept, self._gone, clean=True)

    def _properties(self, file: OdfFile) -> None:
        """Note the properties, as they stand before our own are taken for publishing."""
        part = file.part(META)
        for one in _properties_of(None if part is None else part.root):
            kind = self._kind(one)
            if kind:
                name = get(one, "meta:name") or name_of(one)
                value = words(one) or " ".join(str(value) for value in one.values())
                self._notes.add(kind, META, f"{name}={value}")

    def _kind(self, one: Element) -> str:
        """Name the kind of a property; the label and its handling are none where they stay."""
        if name_of(one) != "meta:user-defined":
            return "odf.property"
        key = get(one, "meta:name")
        if key in {LABEL_KEY, HANDLING_KEY} and not self._publish:
            return ""
        return "odf.own-property" if key.startswith(OWN_PREFIX) else "odf.custom-property"

    def _meta(self, root: Element) -> None:
        for one in _properties_of(root):
            kind = self._kind(one)
            if kind and self._notes.goes(kind):
                take(one)
        if not _properties_of(root):
            self._gone.add(META)

    def _member(self, name: str) -> None:
        for pattern, kind in _DROPPED:
            if pattern.search(name):
                if self._notes.add(kind, "package", name):
                    self._gone.add(name)
                return
        if name.endswith("/" + META):
            if self._notes.add("odf.property", name):
                self._gone.add(name)
        elif _MACROS.search(name):
            self._notes.add("odf.macro", "package", name)
        elif _CONTENT.search(name) or name.endswith("settings.xml") or name in {META, MANIFEST}:
            data = as_utf8(self._container.read(name), name)
            if self._by_rows and name == CONTENT and len(data) > rows.LARGE:
                self._rows = Rows(data, name)
                self._trees[name] = self._rows.tree
            else:
                self._trees[name] = parse(data, name)

    def _objects(self, root: Element) -> None:
        """Replace what is embedded by its picture; charts and formulas are part of the text."""
        for one in list(find_all(root, "draw:object", "draw:object-ole")):
            href = get(one, "xlink:href").removeprefix("./").rstrip("/")
            kind = self._types.get(href + "/", "").rpartition(".")[2]
            if name_of(one) == "draw:object" and (kind in _PLAIN_OBJECTS or not href):
                continue
            frame = one.getparent()
            if frame is None or child(frame, "draw:image") is None:
                self._notes.add("odf.embedded-alone", "body", href)
            elif self._notes.add("odf.embedded", "body", href):
                take(one)
                self._replaced.add(href)

    def _settings(self, root: Element) -> None:
        for one in list(find_all(root, "config:config-item")):
            kind = _SETTINGS.get(get(one, "config:name"))
            if kind is None and has_path(one.text or ""):
                kind = "odf.path"
            if kind and (one.text or "").strip() and self._notes.add(kind, "settings", words(one)):
                take(one)

    def _orphans(self) -> None:
        """Drop what no part refers to; fonts, macros and the parts themselves count as used."""
        used = self._used.union(*(_hrefs(tree) for tree in self._trees.values()))
        inner = {
            f"{name.rpartition('/')[0]}/{href}"
            for name in self._trees
            for href in used
            if "/" in name
        }
        for name in self._container.members:
            plain = name in self._gone or name.endswith("/") or _MACROS.search(name)
            if plain or name in {"mimetype", MANIFEST, META} or name in {*used, *inner}:
                continue
            folder = name.rpartition("/")[0]
            if _CONTENT.search(name) or name.endswith("settings.xml"):
                if not folder or folder in used:
                    continue
            elif any(name.startswith(one + "/") for one in used if one):
                continue
            replaced = any(name == one or name.startswith(one + "/") for one in self._replaced)
            if replaced or self._notes.add("odf.orphan", "package", name):
                self._gone.add(name)
                self._trees.pop(name, None)

    def _pictures(self) -> None:
        for name, member in self._container.members.items():
            if name in self._gone or name in self._trees or not member.size:
                continue
            data = self._container.read(name)
            if data.startswith(_PICTURES):
                plain, gone = strip_picture(data)
                if gone and self._notes.add("odf.image-metadata", "media", f"{name}: {gone}"):
                    self._changed[name] = plain
            elif name.startswith(("Pictures/", "ObjectReplacements/", "media/", "Media/")):
                self._notes.add("odf.image-unchecked", "media", name)

    def _manifest(self) -> None:
        root = self._trees.get(MANIFEST)
        if root is None:
            return
        kept = [name for name in self._container.members if name not in self._gone]
        for one in list(find_all(root, "manifest:file-entry")):
            path = get(one, "manifest:full-path")
            held = path == "/" or path in kept
            if not held and not (path.endswith("/") and any(n.startswith(path) for n in kept)):
                take(one)


def _properties_of(root: Element | None) -> list[Element]:
    meta = None if root is None else child(root, "office:meta")
    return [] if meta is None else [one for one in meta if name_of(one)]


def _hrefs(root: Element) -> set[str]:
    """Give what a part links to, as members are named."""
    linked = (str(one.get(_HREF)) for one in root.iter("*") if one.get(_HREF))
    return {href.removeprefix("./").rstrip("/") for href in linked}


def _unmarked(source: BinaryIO) -> io.BytesIO:
    """Give the file without our mark."""
    from meti_desk.formats.odf.family import ODF

    plain = io.BytesIO()
    ODF.write_label(source, plain, LabelOrder({}, ""))
    return plain
