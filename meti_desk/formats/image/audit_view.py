"""What the auditor sees in a picture file: the picture, and all else."""

import hashlib
import mmap
from dataclasses import dataclass, field
from typing import NamedTuple

Blob = bytes | mmap.mmap


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

    def show(self, *pieces: bytes) -> None:
        """Take a part of the picture."""
        self.image.append(hashed(*pieces))

    def tell(self, kind: str, body: bytes = b"") -> None:
        """Take something that is not picture."""
        self.extras.append(Extra(kind, body))


def hashed(*pieces: bytes) -> str:
    """Hash bytes; SHA-256 in hex."""
    seen = hashlib.sha256()
    for piece in pieces:
        seen.update(piece)
    return seen.hexdigest()
