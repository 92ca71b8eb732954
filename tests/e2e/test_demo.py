"""The guided demo drives the real window over the real store, workers and samples."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def shown(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Ran]:
    folder = tmp_path_factory.mktemp("demo") / "結果"
    home = tmp_path_factory.mktemp("home")
    ran = subprocess.run(
        [sys.executable, "-m", "meti_desk", "demo", str(folder)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "HOME": str(home)},
    )
    return folder, ran


def test_every_step_leaves_what_it_says(
    shown: tuple[Path, Ran],
) -> None:
    folder, ran = shown
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "×" not in ran.stdout
    named = [Path(line.strip()) for line in ran.stdout.splitlines() if line.startswith("    ")]
    assert len(named) > 15
    assert [path for path in named if not path.exists()] == []
    assert len(list((folder / "画面").glob("*.png"))) >= 10


def test_what_is_provided_is_protected_and_has_its_papers(
    shown: tuple[Path, Ran],
) -> None:
    folder, _ = shown
    given = folder / "文書" / "提供用"
    assert sorted(path.name for path in given.iterdir()) == sorted(
        ["審査結果案.docx", "取扱依頼書.docx", "パスワード通知書.docx", "メールの下書き.eml"]
    )
    assert (given / "審査結果案.docx").read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    assert "佐藤花子".encode() not in (given / "メールの下書き.eml").read_bytes()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("keep")
    ran = subprocess.run(
        [sys.executable, "-m", "meti_desk", "demo", str(tmp_path)],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 4
    assert mine.read_text() == "keep"
