"""A copy of the sidecar in the file's own metadata: it stays with the file when that is moved.

On Linux an extended attribute, on Windows a stream of NTFS. It is a cache and nothing more: many
programs and file systems drop it without a word, so that whatever fails here fails silently. It
counts where no sidecar lies beside the file and its content is still the one that was labelled.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO, cast

ATTRIBUTE = "user.jp.go.meti.label"
STREAM = "jp.go.meti.label"
LARGEST = 64 * 1024
"""Bytes; a sidecar with the longest seal takes less than 4 KiB."""


def write(path: Path, data: bytes) -> bool:
    """Keep a sidecar's bytes with the file; tells whether the file system could."""
    try:
        if os.name == "nt":
            _stream(path).write_bytes(data)
            return True
        if sys.platform == "linux":
            os.setxattr(path, ATTRIBUTE, data)
            return True
    except (OSError, ValueError):
        pass
    return False


def read(path: Path, file: BinaryIO) -> bytes:
    """Give what is kept with an open file; empty for nothing.

    `path` is its name, which Windows needs to find the stream.
    """
    with contextlib.suppress(OSError, ValueError):
        if os.name == "nt":
            with _stream(path).open("rb") as stream:
                return stream.read(LARGEST)
        if sys.platform == "linux":
            kept = os.getxattr(file.fileno(), ATTRIBUTE)
            return kept if len(kept) <= LARGEST else b""
    return b""


def forget(path: Path) -> None:
    """Take away what is kept with the file."""
    with contextlib.suppress(OSError, ValueError):
        if os.name == "nt":
            _stream(path).unlink()
        elif sys.platform == "linux":
            os.removexattr(path, ATTRIBUTE)


def _stream(path: Path) -> Path:
    return path.with_name(f"{path.name}:{STREAM}")


def as_file(data: bytes) -> BinaryIO:
    """Give bytes as an open file, to be handed to a confined process; it has no name anywhere."""
    if sys.platform == "linux":
        file = cast("BinaryIO", os.fdopen(os.memfd_create("label"), "w+b"))
    else:
        import tempfile

        file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
    file.write(data)
    file.flush()
    file.seek(0)
    return file
