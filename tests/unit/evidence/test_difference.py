"""How much was changed: nothing for the same text, all of what came, in time linear in it."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.evidence.difference import Difference, difference

some = settings(derandomize=True, deadline=None, max_examples=300, database=None)
TEXTS = st.text(alphabet="補助金の審査。\n.! あa1", max_size=60)


def test_what_is_added_and_removed_is_counted() -> None:
    before = "第一条。第二条。第三条。"
    assert difference(before, before) == (0, 0)
    assert difference(before, f"{before}追記した。") == (5, 0)
    assert difference(before, "第一条。第三条。") == (0, 4)
    assert difference("", before) == (12, 0)


def test_of_a_rewritten_sentence_the_changed_part_counts() -> None:
    before = "予算額は100千円とする。"
    assert difference(before, "予算額は250千円とする。") == (2, 2)
    assert difference(before, "予算額は1000千円とする。") == (1, 0)


def test_moved_sentences_and_white_space_are_no_change() -> None:
    assert difference("甲。乙。丙。", "丙。甲。\n 乙。") == (0, 0)


@some
@given(TEXTS, TEXTS)
def test_backwards_it_is_the_other_way_round(one: str, two: str) -> None:
    assert difference(one, two) == Difference(*difference(two, one)[::-1])


@some
@given(TEXTS, TEXTS)
def test_the_balance_is_the_difference_of_the_lengths(one: str, two: str) -> None:
    added, removed = difference(one, two)
    lengths = [len("".join(text.split())) for text in (one, two)]
    assert added - removed == lengths[1] - lengths[0]
    assert min(added, removed) >= 0


def test_time_is_linear() -> None:
    r = random.Random(1)
    one, two = ("".join(r.choices("あい。", k=500_000)) for _ in range(2))
    for before, after in (
        (one, two),
        ("あ" * 500_000, "あ" * 499_999 + "い"),
        ("。" * 500_000, one),
    ):
        began = time.process_time()
        difference(before, after)
        assert time.process_time() - began < 10
