"""Many files in one protected file, and out again."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Cli

PASSWORD = "correct horse 7 staple"
Make = Callable[..., Path]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD, encoding="utf-8")
    return path


def files(folder: Path, count: int) -> list[Path]:
    folder.mkdir()
    found = []
    for number in range(count):
        path = folder / f"資料 {number:02}.bin"
        path.write_bytes(bytes([number]) * (1 + number * 997))
        found.append(path)
    return found


@pytest.mark.parametrize("method", ["metienc", "html", "zip"])
def test_all_go_into_one_and_come_out(cli: Cli, tmp_path: Path, secret: Path, method: str) -> None:
    sources = files(tmp_path / "in", 12)
    twin = tmp_path / "資料 03.BIN"
    twin.write_bytes(b"the other")
    out, back = tmp_path / "out", tmp_path / "back"
    given = ("--out", out, "--password-file", secret, "--method", method)
    code, done = cli("protect", *sources, twin, *given, "--together", "送付資料")
    assert code == 0, done
    (row,) = done["files"]
    assert [Path(one).name for one in row["out"]] == [f"送付資料.{method}"]
    assert len(done["events"]) == 1 + 13
    code, done = cli("open", *row["out"], "--out", back, "--password-file", secret)
    assert code == 0, done
    taken = {Path(one).name: Path(one).read_bytes() for one in done["files"][0]["out"]}
    expected = {path.name: path.read_bytes() for path in sources}
    assert taken == expected | {"資料 03 (2).BIN": b"the other"}


def test_a_file_that_is_refused_stops_all(
    cli: Cli, tmp_path: Path, secret: Path, document: Make
) -> None:
    kept = document("案.docx")
    code, _ = cli("classify", kept, "-c", "3", "--reason", "交渉中のため")
    assert code == 0
    plain = files(tmp_path / "in", 2)
    out = tmp_path / "out"
    code, done = cli("protect", *plain, kept, "--out", out, "--password-file", secret,
                     "--together", "全部.zip")  # fmt: skip
    assert code == 3
    assert done["files"][0]["error"]["code"] == "copy.needs-approval"
    assert list(out.iterdir()) == []


def test_one_changed_byte_gives_none_of_them(cli: Cli, tmp_path: Path, secret: Path) -> None:
    sources = files(tmp_path / "in", 5)
    out, back = tmp_path / "out", tmp_path / "back"
    given = ("--out", out, "--password-file", secret, "--method", "metienc")
    code, done = cli("protect", *sources, *given, "--together", "a.metienc")
    assert code == 0, done
    (made,) = map(Path, done["files"][0]["out"])
    raw = made.read_bytes()
    made.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    code, done = cli("open", made, "--out", back, "--password-file", secret)
    assert code == 5
    assert done["files"][0]["error"]["code"] == "open.tampered"
    assert list(back.iterdir()) == []


def test_the_strictest_label_travels_with_them(
    cli: Cli, tmp_path: Path, secret: Path, document: Make
) -> None:
    labelled = document("案.docx")
    code, _ = cli("classify", labelled, "-c", "2", "-i", "2", "--reason", "検討中")
    assert code == 0
    out = tmp_path / "out"
    given = ("--out", out, "--password-file", secret, "--method", "metienc")
    code, done = cli("protect", labelled, *given, "--together", "一式")
    assert code == 0, done
    assert done["files"][0]["label"]["c"] == 2
    assert b"C2;I2;A1" in Path(done["files"][0]["out"][0]).read_bytes()


def test_the_id_of_a_labelled_document_goes_into_the_header(
    cli: Cli, tmp_path: Path, secret: Path, document: Make
) -> None:
    labelled = document("案.docx")
    cli("classify", labelled, "-c", "2", "--reason", "検討中")
    with zipfile.ZipFile(labelled) as package:
        properties = package.read("docProps/custom.xml").decode()
    found = re.search(r'name="jp\.go\.meti\.id"[^>]*>\s*<[^>]+>([^<]+)<', properties)
    assert found is not None
    out = tmp_path / "out"
    code, done = cli(
        "protect", labelled, "--out", out, "--password-file", secret, "--method", "metienc"
    )
    assert code == 0, done
    raw = Path(done["files"][0]["out"][0]).read_bytes()
    assert found[1].encode() in raw[:200]
