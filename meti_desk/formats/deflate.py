"""Deflate by ISA-L where it is there, else by zlib: what is read is the same.

ISA-L reads up to eight times and writes ten times as fast as zlib, and much of what is done with
an Office document is that. What it writes is a tenth larger, so it writes only the few small parts
that a label changes; what is made to be sent is compressed by zlib.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

try:
    from isal import isal_zlib as _quick
except ImportError:  # a system that ISA-L is not built for
    import zlib as _quick  # type: ignore[no-redef]

from meti_desk.formats.zip_writer import DEFLATED

if TYPE_CHECKING:
    from isal.isal_zlib import Decompress

_RAW = -15
_LEVEL = 6 if _quick is zlib else 2

FAULTS: Final = (zlib.error, cast("type[Exception]", _quick.error))
"""What is raised for data that is no deflate."""


def crc32(data: bytes, before: int = 0) -> int:
    """Give the CRC-32 of bytes that follow others whose CRC-32 is `before`."""
    return _quick.crc32(data, before)


def inflater() -> "Decompress":
    """Begin to expand raw deflate; the object is used like that of `zlib.decompressobj`."""
    return _quick.decompressobj(_RAW)


def _deflated(data: bytes) -> bytes:
    """Compress something small quickly, as raw deflate."""
    deflate = _quick.compressobj(_LEVEL, DEFLATED, _RAW)
    return deflate.compress(data) + deflate.flush()


@dataclass(frozen=True, slots=True)
class Packed:
    """Content of a member that is compressed already, so that it is never whole in memory."""

    method: int
    crc: int
    size: int
    data: bytes

    def expand(self) -> bytes:
        """Give the content."""
        return zlib.decompress(self.data, _RAW) if self.method == DEFLATED else self.data


def packed(pieces: Iterable[bytes], level: int = 6) -> Packed:
    """Compress content as it comes."""
    deflate = zlib.compressobj(level, DEFLATED, _RAW)
    out, crc, size = [], 0, 0
    for piece in pieces:
        crc = crc32(piece, crc)
        size += len(piece)
        out.append(deflate.compress(piece))
    out.append(deflate.flush())
    return Packed(DEFLATED, crc, size, b"".join(out))


def quickly(content: bytes) -> Packed:
    """Compress something small at once."""
    return Packed(DEFLATED, crc32(content), len(content), _deflated(content))
