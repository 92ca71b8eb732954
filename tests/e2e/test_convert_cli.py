"""An old document is refused by `scrub`, converted, and then scrubbed (decision 018)."""

import shutil
import subprocess
from pathlib import Path

import docx
import pytest

from meti_desk.system import office
from tests.e2e.conftest import Cli

SOFFICE = shutil.which("soffice")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a document of 1997 with an author."""
    made = docx.Document()
    made.core_properties.author = "秘密の作成者"
    made.add_paragraph("補助金の審査の結果")
    made.save(str(tmp_path / "旧.docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path),
         str(tmp_path / "旧.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (tmp_path / "旧.docx").unlink()
    return tmp_path / "旧.doc"


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_an_old_document_is_converted_and_then_scrubbed(
    cli: Cli, old: Path, tmp_path: Path
) -> None:
    before = old.read_bytes()
    code, seen = cli("inspect", old)
    kinds = {one["class"] for one in seen["files"][0]["findings"]}
    assert "legacy.property" in kinds
    cli("classify", old, "-c", "1", "--out", tmp_path / "labelled")
    code, refused = cli("scrub", old, "--out", tmp_path / "clean")
    assert code == 3
    assert refused["files"][0]["error"]["code"] == "scrub.legacy"
    code, done = cli("convert", old, "--out", tmp_path / "new")
    assert code == 0, done
    made = Path(done["files"][0]["out"][0])
    assert (made.name, old.read_bytes()) == ("旧.docx", before)
    # Where the kernel lets nobody make a cage the network cannot be taken away, and that is said.
    said = [] if office._cage(tmp_path)[1] else ["convert.network-not-denied"]
    assert (done["files"][0]["label"]["c"], done["files"][0]["notes"]) == (1, said)
    code, cleaned = cli("scrub", made, "--out", tmp_path / "clean")
    assert code == 0, cleaned
    result = docx.Document(cleaned["files"][0]["out"][0])
    assert result.core_properties.author == ""
    assert [one.text for one in result.paragraphs if one.text] == ["補助金の審査の結果"]
    code, unfit = cli("convert", made, "--out", tmp_path / "new")
    assert unfit["files"][0]["error"]["code"] == "convert.unsupported-format"


def test_without_libreoffice_it_says_so(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_PLACES", (str(tmp_path / "nowhere"),))
    office.program.cache_clear()
    try:
        paper = tmp_path / "a.rtf"
        paper.write_bytes(b"{\\rtf1 text}")
        code, told = cli("convert", paper, "--out", tmp_path / "new")
        assert code == 4
        assert told["files"][0]["error"]["code"] == "convert.not-installed"
    finally:
        office.program.cache_clear()


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_the_copy_inherits_the_label_and_the_record_knows_where_it_comes_from(
    cli: Cli, old: Path, tmp_path: Path
) -> None:
    code, decided = cli("classify", old, "-c", "2", "-r", "転送禁止")
    assert code == 0, decided
    code, done = cli("convert", old, "--out", tmp_path / "new")
    assert code == 0, done
    made = Path(done["files"][0]["out"][0])
    code, seen = cli("inspect", made)
    [row] = seen["files"]
    assert (row["seal"], row["label"]["c"]) == ("sealed", 2)
    assert row["label"]["restrictions"] == ["転送禁止"]
    assert [mark["own"] for mark in row["marks"]] == [True]
    assert [source["title"] for source in row["sources"]] == ["旧.doc"]
    code, listed = cli("ledger", "list")
    entry = listed["events"][0]
    assert entry["kind"] == "convert"
    assert entry["detail"]["sources"] == [listed["events"][1]["document"]]
    assert (entry["detail"]["before"], entry["detail"]["after"]) == ("doc", "docx")
    assert done["events"] == [entry["id"]]
