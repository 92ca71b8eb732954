"""What the auditor sees in a picture file: the picture, and all else."""

import hashlib
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

_PIECE = 1 << 20
_OF_DEVICE = tuple(b"mmod ndin vcgt vcgp meta targ calt devs CIED DevD".split())
_UNTOLD_TIME = b"\x07\xd0\0\1\0\1" + bytes(6)


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

    def colours(self, body: bytes, before: int = 0) -> str:
        """Take a colour profile that begins at `before`; gives its hash without its device.

        Of one with a screen's record its time and its number tell the screen, too; of one that is
        made when a picture is saved they tell the moment.
        """
        profile = body[before:]
        parts = _parts(profile)
        device = [one for one in parts if one[0] in _OF_DEVICE]
        timed = b"lcms" in (profile[4:8], profile[80:84]) and profile[24:36] != _UNTOLD_TIME
        if parts and (device or timed):
            self.tell("image.profile-device")
        if not parts or not (device or timed or profile[24:36] == _UNTOLD_TIME):
            return hashed(body)
        shown = [one for one in parts if one not in device]
        return hashed(
            body[:before], profile[:24], profile[36:84], profile[100:128],
            *(name + profile[at : at + size] for name, at, size in shown),
        )  # fmt: skip

    def tell(self, kind: str, body: bytes = b"") -> None:
        """Take something that is not picture."""
        self.extras.append(Extra(kind, body))


def _parts(profile: bytes) -> list[tuple[bytes, int, int]]:
    """Read the table of a colour profile: name, place and size; nothing where it is broken."""
    if profile[36:40] != b"acsp" or len(profile) < 132:  # noqa: PLR2004 - head and count
        return []
    count = int.from_bytes(profile[128:132], "big")
    table = profile[132 : 132 + 12 * count]
    found = [
        (table[at : at + 4], int.from_bytes(table[at + 4 : at + 8], "big"),
         int.from_bytes(table[at + 8 : at + 12], "big"))
        for at in range(0, len(table), 12)
    ]  # fmt: skip
    first = 132 + 12 * count
    whole = all(at >= first and at + size <= len(profile) for _, at, size in found)
    return found if count <= 1024 and first <= len(profile) and whole else []  # noqa: PLR2004 - more is no profile


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
