"""The language of Excel's headers and footers: `&L…&C…&R…` with codes, and our mark in it.

Our mark (明示, Art. 5) is the first line of the right section. It is known by its colour, 000001:
nobody can tell it from black, no program offers it, and it survives being saved by Excel and
LibreOffice. The text behind it stays as it is, byte for byte.

LibreOffice takes room for a header from the page: by an estimate that knows no Japanese font, and
then as much again as the text is taller. Where the mark stands alone in its section it is of 9
points, not of the usual 10 or 11, so that the sheet keeps its pages.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.ooxml.sheet_strings import unescape

Section = Literal["L", "C", "R"]

LONGEST = 255
"""Characters (UTF-16 units) that Excel takes in one header, codes included."""

_SIGN = "&K000001"
_SMALL = "&9"
_TOKEN = re.compile(
    r"""(?P<literal>&&)
    |&(?P<section>[LCRlcr])
    |(?P<color>&[Kk](?:000001&9(?![0-9])|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{2}[+-][0-9]{3}))
    |(?P<format>&(?:"[^"]*"|[0-9]+|[BIUESXYOHGbiuesxyohg]))
    |(?P<open>&(?:"[^"]*)?\Z)
    |(?P<field>&.)
    |(?P<line>\r\n|[\r\n])
    |(?P<text>[^&\r\n]+)""",
    re.VERBOSE | re.DOTALL,
)
_REMOVED = frozenset({"color", "text", "literal", "line"})
"""What of our line goes with it; formats stay, for what stands behind may rely on them."""

_NOT_ONE_LINE = re.compile("[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Token(NamedTuple):
    kind: str
    text: str
    section: str
    """`L`, `C` or `R`: what stands before the first of these codes is in the middle."""


def escape(mark: str) -> str:
    """Write a mark's text so that nothing in it is a code.

    Raises `InvalidInput("mark.text-not-storable")` for line breaks and what XML cannot hold.
    """
    if _NOT_ONE_LINE.search(mark):
        raise InvalidInput("mark.text-not-storable")
    return _ESCAPE.sub("_x005F_", mark).replace("&", "&&")


def own_marks(header: str) -> list[str]:
    """Give the texts of our marks in a header, in whichever section they stand."""
    found: list[str] = []
    for token, ours in _tokens(header):
        if not ours:
            continue
        if token.kind == "color":
            found.append("")
        elif token.kind in {"text", "literal"}:
            found[-1] += "&" if token.kind == "literal" else token.text
    return [unescape(text) for text in found]


def without_mark(header: str) -> str:
    """Take our marks out, and a section that is empty without them."""
    kept: list[_Token] = []
    removed: set[str] = set()
    gap = False
    for token, ours in _tokens(header):
        if ours and token.kind in _REMOVED:
            removed.add(token.section)
            gap = True
            continue
        if gap and token.text[0].isdigit() and kept and kept[-1].kind == "format":
            # The number of a size that now ends where a text begins would swallow its digits.
            token = token._replace(text=" " + token.text)  # noqa: PLW2901 - what is kept of it
        kept.append(token)
        gap = False
    filled = {token.section for token in kept if token.kind != "section"}
    return "".join(
        token.text
        for token in kept
        if token.kind != "section" or token.section in filled or token.section not in removed
    )


def bare(header: str) -> str:
    """Give what of a header is read, without our mark: the same before and after marking."""
    kept = [token for token, _ in _tokens(without_mark(header)) if token.kind != "open"]
    filled = {token.section for token in kept if token.kind != "section"}
    return "".join(t.text for t in kept if t.kind != "section" or t.section in filled)


def with_mark(header: str, mark: str, section: Section = "R") -> str | None:
    """Put the mark in front of a section, once; nothing when it does not fit into 255 characters.

    What stands there already keeps its text and looks, one line lower. A header that carries
    exactly this mark in this section stays as it is.
    """
    if own_marks(header) == [mark] and section in _marked_sections(header):
        return header if _length(header) <= LONGEST else None
    before, after = _split(without_mark(header), section)
    following = next(_tokens(after), None)
    if following is not None and following[0].kind != "section":
        # What stands behind would take on another size.
        made = before + _SIGN + escape(mark) + "\n" + after
    else:
        size = "" if mark[:1].isdigit() else _SMALL
        made = before + _SIGN + size + escape(mark) + after
    return made if _length(made) <= LONGEST else None


def _marked_sections(header: str) -> set[str]:
    return {token.section for token, ours in _tokens(header) if ours}


def _split(plain: str, section: Section) -> tuple[str, str]:
    """Give what stands before and behind the beginning of a section, which is made if needed."""
    at, end = 0, len(plain)
    for token, _ in _tokens(plain):
        if not at and section == "C" and token.kind not in {"section", "open"}:
            return "", plain
        if token.kind == "open":
            # Nothing that is put behind a code without its end would be read.
            end = at
        at += len(token.text)
        if token.kind == "section" and token.section == section:
            return plain[:at], plain[at:]
    return f"{plain[:end]}&{section}", plain[end:]


def lines(header: str) -> Iterator[str]:
    """Give the text of each line without our mark and without formats; fields stay as `&P`."""
    line: list[str] = []
    section = "C"
    for token, ours in _tokens(header):
        if ours and token.kind in _REMOVED:
            continue
        if token.section != section or token.kind == "line":
            yield unescape("".join(line))
            line, section = [], token.section
        if token.kind == "literal":
            line.append("&")
        elif token.kind in {"text", "field"}:
            line.append(token.text)
    yield unescape("".join(line))


def text_of(header: str) -> str:
    """Give the text of a header without our mark, its lines apart."""
    return "\n".join(line for line in lines(header) if line.strip())


def _tokens(header: str) -> Iterator[tuple[_Token, bool]]:
    """Split a header; the second value tells whether the token is in the line of our mark."""
    section, ours = "C", False
    for found in _TOKEN.finditer(header):
        kind, text = str(found.lastgroup), found[0]
        if kind == "section":
            section, ours = text[1].upper(), False
        elif kind == "color":
            ours = text.upper() in (_SIGN, _SIGN + _SMALL)
        yield _Token(kind, text, section), ours
        if kind == "line":
            ours = False


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
