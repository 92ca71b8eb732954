"""Lengths as OpenDocument writes them (`2cm`, `0.7874in`), in centimetres."""

import re
import unicodedata
from itertools import pairwise

_UNITS = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_LENGTH = re.compile(r"\s*(-?[0-9]*\.?[0-9]+)\s*(cm|mm|in|pt|pc|px)\s*")
_NARROW = 0.62
"""Width of a letter that is not full-width, in em; wide enough for most fonts."""
_GAP = 0.25
"""What programs put between full-width and other letters, in em."""
_SLACK = 0.4
"""Centimetres."""


def centimetres(text: str) -> float | None:
    """Read a length; nothing for percentages and what is none."""
    found = _LENGTH.fullmatch(text)
    return float(found[1]) * _UNITS[found[2]] if found else None


def written(length: float) -> str:
    """Write a length in centimetres, exact to a micrometre."""
    return f"{length:.4f}".rstrip("0").rstrip(".") + "cm"


def width_of(text: str, points: float) -> float:
    """Estimate how wide a line is that is set in a size of so many points, in centimetres."""
    wide = [unicodedata.east_asian_width(one) in "WFA" for one in text]
    ems = sum(1.0 if one else _NARROW for one in wide)
    ems += _GAP * sum(1 for one, two in pairwise(wide) if one != two)
    return ems * points * _UNITS["pt"] + _SLACK
