"""Where words and personal data stand in a text, character by character: for redaction (墨消し).

Clues only need to be counted; what is to be taken out has to be known to the character. Words are
compared as `meti_desk.evidence.folding` folds them: without case, width and white space.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from meti_desk.evidence.clues import listed_words
from meti_desk.evidence.clues.detector import plainly
from meti_desk.evidence.clues.look import DETECTORS, Words
from meti_desk.evidence.clues.sheet import Sheet, blocks
from meti_desk.evidence.folding import Codes, ends_of, fold

WORD = "word"
"""The reason of what a person named."""

_BETWEEN = "\n\f\n"


def _melts(code: int) -> bool:
    first = unicodedata.normalize("NFKC", chr(code))[0]
    return unicodedata.category(first).startswith("M") or "\u1100" <= first < "\u1200"


_MARK = re.escape("".join(chr(code) for code in range(0x300, 0x1_0000) if _melts(code)))
_MELTING = re.compile(f"[{_MARK}]")
_MARKS = re.compile(f"[{_MARK}]+")
_CLUSTER = re.compile(f"[^{_MARK}]?[{_MARK}]{{0,60}}", re.DOTALL)


class Spot(NamedTuple):
    """One place: the characters `start` to `end` of a part, why, and what may be shown of it.

    What goes on in the next part is two spots; only the first of them `begins`.
    """

    part: int
    start: int
    end: int
    reason: str
    shown: str
    begins: bool = True


class _Joined:
    """Parts behind each other as one text, and the way back from its places."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.text = _BETWEEN.join(parts)
        self._lengths = [len(part) for part in parts]
        steps = (length + len(_BETWEEN) for length in self._lengths[:-1])
        self._starts = [0, *accumulate(steps)] if parts else []

    def spots(self, start: int, end: int, reason: str, shown: str) -> Iterator[Spot]:
        part = bisect_right(self._starts, start) - 1
        begins = True
        while part < len(self._starts) and self._starts[part] < end:
            first = max(start - self._starts[part], 0)
            last = min(end - self._starts[part], self._lengths[part])
            if first < last:
                yield Spot(part, first, last, reason, shown, begins)
                begins = False
            part += 1


def spot_words(parts: Sequence[str], words: Iterable[str]) -> list[Spot]:
    """Find all places of the words, also those that overlap or go on in the next part.

    Linear in the text for each word.
    """
    wanted = {folded: word for word in words if (folded := text_of(fold(word)))}
    joined = _Joined(parts)
    if not wanted or not joined.text:
        return []
    folded, ends = _folded(joined.text)
    found: list[Spot] = []
    for word in wanted:
        at = folded.find(word)
        while at >= 0:
            start = int(np.searchsorted(ends, at, "right"))
            end = int(np.searchsorted(ends, at + len(word) - 1, "right")) + 1
            end += _marks_behind(joined.text, end)
            found += joined.spots(start, end, WORD, plainly(joined.text[start:end]))
            at = folded.find(word, at + 1)
    return found


def spot_clues(
    parts: Sequence[str], detectors: Iterable[str], lists: Iterable[Words] = ()
) -> list[Spot]:
    """Find all places of personal data: by the ids of detectors, and words of a policy."""
    wanted, lists = frozenset(detectors), tuple(lists)
    joined = _Joined(parts)
    found: list[Spot] = []
    offset = 0
    for block in blocks(joined.text) if wanted or lists else ():
        sheet = Sheet(block)
        spans = [(one.id, one.shown, one.find(sheet)) for one in DETECTORS if one.id in wanted]
        spans += [
            (f"word.{one.id}", plainly, listed_words.find(sheet, one.words, one.but))
            for one in lists
        ]
        for name, show, rows in spans:
            for start, end in rows.tolist():
                shown = show(block[start:end])
                found += joined.spots(offset + start, offset + end, name, shown)
        offset += len(block)
    return found


def _folded(text: str) -> tuple[str, NDArray[np.int64]]:
    """Fold a text; give for each of its characters how many folded ones stand up to it.

    A letter is folded with the marks behind it, so that the way back is exact where they melt.
    """
    if not _MELTING.search(text):
        return text_of(fold(text)), ends_of(text)
    pieces, lengths = [], np.zeros(len(text), np.int64)
    for cluster in filter(lambda found: found[0], _CLUSTER.finditer(text)):
        piece = _folded_piece(cluster[0])
        pieces.append(piece)
        lengths[cluster.start()] = len(piece)
    return "".join(pieces), np.cumsum(lengths)


@lru_cache(maxsize=1 << 14)
def _folded_piece(piece: str) -> str:
    return text_of(fold(piece))


def _marks_behind(text: str, at: int) -> int:
    """Count the marks that belong to the letter before a place."""
    found = _MARKS.match(text, at)
    return len(found[0]) if found else 0


def text_of(codes: Codes) -> str:
    """Give a folded text as a string."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
