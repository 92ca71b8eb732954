import itertools
import random
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection import password as passwords


def test_characters_come_in_groups_without_look_alikes() -> None:
    made = passwords.generate(random.Random(1).randbytes)
    assert re.fullmatch(r"[a-hj-km-np-z2-9]{4}(-[a-hj-km-np-z2-9]{4}){4}", made.password)
    assert made.bits == 99


def test_words_come_from_the_list() -> None:
    made = passwords.generate(random.Random(1).randbytes, "words")
    assert len(made.password.split("-")) == 7
    assert set(made.password.split("-")) <= set(passwords.words())
    assert made.bits == 77


def test_the_list_is_large_pronounceable_and_forgives_one_misheard_mora() -> None:
    words = passwords.words()
    assert len(words) == len(set(words)) == 2048
    assert list(words) == sorted(words)
    assert all(re.fullmatch(r"([kstnhmyrwgzdbp][aiueo]){3}", word) for word in words)
    morae = [(word[:2], word[2:4], word[4:]) for word in words]
    for missing in range(3):
        left = [pair[:missing] + pair[missing + 1 :] for pair in morae]
        assert len(set(left)) == len(words)


@pytest.mark.parametrize(("kind", "length"), [("characters", 19), ("words", 5)])
def test_short_ones_are_not_made(kind: passwords.Kind, length: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        passwords.generate(random.Random(1).randbytes, kind, length=length)
    assert refused.value.code == "password.too-short"


def test_draws_are_even() -> None:
    rng = random.Random(5)
    drawn = Counter(
        itertools.chain.from_iterable(
            passwords.generate(rng.randbytes).password.replace("-", "") for _ in range(2000)
        )
    )
    assert set(drawn) == set(passwords.ALPHABET)
    mean = 2000 * 20 / len(passwords.ALPHABET)
    assert all(abs(count - mean) < 6 * mean**0.5 for count in drawn.values())


def test_values_beyond_the_last_whole_span_are_drawn_again() -> None:
    asked: list[int] = []

    def source(count: int) -> bytes:
        asked.append(count)
        return b"\xff\xff" if len(asked) == 1 else b"\0\0"

    assert passwords.generate(source).password == "aaaa-aaaa-aaaa-aaaa-aaaa"
    assert len(asked) == 21


def test_nothing_shows_a_password_by_accident() -> None:
    made = passwords.generate(random.Random(1).randbytes)
    assert made.password not in repr(made)
    assert made.password not in f"{made}"


@pytest.mark.parametrize(
    ("password", "score"), [("", 0), ("iloveyou", 0), ("経済産業省", 1), ("x" * 500, 0)]
)
def test_easy_ones_score_low(password: str, score: int) -> None:
    assert passwords.strength(password).score <= max(score, 2)
    with pytest.raises(RuleViolation) as refused:
        passwords.require_strong(password)
    assert refused.value.code == "password.too-weak"
    assert refused.value.articles == ("20-1(4)",)
    assert not password or password not in str(refused.value)


def test_generated_ones_are_strong() -> None:
    for kind in ("characters", "words"):
        made = passwords.generate(random.Random(3).randbytes, kind)
        assert passwords.require_strong(made.password).verdict == "strong"


def test_what_everybody_knows_of_a_person_counts_as_weak() -> None:
    alone = passwords.strength("kawaguchijunko")
    known = passwords.strength("kawaguchijunko", known=["kawaguchi", "junko"])
    assert known.guesses_log10 < alone.guesses_log10


def test_a_strong_but_short_one_is_refused() -> None:
    with pytest.raises(RuleViolation):
        passwords.require_strong("x9$Kq2!vZ")


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.text(max_size=200))
def test_every_text_is_judged(password: str) -> None:
    judged = passwords.strength(password)
    assert 0 <= judged.score <= 4
    assert judged.verdict
