"""The list for 棚卸し as LibreOffice shows it: a row for each thing to look for, and boxes."""

import subprocess
from pathlib import Path
from shutil import which

import docx
import pytest

from meti_desk.services.register_messages import RegisterNote
from meti_desk.wording import wording
from tests.unit.services.unit_office import CANARY, HEAD, STAFF, UNIT, Ministry

NEEDS_OFFICE = pytest.mark.skipif(
    which("soffice") is None or which("pdftotext") is None, reason="LibreOffice is not installed"
)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Give the list of a register with three documents and some copies."""
    ministry = Ministry(tmp_path)
    head, staff = ministry.device(HEAD), ministry.device(STAFF)
    for number in range(3):
        staff.document(f"{CANARY}{number}.docx", c=3)
    staff.sync()
    staff.register.note(
        RegisterNote(entry="2026-0001", reason="印刷", new_copies=2, permit="p-10-4",
                     holders=("佐藤花子", "田中\u0007一郎"))
    )  # fmt: skip
    staff.register.note(
        RegisterNote(entry="2026-0001", reason="範囲", access=("政策課",), designated="第一金庫")
    )
    staff.sync()
    head.sync()
    head.ctx.words = wording("ja")
    return head.register.export(tmp_path / "管理簿.docx")


def test_each_document_and_copy_has_a_row_with_boxes(paper: Path) -> None:
    made = docx.Document(str(paper))
    (table,) = made.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[0] for row in rows] == [
        "番号", "2026-0001", "2026-0001-1", "2026-0001-2", "2026-0002", "2026-0003",
    ]  # fmt: skip
    assert all(row[7].count("☐") == 3 for row in rows[1:])
    assert rows[2][2] == "佐藤花子"
    assert rows[1][4] == "政策課"
    assert "第一金庫" in rows[1][3]
    assert not made.core_properties.author
    assert "機密性3情報" in "".join(p.text for p in made.sections[0].header.paragraphs)


@NEEDS_OFFICE
def test_libreoffice_shows_it_whole(paper: Path, tmp_path: Path) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(paper)], check=True, capture_output=True, timeout=180)
    shown = subprocess.run(
        ["pdftotext", "-layout", str(paper.with_suffix(".pdf")), "-"],
        check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    told = "".join(shown.split())
    for words in ("2026-0001", "2026-0003", "佐藤花子", "☐あり", "☐ほかの場所", "機密性3情報",
                  "第99条", UNIT, "保管者"):  # fmt: skip
        assert words in told
