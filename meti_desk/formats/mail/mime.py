"""The parts of a mail (MIME), read forgivingly: broken mails are what people really get.

Parts are views into the mail's bytes: nothing is copied until a part is decoded.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.mail.headers import Block, read_block
from meti_desk.formats.mail.words import decode as decode_words
from meti_desk.formats.text.encoding import decode as decode_text

_DEEPEST = 50
"""Levels of multipart in each other; real mails have five."""
_MOST_PARTS = 5_000
_DIGITS = 5
_TYPE = re.compile(r"\s*([\w.+-]+)\s*/\s*([\w.+-]+)")
_PARAMETER = re.compile(r";\s*([^\s=;]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_QUOTED = re.compile(r"\\(.)", re.DOTALL)
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its headers, its type, its bytes as they are sent, and the parts in it."""

    headers: Block
    kind: str
    """`text/plain`, in small letters."""
    parameters: dict[str, str]
    raw: memoryview
    parts: tuple["Part", ...] = ()

    @property
    def is_attachment(self) -> bool:
        """Tell a file that was attached, not a part of what the reader is shown."""
        disposition = self.headers.first("content-disposition").strip().lower()
        return disposition.startswith(b"attachment")

    @property
    def name(self) -> str:
        """The file's name as the sender gave it; may be empty and may be hostile."""
        return self._disposition().get("filename", "") or self.parameters.get("name", "")

    @property
    def is_shown(self) -> bool:
        """Tell a picture that belongs to the body: it is named by its content id."""
        return bool(self.headers.first("content-id").strip()) and not self.is_attachment

    def _disposition(self) -> dict[str, str]:
        return parameters_of(self.headers.first("content-disposition"))

    def content(self) -> bytes:
        """Decode base64 and the like; what is broken in it is passed over."""
        encoding = self.headers.first("content-transfer-encoding").split(b";")[0].strip().lower()
        raw = bytes(self.raw)
        if encoding == b"base64":
            return _base64(raw)
        if encoding == b"quoted-printable":
            return binascii.a2b_qp(raw)
        if encoding in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
            return _uu(raw)
        return raw

    def text(self) -> str:
        """Give the content as text, with plain line ends."""
        return decode_text(self.content(), self.parameters.get("charset", "")).replace("\r\n", "\n")

    def leaves(self) -> Iterator["Part"]:
        """Give all parts that hold no other parts, in order."""
        if not self.parts:
            yield self
        for one in self.parts:
            yield from one.leaves()


def parse(data: bytes) -> Part:
    """Read a mail's parts.

    Raises `InvalidInput("document.bomb")` for parts in each other or beside each other without end.
    """
    return _part(memoryview(data), 0, [_MOST_PARTS], "text/plain")


def _part(data: memoryview, depth: int, left: list[int], default: str) -> Part:
    left[0] -= 1
    if depth > _DEEPEST or left[0] < 0:
        raise InvalidInput("document.bomb", what="parts")
    block = read_block(data)
    body = data[block.size :]
    head = bytes(body[:2])
    body = body[2 if head == b"\r\n" else 1 if head[:1] in (b"\n", b"\r") else 0 :]
    raw_type = block.first("content-type")
    found = _TYPE.match(raw_type.decode("latin-1"))
    kind = f"{found[1]}/{found[2]}".lower() if found else default
    parameters = parameters_of(raw_type)
    boundary = parameters.get("boundary", "").rstrip()
    parts: tuple[Part, ...] = ()
    if kind.startswith("multipart/") and boundary:
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        parts = tuple(
            _part(one, depth + 1, left, inner)
            for one in _split(body, boundary.encode("latin-1", "replace"))
        )
    return Part(block, kind, parameters, body, parts)


def _split(body: memoryview, boundary: bytes) -> list[memoryview]:
    """Cut at the boundary's lines; without the last one a part ends with the mail."""
    line = re.compile(rb"(?:\A|\r?\n|\r)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r|\n|\Z)")
    parts: list[memoryview] = []
    start = -1
    for found in line.finditer(body):
        if start >= 0:
            parts.append(body[start : found.start()])
        if found[1]:
            return parts
        start = found.end()
        start += 2 if bytes(body[start : start + 2]) == b"\r\n" else 1
    if start >= 0:
        parts.append(body[min(start, len(body)) :])
    return parts


def parameters_of(raw: bytes) -> dict[str, str]:
    """Read the parameters of a header, those in pieces and in other character sets too (RFC 2231).

    An encoded word in quotation marks is none by the rules, and what most Japanese mailers write.
    """
    text = re.sub(r"\r?\n[ \t]*", " ", raw.decode("latin-1"))
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for found in _PARAMETER.finditer(text):
        name, value = found[1].lower(), found[2].strip()
        if value.startswith('"'):
            value = _QUOTED.sub(r"\1", value[1:].removesuffix('"'))
        base, star, number = name.partition("*")
        if not star:
            plain.setdefault(name, decode_words(value.encode("latin-1", "replace")))
            continue
        encoded = number.endswith("*") or not number
        index = number.rstrip("*")
        data = value.encode("latin-1", "replace")
        pieces.setdefault(base, {})[
            int(index) if index.isdecimal() and len(index) < _DIGITS else 0
        ] = (data, encoded)
    for name, held in pieces.items():
        plain[name] = _joined([held[at] for at in sorted(held)])
    return plain


def _joined(pieces: list[tuple[bytes, bool]]) -> str:
    charset = ""
    first, encoded = pieces[0]
    if encoded and first.count(b"'") >= 2:  # noqa: PLR2004 - charset'language'value
        raw_charset, _, first = first.split(b"'", 2)
        charset = raw_charset.decode("latin-1")
        pieces = [(first, True), *pieces[1:]]
    data = b"".join(unquote_to_bytes(raw) if coded else raw for raw, coded in pieces)
    return decode_text(data, charset)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")


def _base64(raw: bytes) -> bytes:
    data = _NOT_BASE64.sub(b"", raw)
    # Padding in the middle ends one run of base64; some programs join several.
    out = []
    for run in re.findall(rb"[A-Za-z0-9+/]+", data):
        body = run[: len(run) - 1] if len(run) % 4 == 1 else run
        out.append(binascii.a2b_base64(body + b"=" * (-len(body) % 4)))
    return b"".join(out)


def _uu(raw: bytes) -> bytes:
    begin = _UU_BEGIN.search(raw)
    body = raw[begin.end() :] if begin else raw
    end = _UU_END.search(body)
    lines = (body[: end.start()] if end else body).splitlines()
    out = bytearray()
    for line in lines:
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out += binascii.a2b_uu(line[:length])
            except binascii.Error:
                continue
    return bytes(out)
