"""What of a text has to be made black: the words and personal data that were asked for."""

import re
from collections.abc import Sequence
from itertools import chain

from meti_desk.evidence.clues.look import Words
from meti_desk.evidence.clues.spotting import spot_clues, spot_words

BLACK = "█"
"""Stands for each character that went."""


_SHORT, _MOST = 200, 20_000
_PERSONAL = re.compile(r"[\d@＠一-龠〒]")


class Blackener:
    """Tells what has to go of short texts: titles, descriptions, names."""

    def __init__(
        self, words: Sequence[str], detectors: Sequence[str] = (), lists: Sequence[Words] = ()
    ) -> None:
        """Take words, ids of detectors and lists of words."""
        self._words, self._detectors, self._lists = words, detectors, lists
        self._known: dict[str, list[tuple[int, int]]] = {}

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give the places that have to go, in order.

        Documents say the same short texts thousands of times: what was found is remembered.
        """
        if len(text) > _SHORT:
            return self._look(text)
        if text not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[text] = self._look(text)
        return self._known[text]

    def _look(self, text: str) -> list[tuple[int, int]]:
        # All personal data that is looked for has a digit or a sign of its own.
        personal = self._detectors if _PERSONAL.search(text) else ()
        spots = chain(spot_words([text], self._words), spot_clues([text], personal, self._lists))
        return sorted((one.start, one.end) for one in spots)

    def says(self, text: str) -> bool:
        """Tell whether anything has to go."""
        return bool(text) and bool(self.spans(text))

    def black(self, text: str) -> str:
        """Give a text with a black sign for each character that goes; blanks stay."""
        letters = list(text)
        for start, end in self.spans(text):
            letters[start:end] = [one if one.isspace() else BLACK for one in letters[start:end]]
        return "".join(letters)
