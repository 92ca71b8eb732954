"""Passwords: made at random, or judged when a person brings one (Arts. 14-1, 20-1(4)).

Entropy is stated in bits and counts only what was drawn at random. Nothing here keeps, logs or
sends a password; the functions give values back and forget.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from meti_desk.data import read_text
from meti_desk.domain.errors import InvalidInput, RuleViolation

Kind = Literal["characters", "words"]
Verdict = Literal["very-weak", "weak", "fair", "good", "strong"]
RandomBytes = Callable[[int], bytes]

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Lower case without i, l, o, 0 and 1, which look alike on paper."""
CHARACTERS = 20
WORDS = 7
LEAST_CHARACTERS = 20
LEAST_WORDS = 6
LEAST_SCORE: Literal[3] = 3
LEAST_LENGTH = 12
_GROUP = 4
_LOOKED_AT = 72
_VERDICTS: tuple[Verdict, ...] = ("very-weak", "weak", "fair", "good", "strong")


class Generated(msgspec.Struct, frozen=True):
    """A password made at random and its entropy in bits (rounded down)."""

    password: str
    bits: int

    def __repr__(self) -> str:
        """Show the entropy only: a password must not slip into a log."""
        return f"Generated(bits={self.bits})"


class Strength(msgspec.Struct, frozen=True):
    """How hard a password is to guess: 0-4, its code, and the power of ten of the guesses."""

    score: int
    verdict: Verdict
    guesses_log10: float


def generate(random_bytes: RandomBytes, kind: Kind = "characters", *, length: int = 0) -> Generated:
    """Make a password: groups of four characters, or words of the shipped list.

    `length` counts characters (20 or more) or words (6 or more); 0 takes the usual number (20
    characters, 99 bits; 7 words, 77 bits). Raises `InvalidInput("password.too-short")`.
    """
    least = LEAST_CHARACTERS if kind == "characters" else LEAST_WORDS
    count = length or (CHARACTERS if kind == "characters" else WORDS)
    if count < least:
        raise InvalidInput("password.too-short", length=count, least=least)
    choices: Sequence[str] = ALPHABET if kind == "characters" else words()
    drawn = [choices[_below(len(choices), random_bytes)] for _ in range(count)]
    if kind == "characters":
        drawn = ["".join(drawn[at : at + _GROUP]) for at in range(0, count, _GROUP)]
    return Generated("-".join(drawn), math.floor(entropy(count, len(choices))))


def entropy(count: int, choices: int) -> float:
    """Give the bits of `count` independent draws out of equally likely `choices`."""
    return count * math.log2(choices)


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """Give the shipped list: 2,048 pronounceable words of three morae in romaji.

    Any two differ in two morae or more, so that one misheard mora never gives another word.
    """
    return tuple(read_text("resources", "words.txt").split())


def strength(password: str, *, known: Sequence[str] = ()) -> Strength:
    """Judge a password that a person chose; `known` are words that others would try first.

    Names, offices and the file's title belong in `known`. Of a very long password the weakest
    stretch decides nothing: the first 72 characters are judged, which is where the method ends.
    """
    if not password:
        return Strength(0, _VERDICTS[0], 0.0)
    from zxcvbn import zxcvbn

    judged = zxcvbn(password[:_LOOKED_AT], user_inputs=list(known))
    score = int(judged["score"])
    return Strength(score, _VERDICTS[score], round(float(judged["guesses_log10"]), 1))


def require_strong(password: str, *, known: Sequence[str] = ()) -> Strength:
    """Refuse a password that is easily guessed (容易に推測されないもの, Art. 20-1(4)).

    Raises `RuleViolation("password.too-weak")` with score and length, never with the password.
    """
    judged = strength(password, known=known)
    if judged.score < LEAST_SCORE or len(password) < LEAST_LENGTH:
        raise RuleViolation(
            "password.too-weak",
            articles=("20-1(4)",),
            score=judged.score,
            length=len(password),
            least=LEAST_LENGTH,
        )
    return judged


def _below(limit: int, random_bytes: RandomBytes) -> int:
    """Draw a number below `limit`, each equally likely: values in the rest are drawn again."""
    span = 1 << 16
    usable = span - span % limit
    while True:
        value = int.from_bytes(random_bytes(2), "big")
        if value < usable:
            return value % limit
