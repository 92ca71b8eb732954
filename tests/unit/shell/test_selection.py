from pathlib import Path

import pytest

from meti_desk.shell.selection import files_to_open


def test_nothing_opens_the_window() -> None:
    assert files_to_open([]) == []
    assert files_to_open(["--"]) == []


def test_files_that_exist_are_for_the_window(tmp_path: Path) -> None:
    file = tmp_path / "案.docx"
    file.touch()
    assert files_to_open([str(file)]) == [str(file)]
    assert files_to_open([str(file), str(tmp_path / "gone")]) is None


@pytest.mark.parametrize(
    "words", [["ledger", "list"], ["--json", "doctor"], ["x" * 5000], ["a\0b"]]
)
def test_other_words_are_a_command(words: list[str]) -> None:
    assert files_to_open(words) is None


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("-c", "-c"),
        ("--json", "--json"),
        ("消えた.docx", "消えた.docx"),
        ("file:///srv/a%20b%0A%25.docx", "/srv/a b\n%.docx"),
        ("file://localhost/srv/%E6%A1%88?#.docx", "/srv/案?#.docx"),
        ("file:///srv/%FF", "/srv/\udcff"),
        ("file://server/share/x", "file://server/share/x"),
        ("sftp://server/x", "sftp://server/x"),
        ("file:x", "file:x"),
    ],
)
def test_behind_the_separator_every_word_is_a_file(word: str, path: str) -> None:
    assert files_to_open(["--", word]) == [path]
