"""PNG and APNG: XMP in an iTXt chunk named `XML:com.adobe.xmp`."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meti_desk.domain.errors import InvalidInput
from meti_desk.formats.image import exif
from meti_desk.formats.image.data import LARGEST_PART, Data, Part, Splice, damaged
from meti_desk.formats.image.model import Picture

_MAGIC = b"\x89PNG\r\n\x1a\n"
XMP_WORD = b"XML:com.adobe.xmp\0"
_FRAME = 12
"""Bytes of a chunk besides its content: length, name, checksum."""
SHOWN = frozenset(
    {
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT"),
        *(b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD"),
    }
)
"""What a reader sees, the colours' meaning included; the profile is digested by its content."""
TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_PROFILE = b"iCCP"
_MOST = 1 << 20


class Chunk(NamedTuple):
    """One chunk: its name, and where it, its content and its end stand."""

    name: bytes
    start: int
    body: int
    end: int
    """End of the content; the checksum follows."""

    @property
    def stop(self) -> int:
        """Tell where the next chunk begins."""
        return self.end + 4


class Png:
    """The container of PNG files."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name PNG by its first bytes."""
        del data
        return "png" if head.startswith(_MAGIC) else None

    def read(self, data: Data) -> Picture:
        """Find the chunks and what they hold."""
        found = list(chunks(data))
        packets = [_packet(data, one) for one in _xmp(data, found)]
        block = next((data[one.body : one.end] for one in found if one.name == b"eXIf"), b"")
        profile = next((_profile(data, one) for one in found if one.name == _PROFILE), b"")
        texts = exif.texts_of(block)
        for one in found:
            if one.name in TEXTS and not _is_xmp(data, one):
                texts += _text(data.exact(one.body, one.end - one.body, "text"), one.name)
        rest = [Part(_name(one), ((one.start, one.stop),)) for one in found
                if not _is_xmp(data, one)]  # fmt: skip
        rest.append(Part("behind", ((found[-1].stop, data.size),)))
        return Picture(
            variant="png",
            seen=_seen(data, found),
            rest=tuple(rest),
            packets=tuple(packets),
            exif=block,
            profile=profile,
            orientation=exif.orientation_of(block),
            texts=tuple(texts),
            frames=max(1, sum(one.name == b"fcTL" for one in found)),
        )

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packets where the old ones stand, or before the picture's data."""
        found = list(chunks(data))
        standing = _xmp(data, found)
        image = next((one for one in found if one.name in (b"IDAT", b"IEND")), found[-1])
        splices = []
        for number, packet in enumerate(packets):
            if number < len(standing):
                start, stop = standing[number].start, standing[number].stop
            else:
                start = stop = image.start
            new = make_chunk(b"iTXt", XMP_WORD + bytes(4) + packet) if packet else b""
            splices.append(Splice(start, stop, new))
        return splices


def chunks(data: Data) -> Iterator[Chunk]:
    """Give the chunks up to IEND; `document.damaged` where one is cut off before the picture.

    A picture that is cut off within its data or behind it is given as far as it goes.
    """
    at, shown = len(_MAGIC), False
    for number in range(_MOST):
        head = data[at : at + 8]
        length = int.from_bytes(head[:4], "big")
        name = head[4:8]
        if number == 0 and name != b"IHDR":
            raise damaged("chunk")
        end = at + 8 + length
        if len(head) < 8 or end + 4 > data.size:  # noqa: PLR2004 - length and name
            if shown:
                yield Chunk(b"cut ", at, at, data.size - 4)
                return
            raise damaged("chunk")
        yield Chunk(name, at, at + 8, end)
        at = end + 4
        shown = shown or name == b"IDAT"
        if name == b"IEND":
            return
    raise damaged("chunks")


def make_chunk(name: bytes, body: bytes) -> bytes:
    """Write a chunk with its checksum."""
    whole = name + body
    return struct.pack(">L", len(body)) + whole + struct.pack(">L", zlib.crc32(whole))


def _name(chunk: Chunk) -> str:
    return chunk.name.decode("latin-1")


def _is_xmp(data: Data, chunk: Chunk) -> bool:
    return chunk.name == b"iTXt" and data[chunk.body : chunk.body + len(XMP_WORD)] == XMP_WORD


def _xmp(data: Data, found: Sequence[Chunk]) -> list[Chunk]:
    return [one for one in found if _is_xmp(data, one)]


def _seen(data: Data, found: Sequence[Chunk]) -> tuple[Part, ...]:
    """Give what a reader sees; how the compressed data is cut into chunks plays no part."""
    image = tuple((one.body, one.end) for one in found if one.name == b"IDAT")
    others = [
        Part(_name(one), ((one.body, one.end),))
        for one in found
        if one.name in SHOWN and one.name != b"IDAT"
    ]
    others += [Part("cut", ((one.start, data.size),)) for one in found if one.name == b"cut "]
    return (Part("IDAT", image), *others)


def _packet(data: Data, chunk: Chunk) -> bytes:
    body = data.exact(chunk.body, chunk.end - chunk.body, "xmp")
    return international(body)[1]


def international(body: bytes) -> tuple[bytes, bytes]:
    """Give keyword and text of an iTXt chunk, inflated where it is compressed."""
    keyword, _, rest = body.partition(b"\0")
    parts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(parts) < 3:  # noqa: PLR2004 - flag, method; language, word, text
        return keyword, b""
    return keyword, inflated(parts[2]) if rest[0] else parts[2]


def inflated(data: bytes) -> bytes:
    """Inflate, up to a limit; nothing for what is broken. Raises `document.bomb`."""
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(data, LARGEST_PART)
    except zlib.error:
        return b""
    if inflate.unconsumed_tail:
        raise InvalidInput("document.bomb", what="text")
    return plain


def _text(body: bytes, name: bytes) -> list[tuple[str, str]]:
    if name == b"iTXt":
        keyword, text = international(body)
        told = text.decode("utf-8", "replace")
    else:
        keyword, _, text = body.partition(b"\0")
        told = exif.decoded(inflated(text[1:]) if name == b"zTXt" else text)
    # ImageMagick keeps whole metadata blocks as hexadecimal text.
    if keyword.startswith(b"Raw profile type") or not told.strip():
        return []
    return [(keyword.decode("latin-1"), told.strip("\0 \t\r\n"))]


def _profile(data: Data, chunk: Chunk) -> bytes:
    """Give the colour profile without the name that somebody gave it."""
    _, _, rest = data.exact(chunk.body, chunk.end - chunk.body, "profile").partition(b"\0")
    return inflated(rest[1:]) or rest


PNG = Png()
