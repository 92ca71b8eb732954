"""Taking the padding of RSA-OAEP off by ourselves, as for cards that know only bare RSA."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.oaep import check, unpad
from tests.unit.protection.keys.key_material import rsa_key

KINDS = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}


def bare(key: rsa.RSAPrivateKey, encrypted: bytes) -> bytes:
    """Do what a card does: the bare operation, leading zeros kept."""
    numbers = key.private_numbers()
    number = pow(int.from_bytes(encrypted, "big"), numbers.d, numbers.public_numbers.n)
    return number.to_bytes(key.key_size // 8, "big")


@settings(max_examples=25, derandomize=True, deadline=None)
@given(message=st.binary(max_size=190), name=st.sampled_from(sorted(KINDS)))
def test_what_was_encrypted_comes_back(message: bytes, name: str) -> None:
    key, kind = rsa_key(), KINDS[name]
    pad = padding.OAEP(padding.MGF1(kind()), kind(), None)
    block = bare(key, key.public_key().encrypt(message, pad))
    assert unpad(block, 384, name) == message
    assert unpad(block.lstrip(b"\0"), 384, name) == message


@settings(max_examples=100, derandomize=True, deadline=None)
@given(place=st.integers(0, 383), bit=st.integers(0, 7))
def test_every_fault_has_the_same_answer(place: int, bit: int) -> None:
    block = bytearray(_block())
    block[place] ^= 1 << bit
    with pytest.raises(InvalidInput) as told:
        unpad(bytes(block), 384, "sha256")
    assert (told.value.code, dict(told.value.params)) == ("key.no-match", {})


@pytest.mark.parametrize(("block", "length"), [(b"", 384), (b"\0" * 385, 384), (b"\0" * 60, 60)])
def test_blocks_of_no_fitting_length(block: bytes, length: int) -> None:
    with pytest.raises(InvalidInput):
        unpad(block, length, "sha256")


_made: list[bytes] = []


def _block() -> bytes:
    if not _made:
        pad = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
        _made.append(bare(rsa_key(), rsa_key().public_key().encrypt(b"content key", pad)))
    return _made[0]


@pytest.mark.skipif(
    not os.environ.get("METI_DESK_VECTORS"), reason="needs METI_DESK_VECTORS (Wycheproof)"
)
@pytest.mark.parametrize("bits", [3072, 4096])
def test_vectors_of_wycheproof(bits: int, record_property: Callable[[str, object], None]) -> None:
    name = f"rsa_oaep_{bits}_sha256_mgf1sha256_test.json"
    held = json.loads((Path(os.environ["METI_DESK_VECTORS"]) / name).read_text())
    counted = 0
    for group in held["testGroups"]:
        key = load_der_private_key(bytes.fromhex(group["privateKeyPkcs8"]), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        length = key.key_size // 8
        modulus = key.private_numbers().public_numbers.n.to_bytes(length + 1, "big")
        for one in group["tests"]:
            encrypted = bytes.fromhex(one["ct"])
            if one["label"]:  # none is ever used here
                continue
            counted += 1
            try:
                check(encrypted, modulus)
                plain = unpad(bare(key, encrypted), length, "sha256")
            except InvalidInput:
                assert one["result"] != "valid", one["tcId"]
            else:
                assert one["result"] != "invalid", one["tcId"]
                assert plain == bytes.fromhex(one["msg"])
    record_property(name, counted)
    assert counted > 20
