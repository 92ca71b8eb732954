"""Lets qpdf write to a disk that may be full.

An error of the disk that reaches qpdf while it closes its output ends the process: it is thrown
where C++ allows none. So the error is kept back until qpdf is done, and raised then. qpdf writes a
few bytes at a time, a hundred for each page: they are gathered before they come here.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_GATHERED = 1 << 18
"""Bytes that are written at once."""


class _Sink(io.RawIOBase):
    """A file whose errors are kept back; `check` raises the first one."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._error: OSError | None = None
        self._over = False

    def write(self, data: "ReadableBuffer") -> int:
        """Write, or do as if once the disk has failed or nobody waits any more."""
        size = memoryview(data).nbytes
        if self._error is None and not self._over:
            try:
                self._target.write(data)
            except OSError as error:
                self._error = error
        return size

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move in the file."""
        return self._target.seek(offset, whence)

    def tell(self) -> int:
        """Tell the position."""
        return self._target.tell()

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def seekable(self) -> bool:
        """Tell that the position can be moved."""
        return True

    def give_up(self) -> None:
        """Write no more: what is still gathered is of no use."""
        self._over = True

    def check(self) -> None:
        """Raise what went wrong while qpdf wrote."""
        if self._error is None:
            self._target.flush()
        else:
            raise self._error


@contextmanager
def held_back(target: BinaryIO) -> Iterator[BinaryIO]:
    """Give qpdf a file that writes to `target`; an `OSError` comes when it is done."""
    sink = _Sink(target)
    gathered = io.BufferedWriter(sink, _GATHERED)
    try:
        yield cast("BinaryIO", gathered)
        gathered.flush()
        sink.check()
    finally:
        sink.give_up()
