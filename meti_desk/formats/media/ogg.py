"""Ogg with one stream (Vorbis, Opus, Speex, FLAC): comments are blanked where they stand.

A comment that is empty may be followed by zeros as long as the old one: no page changes its length,
its number or its place, only its check sum. Several streams side by side are refused.
"""

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from meti_desk.formats.image.data import Data, damaged
from meti_desk.formats.media.cleaner import Cleaner, is_blank, unsupported
from meti_desk.formats.media.kinds import APPLICATION, PICTURE, TAG, TRAILING, UNKNOWN, UNUSED

_HEAD = 27
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_MOST_HEADERS = 64
_LARGEST_HEADER = 64 << 20
_TURNED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))
_VORBIS, _OPUS, _SPEEX, _FLAC = b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC"
_OPUS_COMMENT, _VORBIS_COMMENT = b"OpusTags", b"\x03vorbis"
_FLAC_INFO = 13
_FLAC_KINDS = {1: UNUSED, 2: APPLICATION, 4: TAG, 5: TAG, 6: PICTURE}


class Page(NamedTuple):
    """One page: its flags, stream, the lengths of its pieces, and where it and its body stand."""

    flags: int
    serial: int
    lengths: bytes
    start: int
    body: int
    stop: int


class Packet(NamedTuple):
    """One packet of the headers: the spans of the file that it lies in."""

    spans: tuple[tuple[int, int], ...]

    def read(self, data: Data) -> bytes:
        """Give its bytes."""
        if sum(stop - start for start, stop in self.spans) > _LARGEST_HEADER:
            raise damaged("header")
        return b"".join(data[start:stop] for start, stop in self.spans)


