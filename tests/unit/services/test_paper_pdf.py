"""PDFs written without an office program: long texts, many pages, and nothing about who wrote."""

import subprocess
from shutil import which

import pikepdf
import pytest

from meti_desk.services.paper_pdf import Paper
from meti_desk.services.password_paper import password_slip_pdf

NEEDS_TEXT = pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is not installed")


def text_of(data: bytes) -> str:
    run = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True,
                         check=True)  # fmt: skip
    return run.stdout.decode()


def pages_of(data: bytes) -> int:
    import io

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/Author" not in pdf.docinfo
        assert "/CreationDate" not in pdf.docinfo
        assert "/Producer" not in pdf.docinfo
        return len(pdf.pages)


@NEEDS_TEXT
def test_lines_are_broken_and_pages_turned_and_nothing_is_lost() -> None:
    sheet = Paper("長い文書")
    words = [f"第{n}項目の説明文" for n in range(200)]
    for word in words:
        sheet.line(word * 8)
    sheet.table([(word, word * 6) for word in words[:60]], (1, 3))
    data = sheet.saved()
    assert pages_of(data) > 5
    told = "".join(text_of(data).split())
    for word in words:
        assert told.count(word) >= 8


@NEEDS_TEXT
def test_a_long_password_and_odd_characters_stand_on_the_slip() -> None:
    password = "a" * 200
    data = password_slip_pdf(
        ("案.docx", "長" * 300), password, [("a", "アルファの小文字a")], "今日"
    )
    told = "".join(text_of(data).split())
    assert password in told
    assert told.count("長") >= 300
    assert "今日" in told


def test_the_same_sheet_gives_the_same_bytes() -> None:
    def made() -> bytes:
        sheet = Paper("題")
        sheet.code([[1, 0, 1], [0, 1, 1], [1, 1, 1]], 90)
        sheet.heading("見出し")
        sheet.line("右", right=True)
        return sheet.saved()

    assert made() == made()
    assert pages_of(made()) == 1
