"""Folders of documents, and the report of what went and what stayed."""

import csv
import io
from pathlib import Path

import pytest

from meti_desk.services.messages import ScrubRequest
from meti_desk.services.scrub import scrub
from tests.unit.services.fakes import World


@pytest.fixture
def folder(world: World) -> Path:
    """Give a folder with a Word document, one below it, and a file that is empty."""
    whole = world.folder / "部会"
    (whole / "下").mkdir(parents=True)
    data = world.word().read_bytes()
    (whole / "案.docx").write_bytes(data)
    (whole / "下" / "案.docx").write_bytes(data)
    (whole / "空.txt").write_bytes(b"")
    return whole


def test_a_folder_is_scrubbed_into_the_same_folders_with_a_report(
    world: World, folder: Path
) -> None:
    before = (folder / "案.docx").read_bytes()
    request = ScrubRequest(
        paths=(str(folder),), out=str(world.out), report=str(world.out / "結果.csv")
    )
    done = scrub(world.ctx, request)
    assert (folder / "案.docx").read_bytes() == before
    assert (world.out / "案.docx").exists()
    assert (world.out / "下" / "案.docx").exists()
    text = Path(done.report).read_bytes().decode("utf-8-sig")
    rows = {Path(row["report.file"]).name: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["案.docx"]["report.outcome"] == "outcome.done"
    assert "finding.docx." in rows["案.docx"]["report.removed"]
    assert rows["空.txt"]["report.outcome"] == "outcome.refused"
    assert rows["空.txt"]["report.code"] == "document.empty"
    assert len(done.files) == 3
