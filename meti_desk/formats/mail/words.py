"""Text in header lines: encoded words (RFC 2047), and what old programs write instead."""

import base64
import binascii
import re
from contextlib import suppress

from meti_desk.formats.text.encoding import decode as decode_text

_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]{0,4000})\?=")
_BETWEEN = re.compile(r"(?<=\?=)[ \t\r\n]+(?==\?)")
_PIECE = 42
"""Bytes of UTF-8 in one encoded word: with its frame it stays below 75 characters."""
_SHORTEST = 6
_FOLD = 76
_LINE_END = re.compile(r"\r\n|\r|\n")


def decode(raw: bytes) -> str:
    """Read a header's value: unfold it, decode encoded words and bytes that stand there openly.

    Words next to each other that name one character set are joined before they are decoded:
    programs cut characters in two.
    """
    text = raw.decode("latin-1")
    text = _LINE_END.sub("", text)
    text = _BETWEEN.sub("", text)
    out: list[str] = []
    pending: tuple[str, bytes] = ("", b"")
    at = 0
    for found in _WORD.finditer(text):
        plain = text[at : found.start()]
        charset, data = found[1].lower(), _bytes_of(found[2], found[3])
        if plain or charset != pending[0]:
            out += (_flush(pending), _open_text(plain))
            pending = (charset, data)
        else:
            pending = (charset, pending[1] + data)
        at = found.end()
    out += (_flush(pending), _open_text(text[at:]))
    return "".join(out).strip()


def _flush(pending: tuple[str, bytes]) -> str:
    charset, data = pending
    if charset == "utf-8":  # strictly first: a text may begin with what is a mark in a file
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8")
    return decode_text(data, charset) if data else ""


def _open_text(text: str) -> str:
    return text if text.isascii() and "\x1b" not in text else decode_text(text.encode("latin-1"))


def _bytes_of(kind: str, body: str) -> bytes:
    data = body.encode("latin-1")
    if kind in "bB":
        try:
            return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
        except binascii.Error:
            return b""
    return binascii.a2b_qp(data, header=True)


def encode(name: str, text: str, line_end: bytes) -> bytes:
    """Write one header line, folded; words that ASCII cannot carry or a line cannot hold encoded.

    `decode` gives back exactly `text`; it has no line ends of its own.
    """
    plain = text.isascii() and text.isprintable() and "=?" not in text and text == text.strip()
    first = f"{name}: "
    if plain and len(first) + len(text) <= _FOLD:
        return first.encode() + text.encode() + line_end
    room = (_FOLD - len(first) - len("=?utf-8?B??=")) // 4 * 3
    pieces = _pieces(text, max(room, _SHORTEST))
    words = [f"=?utf-8?B?{base64.b64encode(piece).decode()}?=" for piece in pieces]
    return first.encode() + (line_end.decode() + " ").join(words).encode() + line_end


def _pieces(text: str, first: int) -> list[bytes]:
    """Cut a text into pieces that hold whole characters only; the first is shorter."""
    pieces = [b""]
    room = first
    for char in text:
        raw = char.encode("utf-8", "replace")
        if len(pieces[-1]) + len(raw) > room:
            pieces.append(b"")
            room = _PIECE
        pieces[-1] += raw
    return pieces
