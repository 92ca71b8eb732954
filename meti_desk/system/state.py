"""Tells whether a file is still the one that was opened."""

import hashlib
import os
import time
from pathlib import Path
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import EnvironmentProblem

_TICK = 3_000_000_000
"""Nanoseconds; FAT, the coarsest of file systems, counts in two seconds."""


class FileState(msgspec.Struct, frozen=True):
    """What identifies a file and its content without reading it: inode, size in bytes, times."""

    device: int
    inode: int
    size: int
    modified: int
    """Nanoseconds."""
    changed: int
    """Nanoseconds; of the last change of anything, its times among it. Windows: of its making."""

    def like(self, other: "FileState") -> bool:
        """Tell whether it is the same file with the same content, as far as the times tell."""
        mine = (self.device, self.inode, self.size, self.modified)
        return mine == (other.device, other.inode, other.size, other.modified)


def is_settled(state: FileState) -> bool:
    """Tell whether a file was left alone for so long that one more change would show in its times.

    Nobody knows on Windows, where the time of the last change can be set back.
    """
    return os.name == "posix" and max(state.modified, state.changed) < time.time_ns() - _TICK


def state_of(file: BinaryIO) -> FileState:
    """Take the state of an open file; to be given to `replace` later."""
    return _state(os.fstat(file.fileno()))


def require_unchanged(path: Path, expected: FileState, sha256: str = "") -> None:
    """Refuse with `EnvironmentProblem("file.changed")` when the file is not as it was.

    With `sha256` the content is read again as well: two changes within one tick of the file
    system's clock would else look the same.
    """
    try:
        same = _state(path.stat()).like(expected)
        if same and sha256:
            with path.open("rb") as file:
                same = sha256_of(file) == sha256
    except FileNotFoundError:
        same = False
    if not same:
        raise EnvironmentProblem("file.changed", path=str(path))


def sha256_of(file: BinaryIO) -> str:
    """Hash an open file from its beginning, in constant memory; SHA-256 in hex."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # any


def _state(state: os.stat_result) -> FileState:
    times = (state.st_mtime_ns, state.st_ctime_ns)
    return FileState(state.st_dev, state.st_ino, state.st_size, *times)
