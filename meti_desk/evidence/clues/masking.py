"""What of a text has to be made black: the words and personal data that were asked for."""

from collections.abc import Sequence
from itertools import chain

from meti_desk.evidence.clues.look import Words
from meti_desk.evidence.clues.spotting import spot_clues, spot_words

BLACK = "█"
"""Stands for each character that went."""


class Blackener:
    """Tells what has to go of short texts: titles, descriptions, names."""

    def __init__(
        self, words: Sequence[str], detectors: Sequence[str] = (), lists: Sequence[Words] = ()
    ) -> None:
        """Take words, ids of detectors and lists of words."""
        self._words, self._detectors, self._lists = words, detectors, lists

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Give the places that have to go, in order."""
        spots = chain(
            spot_words([text], self._words), spot_clues([text], self._detectors, self._lists)
        )
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
