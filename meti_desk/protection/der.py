"""A small writer and reader of DER, and the way from BER to it (X.690).

Only what envelopes need, and in memory: the bulk of a file never comes here. Whatever cannot be
read is `InvalidInput("document.damaged")`; depth and size are bounded by the caller's piece.
"""

from typing import NamedTuple

from meti_desk.domain.errors import InvalidInput

INTEGER, OCTETS, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31
CONSTRUCTED, CONTEXT = 0x20, 0x80
_SHORT = 0x80
_MOST_NUMBER = 0x1F
_DEPTH = 32
_LENGTH_BYTES = 8


class Node(NamedTuple):
    """One element: its first byte, what is inside, and all of it."""

    tag: int
    body: bytes
    raw: bytes


class Head(NamedTuple):
    """What stands before an element's inside: first byte, bytes of this head, length or `None`.

    `None` is the indefinite length of BER: the inside ends with two zero bytes.
    """

    tag: int
    size: int
    length: int | None


def damaged(what: str) -> InvalidInput:
    """Say which part could not be read."""
    return InvalidInput("document.damaged", what=what)


def length(count: int) -> bytes:
    """Write a length."""
    if count < _SHORT:
        return bytes([count])
    digits = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([_SHORT | len(digits)]) + digits


def tlv(tag: int, *parts: bytes) -> bytes:
    """Write an element of these parts."""
    body = b"".join(parts)
    return bytes([tag]) + length(len(body)) + body


def sequence(*parts: bytes) -> bytes:
    """Write a SEQUENCE."""
    return tlv(SEQUENCE, *parts)


def octets(value: bytes) -> bytes:
    """Write an OCTET STRING."""
    return tlv(OCTETS, value)


def integer(value: int) -> bytes:
    """Write an INTEGER."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """Write an OBJECT IDENTIFIER."""
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return tlv(OID, b"".join(_base128(arc) for arc in (first * 40 + second, *rest)))


def _base128(arc: int) -> bytes:
    out = [arc & 0x7F]
    while arc := arc >> 7:
        out.append(_SHORT | (arc & 0x7F))
    return bytes(reversed(out))


def number(node: Node) -> int:
    """Read an INTEGER that fits into 64 bits."""
    if node.tag != INTEGER or not 0 < len(node.body) <= _LENGTH_BYTES:
        raise damaged("number")
    return int.from_bytes(node.body, "big", signed=True)


def head(data: bytes, at: int = 0) -> Head:
    """Read what stands before an element's inside."""
    start = data[at : at + 2]
    if len(start) < len("TL") or start[0] & _MOST_NUMBER == _MOST_NUMBER:
        raise damaged("tag")
    tag, first = start
    if first == _SHORT:
        if not tag & CONSTRUCTED:
            raise damaged("length")
        return Head(tag, 2, None)
    if first < _SHORT:
        return Head(tag, 2, first)
    count = first & ~_SHORT
    digits = data[at + 2 : at + 2 + count]
    if count > _LENGTH_BYTES or len(digits) != count:
        raise damaged("length")
    return Head(tag, 2 + count, int.from_bytes(digits, "big"))


def nodes(body: bytes) -> list[Node]:
    """Take apart what is inside of an element (DER)."""
    out: list[Node] = []
    at = 0
    while at < len(body):
        found = head(body, at)
        if found.length is None or at + found.size + found.length > len(body):
            raise damaged("length")
        begin, end = at + found.size, at + found.size + found.length
        out.append(Node(found.tag, body[begin:end], body[at:end]))
        at = end
    return out


def single(raw: bytes, tag: int) -> Node:
    """Read exactly one element of this kind."""
    found = nodes(raw)
    if len(found) != 1 or found[0].tag != tag:
        raise damaged("element")
    return found[0]


def to_der(raw: bytes) -> bytes:
    """Turn one element from BER into definite lengths and whole octet strings.

    The order of a SET and the content of primitive values stay as they are.
    """
    out, end = _converted(raw, 0, 0)
    if end != len(raw):
        raise damaged("element")
    return out


def _converted(raw: bytes, at: int, depth: int) -> tuple[bytes, int]:
    found = head(raw, at)
    begin = at + found.size
    if not found.tag & CONSTRUCTED:
        assert found.length is not None  # noqa: S101 - `head` refuses it
        end = begin + found.length
        if end > len(raw):
            raise damaged("length")
        return tlv(found.tag, raw[begin:end]), end
    if depth > _DEPTH:
        raise damaged("depth")
    parts, at = [], begin
    limit = len(raw) if found.length is None else begin + found.length
    if limit > len(raw):
        raise damaged("length")
    while True:
        if found.length is None and raw[at : at + 2] == b"\0\0":
            at += 2
            break
        if found.length is not None and at == limit:
            break
        part, at = _converted(raw, at, depth + 1)
        if at > limit:
            raise damaged("length")
        parts.append(part)
    if found.tag == OCTETS | CONSTRUCTED:
        return octets(b"".join(single(part, OCTETS).body for part in parts)), at
    return tlv(found.tag, *parts), at
