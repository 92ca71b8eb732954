import io
import os
import random

import msoffcrypto
import olefile
import pytest
from protection_samples import FULL, package

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import agile, registry
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.office import Office

OFFICE = Office()
PASSWORDS = [
    "a",
    "correct horse battery staple",
    "日本語のパスワード",
    "絵文字😀🔒",
    "quote\"<&>'",
    " space ",
    "x" * 255,
    "😀" * 127,
]


def code_of(action: object, *arguments: object, **named: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        action(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def protected(source: io.BytesIO, password: str = "pass") -> io.BytesIO:
    out = io.BytesIO()
    OFFICE.protect(source, out, Lock(password), name="")
    return out


def opened(source: io.BytesIO, password: str = "pass") -> bytes:
    out = io.BytesIO()
    OFFICE.open(source, out, Key(password))
    return out.getvalue()


@pytest.mark.parametrize("password", PASSWORDS)
def test_round_trip_and_an_independent_reader(docx: io.BytesIO, password: str) -> None:
    out = io.BytesIO()
    done = registry.protect("office", docx, out, Lock(password))
    assert done.listed
    assert done.meets == ("14-1", "14-2")
    assert opened(out, password) == docx.getvalue()
    theirs = io.BytesIO()
    file = msoffcrypto.OfficeFile(out)
    file.load_key(password=password, verify_password=True)
    file.decrypt(theirs, verify_integrity=True)
    assert theirs.getvalue() == docx.getvalue()


@pytest.mark.parametrize("size", [1, 15, 16, 17, 3000, 4096, 8200, 200_000])
def test_sizes_around_every_boundary(size: int) -> None:
    source = package(size)
    assert opened(protected(source)) == source.getvalue()


def test_the_key_has_all_its_256_bits(docx: io.BytesIO) -> None:
    with olefile.OleFileIO(protected(docx)) as file:
        info = agile.parse(file.openstream("EncryptionInfo").read())
    secret = agile.unlock(info, "pass")
    assert len(secret) == 32
    assert secret[16:] != b"\x36" * 16
    assert (info.spin, info.data.bits, info.data.hash) == (100_000, 256, "SHA512")


def test_two_files_share_nothing(docx: io.BytesIO) -> None:
    one, two = protected(docx).getvalue(), protected(docx).getvalue()
    same = sum(a == b for a, b in zip(one[512:30_000], two[512:30_000], strict=True))
    assert same < 300


def test_nothing_of_the_inside_shows(docx: io.BytesIO) -> None:
    raw = protected(docx).getvalue()
    for secret in (b"word/document.xml", b"PK\x03\x04", "経済".encode()):
        assert secret not in raw


def test_what_others_wrote_is_opened(docx: io.BytesIO) -> None:
    theirs = io.BytesIO()
    msoffcrypto.OfficeFile(docx).encrypt("鍵", theirs)
    assert opened(theirs, "鍵") == docx.getvalue()
    assert registry.detect(theirs) == registry.ProtectionFound("office", OFFICE.algorithms)


@pytest.mark.parametrize("wrong", ["Pass", "pass ", "another", "パス"])
def test_a_wrong_password_is_named(docx: io.BytesIO, wrong: str) -> None:
    target = io.BytesIO()
    assert code_of(OFFICE.open, protected(docx), target, Key(wrong)) == "open.wrong-password"
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.empty"),
        ("x" * 256, "password.too-long"),
        ("😀" * 128, "password.too-long"),
        ("tab\t", "password.bad-character"),
        ("half\ud83d", "password.bad-character"),
    ],
)
def test_passwords_that_office_cannot_carry(docx: io.BytesIO, password: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        OFFICE.protect(docx, io.BytesIO(), Lock(password), name="")
    assert refused.value.code == code
    assert refused.value.__context__ is None
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"PK", b"plain text", b"%PDF-1.7", b"PK\x05\x06"])
def test_what_is_no_package_is_refused(content: bytes) -> None:
    target = io.BytesIO()
    assert code_of(OFFICE.protect, io.BytesIO(content), target, Lock("p"), name="") == (
        "protect.wrong-kind"
    )
    assert target.getvalue() == b""


def test_protecting_twice_is_refused(docx: io.BytesIO) -> None:
    assert code_of(OFFICE.protect, protected(docx), io.BytesIO(), Lock("p"), name="") == (
        "protect.already-protected"
    )


def fast(source: io.BytesIO) -> bytes:
    """Protect with few rounds, so that thousands of tampered copies can be tried."""
    out = io.BytesIO()
    agile.encrypt(source, out, "pass", os.urandom, spin=2)
    return out.getvalue()


def outcome(raw: bytes) -> bytes | str:
    target = io.BytesIO()
    try:
        registry.open_any(io.BytesIO(raw), target, Key("pass"))
    except InvalidInput as refused:
        assert target.getvalue() == b""
        return refused.code
    return target.getvalue()


def test_no_flipped_byte_gives_another_plaintext() -> None:
    source = package(300)
    raw = fast(source)
    codes = set()
    for at in range(0, len(raw), 1 if FULL else 11):
        flipped = raw[:at] + bytes([raw[at] ^ (1 << at % 8)]) + raw[at + 1 :]
        result = outcome(flipped)
        assert isinstance(result, str) or result == source.getvalue(), at
        codes.add(result if isinstance(result, str) else "same")
    assert {"same", "open.wrong-password", "document.damaged"} <= codes
    assert "open.tampered" in codes


def test_every_flip_in_the_package_is_named_tampered() -> None:
    source = package(9000)
    raw = fast(source)
    rng = random.Random(2)
    for _ in range(2000 if FULL else 100):
        at = rng.randrange(512, 512 + 9000)
        flipped = raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :]
        assert outcome(flipped) == "open.tampered"


def test_no_truncation_passes() -> None:
    source = package(9000)
    raw = fast(source)
    for length in range(0, len(raw) - 512, 97 if FULL else 997):
        assert isinstance(outcome(raw[:length]), str), length


def test_absurd_rounds_are_refused_before_any_work() -> None:
    raw = fast(package(300))
    target = raw.replace(b'spinCount="2" ', b'spinCount="999999999" ')[: len(raw) + 8]
    with pytest.raises(InvalidInput) as refused:
        agile.parse(target[target.index(b"<?xml") - 8 : target.index(b"</encryption>") + 13])
    assert refused.value.code == "open.kdf-too-costly"


def test_a_file_without_its_integrity_part_is_refused() -> None:
    raw = fast(package(300))
    stream = raw[raw.index(b"<?xml") - 8 : raw.index(b"</encryption>") + 13]
    begin, end = stream.index(b"<dataIntegrity"), stream.index(b"<keyEncryptors")
    assert code_of(agile.parse, stream[:begin] + stream[end:]) == "open.tampered"


def test_an_entity_bomb_stays_small() -> None:
    stream = (
        b"\x04\0\x04\0\x40\0\0\0"
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>'
    )
    assert code_of(agile.parse, stream) == "open.unsupported"


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0" * 5000])
def test_detection_never_fails(content: bytes) -> None:
    assert registry.detect(io.BytesIO(content)) is None


def test_a_result_that_holds_something_else_is_not_proven(docx: io.BytesIO) -> None:
    other = protected(package(3000))
    assert code_of(registry.prove, "office", docx, other, Key("pass")) == "protect.not-proven"
    assert code_of(registry.prove, "office", docx, docx, Key("pass")) == "protect.not-proven"
    shorter = io.BytesIO(docx.getvalue() + b"more")
    assert code_of(registry.prove, "office", shorter, protected(docx), Key("pass")) == (
        "protect.not-proven"
    )
