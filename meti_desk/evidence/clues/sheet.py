"""A text made ready for all detectors of clues at once: folded widths, groups of digits, words.

All is done by table and by whole arrays, in time linear in the text whatever stands in it: a text
made of nothing but near misses costs as little as one of prose.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Codes: TypeAlias = NDArray[np.uint32]

BLOCK = 1 << 20
"""Characters looked at together; a longer text is cut at a line's end."""

_DIGITS = (ord("0"), ord("9"))
_LETTERS = (ord("a"), ord("z"))
_HYPHENS = "‐‑‒–—―−ー－ｰ─━"
_BLANKS = "\t\u00a0\u2002\u2003\u2009\u3000"
_PLANE = 1 << 16


@lru_cache(maxsize=1)
def _table() -> Codes:
    """Give what becomes of each character of the first plane; each becomes one character."""
    table = np.arange(_PLANE, dtype=np.uint32)
    for code in range(0xFF01, 0xFF5F):
        table[code] = code - 0xFEE0
    for char in _HYPHENS:
        table[ord(char)] = ord("-")
    for char in _BLANKS:
        table[ord(char)] = ord(" ")
    capitals = (table >= ord("A")) & (table <= ord("Z"))
    table[capitals] += 32
    return table


def _fold(text: str) -> tuple[Codes, str]:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)
    low = codes < _PLANE
    codes[low] = _table()[codes[low]]
    return codes, codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@lru_cache(maxsize=4096)
def _folded_word(word: str) -> str:
    return _fold(word)[1]


def blocks(text: str) -> Iterator[str]:
    """Cut a long text at ends of lines, so that memory stays small."""
    at = 0
    while at < len(text):
        end = at + BLOCK
        if end < len(text):
            end = text.rfind("\n", at, end) + 1 or end
        yield text[at:end]
        at = end


