"""Every kind of 付加情報 that is found in presentations, and which parts of a package hold it."""

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Kind, Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import GOING, KNOWN, Parts
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.xml import Element, text_of

FAMILY = "pptx"

KINDS: dict[str, Kind] = {
    "pptx.comment": Kind(2, "high", "removed", "removed"),
    "pptx.people": Kind(2, "high", "removed", "removed"),
    "pptx.embedded": Kind(3, "high", "replaced", "replaced"),
    "pptx.embedded-alone": Kind(3, "high", "blocks", "blocks"),
    "pptx.macro": Kind(3, "high", "kept", "blocks"),
    "pptx.control": Kind(3, "medium", "kept", "blocks"),
    "pptx.thumbnail": Kind(5, "high", "removed", "removed"),
    "pptx.path": Kind(6, "high", "removed", "removed"),
    "pptx.speaker-note": Kind(7, "high", "removed", "removed"),
    "pptx.notes-page": Kind(7, "low", "removed", "removed"),
    "pptx.notes-master": Kind(7, "low", "removed", "removed"),
    "pptx.handout-master": Kind(7, "low", "removed", "removed"),
    "pptx.hidden-slide": Kind(7, "high", "removed", "blocks"),
    "pptx.hidden-slides-only": Kind(7, "high", "blocks", "blocks"),
    "pptx.hidden-shape": Kind(7, "high", "removed", "blocks"),
    "pptx.hidden-text": Kind(7, "high", "replaced", "blocks"),
    "pptx.hidden-series": Kind(7, "high", "removed", "removed"),
    "pptx.off-slide-shape": Kind(7, "high", "removed", "blocks"),
    "pptx.off-slide-moving": Kind(7, "medium", "kept", "blocks"),
    "pptx.covered-shape": Kind(7, "medium", "kept", "blocks"),
    "pptx.cropped-picture": Kind(7, "medium", "kept", "kept"),
    "pptx.picture-original": Kind(7, "medium", "removed", "removed"),
    "pptx.trimmed-media": Kind(7, "medium", "kept", "kept"),
    "pptx.custom-xml": Kind(8, "high", "removed", "removed"),
    "pptx.tag": Kind(8, "high", "removed", "removed"),
    "pptx.markup": Kind(8, "medium", "removed", "removed"),
    "pptx.revision-info": Kind(8, "high", "removed", "removed"),
    "pptx.ink-data": Kind(8, "medium", "removed", "removed"),
    "pptx.section": Kind(8, "medium", "replaced", "replaced"),
    "pptx.custom-show": Kind(8, "medium", "replaced", "replaced"),
    "pptx.slide-name": Kind(8, "low", "removed", "removed"),
    "pptx.bookmark": Kind(8, "low", "replaced", "replaced"),
    "pptx.tooltip": Kind(8, "low", "kept", "kept"),
    "pptx.id": Kind(8, "low", "removed", "removed"),
    "pptx.morph-id": Kind(8, "low", "kept", "kept"),
    "pptx.printer-settings": Kind(8, "medium", "removed", "removed"),
    "pptx.customization": Kind(8, "medium", "removed", "removed"),
    "pptx.editing-state": Kind(8, "low", "removed", "removed"),
    "pptx.orphan": Kind(8, "high", "removed", "removed"),
    "pptx.damaged-part": Kind(8, "high", "blocks", "blocks"),
    "pptx.unknown-part": Kind(8, "low", "kept", "blocks"),
    "pptx.protection": Kind(8, "low", "kept", "kept"),
    "pptx.image-metadata": Kind(12, "high", "removed", "removed"),
    "pptx.image-unchecked": Kind(12, "low", "kept", "kept"),
    "pptx.media-metadata": Kind(12, "high", "removed", "removed"),
    "pptx.media-unchecked": Kind(12, "medium", "kept", "kept"),
    "pptx.zip-metadata": Kind(13, "low", "removed", "removed"),
    "pptx.author": Kind(15, "high", "removed", "removed"),
    "pptx.property": Kind(15, "high", "removed", "removed"),
    "pptx.custom-property": Kind(15, "medium", "removed", "removed"),
    "pptx.own-property": Kind(15, "low", "removed", "removed"),
}
"""Every kind that is found in presentations."""

