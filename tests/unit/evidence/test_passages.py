"""Common passages: what a comparison of every pair of places finds, and no custom (Art. 6)."""

import os
import random
from difflib import SequenceMatcher

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.evidence.folding import fold
from meti_desk.evidence.passages import LEAST, Passage, common_passages, covered
from meti_desk.evidence.prints import Hashes, grams, winnow
from tests.unit.evidence.made_texts import KANJI, words

FULL = os.environ.get("METI_DESK_FULL") == "1"
some = settings(derandomize=True, deadline=None, max_examples=1000 if FULL else 60, database=None)
NONE = np.zeros(0, np.uint64)


def found(here: str, there: str, common: Hashes = NONE) -> list[Passage]:
    codes = fold(here)
    return common_passages(codes, fold(there), winnow(codes), common)


@some
@given(st.integers(0, 10**6))
def test_all_that_was_copied_is_found_in_its_places(number: int) -> None:
    chosen = random.Random(number)
    here, there = words(f"{number} here", chosen.randrange(400)), words(f"{number} there", 200)
    copied = []
    for part in range(chosen.randrange(4)):
        passage = words(f"{number} copied {part}", chosen.randrange(LEAST, 300))
        copied.append((len(here), len(there), passage))
        here += passage + "甲" + words(f"{number} here {part}", 80)
        there += passage + "乙" + words(f"{number} there {part}", 50)
    passages = found(here, there)
    for start, other, text in copied:
        match = next(p for p in passages if p.start <= start and p.end >= start + len(text))
        assert match.start - match.there == start - other
    for one in passages:
        assert here[one.start : one.end] == there[one.there : one.there + one.length]
        assert one.length >= LEAST
    assert len(passages) == len(copied)


@some
@given(st.integers(0, 10**6))
def test_nothing_longer_is_common_than_what_is_found(number: int) -> None:
    chosen = random.Random(number)
    pieces = [words(number + one, chosen.randrange(20, 140)) for one in range(6)]
    here = "".join(chosen.choice(pieces) for _ in range(6))
    there = "".join(chosen.choice(pieces) for _ in range(6))
    longest = SequenceMatcher(None, here, there, autojunk=False).find_longest_match()
    passages = found(here, there)
    most = max((one.length for one in passages), default=0)
    assert most == (longest.size if longest.size >= LEAST else 0)
    taken = [place for one in passages for place in range(one.start, one.end)]
    assert len(taken) == len(set(taken))
    assert covered(passages, len(here)) == len(taken) / len(here)


def test_sixty_characters_are_a_passage_and_fifty_nine_are_not() -> None:
    for length, count in ((LEAST, 1), (LEAST - 1, 0)):
        passage = words(1, length)
        here, there = words(2, 300) + "甲" + passage + "丙", words(3, 90) + "乙" + passage + "丁"
        assert len(found(here, there)) == count


def test_rows_of_dots_and_noughts_are_no_passage() -> None:
    rule = "・" * 200 + "0.0 " * 200
    assert found(words(1, 200) + rule, rule + words(2, 200)) == []


def test_custom_is_cut_out_and_what_stands_beside_it_is_found() -> None:
    custom, own = words(1, 500), words(2, LEAST)
    common = np.unique(grams(fold(custom)))
    there = words(3, 100) + custom + own + words(4, 100)
    assert found(words(5, 100) + custom + words(6, 100), there, common) == []
    (passage,) = found(words(5, 100) + custom + own + words(6, 100), there, common)
    assert passage.start <= 100 + 500 <= passage.start + 48
    assert passage.end >= 100 + 500 + LEAST


def test_custom_that_ends_alike_by_chance_is_still_custom() -> None:
    custom = words(1, 500)
    common = np.unique(grams(fold(custom)))
    for chance in range(1, 13):
        same = words(2, chance)
        here, there = custom + same + words(3, 90), custom + same + words(4, 90)
        assert found(here, there, common) == []


def test_a_text_that_repeats_itself_is_compared_in_time() -> None:
    block = words(1, 1000)
    passages = found(block * 300, "甲" + block * 300)
    assert covered(passages, 300_000) > 0.9


def test_a_hash_that_is_shared_by_chance_is_no_passage() -> None:
    here = words(1, 200)
    codes = fold(here)
    other = fold(words(2, 200, KANJI[::-1]))
    forged = winnow(codes)._replace(hashes=grams(other)[: len(winnow(codes).hashes)])
    assert common_passages(codes, other, forged, NONE) == []
