"""Changed files: never another plaintext where the format has integrity, and never a crash."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from protection_samples import FULL
from protection_tampering import CANARY, WITH_INTEGRITY, Sample, flipped, outcome, sample

from meti_desk.protection import registry

SMALL, LARGE = 300, 1 << 20
BITS = 10_000 if FULL else 40
CHUNK = (1 << 14) + 16
"""A chunk of the streaming encryption of `.metienc`."""


def test_every_method_is_tried() -> None:
    assert {*WITH_INTEGRITY, "pdf"} == registry.METHODS.keys()


def check(one: Sample, raw: bytes, told: object) -> str:
    """Insist on a refusal or the same plaintext; gives the code, empty for the plaintext."""
    got = outcome(raw)
    assert got.code or got.plain == one.plain, told
    return got.code


@pytest.mark.parametrize("method", WITH_INTEGRITY)
def test_no_flipped_byte_gives_another_plaintext(method: str) -> None:
    one = sample(method, SMALL)
    codes = Counter[str]()
    step = 1 if FULL else max(len(one.raw) // 400, 1)
    for at in range(0, len(one.raw), step):
        codes[check(one, flipped(one.raw, at * 8 + at % 8), at)] += 1
    refused = codes.keys() - {""}
    assert refused & {"open.wrong-password", "open.tampered"}, codes


@pytest.mark.parametrize("method", WITH_INTEGRITY)
def test_no_flipped_bit_of_a_large_file_gives_another_plaintext(method: str) -> None:
    one = sample(method, LARGE)
    chosen = random.Random(4711)
    for _ in range(BITS):
        bit = chosen.randrange(len(one.raw) * 8)
        check(one, flipped(one.raw, bit), bit)


@pytest.mark.parametrize("method", ["office", "cms", "metienc", "html"])
def test_at_full_cost_as_well(method: str) -> None:
    one = sample(method, SMALL, rounds=100_000 if method == "office" else 600_000)
    for at in (len(one.raw) // 3, len(one.raw) // 2, len(one.raw) - 30):
        check(one, flipped(one.raw, at * 8), at)


def places(raw: bytes, method: str) -> Iterator[int]:
    """Give the places where something begins or ends, and those beside."""
    yield from range(0, 200, 1 if FULL else 13)
    yield from range(200, len(raw), max(len(raw) // (2000 if FULL else 60), 1))
    if method == "metienc":
        begin = len(raw) % CHUNK
        for at in range(begin, len(raw), CHUNK):
            yield from (max(at - 1, 0), at, at + 1)
    for size in (4096, 1 << 16, 1 << 18):
        yield from range(size, len(raw), size * (1 if FULL else 5))
    yield from (len(raw) - 1, len(raw) - 10, len(raw) - 16, len(raw) - 17)


@pytest.mark.parametrize("method", WITH_INTEGRITY)
@pytest.mark.parametrize("size", [SMALL, 200_000])
def test_no_truncation_passes(method: str, size: int) -> None:
    one = sample(method, size)
    for length in places(one.raw, method):
        if length < len(one.raw):
            code = check(one, one.raw[:length], length)
            # Behind the data of a page and of an Office container nothing that counts may follow.
            assert code or (method in {"html", "office"} and length > len(one.plain)), length


def blocks(raw: bytes, size: int) -> list[tuple[int, int]]:
    """Cut what comes behind the header into blocks."""
    begin = len(raw) % size if len(raw) > size else 0
    return [(at, at + size) for at in range(begin, len(raw) - size + 1, size)]


@pytest.mark.parametrize("method", WITH_INTEGRITY)
@pytest.mark.parametrize("size", [16, 4096, CHUNK])
def test_swapped_repeated_and_dropped_blocks(method: str, size: int) -> None:
    one = sample(method, 200_000)
    parts = blocks(one.raw, size)
    chosen = random.Random(size)
    for _ in range(300 if FULL else 25):
        (a, b), (c, d) = sorted(chosen.sample(parts, 2))
        raw = one.raw
        swapped = raw[:a] + raw[c:d] + raw[b:c] + raw[a:b] + raw[d:]
        repeated = raw[:b] + raw[a:b] + raw[b:]
        over = raw[:c] + raw[a:b] + raw[d:]
        dropped = raw[:a] + raw[b:]
        for other in (swapped, repeated, over, dropped):
            check(one, other, (a, c))


@pytest.mark.parametrize("method", WITH_INTEGRITY)
def test_parts_of_two_files_do_not_mix(method: str) -> None:
    """Two files of one sender, one password and one length, cut together anywhere."""
    first, second = sample(method, 100_000), sample(method, 100_000, seed=8)
    assert len(first.raw) == len(second.raw)
    known = {first.plain, second.plain}
    for at in places(first.raw, method):
        for head, tail in ((first, second), (second, first)):
            got = outcome(head.raw[:at] + tail.raw[at:])
            assert got.code or got.plain in known, at


@pytest.mark.parametrize("method", WITH_INTEGRITY)
def test_more_behind_the_end_changes_nothing(method: str) -> None:
    one = sample(method, SMALL)
    for tail in (b"\0", b"more", one.raw):
        check(one, one.raw + tail, len(tail))


def test_a_pdf_has_no_integrity_and_says_so() -> None:
    """Flips are told as damage or pass unnoticed: the reason for the note on this method."""
    one = sample("pdf", SMALL)
    assert CANARY.strip() not in one.raw
    seen = Counter[str]()
    for at in range(0, len(one.raw), 1 if FULL else max(len(one.raw) // 150, 1)):
        got = outcome(flipped(one.raw, at * 8 + at % 8))
        seen["refused" if got.code else "same" if got.plain == one.plain else "other"] += 1
    assert seen["other"]
    assert registry.PDF.notes == ("pdf.no-integrity",)


def test_names_in_a_zip_have_no_integrity_and_it_says_so() -> None:
    one = sample("zip", SMALL)
    renamed = one.raw.replace(b"a.bin", b"b.exe")
    assert outcome(renamed).plain == one.plain
    assert "zip.names-visible" in registry.ZIP.notes