_REMARKS = frozenset({"cm", "reply"})


def places_of(package: Package, deck: Deck) -> dict[str, str]:
    """Tell for every part of a slide where a person finds it: `slide 3`, `notes 3`, `layout`.

    A part that several slides have counts to the first.
    """
    found: dict[str, str] = {}
    for number, part in enumerate(deck.slides, start=1):
        _mark_out(package, part, f"slide {number}", found)
        for notes in package.targets(part, "notesSlide"):
            _mark_out(package, notes, f"notes {number}", found)
    for place, kind in (("layout", "slideLayout"), ("master", "slideMaster")):
        parts = package.targets(package.main(), kind)
        for owner in (*deck.slides, *parts, *list(found)):
            parts += package.targets(owner, kind)
        for part in dict.fromkeys(parts):
            _mark_out(package, part, place, found)
    for part in package.targets(package.main(), "notesMaster", "handoutMaster"):
        _mark_out(package, part, "notes", found)
    return found


_PAGES = frozenset({"slide", "slideLayout", "slideMaster", "notesSlide", "notesMaster"})


def _mark_out(package: Package, part: str, place: str, found: dict[str, str]) -> None:
    waiting = [part]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = place
        waiting += [
            link.target
            for link in package.links(name)
            if not link.external and link.kind not in _PAGES and package.find(link.target)
        ]


def parts_of(places: dict[str, str], notes: Notes) -> Parts:
    """Say which parts of a presentation go, are dealt with elsewhere, or stay and are told."""

    def told(package: Package, name: str, target: str) -> list[tuple[str, str]] | None:
        return _told(package, name, target, places.get(target, "package"))

    going = {
        **GOING,
        **dict.fromkeys(("comments", "documenttasks", "documentTasks", "tasks"), "comment"),
        **dict.fromkeys(("commentAuthors", "authors", "people"), "people"),
        **dict.fromkeys(("revisionInfo", "changesInfo", "changesInfos"), "revision-info"),
        "slideUpdateInfo": "revision-info",
        "tags": "tag",
        "viewProps": "editing-state",
    }
    if notes.keeps("pptx.comment"):
        # A comment names its author by a number, so the list of authors goes with the comments.
        going = {kind: name for kind, name in going.items() if name != "people"}
    known = KNOWN | {
        *("slide", "slideLayout", "slideMaster", "notesSlide", "notesMaster", "handoutMaster"),
        *("presProps", "tableStyles", "vmlDrawing", "htmlPubSaveAs", "comments"),
        *("commentAuthors", "authors", "wordVbaData", "font"),
    }
    return Parts(going=going, known=frozenset(known), noted={"vbaProject": "macro"}, told=told)


def _told(package: Package, name: str, target: str, place: str) -> list[tuple[str, str]] | None:
    """Give comments, people and tags one by one."""
    if not package.type_of(target).endswith("+xml") and not target.endswith(".xml"):
        return None
    if name == "comment":
        return [(place, _words(one)) for one in package.xml(target).iter() if _is_remark(one)]
    if name == "people":
        authors = [one for one in package.xml(target) if isinstance(one.tag, str)]
        return [("package", " ".join(_values(one, "name", "userId"))) for one in authors]
    if name == "tag":
        tags = [one for one in package.xml(target) if isinstance(one.tag, str)]
        return [(place, ": ".join(_values(one, "name", "val"))) for one in tags]
    return None


def _is_remark(one: Element) -> bool:
    return short(one.tag).partition(":")[2] in _REMARKS


def _words(remark: Element) -> str:
    """Give the words of a comment; an answer that lies inside one has words of its own."""
    held = [one for one in remark.iter() if short(one.tag) in {"p:text", "a:t"}]
    own = [one for one in held if next(filter(_is_remark, one.iterancestors())) is remark]
    return " ".join(text_of(one) for one in own)


def _values(one: Element, *names: str) -> list[str]:
    return [value for value in (one.get(name) for name in names) if value]
