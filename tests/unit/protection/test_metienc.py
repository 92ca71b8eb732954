import hashlib
import io
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from protection_people import person
from protection_samples import FULL

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import inside, registry
from meti_desk.protection.base import Key, Lock, Member
from meti_desk.protection.metienc import Metienc
from meti_desk.protection.metienc_container import seal
from meti_desk.protection.metienc_header import (
    MOST_ITERATIONS,
    Header,
    PasswordWrap,
    pack,
    read,
)
from meti_desk.protection.recipients import unwrap_mine

METIENC = Metienc()
NAME = "会議 資料.docx"
LABEL = "C2;I2;A1\nonly=経済 太郎"
QUICK = Lock("pass", rounds=10)
KEY = bytes(range(32))


def code_of(action: object, *arguments: object, **named: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        action(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


def made(content: bytes, lock: Lock = QUICK, *, name: str = NAME, label: str = LABEL) -> io.BytesIO:
    out = io.BytesIO()
    registry.protect("metienc", io.BytesIO(content), out, lock, name=name, label=label)
    return out


def opened(source: io.BytesIO, key: Key | None = None, member: int = 0) -> bytes:
    out = io.BytesIO()
    registry.open_any(source, out, key or Key("pass"), member=member)
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, 16_300, 16_384, 100_000, (1 << 20) - 40, 3 << 20])
def test_round_trip(size: int) -> None:
    content = random.Random(size).randbytes(size)
    out = made(content)
    assert opened(out) == content
    assert registry.contents(out, Key("pass")) == (Member(NAME, size, LABEL),)


@pytest.mark.parametrize("password", ["a", "日本語パス", "😀", "x" * 1024, " a "])
def test_passwords(password: str) -> None:
    assert opened(made(b"content", Lock(password, rounds=10)), Key(password)) == b"content"


def test_full_width_and_composed_forms_are_one_password() -> None:
    out = made(b"content", Lock("Ａｂ１が", rounds=10))
    assert opened(out, Key("Ab1か\u3099")) == b"content"


def test_a_new_file_takes_the_full_number_of_rounds() -> None:
    header, _ = read(made(b"", Lock("pass")))
    assert header.password is not None
    assert header.password.iterations == 600_000


def test_names_handling_and_content_do_not_show() -> None:
    raw = made(b"confidential " * 40).getvalue()
    for word in (NAME, "太郎", "confidential", "docx"):
        assert word.encode() not in raw
    assert b"C2;I2;A1" in raw


def test_the_id_of_the_document_is_bound_to_it() -> None:
    out = made(b"content", Lock("pass", rounds=10, document="m-0001"))
    header, context = read(out)
    assert header.document == "m-0001"
    swapped = pack(msgspec.structs.replace(header, document="m-0002"))
    other = io.BytesIO(swapped + out.getvalue()[len(context) :])
    assert code_of(opened, other) == "open.tampered"


@pytest.mark.parametrize("kinds", [("rsa-3072",), ("p-256",), ("rsa-3072", "p-384", "p-256")])
@pytest.mark.parametrize("password", ["", "pass"])
def test_every_recipient_opens_it_alone(kinds: tuple[str, ...], password: str) -> None:
    people = [person(kind, number).own for number, kind in enumerate(kinds)]
    lock = Lock(password, tuple(one.certificate for one in people), rounds=10)
    out = made(b"content", lock)
    assert len(registry.wraps(out)) == len(people)
    for one in people:
        content_key = bytes(unwrap_mine(registry.wraps(out), one))
        assert opened(out, Key(content_key=content_key)) == b"content"
    stranger = person("rsa-3072", 99).own
    assert code_of(unwrap_mine, registry.wraps(out), stranger) == "open.not-for-you"
    if password:
        assert opened(out, Key(password)) == b"content"
    else:
        assert code_of(opened, out, Key("pass")) == "open.needs-key"


def test_it_says_what_it_is_made_of() -> None:
    certificates = (person("rsa-3072").certificate, person("p-256").certificate)
    target = io.BytesIO()
    lock = Lock("pass", certificates, 10)
    done = registry.protect("metienc", io.BytesIO(b"a"), target, lock, name="a")
    assert done.listed
    assert done.meets == ("14-1", "14-2")
    assert {"aes-256", "gcm", "hkdf-sha-512", "pbkdf2-hmac-sha-256"} <= set(done.algorithms)
    assert {"rsa-oaep-3072", "ecdh-256"} <= set(done.algorithms)
    found = registry.detect(target)
    assert found is not None
    assert found.method == "metienc"
    assert registry.listed(found)


def test_a_lock_of_nothing_is_refused() -> None:
    assert code_of(made, b"a", Lock()) == "protect.no-opener"


