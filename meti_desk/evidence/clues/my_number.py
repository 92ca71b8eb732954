"""個人番号: 12 digits whose last one checks, where the text speaks of such numbers."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector, masked
from meti_desk.evidence.clues.sheet import Bools, Ints, Sheet, chained, merged

WORDS = (
    "個人番号", "マイナンバー", "my number", "mynumber", "特定個人情報", "個人no", "番号確認書類",
)  # fmt: skip
"""What stands near a 個人番号 and not near an order number of 12 digits."""

BEFORE, AFTER = 60, 30
"""So many characters away the word may stand."""
ROWS = 160
"""From one number to the next in a table."""

_SHAPES = ((12,), (4, 4, 4))
_WEIGHTS = np.array([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
"""Of the 11 digits from the left (ordinance of the 番号法, Art. 5)."""


def checks(digits: Ints) -> Bools:
    """Tell of rows of 12 digits whether the last is the check digit of the others."""
    rest = (digits[:, :11] * _WEIGHTS).sum(axis=1) % 11
    right: Bools = digits[:, 11] == np.where(rest <= 1, 0, 11 - rest)
    return right


def find(sheet: Sheet) -> Ints:
    """Find the numbers that check, near a word or in the rows below one."""
    spans = merged(*(_shaped(sheet, *shape) for shape in _SHAPES))
    sure = sheet.near(spans[:, 0], WORDS, BEFORE, AFTER)
    return spans[chained(spans[:, 0], sure, ROWS)]


def _shaped(sheet: Sheet, *lengths: int) -> Ints:
    groups = sheet.groups(*lengths)
    steps = len(lengths) - 1
    groups = np.union1d(sheet.joined(groups, *"-" * steps), sheet.joined(groups, *" " * steps))
    groups = sheet.apart(groups, len(lengths))
    digits = sheet.digits(groups, *lengths)
    # 0000 0000 0000 checks, and is what forms show as an example.
    real = checks(digits) & (digits != digits[:, :1]).any(axis=1)
    return sheet.spans(groups[real], len(lengths))


DETECTOR = Detector("my-number", find, masked(4))
