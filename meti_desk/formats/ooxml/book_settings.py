"""The main part of a workbook: its names, links and settings, and sheets that leave it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from meti_desk.formats.ooxml.book_look import is_on
from meti_desk.formats.ooxml.book_uses import (
    is_external,
    leads_nowhere,
    sheets_in,
    words_in,
)
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.paths import has_path
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    attributes,
    drop_attribute,
    find_all,
    remove,
    text_of,
)

_BUILT_IN = "_xlnm."
_HASHES = (
    *("password", "algorithmName", "hashValue", "saltValue", "spinCount", "reservationPassword"),
    *("workbookPassword", "workbookAlgorithmName", "workbookHashValue", "workbookSaltValue"),
    *("workbookSpinCount", "revisionsPassword", "revisionsAlgorithmName", "revisionsHashValue"),
    *("revisionsSaltValue", "revisionsSpinCount"),
)
_GOING = {
    "absPath": "path",
    "revisionPtr": "document-id",
    "ArchID": "document-id",
    "fileRecoveryPr": "editing-state",
    "customWorkbookViews": "custom-view",
    "webPublishing": "path",
    "webPublishObjects": "path",
    "smartTagPr": "markup",
    "smartTagTypes": "markup",
    "dataModel": "data-model",
}
_PIVOTS = frozenset({"pivotCaches", "slicerCaches", "timelineCacheRefs"})
_KEPT_OF_VERSION = "appName"
_ID = re.compile(r"^\{[^}]*/spreadsheetml/\d{4}/revision\d*\}")


@dataclass(slots=True)
class Name:
    """A defined name: what it is called (folded too), what it means, whether people see it."""

    element: Element
    name: str
    formula: str
    hidden: bool
    sheet: int | None

    @property
    def folded(self) -> str:
        """Give the name as it is compared."""
        return self.name.casefold()


@dataclass(slots=True)
class Names:
    """All defined names of a workbook."""

    all: list[Name] = field(default_factory=list)
    _by_name: dict[str, list[Name]] = field(default_factory=dict)
    _words: dict[str, set[str]] = field(default_factory=dict)
    """What each name (folded) is made of."""

    def __post_init__(self) -> None:
        for one in self.all:
            self._by_name.setdefault(one.folded, []).append(one)
            self._words.setdefault(one.folded, set()).update(words_in(one.formula))

    def called(self, word: str) -> list[Name]:
        """Give the names that are called so (folded), of the workbook and of its sheets."""
        return self._by_name.get(word, [])

    def closure(self, words: Iterable[str]) -> set[str]:
        """Give these names (folded) with all names that they are made of."""
        found, waiting = set[str](), list(words)
        while waiting:
            word = waiting.pop()
            if word not in found:
                found.add(word)
                waiting += self._words.get(word, ())
        return found

    def made_of(self, doomed: set[str]) -> set[str]:
        """Give the names (folded) that lead to one of these, themselves included."""
        users: dict[str, list[str]] = {}
        for name, words in self._words.items() if doomed else ():
            for word in words:
                users.setdefault(word, []).append(name)
        found, waiting = set[str](), list(doomed)
        while waiting:
            word = waiting.pop()
            if word not in found:
                found.add(word)
                waiting += users.get(word, ())
        return found

    def outside(self) -> set[str]:
        """Give the names (folded) that stand for something in another file."""
        return {
            one.folded
            for one in self.all
            if not one.name.startswith(_BUILT_IN)
            and (is_external(one.formula) or has_path(one.formula))
        }


def names_of(package: Package) -> Names:
    """Read the defined names."""
    found = []
    for one in find_all(package.xml(package.main()), "x:definedName"):
        told = str(one.get("localSheetId") or "")
        found.append(
            Name(
                element=one,
                name=str(one.get("name") or ""),
                formula=text_of(one),
                hidden=is_on(one.get("hidden")),
                sheet=int(told) if told.isdigit() else None,
            )
        )
    return Names(found)


def clean_names(
    package: Package, names: Names, used: set[str], order: list[str], notes: Notes
) -> None:
    """Take out names that lead outside or nowhere or that nobody sees, and remarks on names.

    `used` are those (folded) that something visible is made of, `order` all sheets there were.
    """
    outside = names.made_of(names.outside())
    for one in names.all:
        lost = one.sheet is not None and one.sheet >= len(order)
        if lost or (one.folded not in used and leads_nowhere(one.formula, order)):
            # It is of a sheet that was deleted long ago, and still tells its name.
            _drop(one, "hidden-name", notes)
            continue
        if one.name.startswith(_BUILT_IN):
            if is_external(one.formula) or has_path(one.formula):
                _drop(one, "external-link", notes)
            continue
        if one.folded in outside:
            lone = has_path(one.formula) and not is_external(one.formula)
            _drop(one, "path" if lone else "external-link", notes)
        elif one.hidden and one.folded in used:
            notes.add(notes.kind("hidden-name-used"), "settings", f"{one.name}: {one.formula}")
        elif one.hidden:
            _drop(one, "hidden-name", notes)
        for key in ("comment", "description", "help", "statusBar", "customMenu"):
            told = one.element.get(key)
            if told and notes.add(notes.kind("name-comment"), "settings", f"{one.name}: {told}"):
                del one.element.attrib[key]
    _drop_empty(package, "x:definedNames")
    package.touch(package.main())


def _drop(one: Name, kind: str, notes: Notes) -> None:
    if notes.add(notes.kind(kind), "settings", f"{one.name}: {one.formula}"):
        remove(one.element)


def _drop_empty(package: Package, name: str) -> None:
    for one in find_all(package.xml(package.main()), name):
        if not len(one):
            remove(one)


def drop_sheets(package: Package, names: Names, numbers: set[int], order: list[str]) -> None:
    """Take sheets out of the workbook; `numbers` count tabs from 1, `order` are their names.

    Names that belong to them or mean them go too, and what counts tabs is counted anew.
    """
    main = package.main()
    root = package.xml(main)
    entries = list(find_all(root, "x:sheet"))
    for number in numbers:
        link = package.by_id(main, attribute(entries[number - 1], "r:id") or "")
        if link is not None:
            package.unlink(main, link)
        remove(entries[number - 1])
    stay = [at for at in range(len(entries)) if at + 1 not in numbers]
    moved = {old: new for new, old in enumerate(stay)}
    _move_names(names, moved, {order[number - 1] for number in numbers}, order)
    for view in find_all(root, "x:workbookView"):
        for key in ("activeTab", "firstSheet"):
            told = str(view.get(key) or "")
            if told.isdigit():
                view.set(key, str(_nearest(int(told), moved)))
    package.touch(main)


def _move_names(names: Names, moved: dict[int, int], gone: set[str], order: list[str]) -> None:
    for one in list(names.all):
        leaves = one.sheet is not None and one.sheet not in moved
        # A name that puts another one together while calculating may mean any sheet, and stays.
        if leaves or gone & sheets_in(one.formula.replace("(", " "), order):
            remove(one.element)
            names.all.remove(one)
        elif one.sheet is not None:
            one.element.set("localSheetId", str(moved[one.sheet]))


def _nearest(tab: int, moved: dict[int, int]) -> int:
    """Give the new number of a tab, or of the one before it that stays."""
    before = [new for old, new in moved.items() if old <= tab]
    return before[-1] if before else 0


def clean_book(package: Package, notes: Notes, *, links: bool, pivots: bool) -> None:
    """Clear the main part of what identifies, links or remembers.

    `links` and `pivots` tell whether references to other workbooks and pivot tables go.
    """
    main = package.main()
    root = package.xml(main)
    for one in list(root.iter()):
        name = _local(one)
        kind = _GOING.get(name)
        if kind and notes.add(notes.kind(kind), "settings", _told(one)):
            remove(one)
        elif name == "fileVersion":
            _version(one, notes)
        elif name == "fileSharing":
            _sharing(one, notes)
        elif name == "workbookProtection":
            notes.add(notes.kind("protection"), "settings", name)
            drop_hashes(one, "settings", notes)
        elif (name == "externalReferences" and links) or (
            pivots and name in {"pivotCaches", "slicerCaches", "timelineCacheRefs"}
        ):
            remove(one)
    for link in list(package.links(main)):
        if link.kind == "externalLink" and links:
            _outside(package, link.target, notes)
            package.unlink(main, link)
        elif link.kind == "calcChain":
            # It lists the cells with formulas, some of which go; Excel writes it anew.
            package.unlink(main, link)
    drop_ids(root, notes)
    tidy(root)
    package.touch(main)


def _outside(package: Package, part: str, notes: Notes) -> None:
    """Tell where a link to another workbook leads."""
    targets = [one.target for one in package.links(part)]
    for told in targets or [part]:
        notes.add(notes.kind("external-link"), "settings", told)


def _version(one: Element, notes: Notes) -> None:
    """Keep the name of the program only: readers decide by it whether to calculate anew."""
    more = {str(key): str(value) for key, value in attributes(one) if key != _KEPT_OF_VERSION}
    if more and notes.add(notes.kind("editing-state"), "settings", " ".join(more.values())):
        for key in more:
            del one.attrib[key]


def _sharing(one: Element, notes: Notes) -> None:
    user = one.get("userName")
    if user and notes.add(notes.kind("author"), "settings", user):
        del one.attrib["userName"]
    drop_hashes(one, "settings", notes)


def drop_hashes(one: Element, place: str, notes: Notes) -> None:
    """Take the traces of a password from a protection, which goes on without one."""
    held = [key for key in _HASHES if one.get(key) is not None]
    if held and notes.add(notes.kind("protection-hash"), place, _local(one)):
        drop_attribute(one, *held)


def drop_ids(root: Element, notes: Notes) -> None:
    """Take away the ids by which programs follow a part from copy to copy."""
    for one in root.iter():
        for key, _ in attributes(one):
            if _ID.match(str(key)) and notes.add(notes.kind("document-id"), "package"):
                del one.attrib[key]


def tidy(root: Element) -> None:
    """Drop alternatives, extensions and their lists that are empty now."""
    for wanted in ("Choice", "Fallback", "AlternateContent", "ext", "extLst"):
        for one in list(root.iter("{*}" + wanted)):
            if not len(one) and not (one.text or "").strip():
                holder = one.getparent()
                if wanted == "Fallback" and holder is not None and len(holder) > 1:
                    continue
                remove(one)


def _told(one: Element) -> str:
    values = [str(value) for inner in one.iter() for value in inner.attrib.values()]
    return " ".join([*values, text_of(one)])


def _local(one: Element) -> str:
    return short(one.tag).rpartition(":")[2]
