"""Lines of plain text that may be marks (Art. 5); the domain decides what they mean."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from meti_desk.domain.marking import Place, find_marks
from meti_desk.formats.base import MarkFound

_LEVEL = re.compile(
    r"機\s*密\s*性\s*:?\s*[0-9]|C\s*[1-3]\s*[\W_]?\s*I\s*[12]\s*[\W_]?\s*A\s*[12]", re.IGNORECASE
)
_WORDS = re.compile(
    r"特\s*定\s*(?:特\s*別\s*防\s*衛\s*)?秘\s*密|特\s*別\s*防\s*衛\s*秘\s*密|"
    r"取\s*(?:り\s*)?扱\s*(?:い\s*)?(?:厳\s*重\s*)?注\s*意|極\s*秘|部\s*外\s*秘|社\s*外\s*秘|厳\s*秘|"
    r"関係者外秘|マ\s*ル\s*秘|秘\s*(?:密\s*)?文\s*書|"
    r"(?<![a-z])(?:top\s)?(?:secret|confidential)(?![a-z])",
    re.IGNORECASE,
)
_ALONE = Place.HEADER
_SHORT = 60
"""A line that is longer is running text, not a mark, unless it names a level of 機密性."""
FIRST_LINES = 8
"""How many lines with text count as the beginning of a document."""
_LONGEST = 4000
_OF_POLICY: ContextVar[tuple[str, ...]] = ContextVar("words", default=())


@contextmanager
def knowing(words: tuple[str, ...]) -> Iterator[None]:
    """Look for the words of this office's own marks as well, however deep inside a file.

    The families are not told the policy; what they would hold back nobody could read any more.
    """
    token = _OF_POLICY.set(words)
    try:
        yield
    finally:
        _OF_POLICY.reset(token)


def policy_words(line: str) -> re.Match[str] | None:
    """Find a word of this office's own marks, whatever white space stands in it."""
    words = _OF_POLICY.get()
    return _pattern(words).search(unicodedata.normalize("NFKC", line)) if any(words) else None


@lru_cache(maxsize=4)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    plain = ("".join(unicodedata.normalize("NFKC", word).split()) for word in words)
    return re.compile("|".join(r"\s*".join(map(re.escape, word)) for word in plain if word))


def looks_like_mark(line: str) -> bool:
    """Tell whether one line of text may be a mark."""
    plain = unicodedata.normalize("NFKC", line)
    if _LEVEL.search(plain) or policy_words(plain):
        return len(plain) <= 2 * _SHORT
    if len(plain) > _SHORT:
        return False
    # A 秘 alone, whatever stands around it, is a word or a mark as the domain says.
    return bool(_WORDS.search(plain)) or ("秘" in plain and bool(find_marks(plain, place=_ALONE)))


def marks_of_lines(lines: Iterable[str], place: str) -> tuple[MarkFound, ...]:
    """Give the lines that may be marks, each text once."""
    found = dict.fromkeys(
        " ".join(line.split()) for line in lines if len(line) < _LONGEST and looks_like_mark(line)
    )
    return tuple(MarkFound(text, place) for text in found)


def first_lines(text: str, count: int = FIRST_LINES) -> Iterator[str]:
    """Give the first lines of a text that are not blank."""
    seen = 0
    start = 0
    while seen < count and start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        start = end + 1
        if line:
            seen += 1
            yield line
