"""Which passages two texts really have in common, found from the fingerprints they share (Art. 6).

Equal hashes only propose; every passage is compared character by character, as long as it goes on
in both. What is common by custom - formulas, letterheads - is told apart by the fingerprints that
many documents have: a passage counts only if enough of it is its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meti_desk.evidence.folding import Codes
from meti_desk.evidence.prints import GRAM, REACH, Hashes, Places, grams

LEAST = REACH + 1
"""Characters of a common passage that name a source (60)."""
_VARIETY = 10
"""Different characters that a passage has at least: rows of dots and noughts are no passage."""
_MOST_OFTEN = 16
"""Places at which one hash is looked at: what comes again and again is found by its first ones."""
_STRETCH = 64
_MOST_WORK = 64
"""Comparisons for each character of both texts; only a text made to be slow needs more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that stands in both folded texts: from `start` here, from `there` in the other."""

    start: int
    there: int
    length: int

    @property
    def end(self) -> int:
        """The first character behind it."""
        return self.start + self.length


def common_passages(here: Codes, there: Codes, own: Places, common: Hashes) -> list[Passage]:
    """Find the passages of 60 characters and more that stand in both, in order, none in another.

    `own` are the fingerprints of `here` in their places, `common` those that are common by custom:
    passages are cut at them. Of several places in `there` the one with the longest passage is
    taken.
    """
    by_custom = np.isin(own.hashes, common)
    seeds = _seeds(there, Places(own.hashes[~by_custom], own.places[~by_custom]))
    customary = own.places[by_custom]
    found = [
        piece
        for passage in _extended(here, there, seeds)
        for piece in _own_pieces(passage, customary)
    ]
    apart = _without_overlap(found, len(here))
    return [one for one in apart if _varied(here[one.start : one.end])]


def covered(passages: Iterable[Passage], length: int) -> float:
    """Give the share of a text of so many characters that passages cover, 0 to 1."""
    return sum(passage.length for passage in passages) / length if length else 0.0


def _seeds(there: Codes, own: Places) -> NDArray[np.int64]:
    """Pair the places of equal hashes: rows of place here and place there, by diagonals."""
    hashes = grams(there)
    order = np.argsort(hashes, kind="stable")
    held = hashes[order]
    low = np.searchsorted(held, own.hashes, "left")
    counts = np.minimum(np.searchsorted(held, own.hashes, "right") - low, _MOST_OFTEN)
    here = np.repeat(own.places, counts)
    if not len(here):
        return np.zeros((0, 2), np.int64)
    begins = np.repeat(low - (np.cumsum(counts) - counts), counts)
    pairs = np.stack([here, order[begins + np.arange(len(begins))]], axis=1)
    return pairs[np.lexsort((pairs[:, 0], pairs[:, 0] - pairs[:, 1]))]


def _extended(here: Codes, there: Codes, seeds: NDArray[np.int64]) -> Iterator[Passage]:
    """Let each seed grow to both sides, but those that lie in what grew on their diagonal.

    In texts that repeat themselves without end, seeds within anything that grew are left out once
    enough was compared: all that is common is still found, if not always in its longest place.
    """
    held = np.zeros(len(here), np.bool_)
    work = _MOST_WORK * (len(here) + len(there))
    diagonal, end = 0, 0
    for start, other in seeds.tolist():
        within = start - other == diagonal and start < end
        if within or (work < 0 and held[start]) or work < -_MOST_WORK * len(here):
            continue
        after = _equal(here[start:], there[other:])
        if after < GRAM:  # the two share the hash by chance
            continue
        before = _equal(here[:start][::-1], there[:other][::-1])
        held[start - before : start + after] = True
        work -= before + after
        diagonal, end = start - other, start + after
        yield Passage(start - before, other - before, before + after)


def _equal(one: Codes, two: Codes) -> int:
    """Count the characters that are equal from the beginning on."""
    most, done, stretch = min(len(one), len(two)), 0, _STRETCH
    while done < most:
        upto = min(done + stretch, most)
        differ = np.flatnonzero(one[done:upto] != two[done:upto])
        if len(differ):
            return done + int(differ[0])
        done, stretch = upto, 2 * stretch
    return most


def _own_pieces(passage: Passage, customary: NDArray[np.int64]) -> Iterator[Passage]:
    """Cut a passage at the fingerprints that are common by custom.

    60 characters of its own hold a fingerprint of their own and none of custom, so what stands
    between two of these and is shorter is custom, or too short.
    """
    inside = (customary >= passage.start) & (customary <= passage.end - GRAM)
    cuts = customary[inside].tolist()
    begins = (passage.start, *(cut + GRAM for cut in cuts))
    for begin, end in zip(begins, (*cuts, passage.end), strict=True):
        if end - begin >= LEAST:
            yield Passage(begin, passage.there + begin - passage.start, end - begin)


def _varied(codes: Codes) -> bool:
    return len(set(codes[:4096].tolist())) >= _VARIETY


def _without_overlap(found: list[Passage], length: int) -> list[Passage]:
    """Take the longest first, and of the others what lies free, from where it is free."""
    held = np.zeros(length, np.bool_)
    taken: list[Passage] = []
    for passage in sorted(found, key=lambda one: (-one.length, one.start, one.there)):
        free = np.flatnonzero(~held[passage.start : passage.end])
        if len(free) < LEAST:
            continue
        first, last = int(free[0]), int(free[-1]) + 1
        if last - first > len(free):  # something lies within: it was longer and says enough
            continue
        piece = Passage(passage.start + first, passage.there + first, last - first)
        held[piece.start : piece.end] = True
        taken.append(piece)
    return sorted(taken, key=lambda one: one.start)
