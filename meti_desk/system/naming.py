"""Names for files that come into being: free, short enough, inside their folder."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from meti_desk.domain.errors import InvalidInput

LONGEST_NAME = 255
"""Bytes of a name that every file system here takes."""

TEMPORARY_PREFIX = ".meti-desk-"
TEMPORARY_SUFFIX = ".part"

_COMPOUND_SUFFIXES = (".metilabel.json", ".tar.gz", ".tar.bz2", ".tar.xz")
_MOST_NUMBERS = 10_000


def candidates(final: Path) -> Iterator[Path]:
    """Give the wished name, shortened where need be, then ` (2)`, ` (3)` … before its suffix."""
    stem, suffix = split(final.name)
    for number in range(1, _MOST_NUMBERS):
        mark = "" if number == 1 else f" ({number})"
        yield final.with_name(shorten(stem, mark + suffix))


def split(name: str) -> tuple[str, str]:
    """Split a name into stem and suffix; `.metilabel.json` and the like are one suffix."""
    for suffix in _COMPOUND_SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)], name[-len(suffix) :]
    suffix = Path(name).suffix
    longest = LONGEST_NAME // 2
    if not suffix or len(suffix.encode(errors="surrogateescape")) > longest:
        return name, ""
    return name[: -len(suffix)], suffix


def shorten(stem: str, ending: str) -> str:
    """Join stem and ending, leaving out the end of the stem where 255 bytes are not enough.

    Characters stay whole: a name of 85 kanji has 255 bytes.
    """
    room = LONGEST_NAME - len(ending.encode(errors="surrogateescape"))
    while len(stem.encode(errors="surrogateescape")) > room:
        stem = stem[:-1]
    return stem + ending


def inside(folder: Path, name: str) -> Path:
    """Give the path of a name in a folder; for names that come out of a file.

    Raises `InvalidInput("file.outside")` for names that lead elsewhere.
    """
    separators = ("/", "\\", "\0")
    if name in ("", ".", "..") or any(s in name for s in separators):
        raise InvalidInput("file.outside", name=name)
    return folder / name


def temporary_name(final: Path, operation: str) -> Path:
    """Name the temporary file of an operation, beside what it will become.

    Made of the operation's id alone, so that the journal can name it before it exists.
    """
    token = hashlib.sha256(operation.encode()).hexdigest()[:24]
    return final.with_name(f"{TEMPORARY_PREFIX}{token}{TEMPORARY_SUFFIX}")


def is_temporary(path: Path) -> bool:
    """Tell whether a path has the name of one of our temporary files."""
    return path.name.startswith(TEMPORARY_PREFIX)
