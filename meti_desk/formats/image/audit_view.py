"""What the auditor sees in a picture file: the picture, and all else."""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

_PIECE = 1 << 20


class Blob:
    """The bytes of a file, read where they are looked at."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._size = source.seek(0, 2)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, span: slice) -> bytes:
        start, stop, _ = span.indices(self._size)
        self._source.seek(start)
        return self._source.read(max(0, stop - start))

    def unpack(self, form: str, at: int) -> tuple[Any, ...]:
        """Read numbers; `struct.error` where the file ends before."""
        return struct.unpack(form, self[at : at + struct.calcsize(form)])

    def tells(self, start: int, stop: int, blank: bytes) -> bool:
        """Tell whether a span holds anything but these bytes."""
        return any(
            self[at : min(at + _PIECE, stop)].strip(blank) for at in range(start, stop, _PIECE)
        )


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
