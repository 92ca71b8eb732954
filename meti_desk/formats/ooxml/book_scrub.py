"""Removing 付加情報 from a workbook (Arts. 14-7, 15-2), and showing it first.

What is shown is what is done: the findings are noted by the same pass that takes them out. Formulas
that reach outside give way to their results, embedded files and pivot tables to what they show.
That nothing was left is proven by `book_audit`, which shares no code with this.
"""

from dataclasses import dataclass
from typing import BinaryIO

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport
from meti_desk.formats.ooxml.book_frame import SheetTree
from meti_desk.formats.ooxml.book_hidden import Hiding, tell_hidden, unseen_styles
from meti_desk.formats.ooxml.book_kinds import (
    FAMILY,
    KINDS,
    PARTS,
    PIVOTS,
    SLICERS,
    has_linked_data,
)
from meti_desk.formats.ooxml.book_look import Look, Terms, look
from meti_desk.formats.ooxml.book_objects import clean_objects, clean_remarks, vml
from meti_desk.formats.ooxml.book_parts import (
    clean_chart,
    clean_drawing,
    clean_ids,
    clean_table,
    refer_parts,
    refer_tree,
)
from meti_desk.formats.ooxml.book_settings import (
    Names,
    clean_book,
    clean_names,
    drop_sheets,
    names_of,
)
from meti_desk.formats.ooxml.book_sheet import Leaving, clean_sheet
from meti_desk.formats.ooxml.book_strings import clean_strings
from meti_desk.formats.ooxml.book_uses import Freezing
from meti_desk.formats.ooxml.clean_links import clean_links, drop_unused_links
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
from meti_desk.formats.ooxml.workbook import Sheet, sheets_of
from meti_desk.formats.ooxml.xml import find_all

_TOLD = 200
"""How many frozen formulas of a sheet are named one by one."""
_FREEZING = ("external-link", "path", "pivot-cache", "connection")


def findings_of(package: Package, order: ScrubOrder | None = None) -> tuple[Finding, ...]:
    """Give all findings with what a scrub would do; the package is used up by it."""
    order = order or ScrubOrder()
    notes = _notes(order)
    _Cleaning(package, order, notes).run(write=False)
    return notes.findings()


