import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.protection.password import ALPHABET, generate
from meti_desk.protection.reading import reading


@pytest.mark.parametrize(
    ("char", "word"),
    [
        ("A", "アルファの大文字A"),
        ("a", "アルファの小文字a"),
        ("7", "数字のなな"),
        ("0", "数字のまる"),
        ("-", "ハイフン"),
        ("ア", "朝日のア"),
        ("あ", "ひらがなで朝日のア"),
        ("ガ", "為替のカに濁点"),
        ("ぱ", "ひらがなではがきのハに半濁点"),
        ("ッ", "小さいつるかめのツ"),
        ("ン", "おしまいのン"),
        ("ヲ", "尾張のヲ"),
        ("ー", "長音"),
        ("字", "U+5B57"),
        ("😀", "U+1F600"),
    ],
)
def test_each_kind_of_character(char: str, word: str) -> None:
    (spoken,) = reading(char)
    assert (spoken.char, spoken.word) == (char, word)


def test_a_generated_password_is_said_whole_and_apart() -> None:
    password = generate(random.Random(1).randbytes).password
    spoken = reading(password)
    assert "".join(s.char for s in spoken) == password
    assert len({s.word for s in reading(ALPHABET + "-")}) == len(ALPHABET) + 1


def test_nothing_shows_a_password_by_accident() -> None:
    assert "A" not in repr(reading("A")).replace("Spoken", "")


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_nothing_is_left_out(password: str) -> None:
    spoken = reading(password)
    assert "".join(s.char for s in spoken) == password
    assert all(s.word for s in spoken)


def test_all_ascii_is_said_differently() -> None:
    text = "".join(chr(code) for code in range(0x20, 0x7F))
    words = [s.word for s in reading(text)]
    assert len(set(words)) == len(text)
    assert not any(word.startswith("U+") for word in words)
