"""Compound files (OLE2): opened and read so that damage is an error by code and nothing else."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from meti_desk.domain.errors import InvalidInput

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_STREAM = 64 << 20
"""Bytes of one stream that are read; a text that is longer is cut."""
_DAMAGE = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError,
    RecursionError, struct.error,
)  # fmt: skip
"""All the ways in which olefile reports damage."""


class Compound:
    """An opened compound file; names of streams are compared as the format does, in any letters."""

    def __init__(self, ole: Any) -> None:
        """Keep olefile's object."""
        self._ole = ole
        self._paths = {
            "/".join(parts).casefold(): parts for parts in ole.listdir(streams=True, storages=False)
        }

    def __contains__(self, path: str) -> bool:
        return path.casefold() in self._paths

    def paths(self) -> list[str]:
        """Give the paths of all streams, as they are written."""
        return ["/".join(parts) for parts in self._paths.values()]

    def size(self, path: str) -> int:
        """Tell how many bytes a stream has; 0 for one that is not there."""
        parts = self._paths.get(path.casefold())
        return 0 if parts is None else int(self._ole.get_size(parts))

    def read(self, path: str, limit: int = LARGEST_STREAM) -> bytes:
        """Read a stream, at most `limit` bytes of it; empty for one that is not there or broken."""
        parts = self._paths.get(path.casefold())
        if parts is None:
            return b""
        try:
            return bytes(self._ole.openstream(parts).read(limit))
        except _DAMAGE:
            return b""


@contextmanager
def opened(source: BinaryIO) -> Iterator[Compound]:
    """Open a compound file; `InvalidInput("document.damaged")` when it is none that can be read."""
    import olefile

    source.seek(0)
    try:
        ole = olefile.OleFileIO(source)
        compound = Compound(ole)
    except _DAMAGE as bad:
        raise InvalidInput("document.damaged", reason="compound-file") from bad
    try:
        yield compound
    finally:
        # `source` belongs to the caller.
        ole.fp = None
