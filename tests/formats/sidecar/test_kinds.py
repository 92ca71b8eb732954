import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.formats.base import Wants
from meti_desk.formats.sidecar.kinds import kind_of
from meti_desk.formats.sidecar.other import OTHER


def kind(data: bytes) -> str:
    return kind_of(data[:4096], io.BytesIO(data))


def zipped(*names: str, stored: tuple[str, bytes] | None = None) -> bytes:
    noise = random.Random(1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if stored:
            archive.writestr(*stored)
        for name in names:
            archive.writestr(name, noise.randbytes(3000))
    return buffer.getvalue()


CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODT = ("mimetype", b"application/vnd.oasis.opendocument.text")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        ("本文です。\n".encode(), "txt"),
        ("本文です。\n".encode("utf-16"), "txt"),
        ("本文です。\n".encode("cp932"), "txt"),
        ("本文です。\n".encode("iso2022_jp"), "txt"),
        (b"\x00\x01\x02", "other"),
        (b"<!DOCTYPE html><p>", "html"),
        (b'<?xml version="1.0"?><svg/>', "svg"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"RIFF....WEBPVP8 ", "webp"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (zipped("a.txt"), "zip"),
        (zipped("[Content_Types].xml", "docProps/app.xml", "xl/workbook.xml"), "xlsx"),
        (zipped("ppt/presentation.xml", "[Content_Types].xml"), "pptx"),
        (zipped("content.xml", stored=ODT), "odt"),
        (b"PK\x03\x04", "zip"),
        (CFB + bytes(504) + "WordDocument".encode("utf-16-le"), "doc"),
        (CFB, "cfb"),
    ],
)  # fmt: skip
def test_names_kinds_by_content(data: bytes, expected: str) -> None:
    assert kind(data) == expected


def test_the_letters_of_a_folder_inside_compressed_data_name_nothing() -> None:
    data = zipped("ppt/presentation.xml", "[Content_Types].xml", stored=("x.bin", b"..xl/.."))
    assert kind(data) == "pptx"


def test_old_office_files_say_why_they_are_not_rewritten() -> None:
    data = CFB + bytes(504) + "Workbook".encode("utf-16-le")
    assert OTHER.inspect(io.BytesIO(data), Wants()).obstacle == "legacy"


@settings(derandomize=True, max_examples=300)
@given(st.binary(max_size=64), st.sampled_from([b"", b"PK\x03\x04", b"RIFF", b"\0\0\0\x18ftyp"]))
def test_every_file_has_a_kind(tail: bytes, head: bytes) -> None:
    assert kind(head + tail)


CORPUS = os.environ.get("METI_DESK_CORPUS", "")
SAME = {
    ".png": "png", ".jpg": "jpeg", ".xlsx": "xlsx", ".pptx": "pptx", ".odt": "odt", ".gif": "gif",
}  # fmt: skip


@pytest.mark.skipif(not CORPUS, reason="METI_DESK_CORPUS names no folder of real files")
def test_real_files_are_what_they_are_called() -> None:
    """Nearly: collections of test files hold some that are damaged or encrypted on purpose."""
    paths = [p for p in sorted(Path(CORPUS).rglob("*")) if p.suffix.lower() in SAME]
    wrong = []
    for path in paths:
        with path.open("rb") as file:
            found = kind_of(file.read(4096), file)
        if found != SAME[path.suffix.lower()]:
            wrong.append((path.name, found))
    assert len(wrong) <= len(paths) * 0.06, wrong
