"""法人番号: 13 digits whose first one checks, by that name or as 登録番号 with a T in front."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector
from meti_desk.evidence.clues.sheet import Bools, Ints, Sheet, chained

WORDS = ("法人番号", "法人no", "corporate number", "適格請求書", "インボイス登録", "事業者登録番号")
BEFORE, AFTER, ROWS = 60, 20, 160

_WEIGHTS = np.array([2, 1] * 6)
"""Of the 12 digits behind the first, from the left (ordinance of the 法人番号, Art. 2)."""


def checks(digits: Ints) -> Bools:
    """Tell of rows of 13 digits whether the first is the check digit of the others."""
    right: Bools = digits[:, 0] == 9 - (digits[:, 1:] * _WEIGHTS).sum(axis=1) % 9
    return right


def find(sheet: Sheet) -> Ints:
    """Find the numbers that check; those of books and goods (ISBN, JAN) stand near other words."""
    groups = sheet.groups(13)
    groups = groups[checks(sheet.digits(groups, 13))] if len(groups) else groups
    start = sheet.start[groups]
    registered = (sheet.at(start - 1) == ord("t")) & ~_worded(sheet, start - 2)
    plain = np.isin(groups, sheet.apart(groups, 1))
    groups, start = groups[registered | plain], start[registered | plain]
    sure = sheet.near(start, WORDS, BEFORE, AFTER) | registered[registered | plain]
    return sheet.spans(groups[chained(start, sure, ROWS)], 1)


def _worded(sheet: Sheet, places: Ints) -> Bools:
    codes = sheet.at(places)
    return ((codes >= ord("a")) & (codes <= ord("z"))) | ((codes >= ord("0")) & (codes <= ord("9")))


DETECTOR = Detector("corporate-number", find)
