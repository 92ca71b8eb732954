"""A text as it is compared: NFKC, without white space, without case, as numbers of characters.

Where a line ends, how wide a blank is and which width a letter has changes with every program that
a text goes through; the words do not. Beside white space go control and format characters (soft
hyphens, direction marks) and variation selectors, none of which a reader sees.

The work is done once for each different character and by table for the text: Python's own NFKC
reads 3 to 20 MB/s of Japanese. Only lines in which characters may melt together (marks that stand
behind their letter, parts of Hangul) go through it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.uint32]
"""A folded text: the number of each character."""

MOST = 4 << 20
"""Characters of a document that are looked at."""

_PIECE = 1 << 20
_BLOCK = 1 << 16
_KNOWN = 1 << 14
"""Characters of which it is remembered what becomes of them."""
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_JAMO = range(0x1100, 0x1200)
_MOST_MARKS = 30
"""Marks on one letter that are kept, as in Unicode's Stream-Safe Text Format: sorting more of them
takes time by the square of their number."""


class _Table(NamedTuple):
    """What becomes of each character: `length` numbers of `flat` from `first` on."""

    first: NDArray[np.int64]
    length: NDArray[np.uint8]
    flat: Codes
    longest: int


def fold(text: str) -> Codes:
    """Give a text as it is compared; the same for what reads the same.

    Takes memory of four bytes a character beside the text.
    """
    return joined([_fold(text[begin:end]) for begin, end in _pieces(text)])


def fold_parts(texts: Iterable[str]) -> list[Codes]:
    """Fold a text in parts, as if they stood behind each other with a line's end between them.

    Its first 4 million characters are folded, some 4,000 pages: a worker has to keep within its
    memory, and what has more is no document that somebody writes.
    """
    folded, room = [], MOST
    for text in texts:
        folded.append(fold(text[:room]))
        room -= len(text)
        if room <= 0:
            break
    return folded


def joined(parts: Sequence[Codes]) -> Codes:
    """Put folded parts behind each other."""
    return np.concatenate(parts) if parts else np.zeros(0, np.uint32)


def ends_of(text: str) -> NDArray[np.int64]:
    """Tell for each character of a text how many folded ones stand up to it, itself included.

    The way back: the first end that is greater than a place of the folded text is that of the
    character it came from. In a line in which characters melt together it may be one beside it.
    """
    codes = _codes(text)
    if not len(codes):
        return np.zeros(0, np.int64)
    seen = _different(codes)
    lengths = _table(seen).length[codes].astype(np.int64)
    melting = "".join(filter(_melts, map(chr, seen)))
    if melting:
        some = re.compile(f"[{re.escape(melting)}]")
        for line in re.finditer(f"[^\n]*{some.pattern}[^\n]*", text):
            over = int(lengths[line.start() : line.end()].sum()) - len(fold(line[0]))
            for mark in some.finditer(text, line.start(), line.end()):
                if over > 0:
                    over -= int(lengths[mark.start()])
                    lengths[mark.start()] = 0
    return np.cumsum(lengths)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut a long text at its lines, behind which no character melts into one before."""
    begin = 0
    while begin < len(text):
        end = begin + _PIECE
        if end < len(text):
            end = text.rfind("\n", begin, end) + 1 or end
        yield begin, end
        begin = end


def _fold(text: str) -> Codes:
    codes = _codes(text)
    seen = _different(codes)
    melting = "".join(filter(_melts, map(chr, seen)))
    if melting:
        codes = _codes(_melted(text, melting))
        seen = _different(codes)
    table = _table(seen)
    blocks = (codes[at : at + _BLOCK] for at in range(0, len(codes), _BLOCK))
    return np.concatenate([_folded(block, table) for block in blocks])


def _codes(text: str) -> Codes:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.uint32)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)


def _different(codes: Codes) -> list[int]:
    """Give the different characters of a text."""
    there = np.zeros(int(codes.max()) + 1, np.bool_)
    there[codes] = True
    return [int(code) for code in np.flatnonzero(there)]


@lru_cache(_KNOWN)
def _melts(character: str) -> bool:
    """Tell whether NFKC may join a character with the one before it."""
    first = ord(unicodedata.normalize("NFKC", character)[0])
    if any(first in selectors for selectors in _SELECTORS):
        return False
    return unicodedata.category(chr(first)).startswith("M") or first in _JAMO


def _melted(text: str, melting: str) -> str:
    """Bring the lines to NFKC in which one of these characters stands."""
    some = f"[{re.escape(melting)}]"
    text = re.sub(f"({some}{{{_MOST_MARKS}}}){some}+", r"\1", text)
    lines = re.compile(f"[^\n]*{some}[^\n]*")
    return lines.sub(lambda line: unicodedata.normalize("NFKC", line[0]), text)


@lru_cache(_KNOWN)
def _becomes(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(one for one in folded if not _unseen(one))


def _unseen(character: str) -> bool:
    return (
        unicodedata.category(character) in _UNSEEN
        or character.isspace()
        or any(ord(character) in selectors for selectors in _SELECTORS)
    )


def _table(seen: list[int]) -> _Table:
    size = max(seen) + 1
    first, length = np.zeros(size, np.int64), np.zeros(size, np.uint8)
    flat: list[int] = []
    for code in seen:
        folded = _becomes(chr(code))
        first[code], length[code] = len(flat), len(folded)
        flat.extend(map(ord, folded))
    longest = int(length.max())
    return _Table(first, length, np.array(flat, np.uint32), longest)


def _folded(codes: Codes, table: _Table) -> Codes:
    lengths = table.length[codes]
    if table.longest <= 1:
        return table.flat[table.first[codes[lengths > 0]]]
    # The n-th number of a character's own lies n behind its first: their places are counted on
    # over the whole block, less the place at which each character begins.
    ends = np.cumsum(lengths, dtype=np.int64)
    begins = table.first[codes] - (ends - lengths)
    places = np.repeat(begins, lengths)
    places += np.arange(len(places))
    folded: Codes = table.flat[places]
    return folded
