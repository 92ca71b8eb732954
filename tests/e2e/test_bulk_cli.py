"""Folders, lineage and watched folders on the command line, over a real store and real workers."""

import csv
from pathlib import Path

import docx
import pytest

from tests.e2e.conftest import Cli


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "束"
    (folder / "下").mkdir(parents=True)
    for name in ("a.docx", "下/b.docx"):
        made = docx.Document()
        made.add_paragraph(f"本文 {name}")
        made.save(str(folder / name))
    (folder / "下" / "c.txt").write_text("本文", encoding="utf-8")
    (folder / "壊れた.docx").write_bytes(b"PK\x03\x04 word/")
    return folder


def test_a_folder_resumed_and_reported(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    report = tmp_path / "結果.csv"
    code, told = cli("classify", str(bundle), "-c", "2", "--report", str(report))
    assert code == 5
    assert [row["error"] is None for row in told["files"]] == [True, False, True, True]
    rows = list(csv.reader(report.read_text("utf-8-sig").splitlines()))
    assert [row[1] for row in rows[1:]] == ["済み", "できませんでした", "済み", "済み"]
    (bundle / "壊れた.docx").unlink()
    code, told = cli("classify", str(bundle), "-c", "2", "--resume")
    assert code == 0
    assert [row["notes"] for row in told["files"]] == [["batch.already-done"]] * 3
    code, told = cli("classify", str(bundle), "-c", "3", "--reason", "必要", "--undecided-only")
    assert {tuple(row["notes"]) for row in told["files"]} == {("batch.already-labelled",)}
    code, told = cli("inspect", str(bundle))
    assert [row["label"]["c"] for row in told["files"]] == [2, 2, 2]


def test_copies_keep_their_folders(cli: Cli, bundle: Path, tmp_path: Path) -> None:
    code, _ = cli("classify", str(bundle / "下"), str(bundle / "a.docx"), "-c", "2",
                  "--out", str(tmp_path / "out"))  # fmt: skip
    assert code == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "a.docx", "b.docx", "c.txt", "c.txt.metilabel.json",
    ]  # fmt: skip


def test_lineage_of_three_generations(cli: Cli, tmp_path: Path) -> None:
    last = ""
    for name in ("一.docx", "二.docx", "三.docx"):
        made = docx.Document()
        made.add_paragraph(name)
        made.save(str(tmp_path / name))
        source = ("--source", last) if last else ()
        assert cli("classify", str(tmp_path / name), "-c", "2", *source)[0] == 0
        last = str(tmp_path / name)
    code, told = cli("ledger", "lineage", str(tmp_path / "二.docx"))
    assert code == 0
    assert [(one["title"], one["level"]) for one in told["nodes"]] == [
        ("一.docx", -1), ("二.docx", 0), ("三.docx", 1),
    ]  # fmt: skip
    assert len(told["edges"]) == 2
    code, told = cli("ledger", "lineage", "nothing")
    assert (code, told["error"]["code"]) == (5, "document.unknown")


def test_a_watched_folder(cli: Cli, tmp_path: Path) -> None:
    inbox = tmp_path / "受信"
    inbox.mkdir()
    assert cli("watch", "add", str(inbox))[0] == 0
    (inbox / "届いた.txt").write_text("本文", encoding="utf-8")
    (inbox / "白書.txt").write_text("公表資料", encoding="utf-8")
    code, told = cli("watch", "look")
    assert (code, told["waiting"]) == (0, 2)
    assert cli("published", str(inbox / "白書.txt"))[0] == 0
    code, told = cli("watch", "look")
    assert [one["title"] for one in told["to_decide"]] == ["届いた.txt"]
    assert cli("watch", "remove", str(inbox))[1] == {"folders": []}
