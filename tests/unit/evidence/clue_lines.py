# ruff: noqa: E501 - a list of examples is read by its rows
"""Lines of Japanese office text with known clues, and near misses of each kind, from a seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

FAMILY = (
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "五十嵐",
    "林",
)
GIVEN = ("太郎", "花子", "一郎", "健", "美咲", "翔太", "陽菜", "さくら", "ケンジ")
BANKS = ("みずほ銀行", "三菱UFJ銀行", "城南信用金庫", "千葉銀行", "中央労働金庫", "第四北越銀行")
BRANCHES = ("霞が関支店", "丸の内支店", "本店営業部", "新橋出張所", "横浜支店")
CITIES = (
    ("東京都", "千代田区"), ("東京都", "八王子市"), ("北海道", "札幌市中央区"), ("大阪府", "大阪市北区"),
    ("神奈川県", "横浜市西区"), ("埼玉県", "さいたま市浦和区"), ("京都府", "京都市上京区"),
    ("長野県", "北佐久郡軽井沢町"), ("沖縄県", "那覇市"), ("茨城県", "つくば市"),
)  # fmt: skip
TOWNS = ("霞が関", "大通西", "みなとみらい", "竹園", "泉崎", "大手町", "本町", "高砂", "旭が丘")
FIXED = (
    ("03", 4), ("06", 4), ("011", 3), ("045", 3), ("052", 3), ("092", 3), ("0422", 2), ("0463", 2),
    ("04", 4), ("01267", 1), ("0957", 2), ("099", 3),
)  # fmt: skip
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


@dataclass(frozen=True)
class Line:
    """A text of its own, and whether the detector has to find something in it."""

    text: str
    there: bool


Make = Callable[[random.Random], str]


def _digits(r: random.Random, count: int) -> str:
    return "".join(r.choices("0123456789", k=count))


def my_number(r: random.Random) -> str:
    head = _digits(r, 11)
    weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    rest = sum(int(d) * w for d, w in zip(head, weights, strict=True)) % 11
    return head + str(0 if rest <= 1 else 11 - rest)


def corporate_number(r: random.Random) -> str:
    body = _digits(r, 12)
    total = sum(int(d) * (1 if n % 2 == 0 else 2) for n, d in enumerate(reversed(body)))
    return str(9 - total % 9) + body


def jan(r: random.Random) -> str:
    body = r.choice(["45", "49"]) + _digits(r, 10)
    total = sum(int(d) * (3 if n % 2 else 1) for n, d in enumerate(body))
    return body + str(-total % 10)


def fixed_phone(r: random.Random) -> str:
    area, length = r.choice(FIXED)
    local = r.choice("23456789") + _digits(r, length - 1)
    return f"{area}-{local}-{_digits(r, 4)}"


def mobile(r: random.Random) -> str:
    return f"0{r.choice('5789')}0-{r.choice('123456789')}{_digits(r, 3)}-{_digits(r, 4)}"


def free_phone(r: random.Random) -> str:
    return f"{r.choice(['0120', '0570'])}-{_digits(r, 3)}-{_digits(r, 3)}"


def name(r: random.Random) -> str:
    return r.choice(FAMILY) + r.choice(["", " ", "　"]) + r.choice(GIVEN)


def birthday(r: random.Random) -> str:
    month, day = r.randint(1, 12), r.randint(1, 28)
    era, most = r.choice([("昭和", 63), ("平成", 30), ("令和", 8), ("S", 63), ("H", 30)])
    year = r.randint(1, most)
    western = r.randint(1930, 2020)
    return r.choice([
        f"{era}{year}年{month}月{day}日", f"{western}年{month}月{day}日",
        f"{western}/{month:02}/{day:02}", f"平成元年{month}月{day}日", f"{western}.{month}.{day}",
        f"{era[0]}{year}.{month}.{day}", f"{era[0]}{year}/{month}/{day}", f"{western}{month:02}{day:02}",
    ])  # fmt: skip


def wide(r: random.Random, text: str) -> str:
    return text.translate(WIDE) if r.random() < 0.3 else text


def address(r: random.Random) -> str:
    prefecture, city = r.choice(CITIES)
    number = r.choice([
        f"{r.randint(1, 9)}丁目{r.randint(1, 30)}番{r.randint(1, 20)}号",
        f"{r.randint(1, 9)}-{r.randint(1, 30)}-{r.randint(1, 20)}", f"{r.randint(100, 2999)}番地",
        f"{r.randint(1, 9)}-{r.randint(1, 30)}", "一丁目三番一号",
    ])  # fmt: skip
    return prefecture + city + r.choice(TOWNS) + wide(r, number)


def _my_number_text(r: random.Random) -> str:
    digits = my_number(r)
    split = r.choice(["", " ", "-", "　"])
    number = split.join((digits[:4], digits[4:8], digits[8:]))
    return r.choice([
        f"個人番号: {wide(r, number)}", f"マイナンバー{number}を記載してください。",
        f"氏名 {name(r)}　個人番号（{number}）", f"本人の個人番号は、{number} です。",
        f"My Number: {number}", f"個人番号\t氏名\n{number}\t{name(r)}",
    ])  # fmt: skip


def _my_number_miss(r: random.Random) -> str:
    good, other = my_number(r), _digits(r, 12)
    wrong = good[:11] + str((int(good[11]) + r.randint(1, 9)) % 10)
    return r.choice([
        f"個人番号: {wrong}", f"注文番号 {good}", f"管理番号 {other[:4]}-{other[4:8]}-{other[8:]}",
        f"個人番号は記入しないでください。注文番号は{other}です。",
        f"クレジットカード {good}3456", f"個人番号 {good}99", f"型番 A{good}",
        f"合計 {good[:3]},{good[3:6]},{good[6:9]},{good[9:]}円", "個人番号 ____________",
        f"個人番号関係事務の手引 2026-{good[:4]}", f"伝票番号 {other}", "個人番号（12桁）123456789012",
        f"電話 {fixed_phone(r)}（個人番号カード総合窓口）",
    ])  # fmt: skip


def _corporate_text(r: random.Random) -> str:
    number = corporate_number(r)
    return r.choice([
        f"法人番号 {wide(r, number)}", f"登録番号：T{number}", f"株式会社山川（法人番号{number}）",
        f"Corporate Number: {number}", f"適格請求書発行事業者登録番号 T{number}",
        f"名称\t法人番号\n{r.choice(FAMILY)}工業\t{number}",
    ])  # fmt: skip


def _corporate_miss(r: random.Random) -> str:
    number = corporate_number(r)
    wrong = str(int(number[0]) % 9 + 1) + number[1:]
    return r.choice([
        f"JANコード {jan(r)}", f"ISBN 978{_digits(r, 10)}", f"法人番号 {wrong}", f"商品 {jan(r)}",
        f"注文番号 {number}", f"法人番号 {number}1", f"時刻印 {number}", f"バーコード: {jan(r)}",
        "法人番号の指定は国税庁が行う。", f"法人税 {number[:12]}円", f"追跡 ABT{number}",
    ])  # fmt: skip


def _bank_text(r: random.Random) -> str:
    number, bank, branch = _digits(r, 7), r.choice(BANKS), r.choice(BRANCHES)
    kind = r.choice(["普通", "当座", "普通預金", "貯蓄"])
    code, long = f"1{_digits(r, 3)}0", _digits(r, r.randint(4, 7)) + "1"
    return r.choice([
        f"{bank}{branch} {kind} {wide(r, number)}", f"振込先：{bank} {branch}（{kind}）{number}",
        f"{bank}\n{branch}\n{kind}口座\n{number}", f"口座番号：{number}",
        f"ゆうちょ銀行 記号 {code} 番号 {long}", f"記号{code}-番号{long}",
        f"ゆうちょ {code}-{long}", f"{kind}　口座番号　{number}　名義　{name(r)}",
    ])  # fmt: skip


def _bank_miss(r: random.Random) -> str:
    number = _digits(r, 7)
    return r.choice([
        f"整理番号 {number}", f"普通郵便 {number}", f"{r.choice(BANKS)}の調査報告 {number}件",
        f"普通車 {number}台", f"予算額 {number}千円", f"{r.choice(BANKS)} 03-{_digits(r, 4)}-{number[:4]}",
        f"記号 A-{number}", f"記号{number[:5]}2 番号1234", f"〒{number[:3]}-{number[3:]} {r.choice(BANKS)}",
        "普通預金の残高は1234567円以上", f"電話 {number}", f"普通 {number}8（会員番号）",
    ])  # fmt: skip


def _phone_text(r: random.Random) -> str:
    number = r.choice([fixed_phone, mobile, free_phone])(r)
    bare, fixed = number.replace("-", ""), fixed_phone(r)
    area, local, rest = fixed.split("-")
    return r.choice([
        f"電話 {number}", f"TEL: {wide(r, number)}", f"{name(r)} {number}", f"携帯 {bare}",
        f"電話番号は{number}です。", f"FAX {fixed}", f"{area}({local}){rest}", f"({area}) {local}-{rest}",
        f"（{area}）{local}－{rest}", f"Tel. +81-{fixed[1:]}", f"連絡先 {number.replace('-', ' ')}",
        f"{number}（内線2345）", f"TEL{number}", f"ＦＡＸ{fixed.translate(WIDE)}", f"tel{bare}", f"ＴＥＬ　{fixed.translate(WIDE)}", f"{fixed}/{mobile(r)}",
    ])  # fmt: skip


def _phone_miss(r: random.Random) -> str:
    number = fixed_phone(r)
    bare = number.replace("-", "")
    return r.choice([
        f"注文番号 {number}", f"ISBN 978-4-{_digits(r, 2)}-{_digits(r, 6)}-{_digits(r, 1)}",
        f"品番 {number}", f"管理番号：{number}", f"2026-{_digits(r, 4)}-{_digits(r, 4)}",
        f"整理 {bare}", f"{number}-{_digits(r, 3)}", f"A{number}", f"口座 {_digits(r, 3)}-{_digits(r, 7)}",
        f"03-0{_digits(r, 3)}-{_digits(r, 4)}", f"{_digits(r, 2)}-{_digits(r, 4)}-{_digits(r, 3)}",
        f"文書番号 {number}", f"001-{_digits(r, 4)}-{_digits(r, 4)}", "2026-11-20", f"JAN {jan(r)}",
        f"会員番号 {mobile(r)}", f"{_digits(r, 4)}-{_digits(r, 4)}-{_digits(r, 4)}", f"金額 {bare}円",
        f"0.{number}",
    ])  # fmt: skip


def _mail_text(r: random.Random) -> str:
    user = r.choice(["yamada", "sato.hanako", "info-center", "t_suzuki", "a1", "K.Ito+news"])
    host = r.choice(["meti.go.jp", "abc-corp.co.jp", "mail.univ.ac.jp", "gmail.com", "x1.org"])
    return r.choice([
        f"メール: {user}@{host}", f"{name(r)} <{user}@{host}>", f"連絡は{user}@{host}まで。",
        f"ｅ-mail　{user}＠{host}", f"{user}@{host};tanaka@{host}", f"mailto:{user}@{host}",
        f"（{user}@{host}）",
    ])  # fmt: skip


def _mail_miss(r: random.Random) -> str:
    return r.choice([
        "@yamada さん", "image@2x.png", "git@github", "user@host", f"lodash@{r.randint(1, 9)}.17.21",
        "taro@example.com", "taro@example.co.jp", "a@b", "単価 @100.50 円", "x@@meti.go.jp",
        "https://example.com/@user", "logo@3x.jpg", "p.@.jp", "name@-bad-.c", "2026@11.20",
        "root@localhost", "foo..bar@meti.go.jp", f"@media {r.randint(1, 9)}.css",
    ])  # fmt: skip


def _address_text(r: random.Random) -> str:
    code = f"{_digits(r, 3)}-{_digits(r, 4)}"
    return r.choice([
        f"〒{wide(r, code)} {address(r)}", f"住所 {address(r)}", f"〒 {code}", f"郵便番号：{code}",
        f"所在地：{address(r)} 合同庁舎5階", f"〒{code.replace('-', '')}", address(r),
        f"本籍 {address(r)}、現住所 同じ",
    ])  # fmt: skip


def _address_miss(r: random.Random) -> str:
    prefecture, city = r.choice(CITIES)
    return r.choice([
        f"{prefecture}{city}の人口 {r.randint(1, 9)}-{r.randint(1, 9)}表", f"{prefecture}の計画",
        f"{_digits(r, 3)}-{_digits(r, 4)}", f"{prefecture}{city}議会第{r.randint(1, 9)}-{r.randint(1, 9)}号",
        f"図{r.randint(1, 9)}-{r.randint(1, 9)} {prefecture}{city}", "〒マークを付ける", f"{city}役所",
        f"{prefecture}{city}で{r.randint(2, 9)}人が参加", "第1丁目から", "北海道新幹線 2-3番線",
        f"{prefecture}{city}は令和{r.randint(1, 8)}年{r.randint(1, 12)}月に", "郵便番号を書く",
        f"{prefecture}警察{r.randint(100, 200)}人",
    ])  # fmt: skip


def _birth_text(r: random.Random) -> str:
    born, who = birthday(r), name(r)
    written = f"昭和{r.randint(1, 63)}年{r.randint(1, 12)}月{r.randint(1, 28)}日"
    return r.choice([
        f"氏名 {who}　生年月日 {wide(r, born)}", f"{who}（{written}生）", f"氏名：{who}\n生年月日：{born}",
        f"生年月日 {born}　氏名 {who}", f"申請者 {who}（生年月日：{born}）", f"{who}さん（{written}生まれ）",
        f"氏名\t生年月日\n{who}\t{born}", f"Name: Taro Yamada, Date of Birth: {r.randint(1950, 2009)}/1/2",
        f"患者 {who} 様 {written}生", f"フリガナ タナカ\n生年月日 {born}",
    ])  # fmt: skip


def _birth_miss(r: random.Random) -> str:
    day = birthday(r)
    return r.choice([
        f"会議の日時 {day} 14時", f"設立年月日 {day}", "生年月日を記入してください。", f"施行日 {day}",
        f"氏名 {name(r)}　提出日 {day}", f"{day}に開催された", f"会社の誕生日は{day}とする",
        f"生年月日の確認（{r.randint(1, 9)}件）", f"議事録 {name(r)} {day}", f"締切 {day}（{name(r)}）",
        f"改正 {day} 経済産業省令第{r.randint(1, 99)}号", f"作成者 {name(r)} 作成日 {day}",
        "氏名・生年月日・住所を聞き取る。", f"版 {r.randint(1, 9)}.{r.randint(1, 12)}.{r.randint(1, 28)} 氏名欄",
    ])  # fmt: skip


def _passport_text(r: random.Random) -> str:
    number = r.choice(["TK", "TZ", "MU", "TR"]) + _digits(r, 7)
    return r.choice([
        f"旅券番号 {wide(r, number)}", f"パスポート：{number}", f"Passport No. {number}",
        f"旅券（番号{number}、有効期限2030年1月1日）", f"氏名\t旅券番号\n{name(r)}\t{number}",
    ])  # fmt: skip


def _passport_miss(r: random.Random) -> str:
    number = r.choice(["TK", "AB"]) + _digits(r, 7)
    return r.choice([
        f"型番 {number}", f"旅券番号 {number}9", f"旅券番号 X{number}", "旅券の番号を控える",
        f"旅券 {number[2:]}", f"部品 {number}", f"発注 {number}-1", f"パスポート A-{number}",
    ])  # fmt: skip


def _licence_text(r: random.Random) -> str:
    number = r.choice(["30", "45", "62", "90"]) + _digits(r, 10)
    return r.choice([
        f"運転免許証番号 第{number}号", f"免許証番号：{wide(r, number)}", f"運転免許 {number}",
        f"本人確認 運転免許証（{number}）",
    ])  # fmt: skip


def _licence_miss(r: random.Random) -> str:
    number = r.choice(["01", "05", "98", "99"]) + _digits(r, 10)
    return r.choice([
        f"運転免許証番号 {number}", f"注文番号 30{_digits(r, 10)}", "運転免許の更新 2026年",
        f"運転免許 30{_digits(r, 9)}", f"運転免許 30{_digits(r, 11)}", f"伝票 45{_digits(r, 10)}",
    ])  # fmt: skip


KINDS: dict[str, tuple[Make, Make]] = {
    "my-number": (_my_number_text, _my_number_miss),
    "corporate-number": (_corporate_text, _corporate_miss),
    "bank-account": (_bank_text, _bank_miss),
    "phone": (_phone_text, _phone_miss),
    "mail-address": (_mail_text, _mail_miss),
    "postal-address": (_address_text, _address_miss),
    "birth-date": (_birth_text, _birth_miss),
    "passport": (_passport_text, _passport_miss),
    "driving-licence": (_licence_text, _licence_miss),
}
"""For each detector what makes a text with such a clue, and one that only looks so."""


def lines(kind: str, each: int, seed: int = 20261120) -> Iterator[Line]:
    """Give so many texts with the clue and so many near misses, always the same."""
    r = random.Random(f"{seed} {kind}")
    there, miss = KINDS[kind]
    for _ in range(each):
        yield Line(there(r), there=True)
        yield Line(miss(r), there=False)