def test_several_files_in_one_pass() -> None:
    sources = [("a.txt", b"one"), ("空.txt", b""), ("b/c.bin", os.urandom(90_000)), ("z", b"")]
    out = io.BytesIO()
    registry.protect_many(
        [(name, io.BytesIO(content)) for name, content in sources],
        out,
        QUICK,
        method_id="metienc",
        label=LABEL,
    )
    together = io.BytesIO()
    members = registry.open_all(out, together, Key("pass"))
    assert [(member.name, member.size) for member in members] == [(n, len(c)) for n, c in sources]
    assert together.getvalue() == b"".join(content for _, content in sources)
    for index, (_, content) in enumerate(sources):
        assert opened(out, member=index) == content
    assert code_of(opened, out, member=4) == "open.no-such-member"
    assert code_of(registry.METIENC.open, out, io.BytesIO(), Key("pass"), member=-1) == (
        "open.no-such-member"
    )


@pytest.mark.parametrize("method", ["metienc", "html", "zip"])
@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["../a"], "protect.unsafe-name"),
        (["a", "/etc/passwd"], "protect.unsafe-name"),
        (["C:\\a"], "protect.unsafe-name"),
        (["a", "A"], "protect.duplicate-name"),
    ],
)
def test_unsafe_names_are_not_written(method: str, names: list[str], code: str) -> None:
    sources = [(name, io.BytesIO(b"x")) for name in names]
    target = io.BytesIO()
    assert code_of(registry.protect_many, sources, target, QUICK, method_id=method) == code
    assert target.getvalue() == b""


def crafted(members: list[tuple[str, int]], content: bytes, *, tail: bytes = b"") -> io.BytesIO:
    """Write a container as somebody else might who knows the password, with any list."""
    listed = inside.Listing(tuple(Member(name, size) for name, size in members))
    out = io.BytesIO()
    seal([inside.packed(listed), content, tail], out, Header(), KEY)
    return out


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([("../../evil", 1)], "open.unsafe-name"),
        ([("good", 1), ("/abs", 0)], "open.unsafe-name"),
        ([("a\\..\\b", 1)], "open.unsafe-name"),
        ([("CON.txt", 1)], "open.unsafe-name"),
        ([("報告\u202efdp.exe", 1)], "open.unsafe-name"),
        ([("a", 1), ("A", 0)], "open.duplicate-name"),
        ([], "open.too-many-members"),
        ([(str(number), 0) for number in range(10_001)], "open.too-many-members"),
        ([("a", 2)], "document.damaged"),
        ([("a", 0)], "document.damaged"),
    ],
)
def test_lists_that_must_not_be_followed(members: list[tuple[str, int]], code: str) -> None:
    target = io.BytesIO()
    source = crafted(members, b"x")
    assert code_of(METIENC.open, source, target, Key(content_key=KEY)) == code
    assert code_of(METIENC.open_all, source, target, Key(content_key=KEY)) == code
    assert target.getvalue() == b""


def test_what_stands_behind_the_last_file_is_refused() -> None:
    source = crafted([("a", 1)], b"x", tail=b"more")
    assert code_of(METIENC.open, source, io.BytesIO(), Key(content_key=KEY)) == "document.damaged"


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0\0\xff", b"\xff\xff\xff\xff"])
def test_a_list_that_is_none(body: bytes) -> None:
    out = io.BytesIO()
    seal([body], out, Header(), KEY)
    assert code_of(METIENC.contents, out, Key(content_key=KEY)) == "document.damaged"


def test_a_wrong_password_is_named_and_leaves_nothing() -> None:
    target = io.BytesIO()
    assert code_of(METIENC.open, made(b"secret"), target, Key("Pass")) == "open.wrong-password"
    assert target.getvalue() == b""
    for key in (Key(content_key=bytes(32)), Key(content_key=b"short")):
        assert code_of(METIENC.open, made(b"secret"), target, key) == "open.tampered"


@pytest.mark.parametrize(
    "changed",
    [
        Header(label="C1;I2;A1"),
        Header(label="C2;I2;A1", document="other"),
        Header(label="C2;I2;A1", document="doc", wraps=()),
    ],
)
def test_an_exchanged_header_does_not_open(changed: Header) -> None:
    """Whoever exchanges label, document or recipients, and knows the key, opens nothing."""
    wrap = PasswordWrap(10, bytes(16), bytes(12), bytes(48))
    header = Header(label="C2;I2;A1", document="doc", password=wrap)
    out = io.BytesIO()
    seal(inside.stream([("a", io.BytesIO(b"x"))]), out, header, KEY)
    assert opened(out, Key(content_key=KEY)) == b"x"
    body = out.getvalue()[len(pack(header)) :]
    swapped = io.BytesIO(pack(changed) + body)
    assert code_of(opened, swapped, Key(content_key=KEY)) == "open.tampered"


def test_the_recipients_of_another_file_do_not_fit() -> None:
    people = person("p-256", 1).own, person("p-256", 2).own
    outs = [made(b"content", Lock(certificates=(one.certificate,))) for one in people]
    headers = [read(out)[0] for out in outs]
    body = outs[0].getvalue()[len(pack(headers[0])) :]
    added = msgspec.structs.replace(headers[0], wraps=(*headers[0].wraps, *headers[1].wraps))
    key = Key(content_key=bytes(unwrap_mine(headers[0].wraps, people[0])))
    for header in (headers[1], added):
        assert code_of(opened, io.BytesIO(pack(header) + body), key) == "open.tampered"


