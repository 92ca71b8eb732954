"""Vectors that nobody here wrote (Wycheproof), through the code that reads `.metienc`."""

import hashlib
import io
import json
import os
import zlib
from collections import Counter
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.metienc_container import decrypted

VECTORS = os.environ.get("METI_DESK_VECTORS", "")
NAME = "c2sp_chunked_encryption_aes_256_gcm_test.json"


class Trickle(io.BytesIO):
    """A file that gives a few bytes at a time, so that chunks fall together otherwise."""

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Give at most 1,000 bytes."""
        return super().readinto(buffer[:1000])


def outcome(source: io.BytesIO, key: bytes, context: bytes) -> tuple[bytes, str]:
    """Give what came before the end or the refusal, and the code of the refusal."""
    got = b""
    try:
        for piece in decrypted(source, key, context):
            got += bytes(piece)
    except InvalidInput as refused:
        return got, refused.code
    return got, ""


@pytest.mark.parametrize("kind", [io.BytesIO, Trickle])
def test_chunked_encryption(kind: type[io.BytesIO], capsys: pytest.CaptureFixture[str]) -> None:
    if not VECTORS:
        pytest.skip("METI_DESK_VECTORS is not set")
    held = json.loads((Path(VECTORS) / NAME).read_text(encoding="utf-8"))
    results: Counter[str] = Counter()
    for group in held["testGroups"]:
        assert (group["aead"], group["sha"]) == ("AEAD_AES_256_GCM", "SHA-512")
        for test in group["tests"]:
            told = test["tcId"], test["comment"]
            # The file keeps long ciphertexts of few different bytes short by zlib.
            source = kind(zlib.decompress(bytes.fromhex(test["ct"])))
            key, context = bytes.fromhex(test["key"]), bytes.fromhex(test["ctx"])
            got, code = outcome(source, key, context)
            if test["result"] == "valid":
                assert code == "", told
                assert len(got) == test["msgLength"], told
                assert hashlib.sha512(got).hexdigest() == test["msgSha512"], told
            else:
                assert code == "open.tampered", told
            if "HeaderFailure" in test["flags"]:
                assert got == b"", told
            results[test["result"]] += 1
    assert sum(results.values()) == held["numberOfTests"]
    with capsys.disabled():
        print(f"\nWycheproof chunked encryption, {kind.__name__}: {dict(results)}")  # noqa: T201
