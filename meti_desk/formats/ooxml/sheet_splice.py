"""Finds the headers in a sheet and where new ones belong, by bytes; all else stays as it is.

Excel reads a sheet's elements in the order of the schema only, and takes a file in another order
for damaged: `headerFooter` has its place behind the page setup and before breaks and pictures.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape as xml_escape

from meti_desk.formats.container import damaged

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_SPREADSHEET = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_MAIN = frozenset({SPREADSHEET, STRICT_SPREADSHEET})
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ALTERNATIVES = frozenset({"AlternateContent", "Choice", "Fallback"})
_ROOTS = frozenset({"worksheet", "chartsheet", "dialogsheet", "macrosheet"})
_BEHIND = frozenset(
    {
        *("rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors"),
        *("smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture"),
        *("oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
    }
)
"""What may only follow `headerFooter`, in every kind of sheet."""
_BEHIND_IN_VIEW = frozenset({"autoFilter", "extLst"})
_DECLARED = f'xmlns="{SPREADSHEET}"'.encode()
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*+"|'[^']*+')*+>""")
_DEEPEST = 256
KINDS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
"""In the order of the schema."""


@dataclass(slots=True)
class Holder:
    """One `headerFooter`, as it stands at `start` to `end`, or the place for one (`start`).

    `texts` are the headers and footers by name, `spans` where each stands. `open_end` is the end
    of its start tag, `close` the beginning of its end tag. `shown` tells which headers some page
    shows, `view` that it belongs to a custom view, which counts only while somebody chooses it.
    """

    start: int
    end: int
    prefix: str
    view: bool
    open_end: int = 0
    close: int = 0
    space: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    shown: tuple[str, ...] = ("oddHeader",)

    @property
    def present(self) -> bool:
        """Tell whether the element is there already."""
        return self.end > self.start

    def attributes(self, frame: bytes) -> bytes:
        """Give the attributes as written; those of an element that is not there are none."""
        tag = frame[self.start : self.open_end].removesuffix(b">").removesuffix(b"/")
        return tag.partition(b"headerFooter")[2].replace(_DECLARED, b"").strip()

    def rest(self, frame: bytes) -> bytes:
        """Give what stands inside besides headers and footers."""
        rest, at = b"", self.open_end
        for start, end in sorted(self.spans.values()):
            rest += frame[at:start]
            at = end
        return (rest + frame[at : self.close]).strip()


class Edit(NamedTuple):
    """Bytes of the frame that are replaced."""

    start: int
    end: int
    data: bytes


def holders(frame: bytes, part: str) -> list[Holder]:
    """Find all headers of a sheet, those of its custom views too, in the order of the file.

    Raises `InvalidInput("document.damaged")` for what is no sheet or not well-formed.
    """
    return _Finder(frame, part).run()


def edits(frame: bytes, holder: Holder, wanted: dict[str, str]) -> list[Edit]:
    """Write other headers into a holder; a text of `""` takes one away.

    Gives nothing where all is as wanted. The element goes too when nothing is left in it.
    """
    changed = {k: v for k, v in wanted.items() if holder.texts.get(k, "") != v}
    if not changed:
        return []
    if not holder.present:
        declared = f' xmlns="{holder.space}"' if holder.space else ""
        inner = "".join(_element(holder.prefix, k, changed[k]) for k in KINDS if k in changed)
        name = f"{holder.prefix}headerFooter"
        return [Edit(holder.start, holder.start, f"<{name}{declared}>{inner}</{name}>".encode())]
    texts = {**holder.texts, **changed}
    tag = frame[holder.start : holder.open_end]
    if not any(texts.values()) and b"=" not in tag and not holder.rest(frame):
        return [Edit(holder.start, holder.end, b"")]
    made = [
        _edit(holder, kind, _element(holder.prefix, kind, changed[kind]).encode())
        for kind in KINDS
        if kind in changed
    ]
    if holder.close > holder.start:
        return made
    closing = f"</{holder.prefix}headerFooter>".encode()
    inner_bytes = b"".join(one.data for one in made)
    opened = tag[:-2].rstrip() + b">"
    return [Edit(holder.start, holder.end, opened + inner_bytes + closing)]


def _edit(holder: Holder, kind: str, data: bytes) -> Edit:
    """Replace a header, or put it before those that follow it in the schema."""
    if kind in holder.spans:
        return Edit(*holder.spans[kind], data)
    later = KINDS[KINDS.index(kind) + 1 :]
    at = min((holder.spans[one][0] for one in later if one in holder.spans), default=holder.close)
    return Edit(at, at, data)


def _element(prefix: str, kind: str, text: str) -> str:
    if not text:
        return ""
    keep = ' xml:space="preserve"' if text != text.strip() or "  " in text else ""
    return f"<{prefix}{kind}{keep}>{xml_escape(text)}</{prefix}{kind}>"


@dataclass(slots=True)
class _Open:
    """One element on the way from the root: its name, and where what it holds belongs."""

    name: str
    start: int
    container: bool
    behind: int = -1
    """Where the first of its children that may only follow a header begins."""
    held: bool = False


