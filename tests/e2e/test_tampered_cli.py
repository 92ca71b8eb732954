"""After a refusal no plaintext is left anywhere: looked for in all that the commands may write."""

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from tests.e2e.conftest import Cli

FULL = os.environ.get("METI_DESK_FULL") == "1"
PASSWORD = "correct horse 7 staple"
CANARY = b"Kanarienvogel-4711"
INSIDE_OFFICE = b"word/document.xml"
"""What every plain Word file shows and no protected one."""


def source(folder: Path, method: str) -> tuple[Path, bytes]:
    """Make a file, and tell what shows that it lies somewhere in the clear."""
    if method == "office":
        path = folder / "案.docx"
        made = docx.Document()
        picture = io.BytesIO()
        _picture(picture)
        made.add_picture(picture)
        made.save(str(path))
        return path, INSIDE_OFFICE
    path = folder / "資料.bin"
    noise = os.urandom(8000)
    path.write_bytes(b"".join(CANARY + noise for _ in range(250)))
    return path, CANARY


def _picture(target: io.BytesIO) -> None:
    from PIL import Image

    Image.frombytes("RGB", (600, 600), os.urandom(600 * 600 * 3)).save(target, "png")


def holding(folders: list[Path], wanted: bytes) -> Iterator[Path]:
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and wanted in path.read_bytes():
                yield path


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the programs a temporary folder that can be looked through."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize("method", ["office", "zip", "cms", "metienc", "html"])
def test_a_refusal_leaves_no_plaintext(
    cli: Cli, tmp_path: Path, temporary: Path, method: str
) -> None:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    wrong = tmp_path / "wrong"
    wrong.write_text(f"{PASSWORD} not", encoding="utf-8")
    path, wanted = source(tmp_path, method)
    out, back = tmp_path / "out", tmp_path / "back"
    code, done = cli("protect", path, "--out", out, "--method", method, "--password-file", secret)
    assert code == 0, done
    (made,) = (Path(one) for one in done["files"][0]["out"])
    original = path.read_bytes()
    path.unlink()
    raw = made.read_bytes()
    late = len(raw) * 9 // 10
    cases = {
        "flipped": raw[:late] + bytes([raw[late] ^ 1]) + raw[late + 1 :],
        "cut": raw[:late],
        "swapped": raw[: late - 40_000] + raw[late - 20_000 : late] + raw[late - 20_000 :],
    }
    places = [tmp_path, temporary, Path("/dev/shm")]  # noqa: S108 - looked through only
    for name, changed in list(cases.items())[: None if FULL else 1]:
        made.write_bytes(changed)
        code, done = cli("open", made, "--out", back, "--password-file", secret)
        assert code == 5, (name, done)
        assert list(holding(places, wanted)) == [], name
        assert made.read_bytes() == changed
    made.write_bytes(raw)
    code, done = cli("open", made, "--out", back, "--password-file", wrong)
    assert code == 5
    assert done["files"][0]["error"]["code"] == "open.wrong-password"
    assert list(holding(places, wanted)) == []
    code, done = cli("open", made, "--out", back, "--password-file", secret)
    assert code == 0
    (opened,) = (Path(one) for one in done["files"][0]["out"])
    assert opened.read_bytes() == original
    assert list(holding(places, wanted)) == [opened]
