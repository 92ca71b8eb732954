"""住所: a 〒 with its number, and 都道府県 + 市区町村 + 番地."""

import numpy as np

from meti_desk.domain.patterns import lazily
from meti_desk.evidence.clues.detector import Detector
from meti_desk.evidence.clues.sheet import Ints, Sheet, merged

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県",
    "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県",
    "山梨県",
    "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府", "兵庫県",
    "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県", "香川県",
    "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県",
    "沖縄県",
)  # fmt: skip

_TOWN = r"一-鿿々ヶケノツァ-ヺ\u3041-\u3096-"
_NUMBER = "0-9一二三四五六七八九十〇"
# A particle begins what is no name of a place: 港区の人口 3-1.
_ADDRESS = lazily(
    rf"(?:{'|'.join(PREFECTURES)}) ?"
    r"[一-鿿々ヶケノツァ-ヺ\u3041-\u3096]{1,8}?[市区町村郡]"
    rf"(?![のはをにでとも])(?:(?![のを])[{_TOWN}]){{0,14}}? ?"
    rf"(?<![第約全計])(?:[{_NUMBER}]{{1,4}}(?:丁目|番地?(?!組)|号(?!機|車))|"
    r"(?<![0-9\-])[0-9]{1,4}-[0-9]{1,4}(?:-[0-9]{1,4})?(?![0-9年月%]))"
    rf"(?:[{_NUMBER}の\-]{{1,9}}(?:番地?|号)?)?"
)


def find(sheet: Sheet) -> Ints:
    """Find addresses; one that stands behind its 〒 counts once."""
    coded = _coded(sheet)
    written = np.array([found.span() for found in _ADDRESS.finditer(sheet.text)], np.int64).reshape(
        -1, 2
    )
    if len(coded) and len(written):
        ends = coded[:, 1]
        before = np.searchsorted(ends, written[:, 0], "right") - 1
        own = (before >= 0) & (written[:, 0] - ends[np.maximum(before, 0)] <= 3)  # noqa: PLR2004 - blanks
        written = written[~own]
    return merged(coded, written)


def _coded(sheet: Sheet) -> Ints:
    grouped = sheet.joined(sheet.groups(3, 4), "-")
    whole = sheet.groups(7)
    return merged(
        sheet.spans(_marked(sheet, sheet.apart(grouped, 2)), 2),
        sheet.spans(_marked(sheet, sheet.apart(whole, 1)), 1),
    )


def _marked(sheet: Sheet, groups: Ints) -> Ints:
    """Keep those right behind a 〒 or 郵便番号."""
    start = sheet.start[groups]
    sign = [ord(char) for char in "〒〶"]
    near = np.isin(sheet.at(start - 1), sign) | (
        np.isin(sheet.at(start - 2), sign) & (sheet.at(start - 1) == ord(" "))
    )
    kept: Ints = groups[near | sheet.near(start, ("郵便番号",), 8)]
    return kept


DETECTOR = Detector("postal-address", find)
