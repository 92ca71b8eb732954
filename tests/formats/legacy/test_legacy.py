import hashlib
import io
import os
import random
import shutil
import struct
import subprocess
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from openpyxl.packaging.custom import StringProperty

from meti_desk.domain.errors import RuleViolation
from meti_desk.formats.base import Inspection, LabelOrder, ScrubOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.legacy.excel import read as read_sheets
from meti_desk.formats.legacy.family import LEGACY
from meti_desk.formats.legacy.property_sets import about, custom

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
GUID = "0f5a3a5c-1111-2222-3333-444455556666"
FILTERS = {"doc": "MS Word 97", "xls": "MS Excel 97", "ppt": "MS PowerPoint 97"}
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def seen(data: bytes) -> Inspection:
    return inspect(io.BytesIO(data), None, Wants(text=True))


def _word(path: Path) -> None:
    made = docx.Document()
    made.core_properties.title = "部外秘"
    made.sections[0].header.paragraphs[0].text = "機密性2情報"
    made.add_paragraph("予定価格は五百万円です。")
    for number in range(300):
        made.add_paragraph(f"Paragraph {number}: café 漢字 😀")
    made.save(str(path))


def _book(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "予算"
    sheet["A1"] = "機密性3情報"
    sheet["B2"], sheet["C3"], sheet["D4"] = 123456789012, 1.5, -7
    # Long enough to be cut by the end of a record, in both widths.
    for number in range(2000):
        sheet.cell(row=10 + number, column=1, value=f"行 {number} " + "あ" * (number % 50))
        sheet.cell(row=10 + number, column=2, value=f"plain {number} " + "x" * (number % 70))
    sheet.oddHeader.right.text = "機密性2情報"
    book.create_sheet("第二")["A1"] = "終わり"
    properties = {"jp.go.meti.label": "C2;I1;A1", f"MSIP_Label_{GUID}_Enabled": "true"}
    for name, value in properties.items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.save(path)


def _slides(path: Path) -> None:
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[0])
    slide.shapes.title.text = "スライドの題"
    slide.placeholders[1].text = "機密性2情報"
    made.save(str(path))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Let LibreOffice write old documents."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("soffice is missing")
    folder = tmp_path_factory.mktemp("old")
    made = {"doc": _word, "xls": _book, "ppt": _slides}
    for kind, write in made.items():
        source = folder / f"a.{kind}x"
        write(source)
        subprocess.run(
            [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", f"{kind}:{FILTERS[kind]}", "--outdir", str(folder), str(source)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return {kind: (folder / f"a.{kind}").read_bytes() for kind in made}


@pytest.mark.libreoffice
def test_an_old_word_document_says_its_marks_and_its_text(old: dict[str, bytes]) -> None:
    found = seen(old["doc"])
    assert (found.format, found.obstacle, found.embeds) == ("doc", "legacy", False)
    assert {(one.place, one.text) for one in found.marks} == {
        ("header", "機密性2情報"),
        ("property", "部外秘"),
    }
    text = {one.place: one.text for one in found.text}
    assert text["body"].startswith("予定価格は五百万円です。\nParagraph 0: café 漢字 😀\n")
    assert "Paragraph 299: café" in text["body"]
    assert found.digest == hashlib.sha256(old["doc"]).hexdigest()


@pytest.mark.libreoffice
def test_an_old_workbook_says_its_label_its_marks_and_its_cells(old: dict[str, bytes]) -> None:
    found = seen(old["xls"])
    assert found.properties == {"jp.go.meti.label": "C2;I1;A1"}
    assert [(one.scheme, one.id) for one in found.foreign] == [("msip", GUID)]
    assert {(one.place, one.text) for one in found.marks} == {
        ("header", "機密性2情報"),
        ("top", "機密性3情報"),
    }
    first, second = found.text
    assert (first.place, second.place, second.text) == ("sheet 予算", "sheet 第二", "終わり")
    lines = first.text.split("\n")
    assert {"123456789012", "1.5", "-7"} <= set(lines)
    expected = {f"行 {n} " + "あ" * (n % 50) for n in range(2000)}
    expected |= {f"plain {n} " + "x" * (n % 70) for n in range(2000)}
    assert expected <= set(lines)


@pytest.mark.libreoffice
def test_an_old_presentation_says_its_text(old: dict[str, bytes]) -> None:
    found = seen(old["ppt"])
    assert "スライドの題" in found.text[0].text
    assert ("body", "機密性2情報") in [(one.place, one.text) for one in found.marks]


@pytest.mark.libreoffice
def test_no_damage_brings_it_down(old: dict[str, bytes]) -> None:
    chosen = random.Random(5)
    for kind, data in old.items():
        for _ in range(200 if FULL else 25):
            broken = bytearray(data)
            for _ in range(20):
                broken[chosen.randrange(512, len(broken))] = chosen.randrange(256)
            assert seen(bytes(broken)).format in {kind, "cfb", "other"}
        assert seen(data[: len(data) // 2]).digest
        assert seen(data[:600]).digest


@pytest.mark.libreoffice
def test_passwords_are_told(old: dict[str, bytes]) -> None:
    book = old["xls"]
    # The record of a password stands behind the first record of the workbook.
    at = book.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    locked = book[: at + 20] + b"\x2f\x00" + book[at + 22 :]
    found = seen(locked)
    assert (found.obstacle, found.text) == ("encrypted", ())
    assert found.protection is not None
    word = bytearray(old["doc"])
    word[word.find(b"\xec\xa5") + 11] |= 1
    assert seen(bytes(word)).obstacle == "encrypted"


def test_what_names_its_streams_and_holds_nothing_is_labelled_all_the_same() -> None:
    data = CFB + bytes(504) + "Workbook".encode("utf-16-le")
    found = seen(data)
    assert (found.format, found.obstacle, found.properties) == ("xls", "legacy", {})


def test_old_documents_are_never_rewritten() -> None:
    source = io.BytesIO(CFB + bytes(504) + "WordDocument".encode("utf-16-le"))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        LEGACY.write_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"format\.not-embeddable"):
        LEGACY.verify_label(source, io.BytesIO(), LabelOrder({}))
    with pytest.raises(RuleViolation, match=r"scrub\.legacy"):
        LEGACY.scrub(source, io.BytesIO(), ScrubOrder())
    with pytest.raises(RuleViolation, match=r"scrub\.legacy"):
        LEGACY.verify_scrub(source, io.BytesIO(), ScrubOrder())


def test_numbers_of_a_workbook_are_read_in_all_their_forms() -> None:
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    bof = struct.pack("<HH12x", 0x0600, 5)
    sheet = struct.pack("<HH12x", 0x0600, 0x10)
    raws = [(100 << 2) | 2, ((-5 & 0x3FFFFFFF) << 2) | 2, (12345 << 2) | 3, 0x3FF80000]
    cells = b"".join(record(0x027E, struct.pack("<3HL", 0, 0, 0, raw)) for raw in raws)
    many = struct.pack("<HH", 0, 0) + b"".join(struct.pack("<HL", 0, raw) for raw in raws[:2])
    stream = (
        record(0x0809, bof)
        + record(0x000A, b"")
        + record(0x0809, sheet)
        + cells
        + record(0x00BD, many + b"\0\0")
        + record(0x0203, struct.pack("<3Hd", 0, 0, 0, 1e300))
        + record(0x0014, b"\x09\0\0" + b"&LA&C&9Bx")
        + record(0x00FD, struct.pack("<3HL", 0, 0, 0, 99))
        + record(0x000A, b"")
    )
    [found] = read_sheets(stream)
    assert found.cells == ["100", "-5", "123.45", "1.5", "100", "-5", "1e+300", ""]
    assert found.header == ["A", "Bx"]


def test_property_sets_that_lie_give_what_can_be_read() -> None:
    for data in (b"", bytes(28), b"\xfe\xff" + bytes(22) + b"\xff\xff\xff\xff" + bytes(40)):
        assert custom(data) == {}
        assert about(data) == {}


@pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
def test_real_old_documents_are_read() -> None:
    paths = [p for p in Path(CORPUS or "").rglob("*") if p.suffix in (".doc", ".xls", ".ppt")]
    assert paths
    for path in paths:
        found = seen(path.read_bytes())
        assert found.obstacle == "legacy", path
        assert any("Title" in one.text for one in found.text), path
