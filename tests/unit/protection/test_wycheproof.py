"""Wycheproof's vectors through the code that opens envelopes, not beside it.

What a vector calls acceptable may be opened or refused; if it is opened, the result must be right.
"""

import io
import json
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import cms_bulk, cms_inside, cms_password, cms_wire
from meti_desk.protection.keys.base import Wrap
from meti_desk.protection.keys.software import SoftwareKey
from meti_desk.protection.recipients import unwrap, unwrap_key

VECTORS = os.environ.get("METI_DESK_VECTORS", "")

Case = tuple[dict[str, Any], dict[str, Any]]

pytestmark = pytest.mark.skipif(not VECTORS, reason="METI_DESK_VECTORS is not set")


def cases(name: str) -> Iterator[Case]:
    """Give every vector of a file with its group."""
    held = json.loads((Path(VECTORS) / f"{name}_test.json").read_text(encoding="utf-8"))
    for group in held["testGroups"]:
        for test in group["tests"]:
            yield group, test


def run(name: str, work: Callable[[Any, Any], bytes | None], expected: str) -> dict[str, int]:
    """Run all vectors of a file; `None` is for those that our code has no way to take."""
    counts: dict[str, int] = {}
    for group, test in cases(name):
        what, opened = test["result"], None
        try:
            opened = work(group, test)
        except InvalidInput:
            outcome = "refused"
        else:
            outcome = "not ours" if opened is None else "opened"
        if outcome == "opened":
            assert what != "invalid", test
            assert opened == bytes.fromhex(test[expected]), test
        elif outcome == "refused":
            assert what != "valid", test
        counts[f"{what}, {outcome}"] = counts.get(f"{what}, {outcome}", 0) + 1
    print(f"\n{name}: {counts}")  # noqa: T201 - how many of each is part of the record
    return counts


@lru_cache
def own_key(text: str) -> SoftwareKey:
    """Read a private key once for all vectors that use it."""
    private = load_der_private_key(bytes.fromhex(text), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    return SoftwareKey(private, b"")


@pytest.mark.parametrize("bits", [3072, 4096])
def test_oaep(bits: int) -> None:
    def work(group: Any, test: Any) -> bytes | None:
        if test["label"] and test["result"] != "invalid":
            return None
        encrypted = bytes.fromhex(test["ct"])
        key = own_key(group["privateKeyPkcs8"])
        opened = bytes(key.decrypt_oaep(encrypted, "sha256"))
        if 16 <= len(opened) <= 64:
            wrap = Wrap(kind="rsa-oaep", encrypted=encrypted)
            assert bytes(unwrap(wrap, key)) == opened
        return opened

    counts = run(f"rsa_oaep_{bits}_sha256_mgf1sha256", work, "msg")
    assert counts["valid, opened"] >= 10
    assert counts["invalid, refused"] >= 10


def test_labels_of_oaep_are_refused() -> None:
    for group, test in cases("rsa_oaep_3072_sha256_mgf1sha256"):
        if test["label"] and test["result"] == "valid":
            wrap = Wrap(kind="rsa-oaep", encrypted=bytes.fromhex(test["ct"]))
            with pytest.raises(InvalidInput) as refused:
                unwrap(wrap, own_key(group["privateKeyPkcs8"]))
            assert refused.value.code == "open.tampered"


def test_pbkdf2() -> None:
    def work(_: Any, test: Any) -> bytes:
        password, salt = bytes.fromhex(test["password"]), bytes.fromhex(test["salt"])
        rounds, size = test["iterationCount"], test["dkLen"]
        return cms_password.derived(password, salt, rounds, "sha256", size)

    counts = run("pbkdf2_hmacsha256", work, "dk")
    assert counts == {"valid, opened": 60}


def test_aes_gcm_as_in_envelopes() -> None:
    def work(group: Any, test: Any) -> bytes | None:
        key, nonce = bytes.fromhex(test["key"]), bytes.fromhex(test["iv"])
        if group["tagSize"] != 8 * cms_wire.TAG or len(nonce) not in cms_wire.NONCES:
            return None  # such a nonce is refused where the envelope is read
        end = cms_wire.Tail(bytes.fromhex(test["tag"]), bytes.fromhex(test["aad"]))
        target = io.BytesIO()
        block = memoryview(bytes.fromhex(test["ct"]))
        cms_bulk.open_gcm([block] if block else [], target, key, nonce, end)
        if not end.associated and len(nonce) == 12:
            made = io.BytesIO()
            plain = io.BytesIO(bytes.fromhex(test["msg"]))
            cms_bulk.encrypt(plain, made, key, nonce, len(plain.getvalue()))
            assert made.getvalue() == bytes(block) + cms_wire.tail(end.tag)
        return target.getvalue()

    counts = run("aes_gcm", work, "msg")
    assert counts["valid, opened"] >= 150
    assert counts["invalid, refused"] >= 60


def test_aes_key_wrap() -> None:
    def work(_: Any, test: Any) -> bytes:
        return bytes(unwrap_key(bytes.fromhex(test["key"]), bytes.fromhex(test["ct"])))

    counts = run("aes_wrap", work, "msg")
    assert counts["valid, opened"] >= 30
    assert counts["invalid, refused"] >= 80


def test_ecdh_p_256() -> None:
    def work(_: Any, test: Any) -> bytes:
        private = ec.derive_private_key(int(test["private"], 16), ec.SECP256R1())
        return bytes(SoftwareKey(private, b"").agree(bytes.fromhex(test["public"])))

    counts = run("ecdh_secp256r1", work, "shared")
    assert counts["valid, opened"] >= 300


def test_hkdf_of_the_sealed_name() -> None:
    def work(_: Any, test: Any) -> bytes | None:
        if test["size"] > 255 * 32:
            return None
        key, salt, info = (bytes.fromhex(test[part]) for part in ("ikm", "salt", "info"))
        return cms_inside.derived(key, test["size"], info, salt)

    counts = run("hkdf_sha256", work, "okm")
    assert counts["valid, opened"] >= 80
