"""The block of header lines at the beginning of a mail, read and rewritten line by line.

What is not ours is kept byte for byte, in its order, whatever it looks like: a signature (DKIM) may
cover it, and nobody can tell what another program reads out of it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from meti_desk.formats.base import OWN_PREFIX
from meti_desk.formats.mail.words import decode, encode

PREFIX = "x-meti-"
SUBJECT_MARK = "X-METI-Subject-Mark"
"""Names the mark that we put in front of the subject, so that exactly that is taken away again."""
_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_ENVELOPE = re.compile(rb"From \S+[^\r\n]*[0-9]{4}")
_SAFE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,39}\Z")
_USUAL = 1 << 15
LARGEST = 1 << 20
"""Bytes of header lines that are read; real ones have some ten thousand at most."""


class Field(NamedTuple):
    """One header: its name as written, its value and all of its bytes with line ends."""

    name: str
    value: bytes
    raw: bytes


class Block(NamedTuple):
    """The header lines of a mail, and how many bytes they take, without the blank line behind.

    `start` is what stands before the first header (a byte order mark, the `From ` line of a
    mailbox). `cut` tells that the block is longer than what was given.
    """

    start: bytes
    fields: tuple[Field, ...]
    size: int
    line_end: bytes
    cut: bool = False

    def first(self, name: str) -> bytes:
        """Give the value of the first header of this name, in any letters; empty without one."""
        wanted = name.lower()
        return next((one.value for one in self.fields if one.name.lower() == wanted), b"")

    def text(self, name: str) -> str:
        """Give a header as text."""
        return decode(self.first(name))

    def names(self) -> set[str]:
        """Give the names of all headers in small letters."""
        return {one.name.lower() for one in self.fields}


def read_block(data: bytes | memoryview, *, whole: bool = True) -> Block:
    """Read the header lines at the beginning; they end before the first line that is none.

    `whole`: nothing follows behind `data`.
    """
    for size in (_USUAL, LARGEST):
        raw = bytes(data[:size])
        start = _start(raw)
        lines, at = _lines(raw, len(start))
        ended = any(end in raw[at:] for end in (b"\n", b"\r"))
        if ended or len(raw) == len(data):
            break
    ends = (b"\r\n", b"\n", b"\r")
    sample = lines[0][0] if lines else start
    line_end = next((end for end in ends if sample.endswith(end)), b"\n")
    cut = not ended and not (whole and len(raw) == len(data))
    return Block(start, tuple(map(_field, lines)), at, line_end, cut)


def _start(raw: bytes) -> bytes:
    start = _BOM if raw.startswith(_BOM) else b""
    if not _ENVELOPE.match(raw, len(start)):
        return start
    line = _LINE.match(raw, len(start))
    return raw[: line.end()] if line else start


def _lines(raw: bytes, at: int) -> tuple[list[list[bytes]], int]:
    """Give the lines of each header, and where they end."""
    fields: list[list[bytes]] = []
    while at < len(raw):
        found = _LINE.match(raw, at)
        line = found.group() if found else b""
        if line[:1] in (b" ", b"\t") and fields and line.strip():
            fields[-1].append(line)
        elif _FIELD.match(line):
            fields.append([line])
        else:
            break
        at += len(line)
    return fields, at


def _field(lines: list[bytes]) -> Field:
    raw = b"".join(lines)
    name, _, value = raw.partition(b":")
    return Field(name.decode("latin-1").strip(), value, raw)


def properties_of(block: Block) -> dict[str, str]:
    """Read our properties: `X-METI-Label` is `jp.go.meti.label`.

    Where two say different things both are given, which no reader understands: the label is then
    undecided and never the milder of the two.
    """
    found: dict[str, dict[str, None]] = {}
    for one in _ours(block):
        key = OWN_PREFIX + one.name.lower().removeprefix(PREFIX)
        if one.name.lower() != SUBJECT_MARK.lower():
            found.setdefault(key, {})[decode(one.value)] = None
    return {key: " | ".join(values) for key, values in found.items()}


def own_of_names(named: Mapping[str, str]) -> dict[str, str]:
    """Pick our properties out of headers that are given by their names in small letters."""
    ours = {name: value for name, value in named.items() if name.startswith(PREFIX)}
    ours.pop(SUBJECT_MARK.lower(), None)
    return {OWN_PREFIX + name.removeprefix(PREFIX): decode_text(v) for name, v in ours.items()}


def decode_text(value: str) -> str:
    """Decode a header that is given as text."""
    return decode(value.encode("utf-8", "replace"))


def subject_of(block: Block) -> tuple[str, str]:
    """Give our own mark in front of the subject, if any, and the subject without it."""
    subject, mark = block.text("subject"), block.text(SUBJECT_MARK)
    if mark and subject.startswith(mark):
        return mark, subject[len(mark) :].lstrip()
    return "", subject


def can_carry(key: str) -> bool:
    """Tell whether a property has a name that a header can have."""
    word = key.removeprefix(OWN_PREFIX)
    taken = SUBJECT_MARK.lower().removeprefix(PREFIX)
    return key.startswith(OWN_PREFIX) and word != taken and bool(_SAFE_NAME.match(word))


def written(block: Block, properties: Mapping[str, str], subject: str | None) -> bytes:
    """Write the block anew with our headers at its end; all others stay as they are.

    `subject` is the mark in front of the subject: `""` takes ours away, `None` leaves it. Only
    when it changes is the subject's line written anew.
    """
    held, plain = subject_of(block)
    mark = held if subject is None else subject
    lines = [block.start]
    for one in block.fields:
        if one.name.lower().startswith(PREFIX):
            continue
        if one.name.lower() == "subject" and mark != held:
            if mark or plain:
                lines.append(encode(one.name, _marked(mark, plain), block.line_end))
            held = mark
            continue
        lines.append(one.raw)
    if lines[-1] and not lines[-1].endswith((b"\n", b"\r")):
        lines[-1] += block.line_end
    if mark != held:
        lines.append(encode("Subject", mark, block.line_end))
    lines += _own_lines(properties, mark, block.line_end)
    return b"".join(lines)


def _marked(mark: str, plain: str) -> str:
    return f"{mark} {plain}".strip() if mark else plain


def _own_lines(properties: Mapping[str, str], mark: str, line_end: bytes) -> Iterator[bytes]:
    for key in sorted(properties):
        word = key.removeprefix(OWN_PREFIX)
        yield encode(f"X-METI-{word[:1].upper()}{word[1:]}", properties[key], line_end)
    if mark:
        yield encode(SUBJECT_MARK, mark, line_end)


def _ours(block: Block) -> Iterator[Field]:
    return (one for one in block.fields if one.name.lower().startswith(PREFIX))
