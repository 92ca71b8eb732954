"""Finding marks that people typed into a document's text."""

import re
from collections.abc import Iterator

from meti_desk.formats.mark_lines import policy_words

_SHORT = 120
"""A line that is longer is running text, not a mark."""
_LEVEL = re.compile(r"【?機\s*密\s*性\s*[1-3１-３]\s*(?:情\s*報)?】?")
_ALONE = re.compile(
    r"^[\s【［\[〔(（]*((?:極\s*秘)|秘|(?:部\s*外\s*秘)|(?:社\s*外\s*秘)|(?:取\s*扱\s*注\s*意))"
    r"[\s】］\]〕)）]*$",
    re.MULTILINE,
)


def typed_marks(text: str) -> Iterator[str]:
    """Give each mark once, as written: 機密性 with its level, or 秘 and its like on a line."""
    seen = set()
    for pattern, letters in ((_LEVEL, "機"), (_ALONE, "秘注")):
        if not any(letter in text for letter in letters):
            continue  # most pages have none, and to search them for patterns takes longer
        for match in pattern.finditer(text):
            told = " ".join(match.group().split())
            if told not in seen:
                seen.add(told)
                yield told
    if policy_words(text) is None:
        return  # and in none of its lines
    for line in text.splitlines():
        told = " ".join(line.split())
        if told not in seen and len(told) <= _SHORT and policy_words(told):
            seen.add(told)
            yield told
