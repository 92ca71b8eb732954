"""How much of a text was changed: characters added and removed (Art. 7-3), in linear time.

Sentences are compared as a bag: one that was moved was not changed. Of a sentence that was
rewritten only the part between what is equal at its beginning and at its end counts.
"""

from collections import Counter
from typing import NamedTuple

from meti_desk.domain.patterns import lazily

_SENTENCE = lazily(r"[^。．.!?！？\n\r\v\f]*[。．.!?！？\n\r\v\f]?")
_BLANK = lazily(r"\s+")


class Difference(NamedTuple):
    """Characters that came and characters that went, white space aside."""

    added: int
    removed: int


def difference(before: str, after: str) -> Difference:
    """Measure what was changed; equal texts, and texts that differ in white space: nothing."""
    old, new = _sentences(before), _sentences(after)
    gone, come = _without(old, Counter(new)), _without(new, Counter(old))
    same = sum(_shared(one, two) for one, two in zip(gone, come, strict=False))
    return Difference(sum(map(len, come)) - same, sum(map(len, gone)) - same)


def _sentences(text: str) -> list[str]:
    plain = (_BLANK.sub("", found[0]) for found in _SENTENCE.finditer(text))
    return [sentence for sentence in plain if sentence]


def _without(sentences: list[str], others: Counter[str]) -> list[str]:
    """Leave out what the others have as well, as often as they have it."""
    left = []
    for sentence in sentences:
        if others[sentence]:
            others[sentence] -= 1
        else:
            left.append(sentence)
    return left


def _shared(one: str, two: str) -> int:
    """Count the characters that two sentences share at their beginnings and at their ends."""
    most = min(len(one), len(two))
    begin = next((at for at in range(most) if one[at] != two[at]), most)
    rest = most - begin
    end = next((at for at in range(rest) if one[-1 - at] != two[-1 - at]), rest)
    return begin + end
