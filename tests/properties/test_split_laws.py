"""Laws of splitting: a share alone says nothing, any flip is told, whatever fits comes back."""

import io
import os
import secrets
from collections import Counter
from collections.abc import Iterator  # noqa: TC003 - a plain import reads better in a test
from functools import lru_cache
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.protection import split as format_
from meti_desk.protection.split import Manifest, Part, Slice, read_part, write_part
from meti_desk.protection.split_cipher import Inside, bound_to, context, seal, unseal_to_file
from meti_desk.protection.split_shares import divide, scheme_for, unite
from meti_desk.protection.split_text import (
    ShareText,
    code_text,
    faults_of,
    read_share,
    typed_words,
    word_lines,
)
from tests.unit.services.fakes import KeySealer

FULL = os.environ.get("METI_DESK_FULL") == "1"
EXAMPLES = settings(
    derandomize=True,
    max_examples=1000 if FULL else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
SECRET = "入札予定価格は金壱億円也。".encode() * 3
NAME = "入札予定価格.docx"
KEYS = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(2, 16).flatmap(lambda n: st.tuples(st.just(n), st.integers(2, n)))


def sealed(n: int, k: int, data: bytes = SECRET) -> tuple[list[bytes], bytes]:
    """Make the parts of a set in memory; gives them and the key."""
    import hashlib

    key, set_id = secrets.token_bytes(32), secrets.token_hex(16)
    inside = Inside(name=NAME, size=len(data), sha256=hashlib.sha256(data).hexdigest())
    cipher = io.BytesIO()
    done = seal(io.BytesIO(data), cipher, key, context(set_id, n, k), inside)
    shares = divide(key, n, k, secrets.token_bytes)
    scheme = scheme_for(n, k)
    cuts = format_.plan_slices(done.size, (True,) * n, cut=k == n)
    raw = cipher.getvalue()
    manifest = Manifest(
        set=set_id, n=n, k=k, scheme=scheme, size=done.size, sha256=done.sha256,
        parts=tuple(
            Slice(
                at, length, hashlib.sha256(raw[at : at + length]).hexdigest(),
                format_.commitment(set_id, index, share),
            )
            for index, ((at, length), share) in enumerate(zip(cuts, shares, strict=True), start=1)
        ),
    )  # fmt: skip
    encoded, sealer = format_.encode_manifest(manifest), KeySealer()
    parts = []
    for index, (share, (at, length)) in enumerate(zip(shares, cuts, strict=True), start=1):
        part = Part(
            index=index, manifest=encoded, public_key=sealer.public_key(),
            signature=sealer.sign(format_.signed_bytes(encoded)), share=share, body=0,
        )  # fmt: skip
        made = io.BytesIO()
        write_part(made, part, cipher, at, length)
        parts.append(made.getvalue())
    return parts, key


def reopened(raws: list[bytes]) -> bytes:
    """Put parts together with nothing but the format's own functions."""
    from meti_desk.app import _verify

    parts = [read_part(io.BytesIO(raw)) for raw in raws]
    for part in parts:
        message = format_.signed_bytes(part.manifest)
        if not _verify(part.public_key, message, part.signature):
            raise InvalidInput("split.part-damaged", what="signature")
    manifest = format_.read_manifest(parts[0].manifest)
    key = unite([one.share for one in parts], manifest.scheme)
    pieces = [
        raw[one.body : one.body + manifest.parts[one.index - 1].length]
        for raw, one in zip(raws, parts, strict=True)
    ]
    cipher = b"".join(pieces) if manifest.needs_all_data() else pieces[0]
    target = io.BytesIO()
    inside = unseal_to_file(io.BytesIO(cipher), target, key, bound_to(manifest), 0, manifest.size)
    assert inside.name == NAME
    return target.getvalue()


@EXAMPLES
@given(KEYS, NUMBERS, st.randoms(use_true_random=False))
def test_any_k_shares_give_the_key_back(key: bytes, numbers: tuple[int, int], dice: object) -> None:
    n, k = numbers
    shares = divide(key, n, k, secrets.token_bytes)
    chosen = dice.sample(range(n), k)  # type: ignore[attr-defined]
    assert unite([shares[at] for at in chosen], scheme_for(n, k)) == key


@pytest.mark.parametrize("n", [2, 3])
def test_fewer_than_all_xor_shares_are_exactly_as_likely_whatever_the_key(n: int) -> None:
    """Go through all random numbers for keys of one byte over a small alphabet: exact, no sample.

    Shares are drawn here from two bits, so that all outcomes can be counted.
    """
    values = [bytes([value]) for value in range(4)]
    for held in combinations(range(n), n - 1):
        seen = []
        for key in values:
            outcomes: Counter[tuple[bytes, ...]] = Counter()
            for drawn in product(values, repeat=n - 1):
                source: Iterator[bytes] = iter(drawn)
                shares = divide(key, n, n, lambda _, source=source: next(source))  # type: ignore[misc]
                outcomes[tuple(shares[at] for at in held)] += 1
            seen.append(outcomes)
        assert all(one == seen[0] for one in seen)
        assert len(set(seen[0].values())) == 1
        assert len(seen[0]) == 4 ** (n - 1)


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 3), (3, 2), (5, 3)])
def test_every_share_of_one_key_is_spread_evenly(n: int, k: int) -> None:
    """A fixed key, many splits: each bit of each share's value is set half of the time."""
    rounds = 2000 if FULL else 400
    behind = 0 if n == k else 30  # a SLIP-39 share ends with a checksum of three words
    ones = [[0] * 256 for _ in range(n)]
    for _ in range(rounds):
        for place, share in enumerate(divide(b"\xff" * 32, n, k, secrets.token_bytes)):
            bits = int.from_bytes(share, "big") >> behind
            for at in range(256):
                ones[place][at] += bits >> at & 1
    # Six standard deviations: once in 10^5 runs for all of these bits together.
    slack = 6 * (rounds / 4) ** 0.5
    worst = max(abs(count - rounds / 2) for share in ones for count in share)
    assert worst < slack


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 3), (3, 2), (16, 16), (16, 9)])
def test_a_part_holds_neither_name_nor_content_nor_key(n: int, k: int) -> None:
    parts, key = sealed(n, k)
    for raw in parts:
        assert SECRET[:12] not in raw
        assert NAME.encode()[:9] not in raw
        assert key not in raw
    chosen = parts[-k:]
    assert reopened(chosen) == SECRET


