"""What many requests have in common, and in what some of them differ."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")
SIGN = "◆ "
"""Stands before what differs: bold letters alone are seen by some and read aloud to nobody."""
Field = tuple[str, Callable[[T], str]]


class Line(NamedTuple):
    """One thing that requests say: its name, and each value with how many say it."""

    name: str
    values: tuple[tuple[str, int], ...]

    @property
    def same(self) -> bool:
        """Tell whether all say the same."""
        return len(self.values) < 2  # noqa: PLR2004 - one value, or none


def lines(rows: Sequence[T], fields: Sequence[Field[T]]) -> list[Line]:
    """Compare rows field by field, the most frequent value first; what nobody says is left out."""
    made = []
    for name, value in fields:
        counted = Counter(value(one) for one in rows)
        if set(counted) != {""}:
            made.append(Line(name, tuple(counted.most_common())))
    return made


def odd_ones(rows: Sequence[T], fields: Sequence[Field[T]]) -> frozenset[tuple[int, int]]:
    """Give (row, field) of all values that are not the most frequent one of their field."""
    found = set()
    for place, (_name, value) in enumerate(fields):
        values = [value(one) for one in rows]
        usual = Counter(values).most_common(1)[0][0] if values else ""
        found |= {(at, place) for at, one in enumerate(values) if one != usual}
    return frozenset(found)
