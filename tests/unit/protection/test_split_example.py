"""The worked example of docs/splitting.md, undone with nothing but what the document says."""

import base64
import hashlib
import json
import re
import struct
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from meti_desk.protection.split_text import read_share

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "splitting.md").read_text(encoding="utf-8")
KEY = bytes(range(32))
SET = bytes(range(16))
DOCUMENT = "入札予定価格の案".encode()


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXT, flags=re.DOTALL)


def taken_apart(raw: bytes) -> tuple[dict[str, object], bytes, bytes]:
    """Read a part by the table of the document; gives manifest, share and data."""
    assert raw[:9] == b"METIPART\x01"
    length, share_length = struct.unpack_from(">IH", raw, 10)
    public, signature = raw[16:48], raw[48:112]
    manifest = raw[112 : 112 + length]
    signed = b"meti-desk split manifest 1\0" + manifest
    Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    body = 112 + length + share_length
    share, data = raw[112 + length : body], raw[body:-32]
    assert hashlib.sha256(raw[:-32]).digest() == raw[-32:]
    told = json.loads(manifest)
    own = told["parts"][raw[9] - 1]
    assert own["length"] == len(data)
    assert own["sha256"] == hashlib.sha256(data).hexdigest()
    held = b"meti-desk split share 1\0" + SET + raw[9:10] + share
    assert own["share"] == hashlib.sha256(held).hexdigest()
    return told, share, data


def test_the_example_gives_the_document_back() -> None:
    parts = [taken_apart(base64.b64decode(one)) for one in blocks("part")]
    manifest = parts[0][0]
    assert manifest == parts[1][0]
    assert (manifest["set"], manifest["n"], manifest["k"]) == (SET.hex(), 2, 2)
    key = bytes(a ^ b for a, b in zip(parts[0][1], parts[1][1], strict=True))
    assert key == KEY
    cipher = parts[0][2] + parts[1][2]
    assert hashlib.sha256(cipher).hexdigest() == manifest["sha256"]
    opened = Cobblestone256Decryptor(key, b"meti-desk split 1\0" + SET + bytes([2, 2]))
    plain = opened.update(cipher) + opened.finalize()
    (length,) = struct.unpack_from(">I", plain)
    assert length % 512 == 0
    inside = json.loads(plain[4 : 4 + length])
    document = plain[4 + length :]
    assert (inside["name"], document) == ("案.txt", DOCUMENT)
    assert inside["sha256"] == hashlib.sha256(document).hexdigest()


def test_code_and_words_are_the_second_share() -> None:
    share = taken_apart(base64.b64decode(blocks("part")[1]))[1]
    (code,), (words,) = blocks("code"), blocks("words")
    raw = base64.b32decode(code.strip().removeprefix("METISHARE1:"))
    assert raw[:19] == SET + bytes([2, 2, 0])
    assert raw[19:51] == share
    assert raw[51:] == hashlib.sha256(raw[:51]).digest()[:4]
    assert read_share(code).share == read_share(words).share == share
    known = (ROOT / "resources" / "words.txt").read_text(encoding="utf-8").split()
    value = 0
    for line_number, line in enumerate(words.strip().split("\n")):
        places = [known.index(word) for word in line.split()]
        for place in places[:4]:
            value = value << 11 | place
        message = bytes([line_number]) + b"".join(place.to_bytes(2) for place in places[:4])
        check = hashlib.sha256(b"meti-desk split words 1\0" + message).digest()
        assert places[4] == int.from_bytes(check[:2]) >> 5
    assert value.to_bytes(39) == b"\x01" + SET[:5] + b"\x02" + share
