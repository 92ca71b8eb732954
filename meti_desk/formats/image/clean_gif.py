"""Taking out of a GIF the blocks that are not picture."""

from meti_desk.formats.image import clean_xmp
from meti_desk.formats.image.cleaner import APPLICATION, COMMENT, TRAILING, Cleaner
from meti_desk.formats.image.data import Data, Splice
from meti_desk.formats.image.gif import (
    LOOPS,
    MAGIC,
    PROFILE,
    XMP,
    Block,
    blocks,
    pieces,
    unblocked,
)

_NAME = 11
"""Bytes of an application's name, which is the first piece of its block."""


def clean(data: Data, cleaner: Cleaner) -> list[Splice]:
    """Note what a GIF tells besides its picture; gives the changes that take it out."""
    _, found, end = blocks(data)
    packets = 0
    for one in found:
        if one.kind == "comment":
            if cleaner.found(COMMENT, "comment", unblocked(data, one)):
                cleaner.cut(one.start, one.stop)
        elif one.kind == "app" and data[one.body : one.stop].startswith(PROFILE):
            _profile(data, cleaner, one)
        elif one.kind == "other" or (one.kind == "app" and not _shown(data[one.body : one.stop])):
            body = data.exact(one.body, one.stop - one.body, "extension")
            if body.startswith(XMP):
                packets += 1
                block = body[len(XMP) :].removesuffix(MAGIC)
                left = clean_xmp.clean(cleaner, block, "XMP", first=packets == 1)
                if left != block:
                    whole = b"\x21\xff" + XMP + left + MAGIC
                    cleaner.cut(one.start, one.stop, whole if left else b"")
            elif cleaner.found(APPLICATION, "extension", body[1:12]):
                cleaner.cut(one.start, one.stop)
    if end < data.size and cleaner.found(TRAILING, "end", f"{data.size - end}"):
        cleaner.cut(end, data.size)
    return cleaner.splices


def _shown(body: bytes) -> bool:
    """Tell whether an application's block is needed to draw: the number of loops."""
    return body.startswith(LOOPS)


def _profile(data: Data, cleaner: Cleaner, one: Block) -> None:
    """Look into the colour profile, which stands in pieces; they keep their lengths."""
    whole = unblocked(data, one)
    left = cleaner.profile(whole[_NAME:], "extension")
    if left == whole[_NAME:]:
        return
    for start, stop in list(pieces(data, one.body))[1:]:
        cleaner.cut(start, stop, left[: stop - start])
        left = left[stop - start :]
