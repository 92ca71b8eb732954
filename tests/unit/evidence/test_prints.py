"""Fingerprints: folding as Unicode says, the guarantee of winnowing, and bytes that stay."""

import hashlib
import os
import random
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.evidence.folding import MOST, ends_of, fold, fold_parts, joined
from meti_desk.evidence.prints import (
    BITS,
    GRAM,
    REACH,
    WINDOW,
    grams,
    pack,
    prints,
    prints_of,
    unpack,
    winnow,
)
from tests.unit.evidence.made_texts import KANJI, words

MANY = b"\x01" + bytes(5 * (MOST // 8 + 1))
FULL = os.environ.get("METI_DESK_FULL") == "1"
some = settings(derandomize=True, deadline=None, max_examples=5000 if FULL else 200, database=None)


def shown(text: str) -> str:
    return "".join(map(chr, fold(text).tolist()))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("機密性２　情報\r\n", "機密性2情報"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("か\u3099き\u3099", "がぎ"),
        ("㈱ ⑩ … ㎡", "(株)10...m2"),
        ("ＭＥＴＩ Straße", "metistrasse"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("葛\U000e0100城 ☎\ufe0f", "葛城☎"),
        ("\u1112\u1161\u11ab", "한"),
        ("\uff9e か", "\u3099か"),
        ("ＡＢＣ", "abc"),
        ("\ud800x", "x"),
        ("", ""),
        (" \n\t", ""),
    ],
)
def test_a_text_is_folded_as_it_reads(written: str, folded: str) -> None:
    assert shown(written) == folded


@some
@given(st.text(max_size=60))
def test_folding_is_nfkc_without_case_and_what_is_not_seen(text: str) -> None:
    def seen(character: str) -> bool:
        if unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"}:
            return False
        return not (0xFE00 <= ord(character) < 0xFE10 or 0xE0100 <= ord(character) < 0xE01F0)

    whole = "".join(map(str.casefold, unicodedata.normalize("NFKC", text)))
    assert shown(text) == "".join(filter(seen, whole))


def test_blocks_make_no_difference() -> None:
    text = words(1, 200_000) + "㈱" + words(2, 1000)
    assert shown(text) == unicodedata.normalize("NFKC", text)
    codes = fold(text)
    apart = [grams(codes[at : at + GRAM])[0] for at in (0, 32767, 32768, 65535, 131071, 199_999)]
    assert [grams(codes)[at] for at in (0, 32767, 32768, 65535, 131071, 199_999)] == apart


def test_a_long_text_is_cut_where_it_makes_no_difference() -> None:
    line = words(1, 7000) + "か\u3099" * 50 + "\n\u3099"
    whole = unicodedata.normalize("NFKC", line * 300).replace("\n", "")
    assert shown(line * 300) == whole
    assert len(fold("字" * (1 << 21))) == 1 << 21


def test_parts_are_one_text() -> None:
    parts = [words(1, 100), "", words(2, 30), "\u3099" + words(3, 80)]
    whole = prints("\n".join(parts))
    assert whole.size
    assert prints_of(parts).tolist() == whole.tolist()
    assert prints_of([]).size == 0


def test_no_more_than_a_very_long_document_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meti_desk.evidence.folding.MOST", 150)
    parts = [words(1, 100), words(2, 100), words(3, 100)]
    assert joined(fold_parts(parts)).tolist() == fold(parts[0] + parts[1][:50]).tolist()


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("機 密　性２", 3, "２"),
        ("a\nbc", 1, "bc"),
        ("㈱の案", 3, "の案"),
        ("か\u3099の", 1, "の"),
        ("案", 0, "案"),
        ("か\u3099\u0301の\nﾊﾞの案", 4, "の案"),
        ("", 0, ""),
    ],
)
def test_a_place_leads_back_to_what_was_written(text: str, place: int, shown: str) -> None:
    assert text[int(np.searchsorted(ends_of(text), place, "right")) :] == shown


def test_a_heap_of_marks_on_one_letter_takes_no_time() -> None:
    heap = "a" + "\u0301\u0316" * 200_000
    assert len(fold(heap)) <= 31


@some
@given(st.integers(0, 10**6), st.integers(0, 400), st.sampled_from(["ab", "abcdefgh", KANJI]))
def test_every_window_keeps_its_least_hash_and_nothing_else(
    number: int, length: int, letters: str
) -> None:
    codes = fold(words(number, length, letters))
    hashes = grams(codes).tolist()
    kept = winnow(codes)
    least = set()
    for at in range(len(hashes) - WINDOW + 1):
        window = hashes[at : at + WINDOW]
        lowest = min(window)
        least.add(at + max(i for i, one in enumerate(window) if one == lowest))
    assert kept.places.tolist() == sorted(least)
    assert kept.hashes.tolist() == [hashes[at] for at in kept.places]


@some
@given(st.integers(0, 10**6))
def test_a_passage_of_59_characters_is_never_missed(number: int) -> None:
    chosen = random.Random(number)
    passage = words(number, REACH)
    texts = [
        words(number + side, chosen.randrange(300)) + passage + words(number - side, 100)
        for side in (1, 2)
    ]
    assert np.intersect1d(prints(texts[0]), prints(texts[1])).size


def test_the_hashes_are_those_of_all_versions() -> None:
    """They lie in stores: a change of these figures needs new fingerprints of every document."""
    text = "経済産業省情報セキュリティ対策基準（平成１８・０３・２２シ第１号）"
    assert grams(fold(text))[:3].tolist() == [401654737589, 165455879521, 1007478296781]
    articles = "".join(f"第{number}条　次条の例による。" for number in range(100))
    kept = pack(prints(articles))
    assert len(kept) == 1 + 5 * 47
    assert hashlib.sha256(kept).hexdigest()[:16] == "5932ace09bdecb8a"


def test_about_one_of_24_hashes_is_kept_and_few_meet_by_chance() -> None:
    codes = fold(words(5, 120_000, "".join(map(chr, range(0x4E00, 0x5E00)))))
    assert 22 < len(codes) / len(winnow(codes).places) < 27
    assert len(np.unique(grams(codes))) == len(codes) - GRAM + 1
    assert int(grams(codes).max()) < 1 << BITS


@some
@given(st.lists(st.integers(0, (1 << BITS) - 1)))
def test_packed_fingerprints_come_back_sorted_and_once(numbers: list[int]) -> None:
    assert unpack(pack(np.array(numbers, np.uint64))).tolist() == sorted(set(numbers))


@pytest.mark.parametrize(
    "odd", [b"", b"\x02", b"\x01abc", b"\x00" + bytes(5), pytest.param(MANY, id="many")]
)
def test_what_pack_did_not_write_is_refused(odd: bytes) -> None:
    with pytest.raises(ValueError, match="fingerprints"):
        unpack(odd)


def test_a_short_text_has_no_fingerprints() -> None:
    assert prints("短い文").size == 0
    assert prints(words(3, REACH - 1)).size == 0
    assert prints(words(3, REACH)).size == 1
