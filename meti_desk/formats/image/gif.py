"""GIF: XMP in an application extension, followed by a trailer that ends it for any reader."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from meti_desk.formats.image import exif
from meti_desk.formats.image.data import Data, Part, Splice, damaged
from meti_desk.formats.image.model import Picture

_HEAD = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_APPLICATION, _COMMENT, _TEXT, _CONTROL = 0xFF, 0xFE, 0x01, 0xF9
XMP = b"\x0bXMP DataXMP"
LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
PROFILE = b"\x0bICCRGBG1012"
MAGIC = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
"""The 258 bytes that end the packet: whichever of them a reader takes for a length, it gets out."""
_MOST = 1 << 20


class Block(NamedTuple):
    """One block: `kind` is `image`, `control`, `comment`, `text`, `app` or `other`.

    `body` is where the content of an extension stands, its first length byte.
    """

    kind: str
    start: int
    body: int
    stop: int


class Gif:
    """The container of GIF files."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name GIF by its first bytes."""
        del data
        return "gif" if head[:6] in (b"GIF87a", b"GIF89a") else None

    def read(self, data: Data) -> Picture:
        """Find the blocks and what they hold."""
        start, found, end = blocks(data)
        texts = [("Comment", text) for one in found if one.kind == "comment"
                 if (text := exif.decoded(unblocked(data, one)).strip())]  # fmt: skip
        xmp = [one for one in found if _starts(data, one, XMP)]
        shown = [one for one in found if one.kind in ("image", "control", "text")
                 or any(_starts(data, one, loop) for loop in LOOPS)]  # fmt: skip
        profile = next((unblocked(data, one)[11:] for one in found if _starts(data, one, PROFILE)),
                       b"")  # fmt: skip
        # The version only says whether there are extensions.
        head = Part("head", ((6, start),))
        return Picture(
            variant="gif",
            seen=(head, *(Part(one.kind, ((one.start, one.stop),)) for one in shown)),
            rest=(
                head,
                *(Part(one.kind, ((one.start, one.stop),)) for one in found if one not in xmp),
                Part("behind", ((end, data.size),)),
            ),
            packets=tuple(_packet(data, one) for one in xmp),
            profile=profile,
            texts=tuple(texts),
            frames=max(1, sum(one.kind == "image" for one in found)),
        )

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Put the packets where the old ones stand, or before the first image."""
        start, found, _ = blocks(data)
        standing = [one for one in found if _starts(data, one, XMP)]
        # The number of loops is expected to stand first.
        place = next(
            (one.start for one in found if not any(_starts(data, one, loop) for loop in LOOPS)),
            found[-1].stop if found else start,
        )
        splices = []
        for number, packet in enumerate(packets):
            new = b"\x21\xff" + XMP + packet + MAGIC if packet else b""
            if number < len(standing):
                splices.append(Splice(standing[number].start, standing[number].stop, new))
            else:
                splices.append(Splice(place, place, new))
        if any(packets):
            splices.append(Splice(3, 6, b"89a"))
        return splices


def blocks(data: Data) -> tuple[int, list[Block], int]:
    """Give where the blocks begin, the blocks, and where the picture ends.

    Raises `document.damaged` where not even the head is whole; a picture that is cut off is given
    as far as it goes.
    """
    head = data.exact(0, _HEAD, "head")
    start = at = _HEAD + _table(head[10])
    if start > data.size:
        raise damaged("colours")
    found: list[Block] = []
    for _ in range(_MOST):
        kind = data[at : at + 2]
        if not kind or kind[0] == _TRAILER:
            return start, found, min(at + 1, data.size)
        block = _block(data, at, kind)
        if block is None:
            # Behind an image other bytes may stand; they are nobody's, and stay where they are.
            if any(one.kind == "image" for one in found):
                return start, found, at
            raise damaged("block")
        found.append(block)
        at = block.stop
    raise damaged("blocks")


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _block(data: Data, at: int, kind: bytes) -> Block | None:
    if kind[0] == _IMAGE:
        head = data[at : at + 10]
        body = at + 11 + (_table(head[9]) if len(head) > 9 else 0)  # noqa: PLR2004 - its flags
        return Block("image", at, body, _after_blocks(data, body))
    if kind[0] != _EXTENSION or len(kind) < 2:  # noqa: PLR2004 - introducer and label
        return None
    names = {_APPLICATION: "app", _COMMENT: "comment", _TEXT: "text", _CONTROL: "control"}
    return Block(names.get(kind[1], "other"), at, at + 2, _after_blocks(data, at + 2))


def _after_blocks(data: Data, at: int) -> int:
    """Skip pieces of up to 255 bytes up to the empty one; stop where the file does."""
    end = at
    for _, end in pieces(data, at):  # noqa: B007 - only the last counts
        pass
    return min(end + 1, data.size)


def pieces(data: Data, at: int) -> Iterator[tuple[int, int]]:
    """Give the spans of the pieces, without their length bytes."""
    while at < data.size:
        length = data[at : at + 1][0]
        if not length:
            return
        yield at + 1, min(at + 1 + length, data.size)
        at += 1 + length


def unblocked(data: Data, block: Block) -> bytes:
    """Join the pieces of an extension."""
    return b"".join(data[start:stop] for start, stop in pieces(data, block.body))


def _starts(data: Data, block: Block, word: bytes) -> bool:
    return block.kind == "app" and data[block.body : block.body + len(word)] == word


def _packet(data: Data, block: Block) -> bytes:
    """Give the packet; it stands as it is, not cut into pieces, up to the trailer."""
    start = block.body + len(XMP)
    return data.exact(start, block.stop - start, "xmp").removesuffix(MAGIC)


GIF = Gif()
