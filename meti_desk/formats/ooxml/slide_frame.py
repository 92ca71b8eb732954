"""What a presentation says around its slides: hidden slides, notes, shows, sections, settings."""

import re

from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.notes import Notes
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_shapes import TITLES, shapes_of
from meti_desk.formats.ooxml.slide_text import is_hidden
from meti_desk.formats.ooxml.slide_traces import link_of, told_of
from meti_desk.formats.ooxml.xml import (
    Element,
    attribute,
    child,
    find_all,
    parse,
    remove,
    text_of,
)

_LONG = 10
"""Digits; no number of a slide has so many."""
_LISTED = frozenset({"slide", "slideMaster", "notesMaster", "handoutMaster"})
_NOT_WORDS = frozenset({"sldNum", "dt", "hdr", "ftr", "sldImg"})
_NEUTRAL_SECTION = re.compile(r"Section [0-9]+")
_NEUTRAL_SHOW = re.compile(r"Custom Show [0-9]+")
_PROTECTING = ("p:modifyVerifier",)


def hidden_slides(package: Package, deck: Deck) -> list[str]:
    """Give the parts of the slides that are passed over when the presentation is shown."""
    return [part for part in deck.slides if is_hidden(package.data(part), part)]


def drop_hidden_slides(package: Package, deck: Deck, notes: Notes) -> Deck:
    """Take hidden slides out with all that leads to them; gives the deck that is left."""
    hidden = hidden_slides(package, deck)
    if not hidden:
        return deck
    if len(hidden) == len(deck.slides):
        notes.add("pptx.hidden-slides-only", "package", str(len(hidden)))
        return deck
    for part in hidden:
        number = deck.slides.index(part) + 1
        notes.add("pptx.hidden-slide", f"slide {number}", _title(package, part))
    if not notes.goes("pptx.hidden-slide"):
        return deck
    left = Deck(tuple(one for one in deck.slides if one not in hidden), deck.width, deck.height)
    ids = _unlist(package, set(hidden))
    _narrow_shows(package, deck, hidden)
    for part in left.slides:
        _cut_ways(package, part, set(hidden), ids)
    for part in hidden:
        package.drop(part)
    return left


def drop_unlisted(package: Package, deck: Deck, notes: Notes) -> None:
    """Take out slides and masters that are in the file but in no list, so that nobody sees them."""
    main = package.main()
    listed = {link_of(one) for one in package.xml(main).iter() if isinstance(one.tag, str)}
    gone: set[str] = set()
    for link in list(package.links(main)):
        idle = link.kind in _LISTED and not link.external and link.id not in listed
        if not idle or link.target in deck.slides or package.find(link.target) is None:
            continue
        if notes.add("pptx.orphan", "package", link.target):
            package.unlink(main, link)
            gone |= {link.target} if link.kind == "slide" else set()
    for part in deck.slides:
        for target in package.targets(part, "slide"):
            if target not in deck.slides and (
                target in gone or notes.add("pptx.orphan", "package", target)
            ):
                gone.add(target)
    for part in deck.slides if gone else ():
        _cut_ways(package, part, gone, set())
    for part in gone:
        package.drop(part)


def _title(package: Package, part: str) -> str:
    shapes = shapes_of(parse(package.data(part), part), lambda _: "")
    titles = [one.text for one in shapes if one.kind in TITLES]
    return (titles or [one.text for one in shapes] or [""])[0]


def _unlist(package: Package, hidden: set[str]) -> set[str]:
    """Take slides out of the list, the sections and the shows; gives their numbers."""
    main = package.main()
    root = package.xml(main)
    links = {
        link.id: link for link in package.links(main) if not link.external and link.target in hidden
    }
    ids = set()
    for one in find_all(root, "p:sldId"):
        if link_of(one) in links:
            ids.add(one.get("id") or "")
            remove(one)
    for one in find_all(root, "p:sld"):
        if link_of(one) in links:
            remove(one)
    for one in list(root.iter("{*}sldId")):
        if short(one.tag) != "p:sldId" and one.get("id") in ids:
            remove(one)
    for show in find_all(root, "p:custShow"):
        if not list(find_all(show, "p:sld")):
            _drop_show(package, show)
    for link in links.values():
        package.unlink(main, link)
    package.touch(main)
    return ids


def _drop_show(package: Package, show: Element) -> None:
    """Take out a custom show in which no slide is left, and the order to show it."""
    holder = show.getparent()
    remove(show)
    if holder is not None and not len(holder):
        remove(holder)
    for part in package.targets(package.main(), "presProps"):
        for one in find_all(package.xml(part), "p:custShow"):
            if one.get("id") == show.get("id"):
                remove(one)
                package.touch(part)


