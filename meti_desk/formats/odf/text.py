"""What a reader sees of an OpenDocument file, as text, values and media, with changes as accepted.

Left out: deleted text, hidden text, comments, alternative texts, prompts of empty placeholders and
our own mark. Speaker notes and hidden slides are text that is shown to people, but no content that
the digest covers, because they go when a document is given away (付加情報).
"""

import re
import sys
from dataclasses import dataclass, field

from meti_desk.formats.odf.hidden import HiddenStyles
from meti_desk.formats.odf.mark import is_frame, is_line
from meti_desk.formats.odf.names import full
from meti_desk.formats.odf.xml import Element, get, name_of
from meti_desk.formats.ooxml.paths import has_path

_LEFT_OUT = frozenset(
    {
        *("text:tracked-changes", "table:tracked-changes", "office:annotation", "text:note"),
        *("office:annotation-end", "svg:title", "svg:desc", "text:note-citation", "?:unknown"),
        *("presentation:notes", "office:scripts", "office:event-listeners", "office:dde-source"),
        *("table:content-validations", "table:label-ranges", "table:dde-links", "table:source"),
        *("table:calculation-settings", "table:data-pilot-tables", "table:table-source"),
        *("text:table-of-content-source", "text:illustration-index-source"),
        *("text:table-index-source", "text:object-index-source", "text:user-index-source"),
        *("text:alphabetical-index-source", "text:bibliography-source", "draw:glue-point"),
        *("presentation:settings", "meti:off", "office:binary-data", "style:style"),
    }
)
_RECOMPUTED = frozenset(
    {
        *("text:page-number", "text:page-count", "text:page-continuation", "text:sheet-name"),
        *("text:file-name", "text:editing-cycles", "text:editing-duration", "text:print-date"),
        *("text:print-time", "text:printed-by", "text:modification-date", "text:creator"),
        *("text:modification-time", "text:word-count", "text:character-count", "text:table-count"),
        *("text:paragraph-count", "text:image-count", "text:object-count"),
        *("text:template-name", "text:author-name"),
        *("text:author-initials", "text:page-variable-get", "text:sender-initials"),
    }
)
"""Fields whose words a program writes anew: shown, but no content."""
_BREAKS = {"text:tab": "\t", "text:line-break": "\n"}
_AFTER = {
    "text:p": "\n", "text:h": "\n", "table:table-cell": "\t", "table:table-row": "\n",
    "text:ruby-base": " ", "draw:frame": "\n",
}  # fmt: skip
_WHITE = re.compile(r"[ \t\r\n]+")
_VALUES = {
    full(name): name
    for name in (
        "table:formula", "office:value", "office:date-value", "office:time-value",
        "office:boolean-value", "office:string-value",
    )
}  # fmt: skip
"""What a cell holds besides its text, by the attributes' full names."""
_MANY = 20_000
"""Pieces of text that are put together before more are gathered."""
_MOST_REPEATED = 64
"""How often the text of a repeated cell is given; a reader scrolls no farther."""
_HREF = full("xlink:href")
_FORMULA = full("table:formula")


@dataclass(slots=True)
class Seen:
    """What a walk gathers; `values` are what cells hold, with formulas as they stand."""

    pieces: list[str] = field(default_factory=list)
    content: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    """Links to pictures; `data:` with the base64 text of pictures in a flat file."""
    objects: list[tuple[str, str]] = field(default_factory=list)
    """What is embedded: its link and that of the picture that stands in for it."""
    notes: list[tuple[str, Element]] = field(default_factory=list)

    def say(self, text: str, *, shown: bool = True, counted: bool = True) -> None:
        """Add a piece of text to what is shown, to what counts as content, or to both."""
        if shown:
            self.pieces.append(text)
        if counted:
            self.content.append(text)

    def pack(self) -> None:
        """Put together what a long walk has gathered so far: many short texts need much room."""
        self.pieces = ["".join(self.pieces)]
        self.content = ["".join(self.content)]
        self.values = ["\0".join(self.values)] if self.values else []

    @property
    def text(self) -> str:
        """The text as shown, paragraphs on lines of their own."""
        return "".join(self.pieces)


