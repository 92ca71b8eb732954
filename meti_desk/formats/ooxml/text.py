"""What a reader sees of a Word document, as text and media, with changes as accepted.

Left out: deleted text, hidden text, field codes, comments, our own mark and the second rendering
of alternate content. The digest and the text shown to people are made of this.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from meti_desk.formats.base import TextPart
from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.ooxml.hidden import HiddenStyles
from meti_desk.formats.ooxml.mark import is_own_mark
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.xml import Element, attribute, child

_LEFT_OUT = frozenset(
    {
        *("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:delInstrText", "w:pPr", "w:rPr"),
        *("w:sdtPr", "w:sdtEndPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblGrid", "w:sectPr"),
        *("w:annotationRef", "w:fldData", "w:ffData", "w:smartTagPr", "w:customXmlPr", ""),
    }
)
_BREAKS = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-", "w:ptab": "\t"}
_WORDS = frozenset({"w:t", "m:t", "a:t", "c:v"})
_AFTER = {"w:p": "\n", "a:p": "\n", "w:tc": "\t"}
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


def walk(root: Element, hidden: HiddenStyles) -> Seen:
    """Gather text, relationship ids and note references of a part as a reader sees it."""
    seen = Seen()
    _walk(root, hidden, seen)
    return seen


def _walk(element: Element, hidden: HiddenStyles, seen: Seen) -> None:
    name = short(element.tag)
    if name in _LEFT_OUT or _unseen(element, name, hidden):
        return
    if name == "w:r" and hidden.hides_run(element):
        # Of a hidden run only the marks of fields count: they may begin a field that is shown.
        for one in element:
            if short(one.tag) == "w:fldChar":
                _field(attribute(one, "w:fldCharType"), seen)
    elif name == "w:fldChar":
        _field(attribute(element, "w:fldCharType"), seen)
    elif name in _WORDS:
        if all(seen.fields):
            seen.pieces.append((element.text or "") + ("\n" if name == "c:v" else ""))
    elif name in _BREAKS:
        seen.pieces.append(_BREAKS[name])
    else:
        _gather(element, name, seen)
        for one in _children(element, name):
            _walk(one, hidden, seen)
        seen.pieces.append(_AFTER.get(name, ""))


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
    if name == "w:tc":
        return child(child(element, "w:tcPr"), "w:cellDel") is not None
    if name == "w:tr":
        return child(child(element, "w:trPr"), "w:del") is not None
    return hidden.hides_shape(element, name)


def _children(element: Element, name: str) -> Iterator[Element]:
    if name == "mc:AlternateContent":
        choice = child(element, "mc:Choice")
        if choice is None:
            choice = child(element, "mc:Fallback")
        if choice is not None:
            yield choice
        return
    yield from element


def _gather(element: Element, name: str, seen: Seen) -> None:
    if name in {"w:footnoteReference", "w:endnoteReference"}:
        seen.notes.append((name[2:].removesuffix("Reference"), attribute(element, "w:id") or ""))
    elif name == "w:sym":
        seen.pieces.append(attribute(element, "w:char") or "")
    elif name == "v:textpath":
        seen.pieces.append(element.get("string") or "")
    for key, value in element.attrib.items():
        if short(key) in {"r:embed", "r:id", "r:link", "r:pict", "r:dm"}:
            seen.links.append(str(value))


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
        seen = walk(self._package.xml(part), self._hidden)
        self._follow(part, seen)
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
                inner = walk(self._package.xml(link.target), self._hidden)
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
            for one in self._package.xml(part)
            if short(one.tag) == "w:" + place
        }
        texts = []
        for note_id in dict.fromkeys(wanted):
            if note_id in by_id:
                seen = walk(by_id[note_id], self._hidden)
                self._follow(part, seen)
                texts.append(seen.text)
        return texts


_DIGEST = "word-digest"


def normalised(text: str) -> str:
    """Give text without white space, NFC: what two savings of one document have in common."""
    return "".join(unicodedata.normalize("NFC", text).split())


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
    for digest in sorted({media_digest(package.data(name)) for name in stories.media}):
        total.update(f"media\0{digest}\0".encode())
    return total.hexdigest()


def text_parts(stories: Stories) -> tuple[TextPart, ...]:
    """Give the text by part, with its white space."""
    return tuple(TextPart(place, text) for place, text in stories.parts if text.strip())
