"""What the auditor sees in a picture file: the picture, and all else."""

import hashlib
import mmap
from dataclasses import dataclass, field
from typing import NamedTuple

Blob = bytes | mmap.mmap
_PIECE = 1 << 20


class Span(NamedTuple):
    """A long piece of a file, which is read in pieces."""

    blob: Blob
    start: int
    stop: int


class Extra(NamedTuple):
    """Something that is not picture; `exif` and `xmp` are looked into, the others are kinds."""

    kind: str
    body: bytes = b""


@dataclass(slots=True)
class View:
    """`image` has a hash for each part of the picture, in its order; `turned` its orientation."""

    image: list[str] = field(default_factory=list)
    profile: str = ""
    turned: int = 1
    extras: list[Extra] = field(default_factory=list)

    def show(self, *pieces: bytes | Span) -> None:
        """Take a part of the picture."""
        self.image.append(hashed(*pieces))

    def tell(self, kind: str, body: bytes = b"") -> None:
        """Take something that is not picture."""
        self.extras.append(Extra(kind, body))


def hashed(*pieces: bytes | Span) -> str:
    """Hash bytes; SHA-256 in hex."""
    seen = hashlib.sha256()
    for piece in pieces:
        if isinstance(piece, bytes):
            seen.update(piece)
            continue
        for at in range(piece.start, piece.stop, _PIECE):
            seen.update(piece.blob[at : min(at + _PIECE, piece.stop)])
    return seen.hexdigest()
