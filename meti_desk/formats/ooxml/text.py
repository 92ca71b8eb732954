"""What a reader sees of a Word document, as text and media, with changes as accepted.

Left out: deleted text, hidden text, field codes, comments, our own mark and the second rendering
of alternate content. The digest and the text shown to people are made of this.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from meti_desk.formats.base import TextPart
from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.ooxml.hidden import DRAWINGS, SHAPES, HiddenStyles
from meti_desk.formats.ooxml.mark import is_own_mark
from meti_desk.formats.ooxml.names import (
    OFFICE_RELATIONSHIPS,
    STRICT_RELATIONSHIPS,
    full,
    short,
)
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute, child
from meti_desk.formats.spaces import without_spaces

_STORIES = (("header", "header"), ("footer", "footer"))
_DRAWN = ("diagramData", "chart", "chartEx")


@dataclass(slots=True)
class Seen:
    """What a walk over a part gathers."""

    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """(`footnote` or `endnote`, id), in the order of the text."""
    fields: list[bool] = field(default_factory=list)
    """The open fields; true once the shown result has begun."""

    @property
    def text(self) -> str:
        """The text, paragraphs on lines of their own."""
        return "".join(self.pieces)


_PASS, _TEXT, _VALUE, _BREAK, _INSIDE, _RUN, _PARAGRAPH, _ROW, _CELL = range(9)
_FIELD, _MAYBE, _ALTERNATIVES, _NOTE, _SYMBOL, _DRAWN_TEXT = range(9, 15)
"""What is done with an element, by its name; with all others: go on inside. `_MAYBE` is for what
is not shown in some cases (`_unseen`). Plain numbers: they are asked for at every element."""
_BREAKS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:ptab": "\t"}
_NAMES: dict[int, tuple[str, ...]] = {
    _PASS: (
        *("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:pPr", "w:rPr"),
        *("w:sdtPr", "w:sdtEndPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblGrid", "w:sectPr"),
        *("w:annotationRef", "w:fldData", "w:ffData", "w:smartTagPr", "w:customXmlPr"),
    ),
    _TEXT: ("w:t", "m:t", "a:t"),
    _VALUE: ("c:v",),
    _BREAK: tuple(_BREAKS),
    _RUN: ("w:r",),
    _FIELD: ("w:fldChar",),
    _PARAGRAPH: ("w:p", "a:p"),
    _ROW: ("w:tr",),
    _CELL: ("w:tc",),
    _MAYBE: ("w:sdt", *DRAWINGS, *SHAPES),
    _ALTERNATIVES: ("mc:AlternateContent",),
    _NOTE: ("w:footnoteReference", "w:endnoteReference"),
    _SYMBOL: ("w:sym",),
    _DRAWN_TEXT: ("v:textpath",),
}
_ACTIONS = {tag: do for do, names in _NAMES.items() for name in names for tag in full(name)}
_BEHIND = {_PARAGRAPH: "\n", _CELL: "\t"}
_BROKEN = {tag: text for name, text in _BREAKS.items() for tag in full(name)}
_LINKS = frozenset(
    tag for name in ("embed", "id", "link", "pict", "dm") for tag in full("r:" + name)
)
_VANISHING = full("w:vanish")
_DELETING = (*full("w:cellDel"), *full("w:del"))
_REFERRING = etree.XPath(
    "//@r:*|//@s:*", namespaces={"r": OFFICE_RELATIONSHIPS, "s": STRICT_RELATIONSHIPS}
)


def walk(root: Element, hidden: HiddenStyles) -> Seen:
    """Gather text, relationship ids and note references of a part as a reader sees it."""
    walker = _Walker(root, hidden)
    walker.go((root,))
    return walker.seen


class _Walker:
    """Goes through a part once, in the order of the text.

    What is rare - references to other parts, hidden runs - is looked for in the whole part
    beforehand, which the library does quickly, so that nothing has to be asked of each element.
    """

    def __init__(self, root: Element, hidden: HiddenStyles) -> None:
        self.seen = Seen()
        self._hidden = hidden
        self._may_hide = hidden.any or _has(root, _VANISHING)
        self._may_be_deleted = _has(root, _DELETING)
        found = _REFERRING(root)
        self._referring = {one.getparent() for one in found}  # type: ignore[union-attr] # attributes

    def go(self, elements: Iterable[Element]) -> None:
        """Take in elements and all that is in them."""
        seen, referring, actions = self.seen, self._referring, _ACTIONS
        for one in elements:
            do = actions.get(one.tag, _INSIDE)
            if do == _PASS:
                continue
            if do in (_TEXT, _VALUE):
                if all(seen.fields):
                    seen.pieces.append((one.text or "") + ("\n" if do == _VALUE else ""))
            elif do == _BREAK:
                seen.pieces.append(_BROKEN[one.tag])
            elif do > _CELL:
                self._seldom(one, do)
            elif not (do >= _RUN and self._is_hidden(one, do)):
                if referring and one in referring:
                    self._refer(one)
                self.go(one)
                if do in _BEHIND:
                    seen.pieces.append(_BEHIND[do])

    def _is_hidden(self, one: Element, do: int) -> bool:
        """Tell whether a run is hidden, or a row or cell deleted; most parts have none of them.

        Of a hidden run only the marks of fields count: they may begin a field that is shown.
        """
        if do == _RUN and self._may_hide and self._hidden.hides_run(one):
            for piece in one:
                if _ACTIONS.get(piece.tag) == _FIELD:
                    _field(attribute(piece, "w:fldCharType"), self.seen)
            return True
        return do >= _ROW and self._may_be_deleted and _is_deleted(one, do)

    def _seldom(self, one: Element, do: int) -> None:
        pieces = self.seen.pieces
        if do == _FIELD:
            _field(attribute(one, "w:fldCharType"), self.seen)
            return
        name = short(one.tag)
        if do == _MAYBE and _unseen(one, name, self._hidden):
            return
        if do == _NOTE:
            note = (name[2:].removesuffix("Reference"), attribute(one, "w:id") or "")
            self.seen.notes.append(note)
        elif do == _SYMBOL:
            pieces.append(attribute(one, "w:char") or "")
        elif do == _DRAWN_TEXT:
            pieces.append(one.get("string") or "")
        if one in self._referring:
            self._refer(one)
        self.go(_chosen(one) if do == _ALTERNATIVES else one)

    def _refer(self, element: Element) -> None:
        self.seen.links += [str(value) for key, value in element.items() if key in _LINKS]


def _field(kind: str | None, seen: Seen) -> None:
    if kind == "begin":
        seen.fields.append(False)
    elif kind == "separate" and seen.fields:
        seen.fields[-1] = True
    elif kind == "end" and seen.fields:
        seen.fields.pop()


def _unseen(element: Element, name: str, hidden: HiddenStyles) -> bool:
    if name == "w:sdt":
        return is_own_mark(element)
    return hidden.hides_shape(element, name)


def _is_deleted(element: Element, do: int) -> bool:
    """Tell whether a row or a cell was deleted by a change that is not accepted yet."""
    if do == _CELL:
        return child(child(element, "w:tcPr"), "w:cellDel") is not None
    return child(child(element, "w:trPr"), "w:del") is not None


def _has(root: Element, tags: tuple[str, ...]) -> bool:
    return next(iter(root.iter(*tags)), None) is not None


def _chosen(alternatives: Element) -> tuple[Element, ...]:
    choice = child(alternatives, "mc:Choice")
    if choice is None:
        choice = child(alternatives, "mc:Fallback")
    return () if choice is None else (choice,)


_WALK = "word-walk"


class _Known(NamedTuple):
    """What was seen of a part as it lies in the file, with these styles."""

    hidden: HiddenStyles
    text: str
    links: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]


class Stories:
    """All that is seen of a document, story by story."""

    def __init__(self, package: Package) -> None:
        """Walk the body, headers, footers, notes that are referred to, charts and diagrams."""
        self._package = package
        self._hidden = HiddenStyles.of(package)
        self.media: set[str] = set()
        main = package.main()
        body = self._part(main)
        self.parts: list[tuple[str, str]] = [("body", body.text)]
        notes = body.notes
        for place, kind in _STORIES:
            self._add(place, [self._part(name).text for name in package.targets(main, kind)])
        for place in ("footnote", "endnote"):
            self._add(place, self._notes(place, [n for kind, n in notes if kind == place]))

    def _add(self, place: str, texts: list[str]) -> None:
        unique = dict.fromkeys(text for text in texts if text.strip())
        self.parts += [(place, text) for text in unique]

    def _part(self, part: str) -> Seen:
        seen = self._walked(part)
        self._follow(part, seen)
        return seen

    def _walked(self, part: str) -> Seen:
        """Walk a part, or remember what was seen of it."""
        about = self._package.about(part)
        known = None if about is None else about.get(_WALK)
        if isinstance(known, _Known) and known.hidden == self._hidden:
            return Seen([known.text], [*known.links], [*known.notes])
        seen = walk(self._package.look(part), self._hidden)
        if about is not None:
            about[_WALK] = _Known(self._hidden, seen.text, tuple(seen.links), tuple(seen.notes))
        return seen

    def _follow(self, part: str, seen: Seen) -> None:
        """Take in what the text refers to: pictures as they are, charts and diagrams as text."""
        for link_id in dict.fromkeys(seen.links):
            link = self._package.by_id(part, link_id)
            if link is None or link.external or self._package.find(link.target) is None:
                continue
            if link.kind in {"image", "video", "audio", "media", "hdphoto"}:
                self.media.add(link.target)
            elif link.kind in _DRAWN:
                inner = self._walked(link.target)
                seen.pieces.append(inner.text)
                self._pictures_of(link.target)

    def _pictures_of(self, part: str) -> None:
        self.media.update(self._package.targets(part, "image"))

    def _notes(self, place: str, wanted: list[str]) -> list[str]:
        part = self._package.target(self._package.main(), place + "s")
        if part is None:
            return []
        by_id = {
            attribute(one, "w:id") or "": one
            for one in self._package.look(part)
            if short(one.tag) == "w:" + place
        }
        texts = []
        for note_id in dict.fromkeys(wanted):
            if note_id in by_id:
                seen = walk(by_id[note_id], self._hidden)
                self._follow(part, seen)
                texts.append(seen.text)
        return texts


_DIGEST, _PICTURE = "word-digest", "picture-digest"


def normalised(text: str) -> str:
    """Give text without white space, NFC: what two savings of one document have in common."""
    return without_spaces(unicodedata.normalize("NFC", text))


def content_digest(package: Package, stories: Stories | None = None) -> str:
    """Digest the content: SHA-256 in hex over the seen text and the media (rules.md)."""
    notes = package.notes
    if notes is None:
        return _digest(package, stories or Stories(package))
    if _DIGEST not in notes:
        notes[_DIGEST] = _digest(package, stories or Stories(package))
    return notes[_DIGEST]


def _digest(package: Package, stories: Stories) -> str:
    total = hashlib.sha256()
    rows = [(place, normalised(text)) for place, text in stories.parts]
    body = [row for row in rows if row[0] == "body"]
    rest = sorted(row for row in rows if row[0] in {"header", "footer"})
    notes = [row for row in rows if row[0] in {"footnote", "endnote"}]
    for place, text in (*body, *rest, *notes):
        total.update(f"{place}\0{text}\0".encode())
    for digest in sorted({_picture(package, name) for name in stories.media}):
        total.update(f"media\0{digest}\0".encode())
    return total.hexdigest()


def _picture(package: Package, name: str) -> str:
    about = package.about(name)
    if about is None:
        return media_digest(package.data(name))
    known = about.get(_PICTURE)
    if not isinstance(known, str):
        known = about[_PICTURE] = media_digest(package.data(name))
    return known


def text_parts(stories: Stories) -> tuple[TextPart, ...]:
    """Give the text by part, with its white space."""
    return tuple(TextPart(place, text) for place, text in stories.parts if text.strip())
