"""The files that a file manager hands over, as paths."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes

SEPARATOR = "--"
"""Behind it everything is a file, whatever its name begins with."""

_ADDRESS = "file://"


def files_to_open(argv: Sequence[str]) -> list[str] | None:
    """Give the files that the window has to open, or `None` when the words are a command.

    Nothing, or nothing but files that exist, is for the window. Behind `--` every word is a file,
    also one that is gone meanwhile (the window says so) or whose name begins with `-`. A `file:`
    address is taken as its path: file managers that put names between quotes break those with
    quotes or line breaks, addresses survive.
    """
    if argv[:1] == [SEPARATOR]:
        return [_path(word) for word in argv[1:]]
    if all(not word.startswith("-") and _exists(word) for word in argv):
        return list(argv)
    return None


def _exists(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):  # a name that is too long, or holds a zero byte
        return False


def _path(word: str) -> str:
    """Turn the address of a local file into its path; any other word stays as it is."""
    if not word.startswith(_ADDRESS):
        return word
    host, slash, path = os.fsencode(word[len(_ADDRESS) :]).partition(b"/")
    if host not in {b"", b"localhost"}:
        return word
    return os.fsdecode(unquote_to_bytes(slash + path))