def with_iterations(raw: bytes, count: int) -> io.BytesIO:
    at = raw.index(b"\x03\x00\x00\x00\x50") + 5
    return io.BytesIO(raw[:at] + struct.pack(">I", count) + raw[at + 4 :])


@pytest.mark.parametrize("count", [0, MOST_ITERATIONS + 1, 0xFFFFFFFF])
def test_absurd_counts_are_refused_at_once(count: int) -> None:
    source = with_iterations(made(b"x").getvalue(), count)
    assert code_of(METIENC.open, source, io.BytesIO(), Key("pass")) == "open.kdf-too-costly"


def test_fewer_rounds_than_it_was_made_with_do_not_open() -> None:
    source = with_iterations(made(b"x").getvalue(), 9)
    assert code_of(opened, source) == "open.wrong-password"


@pytest.mark.parametrize(("at", "value"), [(8, 2), (8, 0), (9, 0), (9, 2)])
def test_a_later_version_or_another_suite_is_named(at: int, value: int) -> None:
    raw = bytearray(made(b"x").getvalue())
    raw[at] = value
    source = io.BytesIO(bytes(raw))
    assert code_of(opened, source) == "open.unsupported"
    found = registry.detect(source)
    assert found is not None
    assert not found.openable


def test_there_is_one_way_to_write_a_header() -> None:
    one = PasswordWrap(10, bytes(16), bytes(12), bytes(48))
    header = Header(document="d", label="l", password=one)
    raw = pack(header)
    assert read(io.BytesIO(raw + b"rest"))[0] == header
    records = raw[16:]
    first, second = records[:6], records[6:12]
    for body, count in (
        (second + first + records[12:], 3),
        (first + first + second + records[12:], 4),
        (records + records[12:], 4),
        (records, 2),
        (first + b"\x05\0\0\0\0", 2),
        (records[:-1], 3),
    ):
        other = raw[:10] + struct.pack(">HI", count, len(body)) + body
        assert code_of(read, io.BytesIO(other)) == "document.damaged"
    huge = raw[:12] + struct.pack(">I", 1 << 30)
    assert code_of(read, io.BytesIO(huge)) == "document.damaged"


def test_too_many_recipients_are_refused() -> None:
    (wrap,) = read(made(b"", Lock(certificates=(person("p-256").certificate,))))[0].wraps
    assert code_of(pack, Header(wraps=(wrap,) * 1001)) == "protect.too-many-recipients"


class Shrinking(io.BytesIO):
    """A file that is shorter when it is read than when it was measured."""

    def readinto(self, buffer: object) -> int:
        """End early."""
        del buffer
        return 0


def test_a_file_that_changes_meanwhile_is_refused() -> None:
    target = io.BytesIO()
    assert code_of(METIENC.protect, Shrinking(b"abc"), target, QUICK, name="a") == "protect.failed"
    assert target.getvalue() == b""


def test_a_large_file_is_listed_without_being_read(tmp_path: Path) -> None:
    with (tmp_path / "large").open("w+b") as large, (tmp_path / "out").open("w+b") as out:
        large.truncate(64 << 20)
        key = METIENC.protect(large, out, QUICK, name="large")
        out.truncate(4 << 20)
        assert METIENC.contents(out, Key("pass")) == (Member("large", 64 << 20),)
        target = io.BytesIO()
        assert code_of(METIENC.open, out, target, key) == "open.tampered"
        assert target.getvalue() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_memory_is_constant_at_any_size(tmp_path: Path) -> None:
    """1 GiB in the full run; the whole process stays below 64 MB, both ways."""
    size = (1024 if FULL else 96) << 20
    script = f"""
import re
from pathlib import Path
from meti_desk.protection.base import Key, Lock
from meti_desk.protection.metienc import Metienc
method = Metienc()
with open("large", "w+b") as source, open("out", "w+b") as out, open("back", "w+b") as back:
    source.truncate({size})
    source.seek({size // 2}); source.write(b"in the middle")
    key = method.protect(source, out, Lock("pass"), name="large")
    method.prove(source, out, key, name="large")
    method.open(out, back, Key("pass"))
    assert back.tell() == {size}
    back.seek({size // 2}); assert back.read(13) == b"in the middle"
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 64 * 1024


def test_many_small_files_are_one_pass() -> None:
    contents = [(f"folder/{number}.txt", os.urandom(300)) for number in range(1000)]
    out, together = io.BytesIO(), io.BytesIO()
    sources = [(name, io.BytesIO(content)) for name, content in contents]
    registry.protect_many(sources, out, QUICK, method_id="metienc")
    members = registry.open_all(out, together, Key("pass"))
    assert len(members) == 1000
    digest = hashlib.sha256(b"".join(content for _, content in contents)).digest()
    assert hashlib.sha256(together.getvalue()).digest() == digest
