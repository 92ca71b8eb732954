"""電話番号 after the Japanese numbering plan (電気通信番号計画): fixed, mobile, IP, free."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector
from meti_desk.evidence.clues.sheet import Bools, Ints, Sheet, merged

WORDS = (
    "電話", "tel", "phone", "携帯", "連絡先", "fax", "ファクス", "ファックス", "内線", "直通", "℡",
    "☎", "モバイル", "mobile", "代表",
)  # fmt: skip
"""Without a hyphen, a number of 10 or 11 digits is one of these only near such a word."""
CODES = (
    "注文", "受注", "発注", "伝票", "管理番号", "品番", "型番", "製造番号", "整理番号", "文書番号",
    "会員番号", "契約番号", "受付番号", "お客様番号", "顧客番号", "追跡番号", "照会番号",
    "登録番号", "シリアル", "isbn", "issn", "jan", "serial", "order", "item", "part no", "図番",
    "部品番号",
)  # fmt: skip
"""What stands right before a code of another kind."""
NEAR, BEFORE_CODE = 20, 12
_JOINED = ("tel", "fax", "phone")

_LONG_AREAS = np.array(
    [1267, 1372, 1374, 1377, 1392, 1397, 1398, 1456, 1457, 1466, 1547, 1558, 1564, 1586, 1587,
     1632, 1634, 1635, 1648, 1654, 1655, 1656, 1658, 4992, 4994, 4996, 4998, 5769, 5979, 7468,
     8387, 8388, 8396, 8477, 8512, 8514, 9496, 9802, 9912, 9913, 9969]
)  # fmt: skip
"""Area codes of 4 digits behind the 0."""
_AREAS = np.array(
    [11, 15, 17, 18, 19, 22, 23, 24, 25, 26, 27, 28, 29, 42, 43, 44, 45, 46, 47, 48, 49, 52, 53, 54,
     55, 58, 59, 72, 73, 75, 76, 77, 78, 79, 82, 83, 84, 86, 87, 88, 89, 92, 93, 95, 96, 97, 98,
     99]
)  # fmt: skip
"""Area codes of 2 digits behind the 0."""
_SHORT_AREAS = np.array([3, 4, 6])
_MIDDLE_AREAS = np.array([area for area in range(100, 1000) if area not in {120, 570, 800, 990}])
_MOBILE = np.array([50, 60, 70, 80, 90])
_FREE = np.array([120, 570, 800, 990])

_FIXED = (
    ((2, 4, 4), _SHORT_AREAS),
    ((3, 3, 4), _AREAS),
    ((4, 2, 4), _MIDDLE_AREAS),
    ((5, 1, 4), _LONG_AREAS),
)
_OTHERS = (
    ((3, 4, 4), _MOBILE),
    ((4, 3, 3), _FREE),
    ((4, 2, 4), _FREE),
    ((4, 3, 4), _FREE),
)
_ABROAD = (
    ((2, 1, 4, 4), _SHORT_AREAS),
    ((2, 2, 3, 4), _AREAS),
    ((2, 3, 2, 4), _MIDDLE_AREAS),
    ((2, 4, 1, 4), _LONG_AREAS),
    ((2, 2, 4, 4), _MOBILE),
)
_JAPAN = 81


def find(sheet: Sheet) -> Ints:
    """Find the numbers of the plan: in three groups, in one near a word, and behind +81."""
    fixed = [_grouped(sheet, *shape, local=True) for shape in _FIXED]
    others = [_grouped(sheet, *shape, local=False) for shape in _OTHERS]
    abroad = [_abroad(sheet, *shape) for shape in _ABROAD]
    return merged(*fixed, *others, *abroad, _whole(sheet))


def _grouped(sheet: Sheet, lengths: tuple[int, ...], codes: Ints, *, local: bool) -> Ints:
    groups = sheet.groups(*lengths)
    groups = groups[_begins(sheet, groups, codes)]
    if local:
        groups = groups[sheet.at(sheet.start[groups + 1]) >= ord("2")]
    written = [sheet.joined(groups, *gaps) for gaps in ("--", "()", ")-")]
    blank = sheet.joined(groups, " ", " ")
    written.append(blank[sheet.near(sheet.start[blank], WORDS, NEAR)])
    groups = np.unique(np.concatenate(written))
    groups = sheet.apart(groups, len(lengths), behind=_JOINED)
    return sheet.spans(groups[_no_code(sheet, sheet.start[groups])], len(lengths))


def _begins(sheet: Sheet, groups: Ints, codes: Ints) -> Bools:
    """Tell which groups are a 0 and one of these codes behind it."""
    zero = sheet.at(sheet.start[groups]) == ord("0")
    begins: Bools = zero & np.isin(sheet.value(groups, 5), codes)
    return begins


def _no_code(sheet: Sheet, start: Ints) -> Bools:
    """Tell where no word for another kind of code stands right before."""
    code = sheet.near(start, CODES, BEFORE_CODE) & ~sheet.near(start, WORDS, BEFORE_CODE)
    return ~code


def _whole(sheet: Sheet) -> Ints:
    """Find numbers without a hyphen: 10 digits, or 11 of a mobile."""
    ten, eleven = sheet.groups(10), sheet.groups(11)
    heads = sheet.digits(ten, 10) @ np.array([0, 100, 10, 1, *[0] * 6])
    begin = sheet.at(sheet.start[ten]) == ord("0")
    known = np.isin(heads // 10, _AREAS) | np.isin(heads // 100, _SHORT_AREAS)
    middle = np.isin(heads, np.concatenate((_MIDDLE_AREAS, _FREE)))
    ten = ten[begin & (known | middle)]
    mobile = sheet.digits(eleven, 11) @ np.array([100, 10, 1, *[0] * 8])
    groups = np.union1d(ten, eleven[np.isin(mobile, _MOBILE)])
    groups = sheet.apart(groups, 1, behind=_JOINED)
    start = sheet.start[groups]
    return sheet.spans(groups[sheet.near(start, WORDS, NEAR) & _no_code(sheet, start)], 1)


def _abroad(sheet: Sheet, lengths: tuple[int, ...], codes: Ints) -> Ints:
    groups = sheet.groups(*lengths)
    groups = groups[sheet.at(sheet.start[groups] - 1) == ord("+")]
    japan = sheet.value(groups) == _JAPAN
    groups = groups[japan & np.isin(sheet.value(groups + 1), codes)]
    groups = np.union1d(sheet.joined(groups, "-", "-", "-"), sheet.joined(groups, " ", "-", "-"))
    return sheet.spans(sheet.apart(groups, len(lengths)), len(lengths))


DETECTOR = Detector("phone", find)
