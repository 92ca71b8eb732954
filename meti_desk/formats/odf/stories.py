"""The text of a document by its parts - body, sheets, slides, headers, notes - and its digest."""

import hashlib
import unicodedata
from collections.abc import Iterator

from meti_desk.formats.base import TextPart
from meti_desk.formats.media_digest import media_digest
from meti_desk.formats.odf.hidden import HiddenStyles
from meti_desk.formats.odf.mark import FOOTERS, HEADERS, REGIONS, is_line, masters, shown
from meti_desk.formats.odf.mark_slides import slides
from meti_desk.formats.odf.names import full
from meti_desk.formats.odf.package import MANIFEST, OdfFile, embedded
from meti_desk.formats.odf.text import Seen, Walker
from meti_desk.formats.odf.xml import Element, child, find_all, get, name_of
from meti_desk.formats.spaces import without_spaces

_DEEPEST = 4
_UNORDERED = frozenset({"header", "footer", "master"})
_HREF = full("xlink:href")
_SOURCE = full("table:table-source")


class Stories:
    """All that is seen of a document: rows of (place, text shown, what the digest covers)."""

    def __init__(self, file: OdfFile, *, most: int | None = None, body: bool = True) -> None:
        """Walk the body, the headers and footers, the notes and what is embedded.

        `most` ends the walk of each part after about so many pieces; then only the beginning is
        told. Without `body` only what stands in the styles is looked at.
        """
        self._file = file
        names = ("styles.xml", "content.xml") if body else ("styles.xml",)
        self._walker = Walker(HiddenStyles.of(file, names), most)
        self._media: set[str] = set()
        self._embedded: set[str] = set()
        self.rows: list[tuple[str, str, str]] = []
        self._notes: list[tuple[str, Element]] = []
        if body and file.is_thin:
            self._add_sheets()
        elif body:
            for place, element, counted in self._places():
                self._add(place, self._walker.walk(element), counted=counted)
        for kind, note in self._notes:
            words = child(note, "text:note-body")
            if words is not None:
                self._add(kind, self._walker.walk(words))
        self._add_headers()
        self._add_backgrounds(names)

    def _places(self) -> Iterator[tuple[str, Element, bool]]:
        """Give the parts of the body: place, element, and whether the digest covers it."""
        body = self._file.body()
        if body is None:
            part = self._file.part("content.xml")
            if part is not None and not self._file.flat:
                yield "body", part.root, True
            return
        name = name_of(body)
        if name == "office:text":
            yield "body", body, True
        elif name == "office:spreadsheet":
            for one in body:
                if name_of(one) == "table:table" and not _is_cache(one):
                    yield "sheet " + get(one, "table:name"), one, True
        else:
            yield from self._slides()

    def _add_sheets(self) -> None:
        """Add the sheets of a large workbook, row by row."""
        seen: Seen | None = None
        for sheet, one in self._file.sheets():
            if seen is None:
                seen = self._walker.begin(sheet)
            if one is not None:
                self._walker.take(one, seen)
                if one.tag != _SOURCE:
                    sheet.remove(one)
                continue
            if not _is_cache(sheet):
                self._add("sheet " + get(sheet, "table:name"), seen)
            seen = None

    def _slides(self) -> Iterator[tuple[str, Element, bool]]:
        hidden = self._hidden_slides()
        word = "slide" if self._file.kind == "presentation" else "page"
        for number, slide in enumerate(slides(self._file), start=1):
            counted = get(slide, "draw:style-name") not in hidden
            yield f"{word} {number}", slide, counted
            notes = child(slide, "presentation:notes")
            if notes is not None:
                yield f"notes {number}", notes, False
        body = self._file.body()
        for one in () if body is None else body:
            if name_of(one) in {"presentation:footer-decl", "presentation:header-decl"}:
                yield "footer", one, True

    def _hidden_slides(self) -> set[str]:
        part = self._file.part("content.xml")
        return {
            get(style, "style:name")
            for style in find_all(None if part is None else part.root, "style:style")
            if get(child(style, "style:drawing-page-properties"), "presentation:visibility")
            == "hidden"
        }

    def _add(self, place: str, seen: Seen, *, counted: bool = True) -> None:
        text = seen.text
        content = [normalised("".join(seen.content)), *seen.values]
        for href, picture in seen.objects:
            inner = self._object(href, 0)
            text += inner[0]
            if picture and not self._file.is_drawn(href):
                seen.media.append(picture)
            else:
                content.append(normalised(inner[1]))
        if counted:
            self._media.update(seen.media)
        self._notes += seen.notes
        self.rows.append((place, text, "\0".join(content) if counted else ""))

    def _object(self, href: str, depth: int) -> tuple[str, str]:
        """Give the text of an embedded document: shown, and counted."""
        name = href.removeprefix("./").rstrip("/") + "/content.xml"
        if depth > _DEEPEST or name in self._embedded or self._file.flat:
            return "", ""
        self._embedded.add(name)
        part = self._file.part(name)
        if part is None:
            return "", ""
        inner = self._walker.walk(part.root)
        folder = name.rpartition("/")[0]
        self._media.update(f"{folder}/{one.removeprefix('./')}" for one in inner.media)
        texts = [(inner.text, "".join(inner.content) + "\0".join(inner.values))]
        texts += [
            self._object(f"{folder}/{href.removeprefix('./')}", depth + 1)
            for href, _ in inner.objects
        ]
        return "\n".join(one[0] for one in texts), "\0".join(one[1] for one in texts)

    def _add_headers(self) -> None:
        """Add headers and footers that pages show, and what stands on the slides' masters."""
        for master in masters(self._file.part("styles.xml")):
            if self._file.kind in {"presentation", "graphics"}:
                self._add("master", self._walker.walk(master))
                continue
            text = self._file.kind != "spreadsheet"
            for one in shown(master, HEADERS, text=text):
                self._add("header", self._header(one))
            for one in shown(master, FOOTERS, text=text):
                self._add("footer", self._walker.walk(one))

    def _header(self, header: Element) -> Seen:
        """Walk a header without the lines that are our mark."""
        total = Seen()
        for one in header:
            for line in one if name_of(one) in REGIONS else (one,):
                if name_of(one) != REGIONS[-1] or not is_line(line):
                    _extend(total, self._walker.walk_with(line))
        return total

    def _add_backgrounds(self, names: tuple[str, ...]) -> None:
        for name in names:
            part = self._file.part(name)
            for one in find_all(
                None if part is None else part.root, "style:background-image", "draw:fill-image"
            ):
                link, data = one.get(_HREF), child(one, "office:binary-data")
                if link:
                    self._media.add(str(link))
                elif data is not None and data.text:
                    self._media.add("data:" + data.text)

    def media(self) -> set[str]:
        """Give the digests of all pictures that are seen."""
        found = set()
        for link in self._media:
            inline = link.startswith("data:")
            held = embedded(link[5:]) if inline else self._file.data(link)
            if held is not None:
                found.add(media_digest(held))
        return found


