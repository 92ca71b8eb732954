"""Lets qpdf write to a disk that may be full.

An error of the disk that reaches qpdf while it closes its output ends the process: it is thrown
where C++ allows none. So the error is kept back until qpdf is done, and raised then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast


class _Sink:
    """A file whose errors are kept back; `check` raises the first one."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, or do as if once the disk has failed."""
        if self._error is None:
            try:
                self._target.write(data)
            except OSError as error:
                self._error = error
        return len(data)

    def flush(self) -> None:
        """Hand on what is buffered."""
        if self._error is None:
            try:
                self._target.flush()
            except OSError as error:
                self._error = error

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move in the file."""
        return self._target.seek(offset, whence)

    def tell(self) -> int:
        """Tell the position."""
        return self._target.tell()

    def readable(self) -> bool:
        """Tell that this is only written to."""
        return False

    def writable(self) -> bool:
        """Tell that this can be written to."""
        return True

    def seekable(self) -> bool:
        """Tell that the position can be moved."""
        return True

    def check(self) -> None:
        """Raise what went wrong while qpdf wrote."""
        self.flush()
        if self._error is not None:
            raise self._error


@contextmanager
def held_back(target: BinaryIO) -> Iterator[BinaryIO]:
    """Give qpdf a file that writes to `target`; an `OSError` comes when it is done."""
    sink = _Sink(target)
    yield cast("BinaryIO", sink)
    sink.check()
