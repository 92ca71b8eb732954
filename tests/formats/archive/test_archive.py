import bz2
import gzip
import hashlib
import io
import lzma
import os
import random
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.formats.archive.archive import ARCHIVE
from meti_desk.formats.base import Inspection, LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.members import Budget, Inside, Nest, look
from meti_desk.formats.registry import find
from meti_desk.formats.shown import shown_path
from tests.formats.mail.mails import mail, zipped

CORPUS = os.environ.get("METI_DESK_CORPUS")


def seen(data: bytes, name: str = "", *, text: bool = False) -> Inspection:
    return inspect(io.BytesIO(data), None, Wants(name=name, text=text))


def tarred(*members: tuple[str, bytes], mode: str = "w", **how: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, **how) as archive:  # type: ignore[call-overload]
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def places(data: bytes, name: str = "") -> list[tuple[str, str]]:
    return [(one.place, one.obstacle) for one in seen(data, name).members]


LABELLED = mail().replace(b"\r\n\r\n", b"\r\nX-METI-Label: C3;I1;A1\r\n\r\n", 1)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped(("a", b"b")), "zip"),
        (zipped(), "zip"),
        (tarred(("a", b"b")), "tar"),
        (tarred(("a", b"b"), format=tarfile.GNU_FORMAT), "tar"),
        (tarred(("a", b"b")).replace(b"ustar\x0000", bytes(8), 1), "other"),
        (tarred(("a", b"b"), mode="w:gz"), "gz"),
        (bz2.compress(b"x"), "bz2"),
        (lzma.compress(b"x"), "xz"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (zipped(("META-INF/container.xml", b""), ("mimetype", b"")), "zip"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # gzip writes the time
)
def test_archives_are_known_by_content(data: bytes, kind: str) -> None:
    assert find(io.BytesIO(data)).variant == kind
    assert seen(data).embeds is False


def test_an_old_tar_is_known_by_its_checksum() -> None:
    block = bytearray(tarred(("a.txt", b"b")))
    block[257:512] = bytes(255)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block[:512])
    assert seen(bytes(block)).format == "tar"
    assert places(bytes(block)) == [("a.txt", "")]


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        tarred,
        lambda *m: tarred(*m, mode="w:gz"),
        lambda *m: tarred(*m, mode="w:xz"),
        lambda *m: tarred(*m, mode="w:bz2"),
        lambda *m: tarred(*m, format=tarfile.GNU_FORMAT),
    ],
)
def test_each_file_inside_says_what_it_says_of_itself(pack: object) -> None:
    data = pack(("資料/議事録.eml", LABELLED), ("束.zip", zipped(("x.txt", "内側".encode()))))  # type: ignore[operator]
    found = seen(data, text=True)
    told = [(one.place, one.format, one.properties) for one in found.members]
    assert told == [
        ("資料/議事録.eml", "eml", {"jp.go.meti.label": "C3;I1;A1"}),
        ("資料/議事録.eml/body", "txt", {}),
        ("束.zip", "zip", {}),
        ("束.zip/x.txt", "txt", {}),
    ]
    assert "資料/議事録.eml: subject" in {one.place for one in found.text}


def test_packing_anew_keeps_the_digest_and_any_change_inside_changes_it() -> None:
    one, two = ("a.txt", b"one"), ("b.txt", b"two")
    digest = seen(zipped(one, two)).digest
    assert seen(zipped(two, one)).digest == digest
    assert seen(tarred(two, one, mode="w:gz")).digest == digest
    # A label inside is no content.
    assert seen(zipped(("m.eml", LABELLED))).digest == seen(zipped(("m.eml", mail()))).digest
    for other in (zipped(one), zipped(one, ("b.txt", b"2")), zipped(one, ("c.txt", b"two"))):
        assert seen(other).digest != digest
    # Where something cannot be seen, every byte counts.
    locked = encrypted()
    assert seen(locked).digest == hashlib.sha256(locked).hexdigest()


def encrypted() -> bytes:
    data = bytearray(zipped(("秘密.txt", b"x"), ("open.txt", b"y")))
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def test_what_cannot_be_looked_at_is_listed_with_its_reason() -> None:
    assert places(encrypted()) == [("秘密.txt", "encrypted"), ("open.txt", "")]
    data = bytearray(zipped(("a.bin", random.Random(1).randbytes(100)), ("b.txt", b"y")))
    data[50] ^= 1
    assert places(bytes(data)) == [("a.bin", "damaged"), ("b.txt", "")]
    docx = zipped(("word/document.xml", b"<broken"), ("[Content_Types].xml", b"<Types/>"))
    assert places(zipped(("壊.docx", docx), ("b.txt", b"y")))[1] == ("b.txt", "")
    assert places(b"Rar!\x1a\x07\x01\0") == [("", "unreadable-archive")]
    assert places(b"PK\x03\x04") == [("", "damaged")]
    assert places(gzip.compress(b"x" * 5000)[:-9], "x.gz") == [("", "damaged")]
    assert places(tarred(("a.txt", b"x"), ("b.txt", b"y" * 2000))[:2000])[-1][1] == "damaged"


def test_names_are_read_as_they_were_written() -> None:
    for codec in ("cp932", "utf-8"):
        raw = "機密性２／ソ表.txt".replace("／", "").encode(codec)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("x" * len(raw), b"y")
        data = buffer.getvalue().replace(b"x" * len(raw), raw)
        assert places(data) == [("機密性２ソ表.txt", "")]
        assert places(tarred(("資料.txt", b"x"), encoding=codec)) == [("資料.txt", "")]