@lru_cache
def _small(n: int, k: int) -> tuple[list[bytes], bytes]:
    return sealed(n, k, b"x" * 20)


@pytest.mark.parametrize(("n", "k"), [(2, 2), (3, 2)])
def test_every_bit_of_every_byte_matters(n: int, k: int) -> None:
    parts, _ = _small(n, k)
    others = parts[1:k]
    raw = parts[0]
    bits = range(8) if FULL else (0, 7)
    for at in range(len(raw)):
        for bit in bits:
            changed = bytearray(raw)
            changed[at] ^= 1 << bit
            with pytest.raises(MetiDeskError) as caught:
                reopened([bytes(changed), *others])
            assert caught.value.code.startswith("split.")


def test_every_truncation_and_every_addition_is_told() -> None:
    raw = _small(2, 2)[0][0]
    for length in range(len(raw)):
        with pytest.raises(InvalidInput) as caught:
            read_part(io.BytesIO(raw[:length]))
        assert caught.value.code.startswith("split.")
    with pytest.raises(InvalidInput):
        read_part(io.BytesIO(raw + b"\0"))


@EXAMPLES
@given(st.binary(max_size=400))
def test_anything_after_the_magic_is_refused_by_name(tail: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_part(io.BytesIO(format_.MAGIC + b"\x01" + tail))
    assert caught.value.code.startswith("split.")


@EXAMPLES
@given(st.data())
def test_a_manifest_whose_numbers_lie_is_refused(data: st.DataObject) -> None:
    raw = read_part(io.BytesIO(_small(3, 2)[0][0])).manifest
    found = format_.read_manifest(raw)
    number = st.integers(-(1 << 62), 1 << 62)
    field = data.draw(st.sampled_from(["n", "k", "size", "offset", "length"]))
    value = data.draw(number)
    import msgspec

    if field in ("offset", "length"):
        part = msgspec.structs.replace(found.parts[0], **{field: value})
        changed = msgspec.structs.replace(found, parts=(part, *found.parts[1:]))
    else:
        changed = msgspec.structs.replace(found, **{field: value})
    if changed == found or (field, value) in (("length", 0), ("k", 2)):
        return
    with pytest.raises(InvalidInput):
        format_.read_manifest(format_.encode_manifest(changed))


def shares_on_paper() -> st.SearchStrategy[ShareText]:
    @st.composite
    def make(draw: st.DrawFn) -> ShareText:
        n, k = draw(NUMBERS)
        at = draw(st.integers(0, n - 1))
        set_id = draw(st.binary(min_size=16, max_size=16)).hex()
        share = divide(draw(KEYS), n, k, secrets.token_bytes)[at]
        return ShareText(set=set_id, index=at + 1, scheme=scheme_for(n, k), share=share)

    return make()


@EXAMPLES
@given(shares_on_paper())
def test_codes_and_words_are_read_back(share: ShareText) -> None:
    assert read_share(code_text(share, 16).lower()) == share
    words = " ".join(word for line in word_lines(share) for word in line)
    read = read_share(f"1. {words.upper()}，")
    assert (read.index, read.share) == (share.index, share.share)
    assert share.set.startswith(read.set)


@EXAMPLES
@given(shares_on_paper(), st.data())
def test_a_wrong_word_is_told_by_its_place(share: ShareText, data: st.DataObject) -> None:
    words = [word for line in word_lines(share) for word in line]
    at = data.draw(st.integers(0, len(words) - 1))
    other = data.draw(st.sampled_from(words))
    slipped = words[at][:-1] + ("a" if words[at][-1] != "a" else "e") * 2
    if other != words[at]:
        changed = [*words[:at], other, *words[at + 1 :]]
        faults = faults_of(tuple(changed))
        # A line's check is eleven bits: one wrong word in 2,048 fits by chance.
        if faults:
            assert {one.line for one in faults} == {at // 5 + 1}
            if share.scheme == "slip-39":
                assert [(one.place, one.suggestion) for one in faults] == [(at + 1, words[at])]
    typo = faults_of((*words[:at], slipped, *words[at + 1 :]))
    assert [one.place for one in typo] == [at + 1]
    assert slipped not in repr(typo)


@EXAMPLES
@given(st.text(max_size=200))
def test_any_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_share(text)
    assert caught.value.code in {"split.words-count", "split.words-wrong", "split.code-wrong"}


def test_what_stands_around_words_does_not_matter() -> None:
    assert typed_words("１. Ｂａｂｉｓｅ、2)badare\n") == ("babise", "badare")
