"""Folders of documents: which files lie in them, in which order, and where results go."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from meti_desk.services.facts import SIDECAR_SUFFIX

_LOCKS = ("~$", ".~lock.")
"""How Office and LibreOffice begin the names of the notes that they put beside an open document."""


class Listed(NamedTuple):
    """A file, and the folders between it and the folder that was named; `.` for a file's own."""

    path: str
    below: Path


def listed(paths: Sequence[str]) -> tuple[Listed, ...]:
    """Give the files that are named and, for folders, all that lie in them, each once.

    In the order of the names. Hidden files, sidecars of ours and the lock notes of an office
    programme are no documents; links are not followed, because they may lead out of the folder.
    A folder that cannot be read stands in the list itself, so that its error is told.
    """
    found: dict[str, Listed] = {}
    for path in paths:
        rows = _in_folder(Path(path)) if _is_folder(path) else iter([Listed(path, Path())])
        for row in rows:
            found.setdefault(os.path.realpath(row.path), row)
    return tuple(found.values())


def is_document(name: str) -> bool:
    """Tell whether a name in a folder may be a document's."""
    hidden = name.startswith((".", *_LOCKS))
    return not hidden and not name.endswith(SIDECAR_SUFFIX)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):  # a name that is too long, or has a null byte
        return False


def _in_folder(folder: Path) -> Iterator[Listed]:
    unread: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=unread.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        below = Path(place).relative_to(folder)
        for name in sorted(names):
            path = Path(place, name)
            if is_document(name) and not path.is_symlink():
                yield Listed(str(path), below)
    for error in unread:
        if isinstance(error.filename, str):
            yield Listed(error.filename, Path())
