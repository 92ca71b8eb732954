"""生年月日 with the name of its person nearby; the date of a meeting or of a founding is none."""

import numpy as np

from meti_desk.evidence.clues.detector import Detector
from meti_desk.evidence.clues.sheet import Bools, Ints, Sheet, chained, letters, merged

WORDS = (
    "生年月日",
    "誕生日",
    "出生日",
    "出生年月日",
    "date of birth",
    "birthday",
    "birth date",
    "dob",
)
NAMES = (
    "氏名", "名前", "姓名", "本名", "旧姓", "フリガナ", "ふりがな", "申請者", "受給者", "患者",
    "代表者", "被保険者", "応募者", "候補者", "さん", "殿", "氏(", "氏は", "氏 ", "様(", "様 ",
    "様、", "name",
)  # fmt: skip
BEFORE, AROUND, ROWS = 16, 100, 120

_FIRST, _LAST = 1880, 2100
_MONTHS, _DAYS = 12, 31
_ERAS = [ord(char) for char in "mtshr明大昭平令"]
_KANJI, _KANA = (0x4E00, 0x9FFF), (0x3041, 0x30FA)


def find(sheet: Sheet) -> Ints:
    """Find dates behind 生年月日 or before 生 that belong to a person who is named."""
    dates = _dates(sheet)
    start, end = dates[:, 0], dates[:, 1]
    born = np.isin(sheet.at(end), [ord("生")]) | (
        (sheet.at(end) == ord(" ")) & (sheet.at(end + 1) == ord("生"))
    )
    stated = chained(start, sheet.near(start, WORDS, BEFORE), ROWS)
    named = sheet.near(start, NAMES, AROUND, AROUND // 2) | (born & _behind_name(sheet, start))
    kept: Ints = dates[(born | stated) & chained(start, named, ROWS)]
    return kept


def _dates(sheet: Sheet) -> Ints:
    """Find dates of all kinds that may be somebody's birthday."""
    every = np.arange(max(len(sheet.start) - 2, 0), dtype=np.int64)
    written = sheet.joined(every, "年", "月")
    written = written[sheet.at(sheet.end[written + 2]) == ord("日")]
    written = written[_days(sheet, written + 1) & (sheet.length[written] <= 4)]  # noqa: PLR2004 - a year
    first = _first_year(sheet)
    parts = [_with_day(sheet.spans(written, 3)), _with_day(sheet.spans(first, 2))]
    for gap in "/.-":
        groups = sheet.joined(every[sheet.length[every] == 4], gap, gap)  # noqa: PLR2004 - a year
        year = sheet.value(groups)
        groups = groups[(year >= _FIRST) & (year < _LAST) & _days(sheet, groups + 1)]
        parts.append(sheet.spans(sheet.apart(groups, 3), 3))
        parts.append(_short_era(sheet, every, gap))
    return merged(*parts, _whole(sheet))


def _short_era(sheet: Sheet, every: Ints, gap: str) -> Ints:
    """Find dates like S50.1.2 and 昭50.1.2, with the sign of their era."""
    start = sheet.start[every]
    signed = np.isin(sheet.at(start - 1), _ERAS) & ~letters(sheet.at(start - 2))
    groups = sheet.joined(every[signed & (sheet.length[every] <= 2)], gap, gap)  # noqa: PLR2004 - digits
    spans = sheet.spans(groups[_days(sheet, groups + 1)], 3)
    with_sign: Ints = spans - np.array([1, 0])
    return with_sign


def _whole(sheet: Sheet) -> Ints:
    """Find dates of eight digits: 19750102."""
    groups = sheet.apart(sheet.groups(8), 1)
    digits = sheet.digits(groups, 8)
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day = digits[:, 4:6] @ np.array([10, 1]), digits[:, 6:] @ np.array([10, 1])
    real = (year >= _FIRST) & (year < _LAST) & _calendar(month, day)
    return sheet.spans(groups[real], 1)


def _first_year(sheet: Sheet) -> Ints:
    """Find the dates of 元年, whose year is no digit."""
    every = np.arange(max(len(sheet.start) - 1, 0), dtype=np.int64)
    groups = sheet.joined(every, "月")
    start = sheet.start[groups]
    first = (sheet.at(start - 1) == ord("年")) & (sheet.at(start - 2) == ord("元"))
    groups = groups[first & (sheet.at(sheet.end[groups + 1]) == ord("日"))]
    kept: Ints = groups[_days(sheet, groups)]
    return kept


def _days(sheet: Sheet, months: Ints) -> Bools:
    """Tell whether a group and the next may be month and day."""
    month, day = sheet.value(months), sheet.value(months + 1)
    short = (sheet.length[months] <= 2) & (sheet.length[months + 1] <= 2)  # noqa: PLR2004 - digits
    return short & _calendar(month, day)


def _calendar(month: Ints, day: Ints) -> Bools:
    fits: Bools = (month >= 1) & (month <= _MONTHS) & (day >= 1) & (day <= _DAYS)
    return fits


def _with_day(spans: Ints) -> Ints:
    with_day: Ints = spans + np.array([0, 1])
    return with_day


def _behind_name(sheet: Sheet, start: Ints) -> Bools:
    """Tell whether a name stands before the bracket of its date: 田中太郎（昭和50年1月2日生）."""
    found = np.zeros(len(start), np.bool_)
    for era in (0, 1, 2):
        opened = sheet.at(start - era - 1) == ord("(")
        last, before = _named(sheet, start - era - 2), _named(sheet, start - era - 3)
        apart = sheet.at(start - era - 3) == ord(" ")
        found |= opened & last & (before | (apart & _named(sheet, start - era - 4)))
    return found


def _named(sheet: Sheet, places: Ints) -> Bools:
    """Tell where kanji or kana stand."""
    codes = sheet.at(np.maximum(places, -1))
    kanji = (codes >= _KANJI[0]) & (codes <= _KANJI[1])
    named: Bools = kanji | ((codes >= _KANA[0]) & (codes <= _KANA[1]))
    return named


def _masked(_text: str) -> str:
    """Show that there is one, and not which."""
    return "****年**月**日"


DETECTOR = Detector("birth-date", find, _masked)
