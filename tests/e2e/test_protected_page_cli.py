"""A page that decrypts itself is known for what it is by every command."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Cli

PASSWORD = "correct horse 7 staple"


@pytest.fixture
def page(cli: Cli, tmp_path: Path) -> Path:
    """Protect a file as a page."""
    source, secret = tmp_path / "表.csv", tmp_path / "password"
    source.write_text("a,b\n1,2\n", encoding="utf-8")
    secret.write_text(PASSWORD, encoding="utf-8")
    out = tmp_path / "out"
    code, done = cli("protect", source, "--out", out, "--method", "html", "--password-file", secret)
    assert code == 0, done
    return Path(done["files"][0]["out"][0])


def test_it_is_inspected_as_protected(cli: Cli, page: Path) -> None:
    code, done = cli("inspect", page)
    assert code == 0
    (row,) = done["files"]
    assert row["obstacle"] == "encrypted"
    assert row["protection"]["method"] == "html"
    assert row["findings"] == []


def test_nothing_is_taken_out_of_its_script(cli: Cli, page: Path, tmp_path: Path) -> None:
    before = page.read_bytes()
    code, done = cli("scrub", page, "--out", tmp_path / "scrubbed")
    assert code == 3
    assert done["files"][0]["error"]["code"] == "document.encrypted"
    assert page.read_bytes() == before


def test_it_is_not_protected_twice(cli: Cli, page: Path, tmp_path: Path) -> None:
    code, done = cli("protect", page, "--out", tmp_path / "twice", "--method", "zip")
    assert code == 5
    assert done["files"][0]["error"]["code"] == "protect.already-protected"