def _is_cache(table: Element) -> bool:
    """Tell what is kept of a linked file (`'file:///a.ods'#$Sheet`) from a sheet that is shown."""
    return "'#$" in get(table, "table:name") and child(table, "table:table-source") is not None


def _extend(total: Seen, more: Seen) -> None:
    if more.text.strip():
        total.say(more.text, counted=False)
    total.say("".join(more.content) + "\n", shown=False)
    total.values += more.values
    total.media += more.media
    total.objects += more.objects


def normalised(text: str) -> str:
    """Give text without white space, NFC: what two savings of one document have in common."""
    return without_spaces(unicodedata.normalize("NFC", text))


def content_digest(stories: Stories) -> str:
    """Digest the content: SHA-256 in hex over text, values, formulas and media (rules.md)."""
    total = hashlib.sha256()
    ordered = [(place, text) for place, _, text in stories.rows if place not in _UNORDERED]
    rest = sorted({(place, text) for place, _, text in stories.rows if place in _UNORDERED})
    for place, text in (*ordered, *rest):
        if text.strip("\0"):
            total.update(f"{place}\0{text}\0".encode())
    for digest in sorted(stories.media()):
        total.update(f"media\0{digest}\0".encode())
    return total.hexdigest()


def same_content(before: OdfFile, after: OdfFile) -> bool:
    """Tell whether two files have the same content digest.

    Where only the styles and the properties were written anew, as in text documents and workbooks,
    the rest is the same because its bytes are, and need not be walked again.
    """
    names = ("styles.xml",)
    same_bytes = not before.flat and before.same_members(after, {*names, "meta.xml", MANIFEST})
    if same_bytes and HiddenStyles.of(before, names) == HiddenStyles.of(after, names):
        one, two = (Stories(file, body=False) for file in (before, after))
        return content_digest(one) == content_digest(two)
    expected = content_digest(Stories(before))
    before.forget("content.xml")
    return expected == content_digest(Stories(after))


def text_parts(stories: Stories) -> tuple[TextPart, ...]:
    """Give the text by part, with its white space; equal headers once."""
    shown = dict.fromkeys((place, text) for place, text, _ in stories.rows if text.strip())
    return tuple(TextPart(place, text) for place, text in shown)
