"""Archives of planted files of every family: nothing that tells is left, at any depth."""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.domain.errors import InvalidInput, RuleViolation
from meti_desk.formats.archive.kinds import KINDS
from meti_desk.wording import wording
from tests.formats.mail.mails import zipped as packed
from tests.formats.ooxml.planted import Planted
from tests.formats.ooxml.planted import planted as word
from tests.formats.pdf.build import leaky
from tests.formats.planted import mail, media, pictures, pptx, xlsx
from tests.formats.planted.archives import leaks, shown, tarred, unpacked, zipped
from tests.formats.planted.scrubbing import (
    ends_well,
    findings,
    kinds,
    outcome,
    proven,
    scrubbed,
)

CORPUS = os.environ.get("METI_DESK_CORPUS")


def members() -> tuple[dict[str, bytes], set[bytes]]:
    """Give a planted file of each family, and all that has to stay visible."""
    p = Planted()
    document, seen = word()
    held = {
        "文書/案.docx": document.getvalue(),
        "page.html": mail.page(p),
        "letter.rtf": mail.rtf(p),
        "mail.eml": mail.mail(p),
        "note.txt": p.shown().encode(),
        "空/": b"",
        "paper.pdf": leaky()[0],
    }
    for name, build in pictures.BUILDERS.items():
        held[f"pictures/a.{name}"] = build(pictures.Planted())
    for name, make in media.BUILDERS.items():
        held[f"media/a.{name}"] = make(pictures.Planted())
    book, cells = xlsx.planted(hidden=False)
    deck, slides = pptx.planted()
    held |= {"book.xlsx": book.getvalue(), "deck.pptx": deck.getvalue()}
    visible = (*p.visible, *seen.visible, *cells.visible, *slides.visible)
    return held, {one.encode() for one in visible}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_file_of_every_family_is_cleaned_at_every_depth(
    pack: Callable[[Planted, dict[str, bytes]], bytes],
) -> None:
    held, visible = members()
    if pack is tarred:
        held.pop("空/")
    inner = zipped(Planted(), held)
    data = pack(Planted(), {**held, "inner.zip": inner})
    result = scrubbed(data)
    assert leaks(result) == set()
    assert not any(b"LEAK-" in one for one in unpacked(result))
    assert visible <= shown(result)


def test_every_hiding_place_is_shown_before_with_its_place_and_words() -> None:
    held, _ = members()
    held["in.zip"] = packed(("b.docx", held["文書/案.docx"]))
    told = findings(zipped(Planted(), held))
    assert {"zip.comment", "zip.extra-field", "zip.system-file", "zip.time", "zip.slack"} <= {
        one.kind for one in told
    }
    places = {(one.kind, one.place.split("/word")[0]) for one in told}
    assert any(kind == "docx.comment" and at.startswith("文書/案.docx/") for kind, at in places)
    assert any(at.startswith("in.zip/b.docx/") for _, at in places)
    assert any(kind.startswith("pdf.") and at.startswith("paper.pdf/") for kind, at in places)
    for language in ("ja", "en"):
        assert all(wording(language).knows(f"finding.{kind}") for kind in KINDS)


def test_what_systems_leave_behind_goes_and_names_stay() -> None:
    data = packed(
        ("案/.DS_Store", b"x"), ("__MACOSX/案/._a.txt", b"x"), ("~$a.docx", b"x"),
        ("案/a.txt", b"x"),
        (".~lock.a.odt#", b"x"), ("案/", b""), ("THUMBS.DB", b"x"),
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(scrubbed(data))) as box:
        assert box.namelist() == ["案/a.txt", "案/"]
    with zipfile.ZipFile(io.BytesIO(scrubbed(data, "provide", "zip.system-file"))) as box:
        assert len(box.namelist()) == 7


def test_a_clean_zip_comes_back_as_it_is() -> None:
    once = scrubbed(packed(("a.txt", b"text " * 100), ("b.txt", b"x")))
    assert findings(once) == ()
    assert scrubbed(once) == once


def test_names_in_shift_jis_are_written_in_unicode() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        box.writestr("AAAAA.txt", b"x")
    data = buffer.getvalue().replace(b"AAAAA.txt", "表A.txt".encode("cp932") + b"tt")
    with zipfile.ZipFile(io.BytesIO(scrubbed(data))) as box:
        assert box.namelist() == ["表A.txttt"]


