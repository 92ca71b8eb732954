"""Tells whether a file is still the one that was opened."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import EnvironmentProblem


class FileState(msgspec.Struct, frozen=True):
    """What identifies a file and its content without reading it: inode, size in bytes, times."""

    device: int
    inode: int
    size: int
    modified: int
    """Nanoseconds."""


def state_of(file: BinaryIO) -> FileState:
    """Take the state of an open file; to be given to `replace` later."""
    return _state(os.fstat(file.fileno()))


def require_unchanged(path: Path, expected: FileState, sha256: str = "") -> None:
    """Refuse with `EnvironmentProblem("file.changed")` when the file is not as it was.

    With `sha256` the content is read again as well: two changes within one tick of the file
    system's clock would else look the same.
    """
    try:
        same = _state(path.stat()) == expected
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
    return FileState(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
