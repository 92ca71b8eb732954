"""Reads a password out loud: the 通話表 for kana, the usual words for letters, digits and signs.

Given as data, character by character, for the slip, the window and the telephone.
"""

import unicodedata

import msgspec

_KANA_WORDS = """
朝日 いろは 上野 英語 大阪 為替 切手 クラブ 景色 子供 桜 新聞 すずめ 世界 そろばん
煙草 ちどり つるかめ 手紙 東京 名古屋 日本 沼津 ねずみ 野原 はがき 飛行機 富士山 平和 保険
マッチ 三笠 無線 明治 もみじ 大和 弓矢 吉野 ラジオ りんご るすい れんげ ローマ
わらび ゐど かぎのある 尾張 おしまい
"""
_LETTER_WORDS = """
アルファ ブラボー チャーリー デルタ エコー フォックストロット ゴルフ ホテル インディア
ジュリエット キロ リマ マイク ノベンバー オスカー パパ ケベック ロメオ シエラ タンゴ
ユニフォーム ビクター ウイスキー エックスレイ ヤンキー ズールー
"""
_SIGN_WORDS = """
ハイフン アンダーバー ピリオド コンマ コロン セミコロン 感嘆符 疑問符 アットマーク シャープ ドル
パーセント アンド アスタリスク プラス イコール スラッシュ バックスラッシュ 縦線 チルダ ハット
アポストロフィ 二重引用符 バッククォート 左丸括弧 右丸括弧 左角括弧 右角括弧 左波括弧 右波括弧
小なり 大なり 空白 長音
"""
_KANA_ORDER = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホ"
    "マミムメモヤユヨラリルレロワヰヱヲン"
)
_KANA = dict(zip(_KANA_ORDER, _KANA_WORDS.split(), strict=True))
_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTER_WORDS.split(), strict=True))
_SIGNS = dict(zip("-_.,:;!?@#$%&*+=/\\|~^'\"`()[]{}<> ー", _SIGN_WORDS.split(), strict=True))
_DIGITS = ("まる", "ひと", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
_SMALL = dict(zip("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", strict=True))
_MARKS = {"\u3099": "濁点", "\u309a": "半濁点"}
_TO_KATAKANA = 0x60
_GROUP = 4


class Spoken(msgspec.Struct, frozen=True):
    """One character and how it is said; both are secret as long as the password is."""

    char: str
    word: str

    def __repr__(self) -> str:
        """Show nothing: a password must not slip into a log."""
        return "Spoken()"


def reading(password: str) -> tuple[Spoken, ...]:
    """Say every character: `A` アルファの大文字A, `7` 数字のなな, ア 朝日のア.

    Voiced kana are said as 濁点 or 半濁点 behind the kana. A character without a word is named by
    its number (U+5B57), so that nothing is left out.
    """
    return tuple(Spoken(char, _said(char)) for char in password)


def telephone(password: str) -> tuple[str, ...]:
    """Write what to say on the telephone, a line for each four characters (電話での伝え方).

    A hyphen of a generated password ends its group and is said with it. Counting comes first and
    last, so that the other side notices what it missed.
    """
    spoken = reading(password)
    groups: list[list[Spoken]] = [[]]
    for one in spoken:
        if len([c for c in groups[-1] if c.char != "-"]) >= _GROUP and one.char != "-":
            groups.append([])
        groups[-1].append(one)
        if one.char == "-":
            groups.append([])
    said = [group for group in groups if group]
    lines = [
        f"{number}組目：{'、'.join(one.word for one in group)}"
        for number, group in enumerate(said, start=1)
    ]
    return (f"全部で{len(spoken)}文字です。", *lines, f"以上、{len(spoken)}文字です。")


def _said(char: str) -> str:
    if char.lower() in _LETTERS:
        size = "大文字" if char.isupper() else "小文字"
        return f"{_LETTERS[char.lower()]}の{size}{char}"
    if char.isascii() and char.isdigit():
        return f"数字の{_DIGITS[int(char)]}"
    if char in _SIGNS:
        return _SIGNS[char]
    return _said_kana(char) or f"U+{ord(char):04X}"


def _said_kana(char: str) -> str:
    """Say a kana by the 通話表; hiragana are told apart, because a password keeps them apart."""
    hiragana = "\u3041" <= char <= "\u3096"
    katakana = chr(ord(char) + _TO_KATAKANA) if hiragana else char
    whole = unicodedata.normalize("NFD", katakana)
    base, marks = whole[0], whole[1:]
    small = base in _SMALL
    base = _SMALL.get(base, base)
    if base not in _KANA or any(mark not in _MARKS for mark in marks):
        return ""
    kind = ("ひらがなで" if hiragana else "") + ("小さい" if small else "")
    tail = "".join("に" + _MARKS[mark] for mark in marks)
    return f"{kind}{_KANA[base]}の{base}{tail}"