class _Finder:
    def __init__(self, frame: bytes, part: str) -> None:
        self._frame, self._part = frame, part
        self._found: list[Holder] = []
        self._stack: list[_Open] = []
        self._holder: Holder | None = None
        self._kind = ""
        self._text: list[str] = []
        self._root_prefix, self._root_space = "", ""
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser

    def run(self) -> list[Holder]:
        try:
            self._parser.Parse(self._frame, True)  # noqa: FBT003 - expat's own way to say the end
        except expat.ExpatError as bad:
            raise damaged("xml", member=self._part) from bad
        return sorted(self._found, key=lambda one: one.start)

    def _doctype(self, *_told: object) -> None:
        raise damaged("dtd", member=self._part)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        space, local, prefix = _parts(name)
        if len(self._stack) > _DEEPEST:
            raise damaged("xml", member=self._part)
        if not self._stack:
            self._begin(space, local, prefix)
        parent = self._container()
        container = not self._stack or (space in _MAIN and local == "customSheetView")
        if parent is not None and space in _MAIN:
            self._place(parent, local, at)
            if local == "headerFooter":
                self._open_holder(parent, prefix, attributes, at)
        if self._holder is not None and local in KINDS and space in _MAIN:
            self._kind, self._text = local, []
            self._holder.spans[local] = (at, at)
        self._stack.append(_Open(local if space in _MAIN else "", at, container))
        if space == _COMPATIBILITY and local in _ALTERNATIVES:
            self._stack[-1].name = "mc:" + local

    def _begin(self, space: str, local: str, prefix: str) -> None:
        if local not in _ROOTS:
            raise damaged("not-a-sheet", member=self._part)
        if space in _MAIN:
            self._root_prefix = prefix
        else:
            # A sheet of old macros has a root of its own; what is put into it says what it is.
            self._root_space = SPREADSHEET

    def _container(self) -> _Open | None:
        """Give the sheet or view that the next element belongs to, through alternatives."""
        for one in reversed(self._stack):
            if one.container:
                return one
            if not one.name.startswith("mc:"):
                return None
        return None

    def _place(self, parent: _Open, local: str, at: int) -> None:
        behind = _BEHIND if parent is self._stack[0] else _BEHIND_IN_VIEW
        if local in behind and parent.behind < 0:
            # Before the alternatives, where it stands in some: a new header is for all of them.
            child = self._stack.index(parent) + 1
            parent.behind = self._stack[child].start if child < len(self._stack) else at

    def _open_holder(self, parent: _Open, prefix: str, attributes: dict[str, str], at: int) -> None:
        shown = ["oddHeader"]
        if _on(attributes.get("differentOddEven")):
            shown.append("evenHeader")
        if _on(attributes.get("differentFirst")):
            shown.append("firstHeader")
        parent.held = True
        self._holder = Holder(
            at, at, prefix, view=parent is not self._stack[0],
            open_end=_tag_end(self._frame, at), shown=tuple(shown),
        )  # fmt: skip
        self._found.append(self._holder)

    def _characters(self, text: str) -> None:
        if self._kind:
            self._text.append(text)

    def _end(self, _name: str) -> None:
        at = self._parser.CurrentByteIndex
        one = self._stack.pop()
        holder = self._holder
        if holder is not None:
            if self._kind and one.name == self._kind:
                holder.texts[one.name] = "".join(self._text)
                holder.spans[one.name] = (one.start, self._end_of(one, at))
                self._kind = ""
            elif one.name == "headerFooter" and one.start == holder.start:
                holder.end = self._end_of(one, at)
                holder.close = holder.start if self._is_empty(one) else at
                self._holder = None
        if one.container and not one.held:
            self._make_place(one, at)

    def _is_empty(self, one: _Open) -> bool:
        """Tell whether an element is written as one tag."""
        return self._frame.endswith(b"/>", one.start, _tag_end(self._frame, one.start))

    def _end_of(self, one: _Open, at: int) -> int:
        return _tag_end(self._frame, one.start if self._is_empty(one) else at)

    def _make_place(self, one: _Open, at: int) -> None:
        if self._is_empty(one):
            if not self._stack:
                raise damaged("not-a-sheet", member=self._part)
            return  # A view without any content has no print settings of its own.
        place = one.behind if one.behind >= 0 else at
        self._found.append(
            Holder(place, place, self._root_prefix, bool(self._stack), space=self._root_space)
        )


def _parts(name: str) -> tuple[str, str, str]:
    """Split expat's name into namespace, local name and the prefix as it is written."""
    parts = name.split(" ")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] + ":" if len(parts) > 2 else ""  # noqa: PLR2004 - has one


def _on(value: str | None) -> bool:
    return (value or "").strip() in {"1", "true", "on"}


def _tag_end(frame: bytes, at: int) -> int:
    """Find the end of the tag that begins here; a `>` in a value is no end."""
    found = _TAG.match(frame, at)
    if found is None:
        raise damaged("xml")
    return found.end()
