"""Removing 付加情報 from an HTML page, by cutting out of its own text: nothing is written anew.

Comments, what Office and mail programs put between the lines, descriptions of author and program,
elements that are hidden, paths of somebody's disk, and what pictures that lie inside tell.
"""

import base64
import binascii
import re
from typing import NamedTuple

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.inner import clean_inside
from meti_desk.formats.members import Nest
from meti_desk.formats.noting import Notes
from meti_desk.formats.text import kinds
from meti_desk.formats.text.clean_text import note_unseen
from meti_desk.formats.text.encoding import decode
from meti_desk.formats.text.html import declared_charset

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:--!?>|\Z)"
    r"|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<!(?P<doctype>doctype)[^>]*(?:>|\Z)"
    r"|<(?P<bogus>[!?/][^a-zA-Z>][^>]*|[!?][a-zA-Z][^>]*)(?:>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"""(?P<rest>(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+)(?:>|\Z)""",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<before>[\s/]+)(?P<name>[^\s=/>"']+)"""
    r"""(?:\s*=\s*(?P<value>"[^"]*"?|'[^']*'?|[^\s>]+))?"""
)
_RAW = ("script", "style", "textarea", "title", "xmp", "noembed", "noframes")
_RAW_END = {name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in _RAW}
_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    }
)
_META_KEPT = frozenset({"viewport", "robots", "color-scheme", "format-detection", "referrer"})
_HTTP_KEPT = frozenset({"content-type", "content-language", "x-ua-compatible", "refresh"})
_OFFICE_LINKS = frozenset(
    {"file-list", "edit-time-data", "ole-object-data", "themedata", "colorschememapping",
     "preview", "main-file", "dataset"}
)  # fmt: skip
_HIDING = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|rem|%)?\s*(?:[;!]|\Z)|opacity\s*:\s*0(?:\.0+)?\s*"
    r"(?:[;!]|\Z))",
    re.IGNORECASE,
)
_GONE = re.compile(r"(?<![\w-])display\s*:\s*none", re.IGNORECASE)
_SCRIPTED = re.compile(r"<script[\s>]|\son[a-z]{3,20}\s*=", re.IGNORECASE)
_SHOWN_LATER = re.compile(r"(?<![\w-])display\s*:\s*(?!none)[\w-]+\s*!\s*important", re.IGNORECASE)
_CSS_COMMENT = re.compile(
    r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/\*.*?(?:\*/|\Z)""", re.DOTALL
)
_PATH = re.compile(
    r"file:|(?<![a-zA-Z])[a-zA-Z]:[\\/](?!/)|(?<![\w\\:/])\\\\[\w.-]+\\|(?<![\w/.])/(?:home|Users)/\w",
    re.IGNORECASE,
)
_DATA_URI = re.compile(r"data:(image/[\w.+-]+)[^,]{0,100};base64,", re.IGNORECASE)
_OTHER_DATA = re.compile(r"(?<![\w-])data:[\w.+-]+/", re.IGNORECASE)
_OBJECTS = frozenset({"object", "embed", "iframe", "applet"})
_SPANS = frozenset({"xml", "template"})


class _Cut(NamedTuple):
    start: int
    stop: int
    new: str = ""


class _Hiding(NamedTuple):
    """An element that is hidden, while its end is looked for."""

    name: str
    start: int
    kind: str
    depth: int


class Page:
    """One pass over a page; `cuts` is what changes."""

    def __init__(self, text: str, place: str, notes: Notes, nest: Nest) -> None:
        """Look at a page; its bytes may stand for themselves, only signs of ASCII matter."""
        self._text = text
        self._place = place
        self._notes = notes
        self._nest = nest
        self._cuts: list[_Cut] = []
        self._hiding: _Hiding | None = None
        self._scripted = _SCRIPTED.search(text) is not None
        self._shown_later = self._scripted or _SHOWN_LATER.search(text) is not None

    def cleaned(self) -> str:
        """Give the page without what goes."""
        at = 0
        while (found := _TOKEN.search(self._text, at)) is not None:
            at = self._token(found)
        if self._hiding is not None:
            # Its end was never found: what is hidden and what is shown cannot be told apart.
            self._notes.add(kinds.HIDDEN_OPEN, self._place, self._hiding.name)
        return self._applied()

    def _applied(self) -> str:
        out = []
        at = 0
        for start, stop, new in sorted(self._cuts):
            if start < at:
                continue  # inside what is cut already
            out += [self._text[at:start], new]
            at = stop
        return "".join((*out, self._text[at:]))

    def _found(self, kind: str, start: int, stop: int, value: str = "") -> bool:
        """Note something at a span, and cut it out where it goes."""
        goes = self._notes.add(kind, self._place, value or self._text[start:stop])
        if goes:
            self._cuts.append(_Cut(start, stop))
        return goes

    def _token(self, found: re.Match[str]) -> int:
        start, stop = found.span()
        if found["comment"] is not None:
            if self._hiding is None:
                self._found(kinds.COMMENT, start, stop)
            return stop
        if found["bogus"] is not None:
            declared = found["bogus"].startswith("?xml ") and not self._text[:start].strip(
                "\ufeffï»¿"
            )
            if not declared and self._hiding is None:
                self._found(kinds.COMMENT, start, stop)
            return stop
        if found["name"] is None:
            return stop
        name = found["name"].lower()
        if found["end"]:
            self._closing(name, stop)
            return stop
        return self._opening(found, name)

    def _closing(self, name: str, stop: int) -> None:
        held = self._hiding
        if held is None or held.name != name:
            return
        if held.depth > 1:
            self._hiding = held._replace(depth=held.depth - 1)
            return
        self._hiding = None
        self._found(held.kind, held.start, stop, _words(self._text[held.start : stop]))

    def _opening(self, found: re.Match[str], name: str) -> int:
        stop = end = found.end()
        if name in _RAW_END:
            closing = _RAW_END[name].search(self._text, stop)
            end = closing.start() if closing else len(self._text)
        if self._hiding is not None:
            if name == self._hiding.name and name not in _VOID:
                self._hiding = self._hiding._replace(depth=self._hiding.depth + 1)
            return end
        attributes = _attributes(found)
        values = {one["name"].lower(): _value(one) for one in reversed(attributes)}
        self._element(name, values, found, end)
        if self._hiding is None:
            for one in attributes:
                self._attribute(name, one, found.start("rest"))
        return end

    def _element(self, name: str, values: dict[str, str], found: re.Match[str], end: int) -> None:
        start, stop = found.span()
        kind = _kind_of(name, values)
        styled = _HIDING.search(values.get("style", ""))
        if not kind and ("hidden" in values or styled) and name not in ("html", "body"):
            if self._shown_later or not ("hidden" in values or _GONE.search(values["style"])):
                said = styled.group() if styled else "hidden"
                self._notes.add(kinds.HIDDEN_STYLE, self._place, f"{name} {said}")
            else:
                kind = kinds.HIDDEN
        if kind and name in _VOID:
            self._found(kind, start, stop)
        elif kind and not found["rest"].rstrip().endswith("/"):
            self._hiding = _Hiding(name, start, kind, 1)
        elif name == "script":
            self._notes.add(
                kinds.SCRIPT, self._place, self._text[stop:end] or values.get("src", "")
            )
        elif name == "style":
            self._style(stop, end)
        elif name in _OBJECTS:
            said = values.get("data") or values.get("src") or values.get("srcdoc", "")
            self._notes.add(kinds.OBJECT, self._place, f"{name} {said}")

    def _style(self, start: int, end: int) -> None:
        css = self._text[start:end]
        for one in _CSS_COMMENT.finditer(css):
            if one.group().startswith("/*"):
                self._found(kinds.COMMENT, start + one.start(), start + one.end())
        if hidden := _HIDING.search(_CSS_COMMENT.sub("", css)):
            self._notes.add(kinds.HIDDEN_STYLE, self._place, hidden.group())
        for one in _PATH.finditer(css):
            self._notes.add(kinds.HIDDEN_STYLE, self._place, css[one.start() : one.start() + 60])
        self._embedded(css, start)

    def _attribute(self, element: str, one: re.Match[str], base: int) -> None:
        start, stop = base + one.start(), base + one.end()
        name, value = one["name"].lower(), _value(one)
        if name.startswith("data-") and not self._scripted:
            self._found(kinds.DATA, start, stop)
        elif name.startswith(("x-apple-", "u1:", "v:", "o:")) or name == "xmlns:dt":
            self._found(kinds.OFFICE, start, stop)
        elif (name.startswith("on") and value) or value.strip().lower().startswith("javascript:"):
            self._notes.add(kinds.SCRIPT, self._place, value)
        elif (name == "content" and element == "meta") or name in ("alt", "title", "value"):
            return
        elif _PATH.search(_unescaped(value)):
            self._found(kinds.PATH, start, stop)
        elif one["value"] is not None:
            self._embedded(one["value"], base + one.start("value"))

    def _embedded(self, value: str, base: int) -> None:
        """Clean pictures that are written into the page; anything else written so is not known."""
        at = 0
        while (found := _DATA_URI.search(value, at)) is not None:
            stop = found.end()
            while stop < len(value) and value[stop] not in "\"') \t>,;":
                stop += 1
            self._picture(value[found.end() : stop], base + found.end(), found[1])
            at = stop
        others = len(_OTHER_DATA.findall(value)) - len(_DATA_URI.findall(value))
        if others > 0:
            self._notes.add(kinds.PICTURE_UNCHECKED, self._place, value)

    def _picture(self, coded: str, start: int, kind: str) -> None:
        try:
            data = base64.b64decode(coded.replace("%2B", "+").replace("%2F", "/"), validate=True)
        except (binascii.Error, ValueError):
            self._notes.add(kinds.PICTURE_UNCHECKED, self._place, kind)
            return
        plain = clean_inside(data, f"{self._place} {kind}", self._notes, kinds.PICTURES, self._nest)
        new = base64.b64encode(plain).decode()
        if plain != data and self._notes.add(kinds.PICTURE, self._place, kind):
            self._cuts.append(_Cut(start, start + len(coded), new))


def clean_html(data: bytes, place: str, notes: Notes, nest: Nest) -> bytes:
    """Give the page without what goes.

    Raises `RuleViolation("scrub.unsupported-format")` for an encoding that cannot be written back.
    """
    text, codec = _readable(data)
    note_unseen(decode(data, declared_charset(data)), place, notes)
    plain = Page(text, place, notes, nest).cleaned()
    return data if plain == text else plain.encode(codec)


def _readable(data: bytes) -> tuple[str, str]:
    """Decode so that encoding gives back every byte.

    In all encodings but a few, the signs of HTML are bytes of their own, and the others may pass
    as they are.
    """
    codec = "latin-1"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codec = "utf-16-le" if data[:1] == b"\xff" else "utf-16-be"
    elif b"\x1b" in data:
        codec = "iso2022_jp_ext"
    try:
        text = data.decode(codec)
        same = text.encode(codec) == data
    except UnicodeError:
        same, text = False, ""
    if not same:
        code = "scrub.unsupported-format"
        raise RuleViolation(code, articles=("14-7",), format="html", what="encoding")
    return text, codec


def _attributes(found: re.Match[str]) -> list[re.Match[str]]:
    return list(_ATTRIBUTE.finditer(found["rest"]))


def _value(one: re.Match[str]) -> str:
    raw = one["value"] or ""
    return raw[1:].removesuffix(raw[0]) if raw[:1] in ("'", '"') else raw


def _unescaped(value: str) -> str:
    import html
    from urllib.parse import unquote

    return unquote(html.unescape(value), "latin-1")


def _kind_of(name: str, values: dict[str, str]) -> str:
    """Name why a whole element goes; empty for one that stays."""
    if name == "meta":
        return _kind_of_meta(values)
    if name == "link" and values.get("rel", "").strip().lower() in _OFFICE_LINKS:
        return kinds.OFFICE
    if name in _SPANS:
        return kinds.OFFICE if name == "xml" else kinds.HIDDEN
    if name == "input" and values.get("type", "").strip().lower() == "hidden":
        return kinds.HIDDEN
    if name == "img" and _is_dot(values):
        return kinds.TRACKING
    return ""


def _kind_of_meta(values: dict[str, str]) -> str:
    named = values.get("name", "").strip().lower()
    http = values.get("http-equiv", "").strip().lower()
    if "charset" in values or named in _META_KEPT or http in _HTTP_KEPT:
        return ""
    return kinds.META


def _is_dot(values: dict[str, str]) -> bool:
    """Tell a picture from elsewhere that nobody can see: it only tells who opened the page."""
    remote = values.get("src", "").strip().lower().startswith(("http:", "https:", "//"))
    sizes = [values.get(one, "").strip().removesuffix("px") for one in ("width", "height")]
    return remote and all(one in ("0", "1") for one in sizes)


def _words(element: str) -> str:
    return re.sub(r"<[^>]*>?", " ", element) or element
