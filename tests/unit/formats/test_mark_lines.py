# ruff: noqa: E501 - lists of words are read by their rows
"""What families pass on as possible marks: nothing that the domain takes for a mark is held back."""

import random

import pytest

from meti_desk.domain.marking import Place, find_marks
from meti_desk.formats.mark_lines import looks_like_mark

WORDS = (
    "機密性3情報", "機密性２", "機密性：3", "C3I2A1", "C2;I1;A1", "秘", "㊙", "極秘", "極秘文書", "秘密文書", "秘文書",
    "マル秘", "厳秘", "取扱注意", "取扱厳重注意", "取り扱い注意", "部外秘", "社外秘", "関係者外秘", "CONFIDENTIAL",
    "Top Secret", "特定秘密", "特別防衛秘密", "特定特別防衛秘密",
)  # fmt: skip
AROUND = (
    ("", ""),
    ("【", "】"),
    ("(", ")"),
    ("「", "」"),
    ("■ ", ""),
    ("", " 複製禁止"),
    ("※", "※"),
    ("レ", ""),
    ("_", "_"),
)


def spaced(word: str, r: random.Random) -> str:
    return "".join(char + r.choice(["", "", " ", "　"]) for char in word).strip()


@pytest.mark.parametrize("word", WORDS)
def test_no_mark_is_held_back(word: str) -> None:
    r = random.Random(word)
    seen = 0
    for before, after in AROUND:
        for written in (word, *(spaced(word, r) for _ in range(8))):
            line = f"{before}{written}{after}"
            if find_marks(line, place=Place.HEADER):
                seen += 1
                assert looks_like_mark(line), line
    assert seen


@pytest.mark.parametrize(
    "line",
    ["秘書課", "秘密保持契約", "情報の取扱い", "2026年11月20日", "secretary", "機密性の定義", ""],
)
def test_most_lines_are_not_passed_on(line: str) -> None:
    assert not looks_like_mark(line)
