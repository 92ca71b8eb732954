"""口座番号: 7 digits behind 普通 or 当座 at a bank, and 記号 with 番号 of ゆうちょ銀行."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector, masked
from meti_desk.evidence.clues.sheet import Ints, Sheet, merged

KINDS = ("普通", "当座", "貯蓄", "普)", "当)", "(普", "(当")
NUMBERS = ("口座番号", "口座no", "account number", "account no")
BANKS = (
    "銀行", "信用金庫", "信金", "信用組合", "労働金庫", "農業協同組合", "農協", "支店", "本店",
    "出張所", "口座", "振込", "bank",
)  # fmt: skip
POST = ("ゆうちょ", "郵便貯金", "貯金記号", "記号")

_CLOSE, _AROUND, _AHEAD = 14, 80, 40
_BETWEEN = 10
"""Characters from 記号 to 番号 at most."""


def find(sheet: Sheet) -> Ints:
    """Find accounts of banks and of ゆうちょ銀行."""
    return merged(_at_bank(sheet), _at_post(sheet))


def _at_bank(sheet: Sheet) -> Ints:
    groups = sheet.apart(sheet.groups(7), 1)
    start = sheet.start[groups]
    named = sheet.near(start, NUMBERS, _CLOSE + 4)
    kind = sheet.near(start, KINDS, _CLOSE) & sheet.near(start, BANKS, _AROUND, _AHEAD)
    return sheet.spans(groups[named | kind], 1)


def _at_post(sheet: Sheet) -> Ints:
    """Find 記号 1XXX0 and 番号 of up to 8 digits, which ends with 1."""
    groups = sheet.groups(5)
    groups = groups[groups + 1 < len(sheet.start)]
    length = sheet.length[groups + 1]
    ends = sheet.at(sheet.end[groups + 1] - 1)
    fits = (
        (sheet.at(sheet.start[groups]) == ord("1"))
        & (sheet.at(sheet.end[groups] - 1) == ord("0"))
        & (length >= 2) & (length <= 8) & (ends == ord("1"))  # noqa: PLR2004 - digits of a 番号
        & (sheet.start[groups + 1] - sheet.end[groups] <= _BETWEEN)
    )  # fmt: skip
    groups = groups[fits]
    sure = sheet.near(sheet.start[groups], POST, _CLOSE * 2)
    return sheet.spans(groups[sure], 2) if np.any(sure) else np.zeros((0, 2), np.int64)


DETECTOR = Detector("bank-account", find, masked(3))
