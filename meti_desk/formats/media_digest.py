"""What a picture shows, as a digest: metadata left out, pixels and colour profile kept in.

Stripping EXIF, comments or text chunks without touching the pixels does not change it, so that a
scrubbed document has the digest of its original (rules: normalized content digest).
"""

import hashlib
import re
import struct
from collections.abc import Iterator

_JPEG_MAGIC = b"\xff\xd8\xff"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PICTURES = (_JPEG_MAGIC, _PNG_MAGIC)
"""How the files begin that are digested by what they show; others are digested whole."""
_PNG_SHOWN = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"})
_SOS, _EOI, _COM = 0xDA, 0xD9, 0xFE
_APPLICATION = range(0xE0, 0xF0)
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})


def media_digest(data: bytes) -> str:
    """Digest what a picture shows: SHA-256 in hex.

    JPEG without its APPn and COM segments, PNG by its critical chunks and tRNS, anything else
    whole. A file that only pretends to be one of these is hashed whole.
    """
    seen = hashlib.sha256()
    try:
        if data.startswith(_JPEG_MAGIC):
            for kind, chunk in jpeg_segments(data):
                if kind not in _APPLICATION and kind != _COM:
                    seen.update(chunk)
            return seen.hexdigest()
        if data.startswith(_PNG_MAGIC):
            for name, chunk in png_chunks(data):
                if name in _PNG_SHOWN:
                    seen.update(chunk)
            return seen.hexdigest()
    except ValueError:
        pass
    return hashlib.sha256(data).hexdigest()


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Split a JPEG into (marker, bytes with marker); scan data goes with its SOS segment.

    What follows the end of the image is not given. Raises `ValueError` when the structure does not
    hold.
    """
    at = 0
    while True:
        if at + 2 > len(data) or data[at] != 0xFF:  # noqa: PLR2004 - the marker prefix
            raise ValueError(at)
        kind = data[at + 1]
        if kind == 0xFF:  # noqa: PLR2004 - fill byte
            at += 1
            continue
        if kind == _EOI:
            yield kind, data[at : at + 2]
            return
        if kind in _STANDALONE:
            yield kind, data[at : at + 2]
            at += 2
            continue
        if at + 4 > len(data):
            raise ValueError(at)
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if kind == _SOS:
            end = _scan_end(data, end)
        if end > len(data) or end <= at + 3:
            raise ValueError(at)
        yield kind, data[at:end]
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Find the marker that ends entropy-coded data (not a stuffed zero, not a restart)."""
    found = _MARKER.search(data, at)
    if found is None:
        raise ValueError(at)
    return found.start()


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Split a PNG into (name, whole chunk) up to IEND; raises `ValueError` where it ends early."""
    at = len(_PNG_MAGIC)
    while True:
        if at + 12 > len(data):
            raise ValueError(at)
        (length,) = struct.unpack_from(">L", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError(at)
        name = data[at + 4 : at + 8]
        yield name, data[at:end]
        if name == b"IEND":
            return
        at = end
