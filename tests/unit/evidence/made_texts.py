"""Texts that are the same for the same number."""

import random

KANJI = "補助金審査基準案の要旨は次のとおりとし、なお従前の例による。〇一二三四五六七八九"


def words(number: int | str, length: int, letters: str = KANJI) -> str:
    """Give so many characters drawn from these letters."""
    chosen = random.Random(number)
    return "".join(chosen.choice(letters) for _ in range(length))
