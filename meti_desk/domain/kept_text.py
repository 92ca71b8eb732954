"""The texts that the store keeps, so that a document's sources can be found (Art. 6).

They stand here, below store and services, because both speak of them.
"""

from dataclasses import dataclass

MOST_TEXTS = 1 << 20
"""The number of a text has 20 bits beside the 40 of a fingerprint."""
MOST_SHARED = 64
"""Texts that are named for one fingerprint; what more have in common is custom, not a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    """A document whose text is kept, or is to be kept.

    `document` is its id, or the SHA-256 of its bytes where it never had one.
    """

    document: str
    title: str
    path: str
    file_hash: str
    """SHA-256 of the bytes that were read, hex."""


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text as it was read: its parts in order, each with its place (`page 3`, …)."""

    parts: tuple[tuple[str, str], ...]

    @property
    def whole(self) -> str:
        """All of it, part after part."""
        return "\n".join(text for _, text in self.parts)


@dataclass(frozen=True, slots=True)
class Shared:
    """A fingerprint that was asked for, and the numbers of the texts that have it.

    Ascending, `MOST_SHARED` + 1 of them at most: the first, so the oldest, are named.
    """

    hash: int
    texts: tuple[int, ...]