class Walker:
    """Gathers what is seen of one element, by the document's hidden styles."""

    def __init__(self, hidden: HiddenStyles, most: int | None = None) -> None:
        """Take the hidden styles; `most` ends a walk after about so many pieces of text."""
        self._hidden = hidden
        self._most = sys.maxsize if most is None else most

    def walk(self, element: Element) -> Seen:
        """Gather text, values, pictures and notes of an element."""
        seen = Seen()
        self._inside(element, seen, counted=True)
        return seen

    def begin(self, element: Element) -> Seen:
        """Begin with an element whose children come one after the other (`take`)."""
        seen = Seen()
        if element.text:
            seen.say(_WHITE.sub(" ", element.text))
        return seen

    def take(self, one: Element, seen: Seen) -> None:
        """Take in a child and the text behind it."""
        self._visit(one, seen, counted=True)
        if one.tail:
            seen.say(_WHITE.sub(" ", one.tail))
        if len(seen.pieces) > _MANY and self._most == sys.maxsize:
            seen.pack()

    def walk_with(self, element: Element) -> Seen:
        """Gather what an element itself shows, nothing when it is hidden."""
        seen = Seen()
        self._visit(element, seen, counted=True)
        return seen

    def _visit(self, element: Element, seen: Seen, *, counted: bool) -> None:
        if len(seen.pieces) > self._most:
            return
        name = name_of(element)
        if name == "text:note":
            seen.notes.append((get(element, "text:note-class") or "footnote", element))
            return
        if name in _LEFT_OUT or not name or self._unseen(element, name):
            return
        if name in _BREAKS:
            seen.say(_BREAKS[name])
        elif name == "text:s":
            count = get(element, "text:c")
            few = min(int(count), 1000) if count.isascii() and count.isdigit() else 1
            seen.say(" " * few)
        elif name == "table:table-cell":
            self._cell(element, seen)
        elif name == "draw:frame":
            self._frame(element, seen, counted=counted)
        elif name == "draw:custom-shape" and is_frame(element) and _is_marked(element):
            return
        else:
            self._gather(element, name, seen)
            counted = counted and not _is_recomputed(element, name)
            self._inside(element, seen, counted=counted)
            seen.say(_AFTER.get(name, ""))

    def _inside(self, element: Element, seen: Seen, *, counted: bool) -> None:
        if element.text:
            seen.say(_WHITE.sub(" ", element.text), counted=counted)
        for one in element:
            self._visit(one, seen, counted=counted)
            if one.tail:
                seen.say(_WHITE.sub(" ", one.tail), counted=counted)

    def _unseen(self, element: Element, name: str) -> bool:
        if name in {"text:p", "text:span", "table:table-row"}:
            return self._hidden.hides(element)
        if name == "text:section":
            hidden = get(element, "text:display")
            return hidden == "none" or get(element, "text:is-hidden") == "true"
        if name == "text:hidden-text":
            return get(element, "text:is-hidden") == "true"
        if name in {"text:variable-set", "text:variable-input", "text:user-field-get"}:
            return get(element, "text:display") == "none"
        if name.startswith("draw:"):
            return get(element, "presentation:placeholder") == "true"
        return self._hidden.hides(element)

    def _cell(self, element: Element, seen: Seen) -> None:
        # A formula that names a file on a disk goes when the document is given away.
        values = [
            f"{_VALUES[str(key)]}={value!s}"
            for key, value in element.items()
            if key in _VALUES and not (key == _FORMULA and has_path(str(value)))
        ]
        values.sort()
        inner = self._within(element)
        repeated = get(element, "table:number-columns-repeated") or "1"
        if values or inner.text.strip() or inner.media or inner.objects:
            seen.values.append("|".join([repeated, *values]))
        seen.values += inner.values
        seen.media += inner.media
        seen.objects += inner.objects
        seen.notes += inner.notes
        text = inner.text.strip("\n")
        times = 1
        if text.strip() and repeated.isascii() and repeated.isdigit():
            times = min(int(repeated), _MOST_REPEATED)
        seen.say((text + "\t") * times, counted=False)
        seen.say("".join(inner.content) + "\t", shown=False)

    def _within(self, element: Element) -> Seen:
        inner = Seen()
        self._inside(element, inner, counted=True)
        return inner

    def _frame(self, element: Element, seen: Seen, *, counted: bool) -> None:
        """Take the first rendering that is understood: of several pictures one is shown."""
        if is_frame(element) and _is_marked(element):
            return
        pictures = [one for one in element if name_of(one) == "draw:image"]
        stand_in = get(pictures[0], "xlink:href") if pictures else ""
        embedded = False
        for one in element:
            name = name_of(one)
            if name == "draw:object":
                embedded = True
                seen.objects.append((get(one, "xlink:href"), stand_in))
                for inner in one:
                    self._visit(inner, seen, counted=counted)
            elif name == "draw:image":
                if not embedded and one is pictures[0]:
                    self._gather(one, name, seen)
            elif name != "draw:object-ole" or not pictures:
                self._visit(one, seen, counted=counted)
        seen.say("\n")

    def _gather(self, element: Element, name: str, seen: Seen) -> None:
        if name.startswith("form:"):
            for key in ("form:label", "form:current-value"):
                if get(element, key):
                    seen.say(get(element, key) + "\n")
        if name in {"draw:image", "draw:fill-image", "draw:plugin", "draw:object-ole"}:
            link = element.get(_HREF)
            data = element.find(full("office:binary-data"))
            if link:
                seen.media.append(str(link))
            elif data is not None and data.text:
                seen.media.append("data:" + data.text)


def _is_recomputed(element: Element, name: str) -> bool:
    if name in {"text:date", "text:time"}:
        return get(element, "text:fixed") != "true"
    return name in _RECOMPUTED


def _is_marked(element: Element) -> bool:
    """Tell whether a frame named like our mark stands where a mark of ours stands."""
    parent = element.getparent()
    if parent is not None and name_of(parent) == "draw:page":
        return True
    holders = {name_of(one) for one in element.iterancestors()}
    return any(name.startswith(("style:header", "loext:header")) for name in holders)


def is_own_line(element: Element) -> bool:
    """Tell whether a paragraph of a workbook's header is our mark."""
    parent = element.getparent()
    return parent is not None and name_of(parent) == "style:region-right" and is_line(element)