def test_what_a_person_keeps_stays() -> None:
    data = zipped(Planted(), {"a.txt": b"x"})
    kept = scrubbed(data, "provide", "zip.comment", "zip.time")
    with zipfile.ZipFile(io.BytesIO(kept)) as box:
        assert box.comment.startswith(b"PLANT")
        assert box.infolist()[0].comment
        assert box.infolist()[0].date_time == (2026, 11, 23, 10, 0, 0)
        assert not box.infolist()[0].extra


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.bin", bytes(range(256)), "zip.member-unsupported"),
        ("a.svg", b"<?xml version='1.0'?><w xmlns='adobe:ns:meta/'/>", "zip.member-unsupported"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "zip.member-unsupported"),
        ("a.docx", b"PK\3\4" + bytes(40), "zip.member-refused"),
        ("a\u202excod.exe.txt", b"x", "zip.hidden-name"),
    ],
)
def test_what_cannot_be_cleaned_blocks_with_its_place(name: str, content: bytes, kind: str) -> None:
    data = packed(("b.txt", b"x"), (name, content))
    assert (kind, "blocks") in {(one.kind, one.removal) for one in findings(data)}
    with pytest.raises(RuleViolation, match=r"scrub\.blocked") as told:
        scrubbed(data)
    assert (told.value.params["kind"], told.value.params["member"]) == (kind, name)
    if kind != "zip.hidden-name":
        with zipfile.ZipFile(io.BytesIO(scrubbed(data, "provide", kind))) as box:
            assert box.read(name) == content


def test_links_block_and_dangerous_names_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        box.writestr(info, "/home/taro/secret")
    assert outcome(buffer.getvalue()) == "scrub.blocked"
    for name in ("../a.txt", "/a.txt", "C:/a.txt"):
        assert outcome(packed((name, b"x"))) == "document.damaged"
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        link = tarfile.TarInfo("l")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert outcome(target.getvalue()) == "scrub.blocked"


def test_a_name_of_its_own_and_a_time_in_gzip_go() -> None:
    made = io.BytesIO()
    with gzip.GzipFile("/home/PLANT000X/a.txt", "wb", fileobj=made, mtime=1_700_000_000) as box:
        box.write(b"text")
    result = scrubbed(made.getvalue() + gzip.compress(b""))
    assert gzip.decompress(result) == b"text"
    assert leaks(result) == set()
    inner = tarred(Planted(), {"a.html": mail.page(Planted())})
    for pack, unpack in ((bz2.compress, bz2.decompress), (lzma.compress, lzma.decompress)):
        assert leaks(unpack(scrubbed(pack(inner)))) == set()
        assert scrubbed(pack(b"text")) == pack(b"text")


def test_archives_in_each_other_without_end_are_refused() -> None:
    data = packed(("a.txt", b"x"))
    for _ in range(8):
        data = packed(("a.zip", data))
    assert outcome(data) == "scrub.blocked"
    assert outcome(packed(*((f"{n}.txt", b"x") for n in range(5_001)))) == "document.bomb"


def test_the_auditor_finds_what_was_not_removed_and_what_was_changed() -> None:
    held, _ = members()
    data = zipped(Planted(), held)
    clean = scrubbed(data)
    with pytest.raises(InvalidInput, match=r"scrub\.left-behind"):
        proven(data, data)
    for name in ("文書/案.docx", "page.html", "mail.eml", "pictures/a.png"):
        with zipfile.ZipFile(io.BytesIO(clean)) as box:
            parts = {one: box.read(one) for one in box.namelist()}
        parts[name] = held[name]
        with pytest.raises(InvalidInput, match=r"scrub\.left-behind"):
            proven(data, _plain(parts))
        del parts[name]
        with pytest.raises(InvalidInput, match=r"scrub\.text-changed"):
            proven(data, _plain(parts))


def _plain(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as box:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 0
            box.writestr(info, data)
    made = bytearray(buffer.getvalue())
    # The library gives every file a mode; ours have none.
    at = made.find(b"PK\1\2")
    while at >= 0:
        made[at + 38 : at + 42] = bytes(4)
        at = made.find(b"PK\1\2", at + 4)
    return bytes(made)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.sampled_from(["zip", "tar"]), st.integers(0, 3_000), st.binary(min_size=1, max_size=6))
def test_damage_ends_in_a_scrub_or_a_code(kind: str, at: int, bad: bytes) -> None:
    held = {"a.txt": b"x" * 50, "b.html": mail.page(Planted())}
    data = (zipped if kind == "zip" else tarred)(Planted(), held)
    assert ends_well(data[:at] + bad + data[at + len(bad) :])


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_archives_are_scrubbed_or_refused_by_a_code() -> None:
    codes = {"scrub.blocked", "document.damaged", "document.encrypted", "scrub.unsupported-format"}
    done = refused = 0
    for path in sorted(Path(str(CORPUS)).rglob("*.zip")):
        data = path.read_bytes()
        code = outcome(data)
        if code:
            assert code in codes, path.name
            refused += 1
            continue
        done += 1
        assert {one.kind for one in findings(scrubbed(data)) if one.severity == "high"} == set()
    assert (done >= 8, refused <= 14) == (True, True)
    assert kinds(scrubbed(packed(("a.txt", b"x")))) == set()
