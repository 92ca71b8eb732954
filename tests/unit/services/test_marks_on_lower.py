"""Marks of C3 on what is not C3 are refused where a mark stands, and nowhere else (Art. 5-2)."""

import os
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Cm

from meti_desk.services.classify import classify
from meti_desk.services.messages import ClassifyRequest, DoneFile
from tests.unit.services.fakes import World

STANDARD = os.environ.get("METI_DESK_STANDARD", "")
MARKS = ("機密性3情報", "機密性３情報　複製禁止", "秘", "㊙", "極秘", "【機密性3情報】", "秘密文書")
MENTIONS = (
    "機密性3情報の取扱い", "機密性3情報以外の情報について", "秘書課", "秘密保持契約書",
    "「秘」と記された書面",
    "機密性1・2・3", "極秘文書の歴史", "機密性2情報",
)  # fmt: skip
BODY = (
    "職員等は、機密性3情報以外の情報について、機密性3情報としての表示を付してはならない。\n"
    "機密性３情報を複写するときは、極秘又は秘の表示があるものに準ずる。"
)


def decide(world: World, path: Path, c: int = 1) -> DoneFile:
    request = ClassifyRequest(paths=(str(path),), c=c, reason="必要")
    [row] = classify(world.ctx, request).files
    return row


def code(row: DoneFile) -> str:
    return row.error.code if row.error else ""


def word(path: Path, header: str) -> None:
    made = docx.Document()
    for line in BODY.split("\n"):
        made.add_paragraph(line)
    made.sections[0].header.paragraphs[0].text = header
    made.save(str(path))


def workbook(path: Path, header: str) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for number in range(12):
        sheet.cell(row=number + 1, column=1, value=f"行{number}")
    sheet.cell(row=20, column=1, value=BODY)
    sheet.oddHeader.right.text = header
    made.save(path)


def slides(path: Path, header: str) -> None:
    made = Presentation()
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "説明資料"
    box = slide.shapes.add_textbox(Cm(1), Cm(8), Cm(20), Cm(5))
    box.text_frame.text = BODY
    stamp = slide.shapes.add_textbox(Cm(18), Cm(0.3), Cm(7), Cm(1))
    stamp.text_frame.text = header
    made.save(str(path))


def mail(path: Path, subject: str) -> None:
    head = f"From: a@meti.go.jp\r\nTo: b@meti.go.jp\r\nSubject: {subject}\r\n"
    path.write_bytes(f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{BODY}\r\n".encode())


Make = Callable[[Path, str], None]
KINDS: dict[str, tuple[str, Make]] = {
    "docx": ("header", word),
    "xlsx": ("header", workbook),
    "pptx": ("slide", slides),
    "eml": ("subject", mail),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_of_c3_on_lower_information_is_refused_with_its_place(
    world: World, kind: str, mark: str
) -> None:
    place, make = KINDS[kind]
    path = world.folder / f"資料.{kind}"
    make(path, mark)
    before = path.read_bytes()
    for level in (1, 2):
        row = decide(world, path, level)
        assert code(row) == "label.c3-mark-on-lower"
        assert row.error is not None
        assert place in str(row.error.params["place"])
    assert path.read_bytes() == before
    assert code(decide(world, path, 3)) == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mention", MENTIONS)
def test_a_mention_is_no_mark(world: World, kind: str, mention: str) -> None:
    _, make = KINDS[kind]
    path = world.folder / f"資料.{kind}"
    make(path, mention)
    assert code(decide(world, path, 2)) == ""


def test_a_mark_in_the_name_of_the_file(world: World) -> None:
    marked = world.word("【機密性3情報】案.docx")
    row = decide(world, marked)
    assert code(row) == "label.c3-mark-on-lower"
    assert row.error is not None
    assert row.error.params["place"] == "filename"
    assert code(decide(world, world.word("機密性3情報の取扱い.docx"))) == ""


@pytest.fixture
def official() -> list[tuple[str, str]]:
    """Give the official texts of the standard: name and text."""
    if not STANDARD:
        pytest.skip("METI_DESK_STANDARD names the folder of the standard")
    found = [(path.name, path.read_text(encoding="utf-8")) for path in Path(STANDARD).glob("*.txt")]
    assert found
    assert all("機密性3情報" in text for _, text in found)
    return found


def test_the_standard_itself_can_be_c1(world: World, official: list[tuple[str, str]]) -> None:
    for name, text in official:
        plain = world.folder / name
        plain.write_text(text, encoding="utf-8")
        assert code(decide(world, plain)) == ""
        made = docx.Document()
        for line in text.splitlines():
            made.add_paragraph(line)
        path = world.folder / f"{name}.docx"
        made.save(str(path))
        row = decide(world, path)
        assert code(row) == ""
        assert row.label is not None
        assert row.label.c == 1


def test_each_chapter_of_the_standard_can_be_c1(
    world: World, official: list[tuple[str, str]]
) -> None:
    for name, text in official:
        lines = [line for line in text.splitlines() if line.strip()]
        for at in range(0, len(lines), 60):
            path = world.folder / f"{at}-{name}"
            path.write_text("\n".join(lines[at : at + 60]), encoding="utf-8")
            assert code(decide(world, path)) == "", lines[at]
