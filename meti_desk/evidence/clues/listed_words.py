"""Words of a policy's list, where they mean what the list is about."""

from collections.abc import Sequence

import numpy as np

from meti_desk.evidence.clues.sheet import NONE, Bools, Ints, Sheet


def find(sheet: Sheet, words: Sequence[str], but: Sequence[str] = ()) -> Ints:
    """Find the words, each place once; `but` are longer words in which they mean something else.

    人事 stands in 人事院 as well, which is the name of an office.
    """
    found, taken = _places(sheet, words), _places(sheet, but)
    found = found[~_inside(found, taken)]
    # Of two words that begin inside each other the first one counts.
    reach = np.concatenate(([0], np.maximum.accumulate(found[:, 1])))[: len(found)]
    outside: Ints = found[found[:, 0] >= reach]
    return outside


def _places(sheet: Sheet, words: Sequence[str]) -> Ints:
    """Give the spans of all words, in order; of those that begin together the longest first."""
    parts = [NONE]
    for word in sorted({word for word in words if word}):
        start = sheet.words(word)
        parts.append(np.stack((start, start + len(word)), axis=1))
    spans = np.concatenate(parts)
    ordered: Ints = spans[np.lexsort((-spans[:, 1], spans[:, 0]))]
    return ordered


def _inside(found: Ints, taken: Ints) -> Bools:
    """Tell which spans lie inside of one that is taken."""
    if not len(taken):
        return np.zeros(len(found), np.bool_)
    reach = np.maximum.accumulate(taken[:, 1])
    before = np.searchsorted(taken[:, 0], found[:, 0], "right") - 1
    inside: Bools = (before >= 0) & (reach[np.maximum(before, 0)] >= found[:, 1])
    return inside
