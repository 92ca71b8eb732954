"""SHA-256 of an open file in constant memory."""

import hashlib
from typing import BinaryIO

_PIECE = 1 << 20


def sha256(source: BinaryIO) -> str:
    """Hash from the beginning; hex. Leaves the position at the end."""
    source.seek(0)
    digest = hashlib.sha256()
    while piece := source.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
