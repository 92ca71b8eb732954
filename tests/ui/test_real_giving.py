"""付加情報 and 墨消し over the real desk: documents are looked at, tried, cleaned, redacted."""

from collections.abc import Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from PySide6.QtCore import Qt

from meti_desk.app import make_desk
from meti_desk.services.desk import Desk
from meti_desk.services.messages import Person
from meti_desk.ui.findings.look import Look
from meti_desk.ui.jobs import Jobs
from tests.formats.pdf import build
from tests.ui.conftest import Open
from tests.ui.fake_desk import PASSPHRASE
from tests.ui.screenshots import findings, redaction, settle
from tests.ui.test_flows import click

AUTHOR = "鈴木 一郎"
SECRET = "ここは渡す前に消す"


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(str(tmp_path / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎", "", "", "yamada@meti.go.jp"), use_keyring=False)
    yield desk
    desk.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a commented Word document and a PDF of two pages."""
    whole = tmp_path / "部会"
    whole.mkdir()
    made = docx.Document()
    said = made.add_paragraph("審査の結果（案）")
    made.add_comment(said.runs[0], text=SECRET, author=AUTHOR, initials="S")
    made.save(str(whole / "案.docx"))
    (whole / "意見.pdf").write_bytes(build.plain())
    return whole


def test_a_folder_is_looked_at_tried_and_cleaned(
    open_window: Open, real: Desk, jobs: Jobs, folder: Path
) -> None:
    window = open_window(real)
    window.desktop.task_wanted.emit("findings", Look((str(folder),)))
    settle(jobs, window)
    shown = findings(window)
    page = shown.page
    assert {Path(one).name for one in page.documents.paths} == {"意見.pdf", "案.docx"}
    page.files.selectRow(next(r for r, p in enumerate(page.documents.paths) if p.endswith("docx")))
    seen = page.documents.seen(page._chosen)
    assert seen is not None
    assert "docx.comment" in {one.kind for one in seen.findings}
    page.files.selectRow(next(r for r, p in enumerate(page.documents.paths) if p.endswith("pdf")))
    click(window, "結果を確かめる")
    settle(jobs, window)
    assert page.preview.before.filled
    assert page.preview.after.filled
    assert sorted(p.name for p in folder.iterdir()) == sorted(["意見.pdf", "案.docx"])
    page.report.setChecked(True)
    click(window, "取り除いた写しを作る")
    settle(jobs, window)
    assert shown.currentWidget() is shown.result
    out = folder.parent / "提供用"
    clean = out / "案.docx"
    assert SECRET not in "".join(one.text for one in docx.Document(str(clean)).comments)
    assert docx.Document(str(clean)).paragraphs[0].text == "審査の結果（案）"
    assert SECRET.encode() not in clean.read_bytes()
    assert (out / "意見.pdf").is_file()
    assert [one.suffix for one in out.iterdir()].count(".csv") == 1


def test_words_and_an_area_are_redacted_from_a_pdf(
    open_window: Open, real: Desk, jobs: Jobs, folder: Path
) -> None:
    window = open_window(real)
    window.desktop.task_wanted.emit("redaction", (str(folder / "意見.pdf"),))
    settle(jobs, window)
    shown = redaction(window)
    page = shown.page
    assert page.sheet.canvas.filled
    page.words.setPlainText("lazy dog")
    click(window, "見つける")
    settle(jobs, window)
    assert page.model.data(page.model.index(0, 2)) == "2"
    assert page.model.boxes(str(folder / "意見.pdf"), 1)
    page.model.setData(page.model.index(0, 0), None, Qt.ItemDataRole.CheckStateRole)
    assert not page._go.isEnabled()
    page.model.setData(page.model.index(0, 0), None, Qt.ItemDataRole.CheckStateRole)
    click(window, "墨消しした写しを作る")
    settle(jobs, window)
    assert shown.currentWidget() is shown.result
    with pypdfium2.PdfDocument(str(folder / "墨消し" / "意見.pdf")) as made:
        text = made[0].get_textpage().get_text_bounded()
    assert "lazy dog" not in text
    assert "quick brown fox" in text