def test_a_name_in_a_field_of_its_own_counts_when_it_belongs_to_the_name() -> None:
    import struct
    import zlib

    name, told = "表.txt", "機密性.txt".encode()
    for crc, expected in ((zlib.crc32("表.txt".encode("cp932")), "機密性.txt"), (1, "表.txt")):
        body = struct.pack("<BL", 1, crc) + told
        info = zipfile.ZipInfo("xxxx.txt"[-len(name.encode("cp932")) :])
        info.extra = struct.pack("<HH", 0x7075, len(body)) + body
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(info, b"y")
        data = buffer.getvalue().replace(info.filename.encode(), name.encode("cp932"))
        assert places(data) == [(expected, "")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_/_/etc/passwd"),
        ("/abs/file", "abs/file"),
        ("C:\\Users\\a.txt", "Users/a.txt"),
        ("..\\..\\x", "_/_/x"),
        (".. ./x", "_/x"),
        ("./a//b", "a/b"),
        ("a\u202egpj.exe", "a\ufffdgpj.exe"),
        ("line\nbreak", "line\ufffdbreak"),
        ("普通の名前.txt", "普通の名前.txt"),
        ("", ""),
    ],
)
def test_names_are_shown_so_that_they_lead_nowhere(name: str, safe: str) -> None:
    assert shown_path(name) == safe
    assert len(shown_path(name * 1000)) <= 401


def test_the_one_file_that_was_packed_has_a_name() -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile("元の名前.txt".encode().decode("latin-1"), "wb", fileobj=buffer) as packed:
        packed.write(b"x")
    assert places(gzip.compress(b"x"), "統計.csv.gz") == [("統計.csv", "")]
    assert places(bz2.compress(b"x"), "a.csv.bz2") == [("a.csv", "")]
    assert places(lzma.compress(b"x")) == [("content", "")]
    # What gzip keeps is how the file was called when it was packed.
    named = (
        gzip.compress(b"x")[:3] + b"\x08" + gzip.compress(b"x")[4:10] + "表.csv\0".encode("cp932")
    )
    assert places(named + gzip.compress(b"x")[10:], "x.gz") == [("表.csv", "")]


def test_zips_in_each_other_end() -> None:
    data = zipped(("a.txt", b"x"))
    for number in range(500):
        data = zipped((f"{number}.zip", data))
    found = seen(data)
    assert [one.obstacle for one in found.members] == ["", "", "", "", "too-deep"]
    assert found.digest


def test_bombs_end() -> None:
    assert places(zipped(("bomb", bytes(20 << 20)))) == [("bomb", "bomb")]
    many = zipped(*((f"{n}.txt", b"") for n in range(40)))
    for _ in range(4):
        many = zipped(*((f"{n}.zip", many) for n in range(40)))
    found = seen(many)
    assert len(found.members) < 1_100
    assert found.members[-1].obstacle == "too-many"
    assert found.digest == hashlib.sha256(many).hexdigest()


def test_what_all_files_expand_to_together_is_limited() -> None:
    nest = Nest(Budget(files=10, expanded=1000))
    noise = random.Random(3).randbytes(600)

    def insides() -> Iterator[Inside]:
        for number in range(3):
            fits = nest.room() >= len(noise)
            yield Inside(str(number), noise) if fits else Inside(str(number), obstacle="too-large")

    looked = look(insides(), Wants(), nest)
    assert [one.obstacle for one in looked.members] == ["", "too-large", "too-large"]
    assert looked.digest == ""


def test_a_stream_without_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    from meti_desk.formats.archive import tars

    monkeypatch.setattr(tars, "_LARGEST_STREAM", 1 << 20)
    endless = tarred(("a.txt", b"x"), ("big", bytes(3 << 20)), ("c", b"y"), mode="w:gz")
    assert places(endless) == [("a.txt", ""), ("", "too-large")]


def test_a_directory_that_lies_about_its_size_is_left() -> None:
    data = bytearray(zipped(("a.txt", b"x")))
    at = data.rfind(b"PK\x05\x06")
    data[at + 12 : at + 16] = (0x7FFFFFFF).to_bytes(4, "little")
    assert places(bytes(data)) == [("", "bomb")]


def test_archives_carry_no_label() -> None:
    source = io.BytesIO(zipped(("a", b"b")))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        ARCHIVE.write_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        ARCHIVE.verify_label(source, io.BytesIO(), LabelOrder({}))
    closed = io.BytesIO(b"7z\xbc\xaf\x27\x1c" + bytes(40))
    with pytest.raises(RuleViolation, match=r"scrub\.unsupported-format"):
        ARCHIVE.scrub(closed, io.BytesIO(), ScrubOrder())


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.sampled_from(["zip", "tar", "gz"]), st.integers(0, 2000), st.binary(min_size=1, max_size=8)
)
def test_no_damage_brings_it_down(kind: str, at: int, bad: bytes) -> None:
    members = (("a.txt", b"x" * 50), ("b.zip", zipped(("c", b"y"))))
    packs = {"zip": zipped, "tar": tarred, "gz": lambda *m: tarred(*m, mode="w:gz")}
    data = bytearray(packs[kind](*members))  # type: ignore[operator]
    at %= len(data)
    data[at : at + len(bad)] = bad
    try:
        found = seen(bytes(data))
    except MetiDeskError:
        return
    assert found.digest


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_archives_are_looked_through() -> None:
    told = {}
    for path in sorted(Path(CORPUS or "").rglob("*.zip")):
        found = seen(path.read_bytes(), text=True)
        assert found.digest, path
        assert found.format == "other" or found.members, path
        told[path.name] = found.members
    assert [one.place for one in told["testZipEntryNameCharsetShiftSJIS.zip"]] == [
        "文章1.txt",
        "文章2.txt",
    ]
    assert [one.obstacle for one in told["testZipEncrypted.zip"]] == ["", "encrypted"]
    assert len(told["droste.zip"]) == 10
