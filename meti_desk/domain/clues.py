"""What the policy makes of clues in a text (手掛かり, Art. 4-1): evidence for a person to judge.

The standard leaves the meaning of 機密性 to the 管理規程 (Art. 4), so the level that a clue speaks
for is a ruling, and none of them is applied by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.label import Label

DETECTORS = (
    "my-number", "passport", "driving-licence", "bank-account", "birth-date", "corporate-number",
    "phone", "mail-address", "postal-address",
)  # fmt: skip
"""The kinds of clue that the application knows, the gravest first."""

WORD = "word."
"""What stands before the id of a list of words in the id of its clue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueRule:
    """Which 機密性 a kind of clue speaks for, and how many of them it takes in one document.

    One telephone number stands in every letter; a list of thirty speaks of persons.
    """

    detector: str
    suggests: int
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueWords:
    """A list of words that speak for a 機密性; `but` are longer words that mean something else."""

    id: str
    title: str
    words: tuple[str, ...]
    suggests: int
    but: tuple[str, ...] = ()
    at_least: int = 1


def spoken_for(
    detector: str, times: int, rules: Iterable[ClueRule], lists: Iterable[ClueWords]
) -> Label | None:
    """Give the label that so many clues of a kind speak for; `None` where policy hears none."""
    for rule in rules:
        if rule.detector == detector:
            return _label(rule.suggests) if times >= rule.at_least else None
    for one in lists:
        if WORD + one.id == detector:
            return _label(one.suggests) if times >= one.at_least else None
    return None


def _label(level: int) -> Label:
    return Label(Confidentiality(level))
