"""A snapshot on the wire: as it was published, or refused."""

import re
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.sync.snapshots import MOST_TEXT, Snapshot, pack, topic_of, unpack
from meti_desk.sync.wire import download_message

WORDS = st.text(max_size=200)


@settings(max_examples=50, derandomize=True, deadline=None)
@given(WORDS, WORDS, WORDS)
def test_what_is_packed_is_unpacked(label: str, text: str, name: str) -> None:
    one = Snapshot(kind="form", label=label, text=text, name=name, procedure=text[::-1])
    assert unpack(pack(one), "form:urn:x") == one
    other = msgspec.structs.replace(one, text=text + "x")
    assert other.digest != one.digest


def test_texts_that_run_into_each_other_have_other_hashes() -> None:
    one = Snapshot(kind="form", label="1", text="ab", procedure="c")
    assert one.digest != Snapshot(kind="form", label="1", text="a", procedure="bc").digest


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.binary(max_size=400))
def test_rubbish_is_refused_by_its_code(body: bytes) -> None:
    for packed in (body, zstandard.compress(body)):
        with pytest.raises(InvalidInput, match=r"published\.malformed"):
            unpack(packed, "policy")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.data())
def test_a_changed_byte_is_refused_or_says_something_else(data: st.DataObject) -> None:
    one = Snapshot(kind="policy", label="1", text="title = 'x'\n" * 20)
    body = bytearray(pack(one))
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    # The frame has no check sum of its own: the signature over the whole body is the check.
    with suppress(InvalidInput):
        assert unpack(bytes(body), "policy").kind == "policy"


def test_nothing_is_unpacked_beyond_the_limit_or_for_another_topic() -> None:
    bomb = zstandard.compress(bytes(MOST_TEXT + 1))
    assert len(bomb) < 2000
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(100))
    whole = pack(Snapshot(kind="policy", label="1", text="x"))
    for body, topic in ((bomb, "policy"), (unsized, "policy"), (whole, "crypto"),
                        (whole + b"x", "policy"), (whole[:-3], "policy")):  # fmt: skip
        with pytest.raises(InvalidInput, match=r"published\.malformed"):
            unpack(body, topic)
    with pytest.raises(InvalidInput, match=r"published\.too-large"):
        pack(Snapshot(kind="policy", label="1", text="x" * MOST_TEXT))


@pytest.mark.parametrize("url", ["a b", "x\n", "", "字", "a" * 121])
def test_a_topic_has_plain_words(url: str) -> None:
    if url:
        with pytest.raises(InvalidInput, match=r"published\.topic"):
            topic_of("form", url)
    assert topic_of("form", "urn:meti-desk:selfcheck:staff") == "form:urn:meti-desk:selfcheck:staff"
    assert topic_of("policy") == "policy"


def test_the_example_of_the_protocol_is_what_it_says() -> None:
    text = (Path(__file__).parents[3] / "docs" / "protocol.md").read_text(encoding="utf-8")
    part = text.partition("\n## 配布\n")[2].partition("\n## ")[0]
    body, signature = (
        bytes.fromhex(re.findall(rf"\| `{name}` \| `([0-9a-f]+)` \|", part)[0])
        for name in ("download", "download_signature")
    )
    snapshot = Snapshot(kind="policy", label="2026.2", text='title = "取扱方針"\n')
    assert msgspec.msgpack.encode(snapshot) == body
    assert f"`{snapshot.digest}`" in part
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key.public_key().verify(signature, download_message("policy", 1_795_000_000_000, body))
    packed = zstandard.ZstdCompressor().compress(body)
    assert unpack(packed, "policy") == snapshot
