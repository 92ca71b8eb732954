"""Sealed for readers: only the named devices read it, and only for the thing it is about."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from meti_desk.domain.errors import InvalidInput
from meti_desk.sync.sealed import Sealed, point_of, public_of, readers_of, seal, unseal


class Reader:
    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.point = point_of(self.key.public_key())

    def agree(self, point: bytes) -> bytes:
        return self.key.exchange(ec.ECDH(), public_of(point))


def test_every_reader_reads_and_nobody_else() -> None:
    one, other, stranger = Reader(), Reader(), Reader()
    sealed = seal("極秘の題名".encode(), "review:d1", {"a": one.point, "b": other.point})
    assert "極秘の題名".encode() not in sealed
    assert readers_of(sealed) == {"a", "b"}
    for device, reader in (("a", one), ("b", other)):
        assert unseal(sealed, "review:d1", device, reader.agree).decode() == "極秘の題名"
    with pytest.raises(InvalidInput, match=r"sealed\.not-for-me"):
        unseal(sealed, "review:d1", "c", stranger.agree)
    with pytest.raises(InvalidInput, match=r"sealed\.damaged"):
        unseal(sealed, "review:d1", "a", stranger.agree)
    with pytest.raises(InvalidInput, match=r"sealed\.damaged"):
        unseal(sealed, "review:d2", "a", one.agree)


def test_a_change_anywhere_is_noticed() -> None:
    reader = Reader()
    sealed = seal(b"where it lies", "review:d1", {"a": reader.point})
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(InvalidInput):
            unseal(bytes(changed), "review:d1", "a", reader.agree)


def test_a_wrap_cannot_be_put_under_another_device() -> None:
    reader = Reader()
    held = msgspec.msgpack.decode(seal(b"x", "r:1", {"a": reader.point}), type=Sealed)
    moved = msgspec.structs.replace(
        held, wraps=(msgspec.structs.replace(held.wraps[0], device="b"),)
    )
    with pytest.raises(InvalidInput, match=r"sealed\.damaged"):
        unseal(msgspec.msgpack.encode(moved), "r:1", "b", reader.agree)


def test_nothing_is_sealed_for_nobody_or_for_what_is_no_point() -> None:
    with pytest.raises(InvalidInput, match=r"sealed\.no-readers"):
        seal(b"x", "r:1", {})
    with pytest.raises(InvalidInput, match=r"sealed\.reader"):
        seal(b"x", "r:1", {"a": bytes(65)})
