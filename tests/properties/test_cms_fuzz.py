"""Whatever bytes an envelope is made of: an error by name, or what was put into it."""

import io
import os
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import cms_inside, cms_wire, der
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.cms import Cms

EXAMPLES = 5000 if os.environ.get("METI_DESK_FULL") == "1" else 150
CMS = Cms()
CONTENT = bytes(range(256)) * 3

elements = st.recursive(
    st.builds(
        der.tlv, st.sampled_from([0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x80]), st.binary(max_size=40)
    ),
    lambda inner: st.builds(
        lambda tag, parts: der.tlv(tag, *parts),
        st.sampled_from([0x24, 0x30, 0x31, 0xA0, 0xA1, 0xA2, 0xA3, 0xA4]),
        st.lists(inner, max_size=5),
    ),
    max_leaves=25,
)


def made() -> tuple[bytes, Key]:
    """Make an envelope once; its content key opens it without the slow way."""
    out = io.BytesIO()
    key = CMS.protect(io.BytesIO(CONTENT), out, Lock("pass", rounds=1), name="a.txt", label="C2")
    return out.getvalue(), Key(content_key=key.content_key)


ENVELOPE, KEY = made()


def tried(data: bytes) -> bytes | None:
    """Open bytes in every way; `None` when they are refused by name and nothing is left."""
    target = io.BytesIO()
    CMS.recognise(data[:4096], io.BytesIO(data))
    for work in (CMS.wraps, lambda source: CMS.contents(source, KEY)):
        with suppress(InvalidInput):
            work(io.BytesIO(data))
    try:
        CMS.open(io.BytesIO(data), target, KEY)
    except InvalidInput:
        assert target.getvalue() == b""
        return None
    return target.getvalue()


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    assert tried(data) is None


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(ENVELOPE) - 1), st.integers(1, 255)), min_size=1))
def test_any_changes(changes: list[tuple[int, int]]) -> None:
    changed = bytearray(ENVELOPE)
    for at, mask in changes:
        changed[at] ^= mask
    assert tried(bytes(changed)) in {None, CONTENT}


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, len(ENVELOPE)), st.integers(0, len(ENVELOPE)), st.binary(max_size=60))
def test_any_piece_cut_out_or_put_in(begin: int, end: int, put: bytes) -> None:
    changed = ENVELOPE[:begin] + put + ENVELOPE[end:]
    assert tried(changed) in {None, CONTENT}


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.lists(elements, max_size=6), st.booleans())
def test_any_elements_where_the_envelope_should_be(parts: list[bytes], ending: bool) -> None:  # noqa: FBT001 - drawn
    from meti_desk.protection import cms_names as names

    inner = der.sequence(*parts)
    if ending:
        inner = b"\x30\x80" + b"".join(parts) + b"\0\0"
    assert tried(der.sequence(names.AUTH_ENVELOPED, der.tlv(0xA0, inner))) is None


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(elements)
def test_der_is_read_back_and_stays(element: bytes) -> None:
    try:
        plain = der.to_der(element)
    except InvalidInput:
        return
    assert der.to_der(plain) == plain
    assert b"".join(node.raw for node in der.nodes(plain)) == plain


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.integers(-(1 << 62), 1 << 62))
def test_numbers(value: int) -> None:
    assert der.number(der.single(der.integer(value), der.INTEGER)) == value


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.text(max_size=300))
def test_labels_come_back(key: bytes, label: str) -> None:
    box, nonce = cms_inside.sealed(key, "名前.docx", label)
    assert cms_inside.opened(key, nonce, (box,)) == ("名前.docx", label)


@settings(derandomize=True, max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.binary(max_size=700), max_size=8), st.booleans(), st.binary(max_size=4))
def test_content_in_pieces_is_the_same_content(
    pieces: list[bytes],
    endless: bool,  # noqa: FBT001 - drawn
    behind: bytes,
) -> None:
    strings = b"".join(der.octets(piece) for piece in pieces)
    whole = b"ab" + strings + (b"\0\0" if endless else b"") + behind
    envelope = cms_wire.Envelope(
        mode="gcm",
        bits=256,
        nonce=bytes(12),
        tag_size=16,
        recipients=cms_wire.Recipients(),
        begin=2,
        length=None if endless else len(strings),
        pieces=True,
        ends=(),
    )
    content = cms_wire.Content(io.BytesIO(whole), envelope)
    assert b"".join(bytes(block) for block in content.blocks()) == b"".join(pieces)
    assert content.size == sum(map(len, pieces))
