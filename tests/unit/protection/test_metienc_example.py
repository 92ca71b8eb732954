"""The example of docs/metienc.md, read from the document and taken apart by it alone."""

import hashlib
import io
import re
import struct
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import inside, registry
from meti_desk.protection.base import Key
from meti_desk.protection.metienc_header import Header, pack, read

TEXT = (Path(__file__).parents[3] / "docs" / "metienc.md").read_text(encoding="utf-8")
CONTENT_KEY = bytes(range(32))
LABEL = "C2;I2;A1\nr=複製禁止"
CONTENT = "会議\n".encode()


def block(name: str) -> bytes:
    """Give the bytes of a block of the document."""
    found = re.search(rf"```hex {name}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    lines = found[1].strip().splitlines()
    raw = bytearray()
    for line in lines:
        at, _, octets = line.partition("  ")
        assert int(at, 16) == len(raw)
        raw += bytes.fromhex(octets)
    return bytes(raw)


def test_the_file_of_the_document_opens() -> None:
    source = io.BytesIO(block("file"))
    target = io.BytesIO()
    assert registry.open_any(source, target, Key("かぎ 1234")) == "議事録.txt"
    assert target.getvalue() == CONTENT
    assert registry.contents(source, Key(content_key=CONTENT_KEY))[0].label == LABEL


def test_its_header_is_written_the_same() -> None:
    raw = block("file")
    header, context = read(io.BytesIO(raw))
    assert (header.document, header.label) == ("m-0001", "C2;I2;A1")
    assert raw[: len(context)] == pack(header) == context
    assert len(context) == 125


def test_the_inside_is_as_told() -> None:
    sources = [("議事録.txt", io.BytesIO(CONTENT))]
    assert inside.joined(sources, LABEL) == block("inside")
    listed = inside.unpacked(block("inside")[4:-7])
    assert [(one.name, one.size) for one in listed.members] == [("議事録.txt", 7)]


def test_a_stranger_needs_the_document_alone() -> None:
    """Follow the tables with a library of ciphers: the places, the wrap, the one chunk."""
    raw = block("file")
    assert raw[:8] == b"\x89METIENC"
    version, suite, count, length = struct.unpack(">BBHI", raw[8:16])
    assert (version, suite, count, 16 + length) == (1, 1, 3, 0x7D)
    rounds, salt, nonce, wrapped = struct.unpack(">I16s12s48s", raw[0x2D:0x7D])
    slow = hashlib.pbkdf2_hmac("sha256", "かぎ 1234".encode(), salt, rounds)
    assert AESGCM(slow).decrypt(nonce, wrapped, b"metienc password wrap 1") == CONTENT_KEY
    assert len(raw) - 0x7D == 24 + 32 + len(block("inside")) + 16


@pytest.mark.parametrize("place", range(0, 125, 7))
def test_every_byte_of_its_header_counts(place: int) -> None:
    raw = bytearray(block("file"))
    raw[place] ^= 1
    target = io.BytesIO()
    with pytest.raises(InvalidInput):
        registry.open_any(io.BytesIO(bytes(raw)), target, Key(content_key=CONTENT_KEY))
    assert target.getvalue() == b""


def test_an_empty_header_is_the_shortest() -> None:
    assert len(pack(Header())) == 16 + 5 + 5
