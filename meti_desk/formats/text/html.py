"""The text of an HTML page that a reader sees, with its title and its charset."""

import re
from html import unescape
from typing import NamedTuple

_UNSEEN = {
    name: re.compile(f"</{name}(?=[\\s/>])[^>]*>?", re.IGNORECASE)
    for name in ("script", "style", "template")
}
"""Elements without text to read, and where each ends."""
# A `>` inside a quoted value ends no tag. Nothing here is tried twice.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)(?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+(?:>|\Z)""")
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "caption", "dd", "details"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2"),
        *("h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "nav", "ol"),
        *("option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead"),
        *("tr", "ul"),
    }
)
_CELLS = frozenset({"td", "th"})
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*+")
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 4096


class Page(NamedTuple):
    """What a page says: its title, and its text with a line for each block."""

    title: str
    text: str


class _Reader:
    """Collects text by one pass over the page, in time proportional to its length.

    The standard library's parser takes a minute for a megabyte of `<!`.
    """

    def __init__(self) -> None:
        self.title: list[str] = []
        self.text: list[str] = []
        self._in_title = False

    def feed(self, page: str) -> None:
        """Read a whole page."""
        at = 0
        while at < len(page):
            start = page.find("<", at)
            if start < 0:
                start = len(page)
            self._put(page[at:start])
            at = self._markup(page, start) if start < len(page) else start

    def _markup(self, page: str, start: int) -> int:
        """Read what begins with `<`; give where the text goes on."""
        if page.startswith("<!--", start):
            return _behind(page, "-->", start + 4)
        if page.startswith(("<!", "<?"), start):
            return _behind(page, ">", start + 2)
        tag = _TAG.match(page, start)
        if tag is None:
            self._put("<")
            return start + 1
        name = tag[2].lower()
        if name in _UNSEEN and not tag[1]:
            end = _UNSEEN[name].search(page, tag.end())
            return end.end() if end else len(page)
        self._tag(name, closing=bool(tag[1]))
        return tag.end()

    def _tag(self, name: str, *, closing: bool) -> None:
        if name == "title":
            self._in_title = not closing
        elif name in _BLOCKS:
            self.text.append("\n")
        elif name in _CELLS and not closing:
            self.text.append("\t")

    def _put(self, text: str) -> None:
        plain = unescape(text).replace("\n", " ")
        (self.title if self._in_title else self.text).append(plain)


def _behind(page: str, end: str, start: int) -> int:
    found = page.find(end, start)
    return len(page) if found < 0 else found + len(end)


def read(html: str) -> Page:
    """Read a page; what is broken in it is read as browsers would, as far as that goes."""
    reader = _Reader()
    reader.feed(html)
    text = _LINES.sub("\n", _BLANKS.sub(" ", "".join(reader.text)))
    return Page(" ".join("".join(reader.title).split()), text.strip())


def declared_charset(data: bytes) -> str:
    """Give the charset that a page names in its beginning; empty when it names none."""
    found = _CHARSET.search(data[:_HEAD])
    return found[1].decode("latin-1") if found else ""
