"""The text of an HTML page that a reader sees, with its title and its charset."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

_UNSEEN = frozenset({"script", "style", "template"})
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
_LINES = re.compile(r" ?\n[ \n]*")
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 4096


class Page(NamedTuple):
    """What a page says: its title, and its text with a line for each block."""

    title: str
    text: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.text: list[str] = []
        self._unseen = ""
        self._in_title = False

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            return
        if tag in _UNSEEN:
            self._unseen = tag
        elif tag == "title":
            self._in_title = True
        elif tag in _BLOCKS:
            self.text.append("\n")
        elif tag in _CELLS:
            self.text.append("\t")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN and tag != "title":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif tag == "title":
            self._in_title = False
        elif tag in _BLOCKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        (self.title if self._in_title else self.text).append(data.replace("\n", " "))


def read(html: str) -> Page:
    """Read a page; what is broken in it is read as browsers would, as far as that goes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = _LINES.sub("\n", _BLANKS.sub(" ", "".join(reader.text)))
    return Page(" ".join("".join(reader.title).split()), text.strip())


def declared_charset(data: bytes) -> str:
    """Give the charset that a page names in its beginning; empty when it names none."""
    found = _CHARSET.search(data[:_HEAD])
    return found[1].decode("latin-1") if found else ""
