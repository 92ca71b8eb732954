"""The port to the file system."""

from pathlib import Path
from typing import BinaryIO, Protocol


class Files(Protocol):
    """Every touch of the file system that can leave a trace goes through here."""

    def open_source(self, path: Path) -> BinaryIO:
        """Open for reading what must be a regular file; errors by code (`file.missing` …)."""

    def scratch(self, folder: Path) -> BinaryIO:
        """Open a nameless, owner-only file on the file system of `folder` (O_TMPFILE)."""

    def temporary(self, final: Path, operation: str) -> Path:
        """Name the temporary file of an operation, which the journal remembers."""

    def prepare(
        self, file: BinaryIO, folder: Path, *, mode: int = 0o600, like: Path | None = None
    ) -> bool:
        """Make a finished scratch file durable before it gets its name there, or that of `like`.

        Tells whether only a quick step is left then.
        """

    def publish(
        self,
        file: BinaryIO,
        final: Path,
        *,
        mode: int = 0o600,
        temporary: Path | None = None,
        folders: set[Path] | None = None,
    ) -> Path:
        """Fsync and give a scratch file its final name, never over another file; gives the name.

        A name that is taken gets a number before its suffix. `folders`, here and below, gets the
        folder whose names are not durable yet, instead of their being made so: see `settle`.
        """

    def replace(
        self,
        file: BinaryIO,
        original: Path,
        temporary: Path,
        *,
        opened: BinaryIO | None = None,
        sha256: str = "",
        folders: set[Path] | None = None,
    ) -> None:
        """Fsync a scratch file and put it in the place of `original`, by way of `temporary`.

        Keeps mode, owner and extended attributes of the original; `file.changed` when it is not
        what it was when `opened` was opened.
        """

    def put(
        self,
        data: bytes,
        final: Path,
        temporary: Path,
        *,
        mode: int = 0o600,
        folders: set[Path] | None = None,
    ) -> None:
        """Write a small file whole or not at all, over an older one of this name: a sidecar."""

    def settle(self, folder: Path) -> None:
        """Make the names in a folder durable."""

    def withdraw(self, file: BinaryIO, name: Path) -> None:
        """Take back the name that `publish` gave to a scratch file."""

    def remove(self, path: Path, sha256: str) -> bool:
        """Remove a file if it is still this one; tells whether it was (`file.…` on failure)."""

    def discard(self, temporary: Path) -> bool:
        """Remove what a crash left under the name of a temporary file, and nothing else."""
