"""Fingerprints of a text's passages, by winnowing (Art. 6): what was copied shares some of them.

Of every window of 48 hashes of 12 characters each the least is kept (Schleimer, Wilkerson and
Aiken, 2003). Two texts that have 59 characters in common, folded as `evidence.folding` says, have
a window in common, and so its least hash: no passage of that length is missed. On the average one
of 24 hashes is kept.

The hashes are the same on every machine and in every version: they lie in stores for years.
"""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meti_desk.evidence.folding import MOST, Codes, fold, fold_parts, joined

Hashes: TypeAlias = NDArray[np.uint64]

GRAM = 12
"""Characters in one hash."""
WINDOW = 48
"""Hashes of which the least is kept."""
REACH = WINDOW + GRAM - 1
"""A passage of so many characters is never missed."""
BITS = 40
"""Bits of a hash: among 12 million of them another text's is met by chance once in 90,000."""

_VERSION = b"\x01"
_BYTES = BITS // 8
_BLOCK = 1 << 15
_PLACE_BITS = 64 - BITS
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_BASE = 0x5851F42D4C957F2D
_POWERS = {step: np.uint64(pow(_BASE, step, 1 << 64)) for step in (1, 2, 4)}


class Places(NamedTuple):
    """The kept hashes of a text, and the character at which each begins, in the text's order."""

    hashes: Hashes
    places: NDArray[np.int64]


def prints(text: str) -> Hashes:
    """Give the fingerprints of a text, sorted, each once; none for less than 59 characters."""
    return once(winnow(fold(text)).hashes)


def prints_of(texts: Iterable[str]) -> Hashes:
    """Give the fingerprints of a text in parts, as if they stood behind each other."""
    return once(winnow(joined(fold_parts(texts))).hashes)


def grams(codes: Codes) -> Hashes:
    """Hash every 12 characters of a folded text that stand together, in order."""
    if len(codes) < GRAM:
        return np.zeros(0, np.uint64)
    starts = range(0, len(codes) - GRAM + 1, _BLOCK)
    return np.concatenate([_grams(codes[at : at + _BLOCK + GRAM - 1]) for at in starts])


def winnow(codes: Codes) -> Places:
    """Keep of every window of hashes the least, of equal ones the last, of a folded text."""
    if len(codes) < REACH:
        return Places(np.zeros(0, np.uint64), np.zeros(0, np.int64))
    starts = range(0, len(codes) - REACH + 1, _BLOCK)
    found = [_least(_grams(codes[at : at + _BLOCK + REACH - 1]), at) for at in starts]
    hashes = np.concatenate([one.hashes for one in found])
    places = np.concatenate([one.places for one in found])
    fresh = np.ones(len(places), np.bool_)
    fresh[1:] = places[1:] != places[:-1]  # where two blocks meet
    return Places(hashes[fresh], places[fresh])


def once(hashes: Hashes) -> Hashes:
    """Sort hashes and give each once; `numpy.unique` would load masked arrays first (12 ms)."""
    ordered = np.sort(hashes)
    fresh = np.ones(len(ordered), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    return ordered[fresh]


def pack(hashes: Hashes) -> bytes:
    """Write fingerprints as bytes: a version, then five bytes each, the lowest first."""
    raw = hashes.astype("<u8").view(np.uint8).reshape(-1, 8)
    return _VERSION + raw[:, :_BYTES].tobytes()


def unpack(packed: bytes) -> Hashes:
    """Read what `pack` wrote, sorted and each once; raises `ValueError` for anything else.

    They may come from a worker that a document has subverted: any five bytes are a hash, but no
    document has more than one for every eight of the characters that are looked at.
    """
    too_many = len(packed) > 1 + _BYTES * (MOST // 8)
    if packed[:1] != _VERSION or len(packed) % _BYTES != 1 or too_many:
        msg = "not fingerprints of this version"
        raise ValueError(msg)
    raw = np.frombuffer(packed, np.uint8, offset=1).reshape(-1, _BYTES)
    wide = np.zeros((len(raw), 8), np.uint8)
    wide[:, :_BYTES] = raw
    return once(wide.view("<u8").reshape(-1).astype(np.uint64))


def _grams(codes: Codes) -> Hashes:
    """Hash by a polynomial that doubles its length: 2, 4, 8 and then 12 characters."""
    one = codes.astype(np.uint64) * _SPREAD
    two = one[:-1] * _POWERS[1] + one[1:]
    four = two[:-2] * _POWERS[2] + two[2:]
    eight = four[:-4] * _POWERS[4] + four[4:]
    mixed = eight[:-4] * _POWERS[4] + four[8:]
    # The low bits of such a polynomial depend on the low bits of the characters alone.
    mixed ^= mixed >> np.uint64(32)
    mixed *= _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= _SPREAD
    mixed >>= np.uint64(_PLACE_BITS)
    return mixed


def _least(hashes: Hashes, offset: int) -> Places:
    """Find the least of each window at once: each hash carries how far it stands from the end.

    So of equal ones the last is the least, and it tells its place.
    """
    last = len(hashes) - 1
    marked = hashes << np.uint64(_PLACE_BITS)
    marked |= np.arange(last, -1, -1, dtype=np.uint64)
    for step in (1, 2, 4, 8, 16, 16):
        marked = np.minimum(marked[:-step], marked[step:])
    fresh = np.ones(len(marked), np.bool_)
    fresh[1:] = marked[1:] != marked[:-1]
    kept = marked[fresh]
    behind = (kept & np.uint64((1 << _PLACE_BITS) - 1)).astype(np.int64)
    return Places(kept >> np.uint64(_PLACE_BITS), last - behind + offset)