def scrub(package: Package, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the cleaned workbook.

    Raises `RuleViolation("scrub.blocked", kind=…, count=…)` when a finding needs a person first:
    hidden sheets that formulas need, hidden content before publishing, and the like.
    """
    notes = _notes(order)
    _Cleaning(package, order, notes).run(write=True)
    findings = notes.findings()
    blocking = [one for one in findings if one.removal == "blocks"]
    if order.revisions != "accept":
        # What was there before cannot be brought back from the log of a shared workbook.
        changed = [one for one in findings if one.kind == "xlsx.revision"]
        blocking += [one for one in changed if one.removal != "kept"]
    if blocking:
        count = sum(one.count for one in blocking)
        articles = ("15-2",) if order.purpose == "publish" else ("14-7",)
        raise RuleViolation("scrub.blocked", articles=articles, kind=blocking[0].kind, count=count)
    package.save(target, clean=True)
    return ScrubReport(removed=notes.removed(), left=notes.left())


def _notes(order: ScrubOrder) -> Notes:
    return Notes(order.purpose, order.keep, family=FAMILY, kinds=KINDS)


@dataclass(slots=True)
class _Book:
    """What is known of the workbook before anything goes."""

    sheets: list[Sheet]
    order: list[str]
    names: Names
    outside: set[str]
    pivots: bool
    freezing: Freezing
    unseen: frozenset[int]


class _Cleaning:
    """One run over one package."""

    def __init__(self, package: Package, order: ScrubOrder, notes: Notes) -> None:
        self._package, self._notes = package, notes
        self._publish = order.purpose == "publish"

    def run(self, *, write: bool) -> None:
        package, notes = self._package, self._notes
        spared = note_orphans(package, notes)
        note_zip(package, notes)
        clean_properties(package, notes, publish=self._publish)
        book = self._read()
        looks = [self._look(sheet, book) for sheet in book.sheets]
        hiding = Hiding(looks, book.names, book.order, self._never_dropped(book))
        gone = tell_hidden(hiding, notes)
        leaving = Leaving(
            sheets=frozenset(book.order[number - 1] for number in gone),
            names=frozenset(book.outside if self._goes("external-link") else ()),
            order=book.order,
            publish=self._publish,
            links=self._goes("external-link"),
        )
        if gone:
            drop_sheets(package, book.names, gone, book.order)
        used = hiding.names_used(gone)
        if self._has_macros():
            used = {one.folded for one in book.names.all}
        clean_names(package, book.names, used, book.order, notes)
        clean_book(package, notes, links=leaving.links, pivots=book.pivots)
        self._pivots(book)
        if has_linked_data(package):
            notes.add(notes.kind("rich-data"), "package", "")
        kept = [one for one in looks if one.sheet.number not in gone]
        trees = [(one, self._sheet(one.sheet)) for one in kept]
        clean_parts(package, notes, PARTS)
        for one, tree in trees:
            clean_sheet(package, one.sheet, tree.tree, notes, leaving)
        drop_unreachable(package, spared)
        self._parts(leaving, book)
        drop_unreachable(package, spared)
        self._strings(looks, kept, write=write)
        clean_pictures(package, notes)
        for one, tree in trees:
            self._frozen(one)
            if write:
                tree.write(one, book.freezing)
        self._bare()
        clean_types(package)

    def _goes(self, name: str) -> bool:
        return self._notes.goes(self._notes.kind(name))

    def _read(self) -> _Book:
        package = self._package
        names = names_of(package)
        outside = names.made_of(names.outside())
        pivots = self._goes("pivot-cache") and not self._slicers()
        kinds = [one for one in _FREEZING if self._goes(one)]
        if not pivots and "pivot-cache" in kinds:
            kinds.remove("pivot-cache")
        root = package.xml(package.main())
        return _Book(
            sheets=sheets_of(package),
            order=[str(one.get("name") or "").casefold() for one in find_all(root, "x:sheet")],
            names=names,
            outside=outside,
            pivots=pivots,
            freezing=Freezing(kinds, outside if self._goes("external-link") else ()),
            unseen=unseen_styles(package),
        )

    def _slicers(self) -> bool:
        """Tell whether buttons filter pivot tables, which cannot go without them then."""
        found = False
        for name in self._package.names:
            for link in self._package.links(name) if not name.endswith(".rels") else ():
                if link.kind in SLICERS and self._package.find(link.target) is not None:
                    data = self._package.data(link.target)
                    if link.kind.endswith("Cache") and b"tableSlicerCache" not in data:
                        self._notes.add(self._notes.kind("slicer"), "package", link.target)
                        found = True
        return found

    def _look(self, sheet: Sheet, book: _Book) -> Look:
        terms = Terms(
            sheets=book.order,
            names=frozenset(one.folded for one in book.names.all) | self._tables(book),
            freezing=book.freezing,
            unseen=book.unseen,
        )
        found = look(self._package, sheet, terms)
        refer_parts(self._package, found, terms)
        tree = SheetTree(self._package, sheet.part)
        refer_tree(tree.tree, sheet.name, found, terms)
        if not book.pivots:
            for part in self._package.targets(self._package.main(), "pivotCacheDefinition"):
                for one in find_all(self._package.xml(part), "x:worksheetSource"):
                    source = f"'{one.get('sheet') or ''}'!A1 {one.get('name') or ''}"
                    found.refer(source, part, terms)
        return found

    def _tables(self, book: _Book) -> frozenset[str]:
        return frozenset(self._tables_by_sheet(book))

    def _tables_by_sheet(self, book: _Book) -> dict[str, int]:
        found = {}
        for sheet in book.sheets:
            for part in self._package.targets(sheet.part, "table"):
                root = self._package.xml(part)
                for key in ("displayName", "name"):
                    found[str(root.get(key) or "").casefold()] = sheet.number
        return found

    def _never_dropped(self, book: _Book) -> tuple[dict[str, int], frozenset[int]]:
        """Give the tables by their sheets, and the sheets that are never dropped for macros."""
        kinds = {link.target: link.kind for link in self._package.links(self._package.main())}
        macros = [
            one.number
            for one in book.sheets
            if self._has_macros() or "acrosheet" in kinds.get(one.part, "")
        ]
        return self._tables_by_sheet(book), frozenset(macros)

    def _has_macros(self) -> bool:
        """Tell whether a program is inside: it may use any sheet and any name."""
        return bool(self._package.targets(self._package.main(), "vbaProject"))

    def _pivots(self, book: _Book) -> None:
        """Make pivot tables plain cells: the cells have all that is shown, the cache much more."""
        package, notes = self._package, self._notes
        kind = notes.kind("pivot-cache")
        for part in package.targets(package.main(), "pivotCacheDefinition"):
            root = package.xml(part)
            sources = [
                " ".join(str(v) for v in one.attrib.values())
                for one in find_all(root, "x:worksheetSource")
            ]
            notes.add(kind, "package", f"{root.get('refreshedBy') or ''} {' '.join(sources)}")
        if not book.pivots:
            return
        for part in (package.main(), *(sheet.part for sheet in book.sheets)):
            for link in list(package.links(part)):
                if link.kind in PIVOTS:
                    package.unlink(part, link)

    def _sheet(self, sheet: Sheet) -> SheetTree:
        tree = SheetTree(self._package, sheet.part)
        clean_remarks(self._package, sheet, tree.tree, self._notes)
        clean_objects(self._package, sheet, tree.tree, self._notes)
        return tree

    def _parts(self, leaving: Leaving, book: _Book) -> None:
        """Clean all other parts: charts, tables, drawings, styles."""
        package, notes = self._package, self._notes
        sheets = {one.part for one in book.sheets} | {package.main()}
        strings = set(package.targets(package.main(), "sharedStrings"))
        held = reachable(package)
        for part in package.names:
            if part not in held or part in sheets | strings or not _is_content(package, part):
                continue
            if part.endswith(".vml") and vml(package, part) is None:
                notes.add(notes.kind("damaged-part"), "package", part)
                continue
            root = package.xml(part)
            place = f"shape {part.rpartition('/')[2]}"
            kind = short(root.tag)
            if kind in {"c:chartSpace", "cx:chartSpace"}:
                clean_chart(root, place, notes, leaving, pivots=book.pivots)
            elif kind == "x:table":
                clean_table(root, place, notes, leaving)
            elif kind == "xdr:wsDr":
                clean_drawing(root, place, notes)
            if kind != "x:externalLink":  # A link that a person keeps needs its path.
                clean_links(package, part, place, notes, formulas=False)
                drop_unused_links(package, part)
            clean_ids(package, part, notes)

    def _strings(self, looks: list[Look], kept: list[Look], *, write: bool) -> None:
        used = set[int]().union(*(one.strings for one in kept))
        gone = set[int]().union(*(one.strings for one in looks)) - used
        clean_strings(self._package, used, gone, self._notes, write=write)

    def _frozen(self, one: Look) -> None:
        """Tell which formulas give way; one whose result nobody stored would show nothing."""
        for cell in one.unknown:
            kind = self._notes.kind("external-link-used")
            self._notes.add(kind, f"sheet {one.sheet.name}!{cell}", "?")
        for at, (cell, kind, formula) in enumerate(one.frozen):
            place = f"sheet {one.sheet.name}" + (f"!{cell}" if at < _TOLD else "")
            self._notes.add(self._notes.kind(kind), place, formula if at < _TOLD else "")

    def _bare(self) -> None:
        package = self._package
        streamed = {sheet.part for sheet in sheets_of(package)}
        streamed.update(package.targets(package.main(), "sharedStrings"))
        for part in package.names:
            if part.endswith((".xml", ".rels")) and part not in streamed:
                bare(package, part)


def _is_content(package: Package, name: str) -> bool:
    if name.endswith(".rels") or name.startswith(("docProps/", "customXml/", "[")):
        return False
    kind = package.type_of(name)
    return name.endswith((".xml", ".vml")) or kind.endswith("+xml")
