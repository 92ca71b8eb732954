"""Columns that stand straight in a terminal, where a kanji is as wide as two letters."""

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Set rows of the same length as lines with straight columns; the last one is left ragged."""
    if not rows:
        return []
    wide = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(pad(cell, size) for cell, size in zip(row, wide, strict=True)).rstrip()
        for row in rows
    ]


def pad(text: str, size: int) -> str:
    """Fill up with spaces to a width."""
    return text + " " * (size - width(text))


def width(text: str) -> int:
    """Tell how many places a text takes in a terminal that is set to Japanese."""
    return sum(map(_places, text))


def _places(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"F", "W", "A"} else 1
