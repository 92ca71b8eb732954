"""Redaction from the command line, through the confined workers, into the real record."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest
from reportlab.pdfgen import canvas

from meti_desk.app import make_desk
from meti_desk.cli.run import run
from tests.e2e.conftest import Cli

Maker = Callable[..., Path]


@pytest.fixture
def minutes(tmp_path: Path) -> Path:
    made = BytesIO()
    drawing = canvas.Canvas(made)
    drawing.drawString(60, 700, "Mr. Yamada said yes. Call 03-3501-1511.")
    drawing.drawString(60, 600, "The secret corner")
    drawing.save()
    path = tmp_path / "minutes.pdf"
    path.write_bytes(made.getvalue())
    return path


def text_of(path: str) -> str:
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_words_from_a_file_an_area_and_personal_data(cli: Cli, minutes: Path) -> None:
    words = cli.folder / "words.txt"
    words.write_bytes("\ufeffyamada\r\n\r\n".encode())
    given = (
        "--out", cli.folder / "out", "--words-file", words, "--area", "1:50,225,200,30",
        "--detect", "phone",
    )  # fmt: skip
    code, answer = cli("redact", minutes, *given)
    assert code == 0, answer
    row = answer["files"][0]
    reasons = {place["reason"]: place for place in row["places"]}
    assert set(reasons) == {"word", "area", "phone"}
    assert reasons["word"]["text"] == "Yamada"
    assert reasons["word"]["boxes"][0]["page"] == 1
    left = text_of(row["out"][0])
    assert "Yamada" not in left
    assert "3501" not in left
    assert "secret" not in left
    assert "said yes." in left
    _, found = cli("ledger", "list")
    assert found["events"][0]["kind"] == "redact"
    assert "amada" not in str(found["events"][0]["detail"])


def test_word_and_document(cli: Cli, document: Maker) -> None:
    path = document(text="補助金の審査の結果")
    code, answer = cli("redact", path, "--out", cli.folder / "out", "--word", "審査")
    assert code == 0, answer
    made = docx.Document(answer["files"][0]["out"][0])
    assert made.paragraphs[0].text == "補助金の██の結果"
    assert {one["class"] for one in answer["files"][0]["removed"]} >= {"docx.comment"}


def test_a_preview_needs_no_folder(cli: Cli, minutes: Path) -> None:
    code, answer = cli("redact", minutes, "--preview", "--word", "yamada")
    assert code == 0
    assert answer["files"][0]["places"][0]["count"] == 1
    code, answer = cli("redact", minutes, "--preview", "--word", "suzuki")
    assert (code, answer["files"][0]["places"]) == (0, [])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--word", "x"), "usage.missing"),
        (("--out", "o"), "redact.nothing-asked"),
        (("--out", "o", "--area", "1:2,3"), "usage.value"),
        (("--out", "o", "--area", "0:1,1,1,1"), "redact.area-invalid"),
        (("--out", "o", "--detect", "nothing"), "redact.unknown-detector"),
    ],
)
def test_wrong_usage(cli: Cli, minutes: Path, words: tuple[str, ...], code: str) -> None:
    exit_code, answer = cli("redact", minutes, *words)
    assert (exit_code, answer["error"]["code"]) == (2, code)


def test_a_file_of_words_that_cannot_be_read(cli: Cli, minutes: Path) -> None:
    bad = cli.folder / "bad"
    bad.write_bytes(b"\xff\xfe\x00")
    code, answer = cli("redact", minutes, "--out", "o", "--words-file", bad)
    assert (code, answer["error"]["code"]) == (2, "redact.words-file")
    code, answer = cli("redact", minutes, "--out", "o", "--words-file", cli.folder / "none")
    assert (code, answer["error"]["code"]) == (4, "file.missing")


def test_nothing_is_written_when_nothing_is_found(cli: Cli, minutes: Path) -> None:
    out = cli.folder / "out"
    code, answer = cli("redact", minutes, "--out", out, "--word", "suzuki")
    assert (code, answer["files"][0]["error"]["code"]) == (5, "redact.nothing-found")
    assert list(out.iterdir()) == []


def test_in_lines_for_people(cli: Cli, minutes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["redact", str(minutes), "--preview", "--word", "yamada", "--detect", "all"]
    argv += ["--store", str(cli.store), "--passphrase-file", str(cli.passphrase)]
    assert run(argv, make_desk) == 0
    told = capsys.readouterr().out
    assert "語句 Yamada ×1" in told
    assert "電話番号 03-3501-1511 ×1" in told