def page_sum(page: bytes) -> int:
    """Give the check sum of a page whose own field is zero.

    It is the common one with every byte turned around, which `zlib` does a hundred times faster.
    """
    crc = zlib.crc32(page.translate(_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)


def pages(data: Data) -> Iterator[Page]:
    """Give all pages whose check sum holds, up to where there is none."""
    at = 0
    while data[at : at + 4] == b"OggS":
        head = data.exact(at, _HEAD, "page")
        lengths = data.exact(at + _HEAD, head[26], "page")
        body = at + _HEAD + head[26]
        whole = data.exact(at, body - at + sum(lengths), "page")
        told = int.from_bytes(head[22:26], "little")
        if head[4] or page_sum(whole[:22] + bytes(4) + whole[26:]) != told:
            raise damaged("page")
        serial = int.from_bytes(head[14:18], "little")
        yield Page(head[5], serial, lengths, at, body, at + len(whole))
        at += len(whole)


class _Stream:
    """The headers of one stream, gathered page by page."""

    def __init__(self, serial: int) -> None:
        self.serial = serial
        self.packets: list[Packet] = []
        self.pages: list[Page] = []
        self.wanted = 2
        self._open: list[tuple[int, int]] = []

    @property
    def done(self) -> bool:
        """Tell whether all headers were read."""
        return len(self.packets) >= self.wanted

    def take(self, data: Data, page: Page) -> tuple[int, int] | None:
        """Read headers from a page; gives the span of it that is sound already."""
        self.pages.append(page)
        at = start = page.body
        for length in page.lengths:
            at += length
            if length == 0xFF:  # noqa: PLR2004 - the packet goes on
                continue
            self.packets.append(Packet((*self._open, (start, at))))
            self._open, start = [], at
            if len(self.packets) == 1:
                self.wanted = _headers(self.packets[0].read(data))
            if self.done:
                return (at, page.stop) if at < page.stop else None
        self._open.append((start, at))
        return None


def _headers(first: bytes) -> int:
    """Tell how many packets of a stream are headers."""
    if first.startswith(_VORBIS):
        return 3
    if first.startswith((_OPUS, _SPEEX)):
        return 2
    if first.startswith(_FLAC):
        return 1 + min(int.from_bytes(first[7:9], "big") or _MOST_HEADERS, _MOST_HEADERS)
    raise unsupported("ogg", "stream")


def clean(data: Data, cleaner: Cleaner) -> None:
    """Note what the comments tell, and blank them; check every page on the way."""
    stream: _Stream | None = None
    ended, end, sound = True, 0, list[tuple[int, int]]()
    for page in pages(data):
        if page.flags & _FIRST:
            if not ended:
                raise unsupported("ogg", "several-streams")
            _finish(data, cleaner, stream)
            stream = _Stream(page.serial)
        if stream is None or page.serial != stream.serial:
            raise damaged("stream")
        if stream.done:
            sound.append((page.body, page.stop))
        elif (span := stream.take(data, page)) is not None:
            sound.append(span)
        ended, end = bool(page.flags & _LAST), page.stop
    _finish(data, cleaner, stream)
    cleaner.seen("sound", *sound)
    if end < data.size:
        if not is_blank(data, end, data.size) and _another(data, end):
            raise damaged("page")
        if cleaner.found(TRAILING, "end", f"{data.size - end}"):
            cleaner.cut(end, data.size)


def _another(data: Data, at: int) -> bool:
    """Tell whether pages go on behind what is none."""
    return any(
        b"OggS" in data[start : start + (1 << 20) + 3] for start in range(at, data.size, 1 << 20)
    )


def _finish(data: Data, cleaner: Cleaner, stream: _Stream | None) -> None:
    """Blank the comments of a stream whose headers are known."""
    if stream is None:
        return
    if not stream.done:
        raise damaged("header")
    first = stream.packets[0].read(data)
    written: dict[int, bytes] = {}
    for number, packet in enumerate(stream.packets[: stream.wanted]):
        block = packet.read(data)
        new = block
        if first.startswith(_FLAC) and number:
            new = _flac_block(cleaner, block)
        elif number == 1:
            new = _comment(cleaner, first, block)
        else:
            cleaner.seen("header", block)
        at = 0
        for start, stop in packet.spans if new != block else ():
            written[start] = new[at : at + stop - start]
            at += stop - start
    for page in stream.pages:
        _page(data, cleaner, page, written)


def _page(data: Data, cleaner: Cleaner, page: Page, written: dict[int, bytes]) -> None:
    inside = {start: new for start, new in written.items() if page.body <= start < page.stop}
    if not inside:
        return
    whole = bytearray(data[page.start : page.stop])
    for start, new in inside.items():
        whole[start - page.start : start - page.start + len(new)] = new
    whole[22:26] = bytes(4)
    whole[22:26] = page_sum(bytes(whole)).to_bytes(4, "little")
    cleaner.cut(page.start, page.stop, bytes(whole))


def _comment(cleaner: Cleaner, first: bytes, block: bytes) -> bytes:
    """Give an empty comment of the same length."""
    head, tail = b"", b""
    if first.startswith(_VORBIS):
        head, tail = _VORBIS_COMMENT, b"\1"
    elif first.startswith(_OPUS):
        head = _OPUS_COMMENT
    if not block.startswith(head) or len(block) < len(head) + 8 + len(tail):
        raise damaged("comment")
    empty = (head + bytes(8) + tail).ljust(len(block), b"\0")
    if block == empty:
        return block
    return empty if cleaner.found(TAG, "comment", block[len(head) + 4 :][:200]) else block


def _flac_block(cleaner: Cleaner, block: bytes) -> bytes:
    """Give a block as long: an empty comment, or a filler for any other but SEEKTABLE."""
    if len(block) < 4 or len(block) != 4 + int.from_bytes(block[1:4], "big"):  # noqa: PLR2004
        raise damaged("block")
    kind = block[0] & 0x7F
    body = bytes(len(block) - 4)
    if kind == 3:  # noqa: PLR2004 - SEEKTABLE
        return block
    head = block[:1] if kind == 4 else bytes([block[0] & 0x80 | 1])  # noqa: PLR2004 - comment
    new = head + block[1:4] + body
    if kind == 4 and len(body) < 8:  # noqa: PLR2004 - two lengths
        raise damaged("comment")
    if new == block:
        return block
    return new if cleaner.found(_FLAC_KINDS.get(kind, UNKNOWN), "block", block[8:208]) else block
