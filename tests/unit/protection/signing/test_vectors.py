"""Signatures that nobody here made: the ECDSA and Ed25519 vectors of Wycheproof."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos

from meti_desk.protection.signing.algorithms import UnknownAlgorithmError, public_key, verify

FILES = {
    "ecdsa_secp256r1_sha256_test.json": "sha256_ecdsa",
    "ed25519_test.json": "ed25519",
}


def vectors(name: str) -> list[tuple[bytes, dict[str, Any]]]:
    folder = os.environ.get("METI_DESK_VECTORS")
    if not folder:
        pytest.skip("METI_DESK_VECTORS does not name the folder of the vectors")
    path = next(iter(Path(folder).rglob(name)), None)
    if path is None:
        pytest.skip(f"{name} is not there")
    held = json.loads(path.read_text())
    return [
        (bytes.fromhex(group["publicKeyDer"]), test)
        for group in held["testGroups"]
        for test in group["tests"]
    ]


@pytest.mark.parametrize("name", FILES)
def test_every_vector(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    algorithm = algos.SignedDigestAlgorithm({"algorithm": FILES[name]})
    good = bad = 0
    for key, test in vectors(name):
        message, signature = bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"])
        try:
            taken = verify(public_key(key), algorithm, "sha256", message, signature)
        except UnknownAlgorithmError:
            taken = False
        if test["result"] == "valid":
            assert taken, test["tcId"]
            good += 1
        elif test["result"] == "invalid":
            assert not taken, test["tcId"]
            bad += 1
    assert good
    assert bad
    with capsys.disabled():
        print(f" {name}: {good} valid, {bad} invalid", end="")  # noqa: T201 - the counts are asked for
