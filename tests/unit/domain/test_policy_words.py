# ruff: noqa: E501 - lists of examples are read by their rows
"""The shipped lists of words: what they find in office prose, and what they leave alone."""

import pytest

from meti_desk.evidence.clues import Words, look
from meti_desk.standard.policy_file import shipped_policy

LISTS = tuple(Words(one.id, one.words, one.but) for one in shipped_policy().clue_words)
FOUND = (
    ("personnel", "七月一日付け人事異動案について、内示の前に御確認ください。"),
    ("personnel", "本人の人事評価の結果は別添のとおり。"), ("personnel", "採用内定者の名簿"),
    ("personnel", "懲戒処分案を上申する。"), ("personnel", "休職者の復帰について"),
    ("health", "主治医の診断書を添付する。"), ("health", "健康診断結果の一覧（要精検者）"),
    ("health", "病名：高血圧症"), ("health", "既往歴なし"), ("health", "休養加療を要する。"),
    ("bidding", "入札予定価格は次のとおり。"), ("bidding", "予定価格調書（封印）"),
    ("bidding", "最低制限価格の率"), ("bidding", "積算内訳を別紙に示す。"),
    ("review", "審査中の案件のため取扱いに注意"), ("review", "未定稿（2026年11月20日時点）"),
    ("review", "公表前の数値を含む。"), ("secret", "企業の営業秘密を含む資料"),
)  # fmt: skip
NOT_FOUND = (
    "人事院規則に基づく。", "人事課長に連絡する。", "人事評価制度の概要", "人事を尽くして天命を待つ。", "人事交流の促進",
    "中小企業診断士の資格", "経営診断結果の活用", "耐震診断結果に基づく改修", "省エネ診断結果を受けた設備投資",
    "ソフトウェアの自己診断機能", "予定価格の公表について", "予定価格の作成方法を定める。", "予定価格以下で落札",
    "予定価格の制限の範囲内で", "入札公告を行う。", "価格の予定を調べる。", "審査基準を定める。", "審査を申請する。",
    "公表資料のとおり", "秘書課に提出する。", "秘密保持契約書のひな形", "病院の数", "障害者雇用の促進", "休職制度の説明",
    "内閣府の資料", "定稿を配付する。", "会議の結果は公表する。", "検討会の設置", "評価点の配分", "積み上げた内訳",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), FOUND)
def test_what_is_found(kind: str, text: str) -> None:
    assert f"word.{kind}" in {one.detector for one in look([text], LISTS)}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_near_misses(text: str) -> None:
    assert [one for one in look([text], LISTS) if one.detector.startswith("word.")] == []
