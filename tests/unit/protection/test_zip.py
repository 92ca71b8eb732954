import io
import os
import random
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import pyzipper
from Cryptodome.Cipher import AES
from Cryptodome.Util import Counter
from protection_samples import FULL

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.protection import registry, zipcrypt, zipwrite
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.cryptrec import Table
from meti_desk.protection.names import is_safe_name
from meti_desk.protection.zipaes import Zip

ZIP = Zip()
NAME = "会議 資料.txt"


def code_of(action: object, *arguments: object, **named: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        action(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def protected(content: bytes, password: str = "pass", name: str = NAME) -> io.BytesIO:
    out = io.BytesIO()
    registry.protect("zip", io.BytesIO(content), out, Lock(password), name=name)
    return out


def opened(source: io.BytesIO, password: str = "pass", member: int = 0) -> bytes:
    out = io.BytesIO()
    ZIP.open(source, out, Key(password), member=member)
    return out.getvalue()


def made(members: list[tuple[str, bytes]], password: bytes | None = b"pass") -> io.BytesIO:
    """Make an archive as somebody else would, with any names."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password)
        for name, content in members:
            archive.writestr(name, content)
    return out


@pytest.mark.parametrize("password", ["a", "日本語パス", "😀", "x" * 99, " a ", "鍵" * 33])
@pytest.mark.parametrize("size", [0, 1, 20, 5000, 600_000])
def test_round_trip(password: str, size: int) -> None:
    for content in (b"a" * size, random.Random(size).randbytes(size)):
        out = protected(content, password)
        assert opened(out, password) == content
        assert registry.contents(out, Key("")) == (registry.Member(NAME, size),)


def test_it_says_that_it_meets_14_1_only_and_why() -> None:
    done = registry.protect("zip", io.BytesIO(b"a"), io.BytesIO(), Lock("p"), name="a")
    assert done.meets == ("14-1",)
    assert not done.listed
    assert done.warnings == ("zip.sha-1", "zip.names-visible")
    assert [(n.algorithm, n.state, n.reason) for n in done.notes] == [
        ("sha-1", "monitored", "compatibility")
    ]


def test_the_format_is_ae_2_with_256_bits_and_tells_no_time() -> None:
    out = protected(b"content")
    with pyzipper.AESZipFile(out) as archive:
        (entry,) = archive.infolist()
    assert (entry.wz_aes_version, entry.wz_aes_strength, entry.CRC) == (2, 3, 0)
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert registry.detect(out) == registry.ProtectionFound("zip", ZIP.algorithms)


def test_what_packs_is_packed_and_what_does_not_is_stored() -> None:
    assert len(protected(b"a" * 100_000).getvalue()) < 1500
    assert len(protected(random.Random(1).randbytes(100_000)).getvalue()) < 100_400


def test_several_files_in_one() -> None:
    sources = [("a.txt", b"one"), ("b/c.txt", b"two" * 9000), ("空.txt", b"")]
    out = io.BytesIO()
    registry.protect_many([(n, io.BytesIO(c)) for n, c in sources], out, Lock("pass"))
    assert [m.name for m in registry.contents(out, Key("pass"))] == [n for n, _ in sources]
    for index, (name, content) in enumerate(sources):
        target = io.BytesIO()
        assert registry.open_any(out, target, Key("pass"), member=index) == name
        assert target.getvalue() == content
    assert (
        code_of(registry.open_any, out, io.BytesIO(), Key("pass"), member=3)
        == "open.no-such-member"
    )


def test_a_wrong_password_is_named_and_leaves_nothing() -> None:
    target = io.BytesIO()
    assert code_of(ZIP.open, protected(b"secret"), target, Key("Pass")) == "open.wrong-password"
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password.empty"),
        ("x" * 100, "password.too-long"),
        ("鍵" * 34, "password.too-long"),
        ("a\nb", "password.bad-character"),
        ("\udc80", "password.bad-character"),
    ],
)
def test_passwords_that_others_could_not_use(password: str, code: str) -> None:
    target = io.BytesIO()
    assert code_of(ZIP.protect, io.BytesIO(b"a"), target, Lock(password), name="a") == code
    assert target.getvalue() == b""


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../a",
        "a/../b",
        "/etc/passwd",
        "a//b",
        "C:\\a",
        "a\\b",
        "a:b",
        "a\x00b",
        "a\nb",
        "CON",
        "nul.txt",
        "a/COM1",
        "a.",
        "a ",
        "報告\u202efdp.exe",
        "x" * 256,
        "あ" * 86,
        "\ud800",
    ],
)
def test_unsafe_names_are_refused_both_ways(name: str) -> None:
    assert not is_safe_name(name)
    assert code_of(ZIP.protect, io.BytesIO(b"a"), io.BytesIO(), Lock("p"), name=name) == (
        "protect.unsafe-name"
    )


@pytest.mark.parametrize(
    "name", ["a", "日本語.docx", "a/b/c.txt", "..a", ".profile", "console", "あ" * 85]
)
def test_common_names_are_safe(name: str) -> None:
    assert is_safe_name(name)


@pytest.mark.parametrize("name", ["../../evil", "/abs", "a\\..\\b", "CON.txt"])
def test_path_traversal_is_refused(name: str) -> None:
    source = made([("good.txt", b"1"), (name, b"2")])
    assert code_of(registry.contents, source, Key("pass")) == "open.unsafe-name"
    assert code_of(registry.open_any, source, io.BytesIO(), Key("pass")) == "open.unsafe-name"


def test_a_link_is_refused() -> None:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"pass")
        entry = pyzipper.zipfile_aes.AESZipInfo("link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, b"/etc/passwd")
    assert code_of(registry.contents, out, Key("pass")) == "open.unsafe-name"


def test_names_that_fall_together_are_refused() -> None:
    assert code_of(registry.contents, made([("A.txt", b"1"), ("a.TXT", b"2")]), Key("pass")) == (
        "open.duplicate-name"
    )
    pair = [("a", io.BytesIO(b"1")), ("A", io.BytesIO(b"2"))]
    assert code_of(ZIP.protect_many, pair, io.BytesIO(), Lock("p")) == "protect.duplicate-name"


def test_a_member_that_somebody_slipped_in_is_refused() -> None:
    out = protected(b"secret")
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("added.txt", b"not from the sender")
    assert code_of(registry.contents, out, Key("pass")) == "open.unprotected-member"


def test_a_plain_archive_is_not_protected() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"b")
    assert registry.detect(out) is None
    assert code_of(registry.open_any, out, io.BytesIO(), Key("pass")) == "open.not-protected"


def test_too_many_members_and_bombs_are_refused() -> None:
    many = io.BytesIO()
    raw = protected(b"").getvalue()
    at = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    one = raw[at:end]
    count = 10_001
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(one) * count, at, 0)
    many.write(raw[:at] + one * count + tail)
    assert code_of(registry.contents, many, Key("p")) == "open.too-many-members"
    bomb = bytearray(raw)
    struct.pack_into("<I", bomb, at + 24, 0xF0000000)
    assert code_of(registry.contents, io.BytesIO(bytes(bomb)), Key("p")) == "document.bomb"


def test_a_length_that_lies_is_refused() -> None:
    raw = protected(b"a" * 100_000).getvalue()
    for where, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        for size in (99_999, 100_001, 10):
            changed = bytearray(raw)
            struct.pack_into("<I", changed, raw.index(where) + offset, size)
            target = io.BytesIO()
            assert (
                code_of(ZIP.open, io.BytesIO(bytes(changed)), target, Key("pass"))
                == "open.tampered"
            )
            assert target.getvalue() == b""


def test_a_length_that_lies_twice_is_refused() -> None:
    raw = protected(b"a" * 100_000).getvalue()
    for size in (99_999, 100_001, 10):
        changed = bytearray(raw)
        struct.pack_into("<I", changed, raw.index(b"PK\x01\x02") + 24, size)
        struct.pack_into("<I", changed, raw.index(b"PK\x03\x04") + 22, size)
        assert code_of(ZIP.open, io.BytesIO(bytes(changed)), io.BytesIO(), Key("pass")) == (
            "open.tampered"
        )


@pytest.mark.parametrize("content", [b"text that packs well " * 20, os.urandom(300), b""])
def test_no_flipped_byte_gives_another_plaintext(content: bytes) -> None:
    raw = protected(content).getvalue()
    codes = set()
    for at in range(len(raw)):
        for bit in range(8) if FULL else (at % 8,):
            flipped = raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]
            target = io.BytesIO()
            try:
                registry.open_any(io.BytesIO(flipped), target, Key("pass"))
            except InvalidInput as refused:
                codes.add(refused.code)
                assert target.getvalue() == b""
            else:
                assert target.getvalue() == content, at
    assert {"open.wrong-password", "open.tampered", "document.damaged"} <= codes


def test_no_truncation_passes() -> None:
    raw = protected(os.urandom(3000)).getvalue()
    for length in range(0, len(raw), 1 if FULL else 37):
        code = code_of(ZIP.open, io.BytesIO(raw[:length]), io.BytesIO(), Key("pass"))
        assert code == "document.damaged", length


def test_an_emergency_stops_new_use() -> None:
    table = Table.load().mark_compromised(["sha-1"], since="2026-11-01")
    target = io.BytesIO()
    with pytest.raises(RuleViolation) as refused:
        registry.protect(
            "zip", io.BytesIO(b"a"), target, Lock("p"), name="a", reason="急", table=table
        )
    assert refused.value.code == "crypto.compromised"
    assert target.getvalue() == b""


def seven(folder: Path, *arguments: str) -> int:
    command = ["7z", *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False
    ).returncode


@pytest.mark.parametrize("password", ["pass", "日本語の鍵", "x" * 99])
def test_7_zip_opens_ours_and_refuses_without(tmp_path: Path, password: str) -> None:
    content = b"confidential " * 5000
    (tmp_path / "ours.zip").write_bytes(protected(content, password).getvalue())
    assert seven(tmp_path, "x", f"-p{password}", "-oout", "ours.zip") == 0
    assert (tmp_path / "out" / NAME).read_bytes() == content
    assert seven(tmp_path, "t", "-pwrong", "ours.zip") == 2
    assert seven(tmp_path, "t", "-p", "ours.zip") == 2


@pytest.mark.parametrize("kind", ["AES256", "AES128", "ZipCrypto"])
def test_ours_opens_what_7_zip_made(tmp_path: Path, kind: str) -> None:
    content = b"confidential " * 5000
    (tmp_path / NAME).write_bytes(content)
    (tmp_path / "packed.bin").write_bytes(os.urandom(3000))
    names = (NAME, "packed.bin")
    assert seven(tmp_path, "a", "-tzip", f"-mem={kind}", "-ppass", "theirs.zip", *names) == 0
    with (tmp_path / "theirs.zip").open("rb") as theirs:
        found = registry.detect(theirs)
        assert found is not None
        assert found.algorithms[0] == {"AES256": "aes-256", "AES128": "aes-128"}.get(
            kind, "zipcrypto"
        )
        members = registry.contents(theirs, Key("pass"))
        assert {m.name for m in members} == set(names)
        for index, member in enumerate(members):
            target = io.BytesIO()
            assert registry.open_any(theirs, target, Key("pass"), member=index) == member.name
            assert target.getvalue() == (tmp_path / member.name).read_bytes()
            target = io.BytesIO()
            assert code_of(registry.open_any, theirs, target, Key("no"), member=index) == (
                "open.wrong-password"
            )
            assert target.getvalue() == b""


def test_a_password_in_the_japanese_code_page_opens() -> None:
    source = made([("a.txt", b"from windows")], "鍵です".encode("cp932"))
    assert opened(source, "鍵です") == b"from windows"


def test_large_files_take_constant_memory(tmp_path: Path) -> None:
    size = (256 if FULL else 48) << 20
    script = f"""
import resource
from meti_desk.protection import registry, zipcrypt, zipwrite
from meti_desk.protection.base import Key, Lock
registry.preload()
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open("large", "w+b") as source, open("out.zip", "w+b") as out, open("back", "w+b") as back:
    block = bytes(range(256)) * 4096
    for _ in range({size >> 20}):
        source.write(block)
    registry.protect("zip", source, out, Lock("pass"), name="large")
    registry.open_any(out, back, Key("pass"))
    assert back.tell() == {size}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 16 * 1024


def test_the_fields_of_zip64_are_read_by_others_and_us(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meti_desk.protection import zipwrite

    monkeypatch.setattr(zipwrite, "_WIDE", 10)
    content = os.urandom(5000)
    raw = protected(content).getvalue()
    assert struct.pack("<2HQQ", 1, 16, 5000, 5000 + 28) in raw
    assert opened(io.BytesIO(raw)) == content
    (tmp_path / "wide.zip").write_bytes(raw)
    assert seven(tmp_path, "x", "-ppass", "-oout", "wide.zip") == 0
    assert (tmp_path / "out" / NAME).read_bytes() == content


@pytest.mark.skipif(not FULL, reason="writes some gigabytes")
def test_more_than_four_gigabytes(tmp_path: Path) -> None:
    """A member beyond 4 GiB, stored, and one behind it: every field of ZIP64 is needed."""
    size = (4 << 30) + 4711
    path = tmp_path / "large.zip"
    with (tmp_path / "large.bin").open("w+b") as large, path.open("w+b") as target:
        large.write(os.urandom(1 << 20))
        large.truncate(size)
        key = ZIP.protect_many(
            [("large.bin", large), ("small.txt", io.BytesIO(b"behind"))], target, Lock("pass")
        )
        members = registry.contents(target, key)
        assert [(one.name, one.size) for one in members] == [("large.bin", size), ("small.txt", 6)]
        taken = io.BytesIO()
        ZIP.open(target, taken, key, member=1)
        assert taken.getvalue() == b"behind"
        ZIP.prove_many([("large.bin", large), ("small.txt", taken)], target, key)
    assert seven(tmp_path, "t", "-ppass", "large.zip") == 0
    assert seven(tmp_path, "x", "-ppass", "-oout", "large.zip", "small.txt") == 0
    assert (tmp_path / "out" / "small.txt").read_bytes() == b"behind"


@pytest.mark.parametrize("length", [16, 24, 32])
@pytest.mark.parametrize("size", [1, 15, 17, (1 << 17) - 16, 1 << 17, (3 << 20) + 5])
def test_counters_laid_out_are_those_of_the_library(length: int, size: int) -> None:
    made_up = random.Random(size + length)
    key, data = made_up.randbytes(length), made_up.randbytes(size)
    laid, given, done = zipcrypt._Laid(key), memoryview(data), bytearray()
    while len(done) < size:
        some = made_up.choice([1, 16, 100, 1 << 16, 1 << 18, 1 << 20])
        done += laid.turn(given[len(done) : len(done) + some])
    assert bytes(done) == zipcrypt._counting(key)(data)


@pytest.mark.parametrize("layer", [7, 8, 8 * 256 - 1, 8 * 256, 8 * 65536 - 1, 8 * 65536, 1 << 30])
def test_counters_carry_over_at_every_byte(layer: int) -> None:
    laid, size = zipcrypt._Laid(bytes(32)), 3 << 17
    laid._layer, laid._at = layer, 1 << 17
    begin = layer * (1 << 17) // 16
    counter = Counter.new(128, initial_value=begin, little_endian=True)
    engine = AES.new(bytes(32), AES.MODE_CTR, counter=counter)
    assert bytes(laid.turn(bytes(size))) == engine.encrypt(bytes(size))


def test_room_is_asked_for_only_where_there_is_a_file_and_leaves_no_trace(tmp_path: Path) -> None:
    assert not zipwrite._reserve(io.BytesIO(), 0, 1 << 26)
    with (tmp_path / "a").open("w+b") as file:
        file.write(b"abc")
        zipwrite._reserve(file, 3, 1 << 26)
        assert file.tell() == 3
        file.write(b"def")
        file.truncate()
    assert (tmp_path / "a").read_bytes() == b"abcdef"


@pytest.mark.parametrize("gives", [True, False])
def test_a_large_file_is_as_long_as_its_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, gives: bool
) -> None:
    monkeypatch.setattr(zipwrite, "_ROOMY", 1 << 18)
    if not gives:
        monkeypatch.setattr(os, "lseek", lambda *_: 0)
    content = random.Random(5).randbytes(3 << 18)
    with (tmp_path / "a.zip").open("w+b") as out:
        sources = [("a", io.BytesIO(content)), ("b", io.BytesIO(content[:-1]))]
        registry.protect_many(sources, out, Lock("pass"))
        monkeypatch.undo()
        held = io.BytesIO((tmp_path / "a.zip").read_bytes())
    assert held.getvalue()[-22:-18] == b"PK\x05\x06"
    assert [opened(held, member=index) for index in (0, 1)] == [content, content[:-1]]
