"""Compares a document with the texts that were seen here, passage by passage (Art. 6)."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from meti_desk.evidence.folding import Codes, ends_of, fold, fold_parts, joined
from meti_desk.evidence.passages import Passage, common_passages, covered
from meti_desk.evidence.prints import Hashes, grams, once, unpack, winnow
from meti_desk.formats.base import Inspection
from meti_desk.services.messages import FoundPassage
from meti_desk.services.ports import Prints
from meti_desk.services.sources import Match, bad_answer

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMMON = 20
"""Texts that have a fingerprint: what more of them have is custom and names no source."""
_COMPARED = 30
"""Texts that are compared, those with most fingerprints in common first."""
_VERSION, _VERSION_PRINTS = 0.8, 40
"""Share and number of fingerprints in common that make a text another version of the document, be
they common: some 1,000 characters, more than a letterhead and the formula at the end have."""
_SHOWN = 3
_LONGEST_SHOWN = 120


def matches(kept: Prints, inspection: Inspection, is_other: Callable[[int], bool]) -> list[Match]:
    """Find the kept texts with passages of 60 characters and more in common.

    Those that cover most of the document come first, of equal ones the oldest. A fingerprint that
    more than 20 texts have, or that the person took for 定型文, does not propose a text; only a
    text that has four fifths of all is compared all the same: it is another version.
    """
    try:
        hashes = unpack(inspection.prints)
    except ValueError:
        raise bad_answer() from None
    custom = _array(kept.ignored(hashes.tolist()))
    asked = hashes[~np.isin(hashes, custom)]
    shared = kept.shared(asked.tolist())
    often = _array(one.hash for one in shared if len(one.texts) > COMMON)
    scores: Counter[int] = Counter()
    alike: Counter[int] = Counter()
    for one in shared:
        alike.update(one.texts)
        if len(one.texts) <= COMMON:
            scores.update(one.texts)
    least = max(_VERSION * len(asked), _VERSION_PRINTS)
    versions = {number for number, count in alike.items() if count >= least}
    numbers = sorted(versions | set(scores), key=lambda n: (n not in versions, -scores[n], n))
    candidates = [number for number in numbers if is_other(number)][:_COMPARED]
    if not candidates:
        return []
    here = _Here([(part.place, part.text) for part in inspection.text])
    found = []
    for number in candidates:
        left_out = custom if number in versions else np.concatenate([custom, often])
        match = here.match(kept, number, left_out)
        if match is not None:
            found.append(match)
    return sorted(found, key=lambda match: (-match.covered, match.number))


def all_prints(text: str) -> list[int]:
    """Give every hash of a passage: which of them a document keeps depends on what is beside."""
    return [int(one) for one in once(grams(fold(text)))]


def _array(numbers: "Iterator[int] | frozenset[int]") -> Hashes:
    return np.fromiter(numbers, np.uint64)


class _Text:
    """A text in parts, folded as one, and the way back to what was written."""

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        self.parts = parts
        folded = fold_parts(text for _, text in parts)
        self.codes: Codes = joined(folded)
        self._ends = list(accumulate(map(len, folded)))

    def place(self, at: int) -> tuple[int, int]:
        """Tell in which part a place of the folded text lies, and where in it."""
        index = bisect_right(self._ends, at)
        return index, at - (self._ends[index - 1] if index else 0)


class _Here(_Text):
    """The document whose sources are looked for."""

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__(parts)
        self._own = winnow(self.codes)
        self._written: dict[int, NDArray[np.int64]] = {}

    def match(self, kept: Prints, number: int, left_out: Hashes) -> Match | None:
        """Compare with one kept text."""
        text = kept.text(number)
        if text is None:  # forgotten meanwhile
            return None
        there = _Text(text.parts)
        passages = common_passages(self.codes, there.codes, self._own, left_out)
        if not passages:
            return None
        longest = sorted(passages, key=lambda one: -one.length)[:_SHOWN]
        return Match(
            number=number,
            same=np.array_equal(self.codes, there.codes),
            covered=covered(passages, len(self.codes)),
            passages=tuple(self._shown(one, there) for one in longest),
        )

    def _shown(self, passage: Passage, there: _Text) -> FoundPassage:
        index, start = self.place(passage.start)
        other, _ = there.place(passage.there)
        place, text = self.parts[index]
        if index not in self._written:
            self._written[index] = ends_of(text)
        begin, end = np.searchsorted(
            self._written[index], (start, start + passage.length), "right"
        ).tolist()
        written = text[begin : min(end, begin + 4 * _LONGEST_SHOWN)]
        return FoundPassage(
            text=" ".join(written.split())[:_LONGEST_SHOWN],
            place=place,
            source_place=there.parts[other][0],
            length=passage.length,
        )
