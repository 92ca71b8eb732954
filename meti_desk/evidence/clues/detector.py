"""The shape of a detector: what it is called, where it finds something, how that is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from meti_desk.evidence.clues.sheet import Ints, Sheet

LONGEST = 40
"""Characters shown of what was found."""


def plainly(text: str) -> str:
    """Show it as it is written, in one line and shortened."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def masked(keep: int) -> Callable[[str], str]:
    """Show the last `keep` digits alone: the whole would be a leak of its own."""

    def shown(text: str) -> str:
        signs = [char for char in text if char.isalnum()]
        return "*" * (len(signs) - keep) + "".join(signs[len(signs) - keep :])

    return shown


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of clue. `find` gives spans of the text, in order, in linear time."""

    id: str
    find: Callable[[Sheet], Ints]
    shown: Callable[[str], str] = plainly
