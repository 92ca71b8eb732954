"""What every kind of picture file gives to be labelled: its parts, and how a packet is put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from meti_desk.formats.image.data import Data, Part, Splice


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture file's parts, none of them decoded.

    `packets` are the XMP packets, the main one first; `extended` is a JPEG's extended packet.
    `exif` is a TIFF structure without a head, `profile` the ICC profile as it stands, `texts` are
    (place, text) of fields that people write into. `seen` is what a reader sees - its digest is the
    picture's, together with orientation and profile -, `rest` every part of the file but XMP, which
    labelling must not change.
    """

    variant: str
    seen: tuple[Part, ...]
    rest: tuple[Part, ...]
    packets: tuple[bytes, ...] = ()
    extended: bytes = b""
    exif: bytes = b""
    profile: bytes = b""
    orientation: int = 1
    texts: tuple[tuple[str, str], ...] = ()
    frames: int = 1


class Container(Protocol):
    """One kind of picture file."""

    def recognise(self, head: bytes, data: Data) -> str | None:
        """Name the variant, or `None`; must not fail on damaged files."""

    def read(self, data: Data) -> Picture:
        """Find the parts; `InvalidInput`: `document.damaged`, `document.too-large`."""

    def with_packets(self, data: Data, packets: Sequence[bytes]) -> list[Splice]:
        """Tell what to change so that the file holds these packets instead of those it has.

        As many are given as were read, in their order (one where there was none); an empty one
        goes.
        """
