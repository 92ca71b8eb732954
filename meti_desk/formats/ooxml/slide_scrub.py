"""Removing 付加情報 from a presentation (Arts. 14-7, 15-2), and showing it first.

What is shown is what is done: the findings are noted by the same pass that takes them out, run on
a copy in memory. That nothing was left is proven by `slide_audit`, which shares no code with this.
"""

from typing import BinaryIO

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.base import Finding, ScrubOrder, ScrubReport
from meti_desk.formats.container import damaged
from meti_desk.formats.deflate import packed
from meti_desk.formats.ooxml.clean_links import clean_links, drop_unused_links
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.package_clean import (
    bare,
    clean_parts,
    clean_properties,
    clean_types,
    drop_unreachable,
    note_orphans,
    note_zip,
    reachable,
)
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_frame import (
    clean_main,
    clean_settings,
    drop_hidden_slides,
    drop_notes,
    drop_unlisted,
)
from meti_desk.formats.ooxml.slide_hidden import Page, clean_hidden, inherited_key
from meti_desk.formats.ooxml.slide_kinds import FAMILY, KINDS, parts_of, places_of
from meti_desk.formats.ooxml.slide_mark import write_mark
from meti_desk.formats.ooxml.slide_media import clean_media
from meti_desk.formats.ooxml.slide_objects import drop_linked_media, flatten_objects
from meti_desk.formats.ooxml.slide_place import Box, box_of_frame
from meti_desk.formats.ooxml.slide_traces import clean_traces, has_morph, tidy
from meti_desk.formats.ooxml.xml import find_all, parse, serialize

_FEW = 64
"""Layouts and masters whose trees are kept between the slides that use them and their turn."""
_PAGES = frozenset({"p:sld", "p:sldLayout", "p:sldMaster", "p:notes", "p:notesMaster"})


def findings_of(package: Package, order: ScrubOrder | None = None) -> tuple[Finding, ...]:
    """Give all findings with what a scrub would do; the package is used up by it."""
    order = order or ScrubOrder()
    return _clean(package, order).findings()


def scrub(package: Package, target: BinaryIO, order: ScrubOrder) -> ScrubReport:
    """Write the cleaned presentation.

    Raises `RuleViolation("scrub.blocked", kind=…, count=…)` when a finding needs a person first:
    before publishing a hidden slide, a shape beside a slide or under another one, and the like.
    """
    notes = _clean(package, order)
    blocking = [one for one in notes.findings() if one.removal == "blocks"]
    if blocking:
        count = sum(one.count for one in blocking)
        articles = ("15-2",) if order.purpose == "publish" else ("14-7",)
        raise RuleViolation("scrub.blocked", articles=articles, kind=blocking[0].kind, count=count)
    package.save(target, clean=True)
    return ScrubReport(removed=notes.removed(), left=notes.left())


def _clean(package: Package, order: ScrubOrder) -> Notes:
    package.take_over()
    notes = Notes(order.purpose, order.keep, family=FAMILY, kinds=KINDS)
    deck = Deck.of(package)
    if deck is None:
        raise damaged("presentation")
    publish = order.purpose == "publish"
    spared = note_orphans(package, notes)
    note_zip(package, notes)
    if publish:
        write_mark(package, deck, "")
    clean_properties(package, notes, publish=publish)
    places = places_of(package, deck)
    drop_unlisted(package, deck, notes)
    left = drop_hidden_slides(package, deck, notes)
    drop_notes(package, deck, notes)
    clean_parts(package, notes, parts_of(places, notes))
    morphs = {part for part in left.slides if has_morph(package, part)}
    moving = morphs | {
        one for one, two in zip(left.slides, left.slides[1:], strict=False) if two in morphs
    }
    models = _Models(package)
    for part in _xml_parts(package):
        _clean_part(package, part, places.get(part, "package"), notes, left, moving, models)
    drop_unreachable(package, spared)
    clean_media(package, notes, order)
    clean_types(package)
    return notes


def _xml_parts(package: Package) -> list[str]:
    held = reachable(package)
    return [name for name in package.names if name in held and _is_content(package, name)]


def _is_content(package: Package, name: str) -> bool:
    if name.endswith(".rels") or name.startswith(("docProps/", "customXml/", "[")):
        return False
    return name.endswith((".xml", ".vml")) or package.type_of(name).endswith("+xml")


def _clean_part(
    package: Package,
    part: str,
    place: str,
    notes: Notes,
    deck: Deck,
    moving: set[str],
    models: "_Models",
) -> None:
    """Clean a part and let go of its tree: a presentation may have thousands of them."""
    if part.endswith(".vml") and not _is_readable(package, part):
        notes.add("pptx.unknown-part", place, part)
        return
    root = package.xml(part)
    name = short(root.tag)
    spared: frozenset[str] = frozenset()
    if name in _PAGES:
        drop_linked_media(package, part, notes)
        spared = flatten_objects(package, part, place, notes)
        moves = part in moving or (bool(moving) and place in {"layout", "master"})
        clean_hidden(Page(root, place, deck, moves, models.of(part)), notes)
    elif name == "p:presentation":
        clean_main(root, notes)
    elif name == "p:presentationPr":
        clean_settings(package, part, notes)
    clean_traces(root, place, notes, morph=bool(moving))
    clean_links(package, part, place, notes, spared=spared)
    tidy(package, part)
    drop_unused_links(package, part)
    bare(package, part)
    package.set_data(part, packed((serialize(root),)))
    models.cleaned.add(part)


def _is_readable(package: Package, part: str) -> bool:
    try:
        package.xml(part)
    except InvalidInput:
        return False
    return True


class _Models:
    """The rectangles of the placeholders of layouts and masters, each read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._held: dict[str, dict[str, Box]] = {}
        self.cleaned: set[str] = set()
        """Parts whose trees were let go of."""

    def of(self, part: str) -> dict[str, Box]:
        """Give those that a slide or layout takes over, the nearest model's first."""
        found: dict[str, Box] = {}
        layouts = self._package.targets(part, "slideLayout")
        owners = [part, *layouts]
        masters = [one for own in owners for one in self._package.targets(own, "slideMaster")]
        for name in (*layouts, *masters):
            for key, box in self._read(name).items():
                found.setdefault(key, box)
        return found

    def _read(self, name: str) -> dict[str, Box]:
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = {}
            # Nearly every deck has so few that their trees can wait until they are cleaned.
            few = len(self._held) <= _FEW and name not in self.cleaned
            root = self._package.xml(name) if few else parse(self._package.data(name), name)
            for shape in find_all(root, "p:sp", "p:pic", "p:graphicFrame"):
                box = box_of_frame(shape)
                if box is not None:
                    held.update({key: box for key in inherited_key(shape) if key not in held})
        return held