class Sheet:
    """One text, folded to half width and small letters, place by place (`text`).

    `start`, `end`, `length` are the groups of digits in their order. `gap` is the one character
    between a group and the next (its number; 0 where more stands between them).
    """

    def __init__(self, text: str) -> None:
        codes, self.text = _fold(text)
        self._codes = np.concatenate(([0, 0, 0, 0], codes, [0, 0, 0, 0])).astype(np.uint32)
        digit = np.zeros(len(codes) + 2, np.bool_)
        digit[1:-1] = (codes >= _DIGITS[0]) & (codes <= _DIGITS[1])
        edges = np.flatnonzero(digit[1:] != digit[:-1])
        self.start: Ints = edges[::2].astype(np.int64)
        self.end: Ints = edges[1::2].astype(np.int64)
        self.length = self.end - self.start
        self.gap = self._gaps()
        self._found: dict[tuple[str, ...], Ints] = {}

    def _gaps(self) -> Codes:
        """Give the character between neighbours; a blank behind `)`, 年 or 月 is passed over."""
        gap = np.zeros(len(self.start), np.uint32)
        width = self.start[1:] - self.end[:-1]
        first, second = self.at(self.end[:-1]), self.at(self.end[:-1] + 1)
        one, two = width == 1, width == 2  # noqa: PLR2004 - characters
        behind = np.isin(first, [ord(char) for char in ")年月"]) & (second == ord(" "))
        fits = one | (two & behind)
        gap[:-1][fits] = first[fits]
        return gap

    def at(self, places: Ints) -> Codes:
        """Give the characters at these places; 0 up to four places outside the text."""
        found: Codes = self._codes[places + 4]
        return found

    def groups(self, *lengths: int) -> Ints:
        """Give the numbers of the groups at which groups of these lengths follow each other."""
        places = max(len(self.length) - len(lengths) + 1, 0)
        found: Ints = np.flatnonzero(self.length[:places] == lengths[0])
        for step, length in enumerate(lengths[1:], start=1):
            found = found[self.length[found + step] == length]
        return found

    def joined(self, groups: Ints, *gaps: str) -> Ints:
        """Keep those groups that are joined to the following ones by one of these characters."""
        for step, chars in enumerate(gaps):
            groups = groups[np.isin(self.gap[groups + step], [ord(char) for char in chars])]
        return groups

    def apart(self, groups: Ints, count: int, *, behind: Sequence[str] = ()) -> Ints:
        """Keep those whose `count` groups are no part of a longer number, a code or a word.

        `behind` are words that may stand right before a number: TEL03-3501-1511.
        """
        joining = [ord(char) for char in "-."]
        start, end = self.start[groups], self.end[groups + count - 1]
        before, after = self.at(start - 1), self.at(end)
        begun = np.isin(before, joining) & _is(self.at(start - 2), _DIGITS)
        goes_on = np.isin(after, joining) & _is(self.at(end + 1), _DIGITS)
        told = np.zeros(len(groups), np.bool_)
        for word in behind:
            told |= np.isin(start - len(word), self.words(word))
        worded = (letters(before) & ~told) | letters(after) | (before == ord("_"))
        coded = (before == ord("-")) & letters(self.at(start - 2))
        whole: Ints = groups[~(begun | goes_on | worded | coded)]
        return whole

    def digits(self, groups: Ints, *lengths: int) -> Ints:
        """Give the digits of each row of groups as numbers, side by side."""
        columns = [
            self.at(self.start[groups + step][:, None] + np.arange(length)[None, :])
            for step, length in enumerate(lengths)
        ]
        return np.hstack(columns).astype(np.int64) - ord("0")

    def value(self, groups: Ints, most: int = 4) -> Ints:
        """Give the numbers that single groups of at most `most` digits stand for."""
        total = np.zeros(len(groups), np.int64)
        for step in range(most):
            inside = step < self.length[groups]
            digit = self.at(self.start[groups] + np.minimum(step, self.length[groups]))
            total = np.where(inside, total * 10 + digit.astype(np.int64) - ord("0"), total)
        return total

    def spans(self, groups: Ints, count: int) -> Ints:
        """Give beginning and end of `count` groups in the text, a row for each."""
        return np.stack((self.start[groups], self.end[groups + count - 1]), axis=1)

    def words(self, *words: str) -> Ints:
        """Give the places at which one of these words begins, sorted."""
        if words not in self._found:
            places = [at for word in words for at in self._places(_folded_word(word))]
            self._found[words] = np.array(sorted(places), np.int64)
        return self._found[words]

    def _places(self, word: str) -> Iterator[int]:
        at = self.text.find(word)
        while at >= 0:
            yield at
            at = self.text.find(word, at + len(word))

    def near(self, places: Ints, words: Sequence[str], before: int, after: int = 0) -> Bools:
        """Tell for each place whether a word begins at most so many characters from it."""
        found = self.words(*words)
        if not len(found):
            return np.zeros(len(places), np.bool_)
        first = np.searchsorted(found, places - before)
        inside: Bools = found[np.minimum(first, len(found) - 1)] <= places + after
        return inside & (first < len(found))


def _is(codes: Codes, kind: tuple[int, int]) -> Bools:
    return (codes >= kind[0]) & (codes <= kind[1])


def letters(codes: Codes) -> Bools:
    """Tell which of folded characters are Latin letters."""
    return _is(codes, _LETTERS)


def chained(places: Ints, sure: Bools, reach: int) -> Bools:
    """Let what follows a sure one closely be sure as well: the rows of a table below its head.

    `places` are sorted; each may lie `reach` characters behind the one before it.
    """
    if not len(places):
        return sure
    rows = np.cumsum(np.concatenate(([True], np.diff(places) > reach)))
    counted = np.cumsum(sure)
    before = np.concatenate(([0], counted[:-1]))
    first_of_row = np.concatenate(([True], rows[1:] != rows[:-1]))
    at_begin = before[np.maximum.accumulate(np.where(first_of_row, np.arange(len(places)), 0))]
    chained: Bools = counted > at_begin
    return chained


def merged(*parts: Ints) -> Ints:
    """Put spans together in the order of the text, each beginning once."""
    rows = np.concatenate([part.reshape(-1, 2) for part in parts])
    _, first = np.unique(rows[:, 0], return_index=True)
    return rows[first]


NONE: Ints = np.zeros((0, 2), np.int64)
"""No spans."""
