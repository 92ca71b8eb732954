"""What a reader sees of a PowerPoint document: text of slides and notes, and the media.

Of layouts and masters only what they show by themselves counts, for those that a slide uses; their
placeholders are models. The digest and the text shown to people are made of this.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meti_desk.formats.base import TextPart
from meti_desk.formats.container import damaged
from meti_desk.formats.media_digest import PICTURES, media_digest
from meti_desk.formats.ooxml.names import short
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.slide_deck import Deck
from meti_desk.formats.ooxml.slide_shapes import Shape, shapes_of, tree_of
from meti_desk.formats.ooxml.text import normalised
from meti_desk.formats.ooxml.xml import Element, find_all, parse

_LARGE = 8 << 20
_SHOW = re.compile(rb"""\sshow\s*=\s*["'](?:0|false)["']""")
_MEDIA = frozenset({"image", "video", "audio", "media", "hdphoto"})
_DRAWN = frozenset({"chart", "chartEx"})
_WORDS = ("c:v", "a:t", "m:t", "cx:v", "cx:pt")
_NOT_NOTES = frozenset({"sldImg", "sldNum", "dt", "hdr", "ftr"})


@dataclass(frozen=True, slots=True)
class Page:
    """One slide with its notes, or a layout or master: its place, its shapes, its media's parts."""

    place: str
    shapes: tuple[Shape, ...]
    notes: str = ""
    media: frozenset[str] = frozenset()
    hidden: bool = False
    """Whether the slide is passed over when the presentation is shown."""

    @property
    def text(self) -> str:
        """The text without our mark, a shape's lines after the other's."""
        return "\n".join(one.text for one in self.shapes if not one.own)


class Show:
    """All slides of a presentation, and what their layouts and masters add."""

    def __init__(self, package: Package, deck: Deck, *, media: bool = True) -> None:
        """Read the slides and their notes; the digest alone needs to know their media."""
        self._package = package
        self._with_media = media
        self.slides = [
            self._slide(part, number) for number, part in enumerate(deck.slides, start=1)
        ]
        self._layouts = self._linked(deck.slides, "slideLayout")
        self._backgrounds: dict[str, Page] = {}

    def backgrounds(self, worth: Callable[[bytes], bool] | None = None) -> list[Page]:
        """Read the layouts and masters in use; with `worth` only those whose bytes are worth it."""
        masters = self._linked(self._layouts, "slideMaster")
        placed = [(name, "layout") for name in self._layouts]
        placed += [(name, "master") for name in masters]
        for name, place in placed:
            if name in self._backgrounds or (worth and not worth(self._package.data(name))):
                continue
            shapes, media = self._read(name)
            self._backgrounds[name] = Page(place, tuple(shapes), "", frozenset(media))
        return [self._backgrounds[name] for name, _ in placed if name in self._backgrounds]

    def _linked(self, parts: tuple[str, ...], kind: str) -> tuple[str, ...]:
        found = [name for part in parts for name in self._package.targets(part, kind)]
        return tuple(dict.fromkeys(found))

    def _slide(self, part: str, number: int) -> Page:
        shapes, media = self._read(part)
        notes = self._package.target(part, "notesSlide")
        spoken = ""
        if notes is not None:
            inner, _ = self._read(notes)
            spoken = "\n".join(one.text for one in inner if one.kind not in _NOT_NOTES)
        hidden = is_hidden(self._package.data(part), part)
        return Page(f"slide {number}", tuple(shapes), spoken, frozenset(media), hidden)

    def _read(self, part: str) -> tuple[list[Shape], set[str]]:
        data = self._package.data(part)
        root = parse(data, part)
        if tree_of(root) is None:
            raise damaged("slide", member=part)
        media = set(self._media(part, data)) if self._with_media else set()

        def follow(link_id: str) -> str:
            return self._drawn(part, link_id, media)

        return shapes_of(root, follow), media

    def _media(self, part: str, data: bytes) -> Iterator[str]:
        """Give the pictures, sounds and films that a part refers to; a leftover link is none."""
        for drawing in self._package.targets(part, "vmlDrawing"):
            # The pictures that stand for embedded objects in files of older versions.
            yield from self._package.targets(drawing, "image")
        for link in self._package.links(part):
            if link.kind not in _MEDIA or link.external or self._package.find(link.target) is None:
                continue
            if f'"{link.id}"'.encode() in data or b"\0" in data or b"'" in data:
                yield link.target

    def _drawn(self, part: str, link_id: str, media: set[str]) -> str:
        """Give the text of a chart or diagram, and take in its pictures."""
        package = self._package
        link = package.by_id(part, link_id)
        if link is None or link.external or package.find(link.target) is None:
            return ""
        if link.kind in _DRAWN:
            media.update(package.targets(link.target, "image"))
            user = package.targets(link.target, "chartUserShapes")
            return "\n".join(self._words(name) for name in (link.target, *user))
        if link.kind == "diagramData":
            return self._diagram(part, link.target, media)
        return ""

    def _diagram(self, part: str, data: str, media: set[str]) -> str:
        """Read the drawing of a diagram, as it was last laid out; without one its data."""
        root = parse(self._package.data(data), data)
        for one in find_all(root, "dsp:dataModelExt"):
            link = self._package.by_id(part, one.get("relId") or "")
            if link is not None and not link.external and self._package.find(link.target):
                media.update(self._package.targets(link.target, "image"))
                return self._paragraphs(parse(self._package.data(link.target), link.target))
        media.update(self._package.targets(data, "image"))
        return self._paragraphs(root)

    def _paragraphs(self, root: Element) -> str:
        lines = []
        for one in find_all(root, "a:p"):
            line = "".join(inner.text or "" for inner in find_all(one, "a:t"))
            if line:
                lines.append(line)
        return "\n".join(lines)

    def _words(self, part: str) -> str:
        root = parse(self._package.data(part), part)
        found = [(short(one.tag), one.text or "") for one in find_all(root, *_WORDS)]
        # Of a data model's point that is a number only `c:v` has the text.
        return "\n".join(text for _, text in found if text.strip())


def content_digest(package: Package, show: Show) -> str:
    """Digest the content: SHA-256 in hex over the text and the media that are shown (rules.md).

    Speaker's notes and hidden slides are 付加情報: taking them out does not change it.
    """
    total = hashlib.sha256()
    backgrounds = show.backgrounds()
    shown = [page for page in show.slides if not page.hidden]
    for page in shown:
        total.update(f"slide\0{normalised(page.text)}\0".encode())
    static = {
        (page.place, normalised("\n".join(one.text for one in page.shapes if not one.placeholder)))
        for page in backgrounds
    }
    for place, text in sorted(static):
        if text:
            total.update(f"{place}\0{text}\0".encode())
    parts = {name for page in (*shown, *backgrounds) for name in page.media}
    for digest in sorted({_digest_of(package, name) for name in parts}):
        total.update(f"media\0{digest}\0".encode())
    return total.hexdigest()


def is_hidden(data: bytes, part: str) -> bool:
    """Tell whether a slide is passed over when the presentation is shown."""
    if not _SHOW.search(data) and b"\0" not in data and b"&#" not in data:
        return False
    return parse(data, part).get("show") in {"0", "false"}


def _digest_of(package: Package, name: str) -> str:
    """Digest a picture by what it shows; a film piece by piece, as it need not fit in memory."""
    if package.size(name) > _LARGE:
        pieces = package.pieces(name)
        first = next(pieces, b"")
        if not first.startswith(PICTURES):
            total = hashlib.sha256(first)
            for piece in pieces:
                total.update(piece)
            return total.hexdigest()
    return media_digest(package.data(name))


def text_parts(show: Show) -> tuple[TextPart, ...]:
    """Give the text by slide, the notes after their slide at a place of their own."""
    found = []
    for number, page in enumerate(show.slides, start=1):
        found.append(TextPart(page.place, page.text))
        found.append(TextPart(f"notes {number}", page.notes))
    return tuple(one for one in found if one.text.strip())
