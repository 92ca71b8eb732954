"""A stretch of a file as a file of its own, to be read only.

Many files that go into one container cross the process border as one file, one behind the other:
a process may have few descriptors, and a message between processes carries fewer still.
"""

import io
from collections.abc import Sequence
from typing import BinaryIO, cast

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import size_of


class _Slice(io.RawIOBase):
    """Reads a stretch; slices of one file may be read in turn, not at the same time."""

    def __init__(self, file: BinaryIO, begin: int, size: int) -> None:
        self._file, self._begin, self._size = file, begin, size
        self._at = 0

    def readable(self) -> bool:
        """Tell that this can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that the position can be moved."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move from the begin (0), the position (1) or the end (2)."""
        self._at = max((0, self._at, self._size)[whence] + offset, 0)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what callers give
        """Read what is there, up to the end of the stretch."""
        count = max(min(len(buffer), self._size - self._at), 0)
        self._file.seek(self._begin + self._at)
        done = int(self._file.readinto(memoryview(buffer)[:count]))  # type: ignore[attr-defined]
        self._at += done
        return done


def slices(
    file: BinaryIO, names: Sequence[str], sizes: Sequence[int]
) -> list[tuple[str, BinaryIO]]:
    """Cut a file into its parts, which have to be all of it (`protect.failed`)."""
    if len(names) != len(sizes) or sum(sizes) != size_of(file) or min(sizes, default=0) < 0:
        raise InvalidInput("protect.failed")
    found, begin = [], 0
    for name, size in zip(names, sizes, strict=True):
        found.append((name, cast("BinaryIO", _Slice(file, begin, size))))
        begin += size
    return found
