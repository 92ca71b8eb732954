"""Lines of plain text that may be marks (Art. 5); the domain decides what they mean."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from meti_desk.formats.base import MarkFound

_LEVEL = re.compile(r"機\s*密\s*性\s*[0-9]|C\s*[1-3]\W?\s*I\s*[12]\W?\s*A\s*[12]", re.IGNORECASE)
_WORDS = re.compile(
    r"特\s*定\s*秘\s*密|特別防衛秘密|取\s*扱\s*い?\s*厳?\s*重?\s*注\s*意|極\s*秘|部外秘|社外秘|厳秘|"
    r"関係者外秘|秘\s*密?\s*文\s*書|(?<![^\W_])秘(?![\w密書])|(?<![a-z])(?:top\s)?(?:secret|confidential)(?![a-z])",
    re.IGNORECASE,
)
_SHORT = 60
"""A line that is longer is running text, not a mark, unless it names a level of 機密性."""
FIRST_LINES = 8
"""How many lines with text count as the beginning of a document."""
_LONGEST = 4000


def looks_like_mark(line: str) -> bool:
    """Tell whether one line of text may be a mark."""
    plain = unicodedata.normalize("NFKC", line)
    # NFKC turns ㊙ into 秘: it is looked for in the line as written.
    if _LEVEL.search(plain):
        return len(plain) <= 2 * _SHORT
    return len(plain) <= _SHORT and bool(_WORDS.search(plain) or "㊙" in line)


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
