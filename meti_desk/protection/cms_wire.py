"""An envelope on the disk: heads are read into memory, the content stays where it is.

Written are definite lengths (DER), computed from the size. Read are BER, too: indefinite lengths
and content in pieces, as programs write it that do not know the size beforehand.
"""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import cms_names as names
from meti_desk.protection import der
from meti_desk.protection.base import CHUNK, size_of
from meti_desk.protection.cms_recipients import Recipients, written
from meti_desk.protection.cms_recipients import read as read_recipients

TAG = 16
"""Bytes of the authentication tag that we write."""

_MOST_HEAD = 8 << 20
_DEPTH = 16
_HEAD_BYTES = 16
_CONTENT, _PIECES = 0x80, 0xA0
_FIRST, _SECOND, _THIRD = 0xA0, 0xA1, 0xA2
TAGS = range(12, 17)
"""Bytes of a tag that are taken (RFC 5084)."""
NONCES = range(8, 129)
"""Bytes of a nonce: shorter ones are not safe, longer ones nobody writes."""
_BLOCK = 16


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before the content. `tag_size` is 0 for CBC, which has no integrity.

    `begin` is where the content's inside starts, `length` its bytes, or `None` when it ends with
    two zero bytes; `pieces` tells that it is cut into octet strings. `depths` are the ends of the
    containers around it (`None`: two zero bytes), the outermost first.
    """

    mode: str
    bits: int
    nonce: bytes
    tag_size: int
    recipients: Recipients
    begin: int
    length: int | None
    pieces: bool
    ends: tuple[int | None, ...]


class Tail(msgspec.Struct, frozen=True):
    """What stands behind the content: the tag, and what it covers beside the content."""

    tag: bytes = b""
    associated: bytes = b""


def head(recipients: Recipients, nonce: bytes, size: int) -> bytes:
    """Write everything in front of `size` bytes of content; the tag follows it as `tail`."""
    parameters = der.sequence(der.octets(nonce), der.integer(TAG))
    algorithm = der.sequence(names.by_bits(names.GCM, 256), parameters)
    inner = names.DATA + algorithm + bytes([_CONTENT]) + der.length(size)
    before = der.integer(0) + written(recipients)
    info = bytes([der.SEQUENCE]) + der.length(len(inner) + size) + inner
    whole = len(before) + len(info) + size + len(tail(bytes(TAG)))
    body = bytes([der.SEQUENCE]) + der.length(whole) + before + info
    rest = whole - len(before) - len(info)
    explicit = bytes([_FIRST]) + der.length(len(body) + rest) + body
    outer = names.AUTH_ENVELOPED + explicit
    return bytes([der.SEQUENCE]) + der.length(len(outer) + rest) + outer


def tail(tag: bytes) -> bytes:
    """Write what follows the content."""
    return der.octets(tag)


def is_envelope(start: bytes) -> bool:
    """Tell by the first bytes whether a file is an envelope."""
    try:
        found = der.head(start)
    except InvalidInput:
        return False
    inside = start[found.size :]
    return found.tag == der.SEQUENCE and inside.startswith((names.ENVELOPED, names.AUTH_ENVELOPED))


def read(source: BinaryIO) -> Envelope:
    """Read what stands before the content.

    Raises `InvalidInput`: `document.damaged`, `open.unsupported`.
    """
    walk = _Walk(source)
    walk.enter(der.SEQUENCE)
    kind = walk.element()
    if kind not in {names.ENVELOPED, names.AUTH_ENVELOPED}:
        raise InvalidInput("open.unsupported", what="CMS")
    authenticated = kind == names.AUTH_ENVELOPED
    walk.enter(_FIRST)
    walk.enter(der.SEQUENCE)
    der.number(der.single(walk.element(), der.INTEGER))
    if walk.tag() == _FIRST:
        walk.element()  # certificates of the sender, which prove nothing here
    recipients = read_recipients(walk.element())
    walk.enter(der.SEQUENCE)
    der.single(walk.element(), der.OID)
    mode, bits, nonce, tag_size = _cipher(walk.element(), authenticated=authenticated)
    found = walk.enter_any((_CONTENT, _PIECES))
    return Envelope(
        mode=mode,
        bits=bits,
        nonce=nonce,
        tag_size=tag_size,
        recipients=recipients,
        begin=walk.at,
        length=found.length,
        pieces=found.tag == _PIECES,
        ends=walk.left(),
    )


def _cipher(raw: bytes, *, authenticated: bool) -> tuple[str, int, bytes, int]:
    """Read the algorithm of the content; one without integrity never in an authenticated one.

    An attacker who changes one bit turns GCM into CBC: the two kinds of envelope are kept apart.
    """
    which, *parameters = der.nodes(der.single(raw, der.SEQUENCE).body)
    table = names.GCM if authenticated else names.CBC
    if which.raw not in table or len(parameters) != 1:
        raise InvalidInput("open.unsupported", what="CMS cipher")
    if not authenticated:
        if parameters[0].tag != der.OCTETS or len(parameters[0].body) != _BLOCK:
            raise der.damaged("cipher")
        return "cbc", table[which.raw], parameters[0].body, 0
    nonce, *size = der.nodes(der.single(parameters[0].raw, der.SEQUENCE).body)
    tag_size = der.number(size[0]) if size else TAGS[0]
    if nonce.tag != der.OCTETS or len(nonce.body) not in NONCES or tag_size not in TAGS:
        raise der.damaged("cipher")
    return "gcm", table[which.raw], nonce.body, tag_size


class Content:
    """The encrypted content of an envelope, piece by piece; `size` counts what came.

    After all pieces (or `skip`) the position behind it is known and `tail` may be read.
    """

    def __init__(self, source: BinaryIO, envelope: Envelope) -> None:
        self._source, self._envelope = source, envelope
        self._file_size = size_of(source)
        self._behind = -1
        self.size = 0

    def blocks(self) -> Iterator[memoryview]:
        """Give the content in pieces of at most `CHUNK` bytes; each is valid until the next.

        Small octet strings are put together first: a cipher is slow with many small pieces.
        """
        window = _Window(self._source)
        out, filled = memoryview(bytearray(CHUNK)), 0
        for begin, length in self._strings(window):
            position, end = begin, begin + length
            while position < end:
                part = window.view(position, min(end - position, CHUNK - filled))
                if not part:
                    raise der.damaged("content")
                count = len(part)
                position += count
                if count == CHUNK:
                    yield part
                    continue
                out[filled : filled + count] = part
                filled += count
                if filled == CHUNK:
                    yield out
                    filled = 0
        if filled:
            yield out[:filled]

    def skip(self) -> None:
        """Go behind the content without reading more than heads."""
        for _ in self._strings(_Window(self._source, 1 << 16)):
            pass

    def tail(self) -> Tail:
        """Read what stands behind the content, to the very end of the file."""
        walk = _Walk(self._source, self._behind, self._envelope.ends)
        walk.leave()
        tag = associated = b""
        if self._envelope.mode == "gcm":
            if walk.tag() == _SECOND:
                attributes = walk.element()
                associated = bytes([der.SET]) + attributes[1:]
            tag = der.single(walk.element(), der.OCTETS).body
            if len(tag) != self._envelope.tag_size:
                raise InvalidInput("open.tampered")
            extra = _THIRD
        else:
            extra = _SECOND
        if walk.tag() == extra:
            walk.element()
        for _ in range(3):
            walk.leave()
        walk.finish()
        return Tail(tag, associated)

    def _strings(self, window: "_Window") -> Iterator[tuple[int, int]]:
        """Give where each octet string lies; a content in one piece is one."""
        envelope = self._envelope
        self.size, at = 0, envelope.begin
        end = None if envelope.length is None else at + envelope.length
        if end is not None and end > self._file_size:
            raise der.damaged("content")
        if not envelope.pieces:
            if end is None:
                raise der.damaged("content")
            self.size, self._behind = end - at, end
            yield at, end - at
            return
        while end is None or at < end:
            data = window.head(at)
            if end is None and data.startswith(b"\0\0"):
                at += 2
                break
            found = der.head(data)
            if found.tag != der.OCTETS or found.length is None:
                raise der.damaged("content")
            begin, at = at + found.size, at + found.size + found.length
            if at > (self._file_size if end is None else end):
                raise der.damaged("content")
            self.size += found.length
            yield begin, found.length
        self._behind = at


class _Window:
    """Reads a file in large steps, and gives views of small parts of it."""

    def __init__(self, source: BinaryIO, size: int = CHUNK) -> None:
        self._source = source
        self._buffer = memoryview(bytearray(size))
        self._begin = self._end = 0

    def view(self, position: int, count: int) -> memoryview:
        """Give at most so many bytes from a position on; empty at the end of the file."""
        if not self._begin <= position < self._end:
            self._load(position)
        offset = position - self._begin
        return self._buffer[offset : min(offset + count, self._end - self._begin)]

    def head(self, position: int) -> bytes:
        """Give what a head may have in bytes; fewer at the end of the file."""
        if not self._begin <= position <= self._end - _HEAD_BYTES:
            self._load(position)
        offset = position - self._begin
        return self._buffer[offset : min(offset + _HEAD_BYTES, self._end - self._begin)].tobytes()

    def _load(self, position: int) -> None:
        self._source.seek(position)
        count = self._source.readinto(self._buffer)  # type: ignore[attr-defined]
        self._begin, self._end = position, position + count


class _Walk:
    """Steps through the containers of an envelope, whatever way their lengths are written."""

    def __init__(
        self, source: BinaryIO, at: int = 0, ends: tuple[int | None, ...] | None = None
    ) -> None:
        self._source = source
        self._size = size_of(source)
        self.at = at
        self._ends: list[int | None] = [self._size] if ends is None else list(ends)

    def left(self) -> tuple[int | None, ...]:
        """Give the ends of the containers that are still open, but for the innermost."""
        return tuple(self._ends[:-1])

    def tag(self) -> int:
        """Give the first byte of the next element, or -1 at the end of the container."""
        end = self._ends[-1]
        if end is not None and self.at >= end:
            return -1
        start = self._bytes(self.at, 2)
        return -1 if not start or start == b"\0\0" else start[0]

    def enter(self, tag: int) -> None:
        """Go into a container of this kind."""
        self.enter_any((tag,))

    def enter_any(self, tags: tuple[int, ...]) -> der.Head:
        """Go into a container of one of these kinds."""
        found = der.head(self._bytes(self.at, _HEAD_BYTES))
        if found.tag not in tags:
            raise der.damaged("element")
        begin = self.at + found.size
        end = None if found.length is None else begin + found.length
        outer = self._limit()
        if end is not None and end > outer:
            raise der.damaged("length")
        self.at = begin
        self._ends.append(end)
        return found

    def leave(self) -> None:
        """Insist on the end of the innermost container."""
        end = self._ends.pop()
        if end is None:
            if self._bytes(self.at, 2) != b"\0\0":
                raise der.damaged("end")
            self.at += 2
        elif end != self.at:
            raise der.damaged("end")

    def finish(self) -> None:
        """Insist that nothing follows."""
        if self.at != self._size:
            raise der.damaged("end")

    def element(self) -> bytes:
        """Read the next element whole, as DER."""
        end = self._behind(self.at, 0)
        if end > self._limit() or end - self.at > _MOST_HEAD:
            raise der.damaged("length")
        raw = self._bytes(self.at, end - self.at)
        self.at = end
        return der.to_der(raw)

    def _behind(self, at: int, depth: int) -> int:
        """Find where an element ends."""
        found = der.head(self._bytes(at, _HEAD_BYTES))
        begin = at + found.size
        if found.length is not None:
            return begin + found.length
        if depth > _DEPTH:
            raise der.damaged("depth")
        at = begin
        while self._bytes(at, 2) != b"\0\0":
            at = self._behind(at, depth + 1)
            if at - begin > _MOST_HEAD:
                raise der.damaged("length")
        return at + 2

    def _limit(self) -> int:
        """Give the nearest end that is known."""
        return next((end for end in reversed(self._ends) if end is not None), self._size)

    def _bytes(self, at: int, count: int) -> bytes:
        self._source.seek(at)
        return self._source.read(count)
