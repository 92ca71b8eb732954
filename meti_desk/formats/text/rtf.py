"""The text of an RTF document, with its headers and what it says of itself.

A small state machine: groups, destinations, character sets of fonts, Unicode with its stand-ins.
Whatever it does not know it passes over, as the format asks of every reader.
"""

import re
from dataclasses import dataclass, field, replace

from meti_desk.formats.text.encoding import decode

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|"
    rb"([^\\{}\r\n]+)|[\r\n]+",
    re.DOTALL,
)
_BREAKS = {"par": "\n", "line": "\n", "page": "\n", "sect": "\n", "row": "\n", "tab": "\t",
           "cell": "\t", "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022",
           "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c",
           "rdblquote": "\u201d"}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "\u2011", b"\n": "\n", b"\r": "\n"}
_MARGINS = frozenset(
    {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"}
)
_ABOUT = frozenset({"title", "subject", "keywords", "doccomm", "category"})
_UNSEEN = frozenset(
    {
        *("fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "info"),
        *("pict", "objdata", "bkmkstart", "datafield", "themedata", "latentstyles"),
        *("rsidtbl", "colorschememapping"),
        *("generator", "xmlnstbl", "filetbl", "fldinst", "bkmkend", "datastore"),
    }
)  # fmt: skip
_SEEN = frozenset({"shptxt", "shpinst", "nesttableprops"})
"""Destinations that hold text and that old readers pass over."""
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gbk", 136: "cp950", 204: "cp1251", 238: "cp1250"}
_DEEPEST = 2_000


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside one group."""

    target: str = "body"
    """Where text goes: `body`, `header`, `footer`, a name of `_ABOUT`, `fonts`, or nowhere."""
    codec: str = ""
    font: int = -1
    skip: int = 1
    """How many characters stand in for one in Unicode."""


@dataclass(slots=True)
class Rtf:
    """What was read: text by place (`body`, `header`, `footer`, `title`, …)."""

    parts: dict[str, list[str]] = field(default_factory=dict)

    def text(self, place: str) -> str:
        """Give the text of one place."""
        return "".join(self.parts.get(place, ()))


@dataclass(slots=True)
class _Reader:
    out: Rtf = field(default_factory=Rtf)
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    fonts: dict[int, str] = field(default_factory=dict)
    to_skip: int = 0
    optional: bool = False
    document_codec: str = "cp1252"

    def flush(self) -> None:
        """Decode the bytes that were collected in the character set that holds here."""
        if self.pending:
            codec = self.state.codec or self.document_codec
            self.put(decode(bytes(self.pending), codec))
            self.pending.clear()

    def put(self, text: str) -> None:
        """Add text to where it belongs."""
        if self.state.target and self.state.target != "fonts":
            self.out.parts.setdefault(self.state.target, []).append(text)

    def raw(self, data: bytes) -> None:
        """Take bytes of text; those that only stand in for a Unicode character are dropped."""
        dropped = min(self.to_skip, len(data))
        self.to_skip -= dropped
        self.pending += data[dropped:]
        self.optional = False

    def change(self, **what: object) -> None:
        """Go on in another state."""
        self.flush()
        self.state = replace(self.state, **what)  # type: ignore[arg-type] # fields of the state


def read(data: bytes) -> Rtf:
    """Read a document; never fails."""
    reader = _Reader()
    at = 0
    while at < len(data):
        token = _TOKEN.match(data, at)
        if token is None:
            break
        at = token.end()
        word, number, code, sign, brace, plain = token.groups()
        if word is not None:
            if word == b"bin":
                at += max(0, int(number or 0))
            else:
                _word(reader, word.decode(), int(number) if number else None)
        elif code is not None:
            reader.raw(bytes([int(code, 16)]))
        elif plain is not None:
            reader.raw(plain)
        elif sign is not None:
            _sign(reader, sign)
        elif brace is not None:
            _brace(reader, brace)
    reader.flush()
    return reader.out


def _brace(reader: _Reader, brace: bytes) -> None:
    reader.flush()
    reader.to_skip = 0
    reader.optional = False
    if brace == b"{":
        if len(reader.stack) < _DEEPEST:
            reader.stack.append(reader.state)
    elif reader.stack:
        target = reader.state.target
        reader.state = reader.stack.pop()
        if target in ("header", "footer") and reader.state.target != target:
            reader.out.parts.setdefault(target, []).append("\n")


def _sign(reader: _Reader, sign: bytes) -> None:
    if sign == b"*":
        reader.optional = True
    elif sign in (b"\\", b"{", b"}"):
        reader.raw(sign)
    elif sign in _SIGNS:
        reader.flush()
        reader.put(_SIGNS[sign])


def _word(reader: _Reader, word: str, number: int | None) -> None:
    optional, reader.optional = reader.optional, False
    if word == "u" and number is not None:
        reader.flush()
        # UTF-16, negative from 0x8000 on; pairs are joined at the end.
        reader.put(chr(number & 0xFFFF))
        reader.to_skip = reader.state.skip
    elif word == "uc" and number is not None:
        reader.change(skip=max(0, min(number, 16)))
    elif word == "ansicpg" and number:
        reader.document_codec = f"cp{number}" if number != 65001 else "utf-8"  # noqa: PLR2004 - a code page
    elif word in _BREAKS:
        reader.flush()
        reader.put(_BREAKS[word])
    elif word in ("f", "fcharset", "plain"):
        _font(reader, word, number)
    else:
        _destination(reader, word, optional=optional)


def _font(reader: _Reader, word: str, number: int | None) -> None:
    if word == "plain":
        reader.change(codec="")
    elif word == "f" and number is not None:
        reader.change(font=number, codec=reader.fonts.get(number, ""))
    elif reader.state.target == "fonts" and number in _CHARSETS:
        reader.fonts[reader.state.font] = _CHARSETS[number]


def _destination(reader: _Reader, word: str, *, optional: bool) -> None:
    if word == "fonttbl":
        reader.change(target="fonts")
    elif word in _MARGINS:
        reader.change(target=word[:6])
    elif word in _ABOUT and reader.state.target == "":
        reader.change(target=word)
        # Written twice, the second is the one in Unicode (`upr`, then `ud`).
        reader.out.parts[word] = []
    elif word in _UNSEEN or (optional and word not in _SEEN):
        reader.change(target="")


def joined(text: str) -> str:
    """Join the two halves that RTF writes characters beyond the first 65,536 in."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