def _narrow_shows(package: Package, deck: Deck, hidden: list[str]) -> None:
    """Count the slides anew that are shown `from … to …`."""
    for part in package.targets(package.main(), "presProps"):
        root = package.xml(part)
        for one in find_all(root, "p:sldRg"):
            first, last = _number(one.get("st")), _number(one.get("end"))
            kept = [n for n, name in enumerate(deck.slides, start=1) if name not in hidden]
            inside = [at for at, n in enumerate(kept, start=1) if first <= n <= last]
            if inside:
                one.set("st", str(inside[0]))
                one.set("end", str(inside[-1]))
            else:
                one.tag = str(one.tag).replace("sldRg", "sldAll")
                one.attrib.clear()
            package.touch(part)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _LONG else 0


def _cut_ways(package: Package, part: str, hidden: set[str], ids: set[str]) -> None:
    """Cut links and zooms of a slide that lead to slides that are gone."""
    doomed = [one for one in package.links(part) if not one.external and one.target in hidden]
    data = package.data(part)
    if not doomed and b"sldId" not in data and b"\0" not in data:
        return
    root = package.xml(part)
    gone = {link.id for link in doomed}
    for one in find_all(root, "a:hlinkClick", "a:hlinkHover", "a:hlinkMouseOver"):
        if link_of(one) in gone:
            remove(one)
    for alternate in find_all(root, "mc:AlternateContent"):
        if any(one.get("sldId") in ids for one in alternate.iter()):
            _fall_back(alternate)
    for link in doomed:
        package.unlink(part, link)
    package.touch(part)


def _fall_back(alternate: Element) -> None:
    """Put the plain rendering - a picture - in the place of a zoom whose slide is gone."""
    above = alternate.getparent()
    plain = child(alternate, "mc:Fallback")
    if above is None:
        return
    at = above.index(alternate)
    for offset, one in enumerate(() if plain is None else list(plain)):
        above.insert(at + offset, one)
    remove(alternate)


def drop_notes(package: Package, deck: Deck, notes: Notes) -> None:
    """Take out the speaker's notes, their master and the one of handouts."""
    main = package.main()
    for number, part in enumerate(deck.slides, start=1):
        for link in list(package.links(part)):
            if link.kind != "notesSlide" or link.external or package.find(link.target) is None:
                continue
            words, seen = _spoken(package, link.target)
            kind = "pptx.speaker-note" if words or seen else "pptx.notes-page"
            if notes.add(kind, f"notes {number}", words):
                package.unlink(part, link)
    kept = any(package.targets(part, "notesSlide") for part in deck.slides)
    for kind, listed in (("notesMaster", "notes-master"), ("handoutMaster", "handout-master")):
        for link in list(package.links(main)):
            if link.kind != kind or (kept and kind == "notesMaster"):
                continue
            if notes.add(f"pptx.{listed}", "package", link.target):
                for one in find_all(package.xml(main), f"p:{kind}IdLst"):
                    remove(one)
                package.unlink(main, link)
                package.touch(main)


def _spoken(package: Package, part: str) -> tuple[str, bool]:
    """Give the words of a notes page, and whether it has pictures of its own."""
    root = parse(package.data(part), part)
    shapes = shapes_of(root, lambda _: "")
    words = " ".join(one.text for one in shapes if one.kind not in _NOT_WORDS).strip()
    drawn = any(True for _ in find_all(root, "p:pic", "p:graphicFrame", "p:contentPart"))
    return words, drawn


def clean_main(root: Element, notes: Notes) -> None:
    """Give sections and shows names that say nothing; tell of a password against changes."""
    sections = [one for one in root.iter("{*}section") if short(one.tag).startswith("?")]
    for number, one in enumerate(sections, start=1):
        name = one.get("name") or ""
        neutral = _NEUTRAL_SECTION.fullmatch(name) is not None
        if not neutral and notes.add("pptx.section", "package", name):
            one.set("name", f"Section {number}")
    for number, one in enumerate(find_all(root, "p:custShow"), start=1):
        name = one.get("name") or ""
        neutral = not name or _NEUTRAL_SHOW.fullmatch(name) is not None
        if not neutral and notes.add("pptx.custom-show", "package", name):
            one.set("name", f"Custom Show {number}")
    for one in find_all(root, *_PROTECTING):
        notes.add("pptx.protection", "settings", short(one.tag))


def clean_settings(package: Package, part: str, notes: Notes) -> None:
    """Clear the presentation's settings of places, colours used last and how it was printed."""
    root = package.xml(part)
    kinds = {
        "p:htmlPubPr": "pptx.path",
        "p:webPr": "pptx.editing-state",
        "p:clrMru": "pptx.editing-state",
        "p:prnPr": "pptx.printer-settings",
    }
    for one in find_all(root, *kinds):
        told = f"{short(one.tag)[2:]} {told_of(one)} {text_of(one)}".strip()
        if notes.add(kinds[short(one.tag)], "settings", told):
            link = package.by_id(part, attribute(one, "r:id") or "")
            if link is not None:
                package.unlink(part, link)
            remove(one)
    for link in list(package.links(part)):
        if link.kind == "htmlPubSaveAs" and notes.add("pptx.path", "settings", link.target):
            package.unlink(part, link)
