"""旅券番号 and 運転免許証番号, where the text speaks of such a document."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector, masked
from meti_desk.evidence.clues.sheet import Bools, Ints, Sheet, chained, letters

PASSPORT = ("旅券", "パスポート", "passport")
LICENCE = (
    "運転免許",
    "免許証番号",
    "免許の番号",
    "免許証の番号",
    "driver's license",
    "driving licence",
)
BEFORE, AFTER, ROWS = 40, 10, 120

_COMMISSIONS = np.array(
    [10, 20, 30, *range(40, 50), *range(50, 56), *range(60, 66), *range(70, 75), *range(80, 84),
     *range(90, 98)]
)  # fmt: skip
"""The first two digits of a licence: the 公安委員会 that issued it first."""


def find_passport(sheet: Sheet) -> Ints:
    """Find two letters and seven digits (TK1234567)."""
    groups = sheet.groups(7)
    start, end = sheet.start[groups], sheet.end[groups]
    two = letters(sheet.at(start - 1)) & letters(sheet.at(start - 2))
    whole = ~_worded(sheet, start - 3) & ~_worded(sheet, end)
    groups = groups[two & whole]
    start = sheet.start[groups]
    sure = sheet.near(start, PASSPORT, BEFORE, AFTER)
    spans = sheet.spans(groups[chained(start, sure, ROWS)], 1)
    with_letters: Ints = spans - np.array([2, 0])
    return with_letters


def find_licence(sheet: Sheet) -> Ints:
    """Find twelve digits that begin with the number of a 公安委員会."""
    groups = sheet.apart(sheet.groups(12), 1)
    head = sheet.digits(groups, 12)[:, :2] @ np.array([10, 1])
    groups = groups[np.isin(head, _COMMISSIONS)]
    start = sheet.start[groups]
    sure = sheet.near(start, LICENCE, BEFORE, AFTER)
    return sheet.spans(groups[chained(start, sure, ROWS)], 1)


def _worded(sheet: Sheet, places: Ints) -> Bools:
    codes = sheet.at(places)
    digit = (codes >= ord("0")) & (codes <= ord("9"))
    worded: Bools = digit | letters(codes) | (codes == ord("-"))
    return worded


PASSPORT_NUMBER = Detector("passport", find_passport, masked(2))
LICENCE_NUMBER = Detector("driving-licence", find_licence, masked(2))
