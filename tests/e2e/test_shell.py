"""`meti-desk shell` as it is called, and the server's entry point."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from meti_desk import __version__, app
from meti_desk.server import __main__ as server


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep away from the real settings; the command stands where it would be installed."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    program = tmp_path / "bin" / "meti-desk"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program.parent / "python"))
    return tmp_path


def rows(capsys: pytest.CaptureFixture[str], part: str) -> dict[str, bool]:
    capsys.readouterr()
    assert app.main(["shell", part, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert all(Path(row["path"]).is_absolute() for row in answer["entries"])
    return {row["manager"]: row["installed"] for row in answer["entries"]}


def test_entries_are_installed_shown_and_removed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    managers = ("Thunar", "Nemo", "Nautilus", "Menu")
    assert rows(capsys, "status") == dict.fromkeys(managers, False)
    assert rows(capsys, "install") == dict.fromkeys(managers, True)
    assert rows(capsys, "status") == dict.fromkeys(managers, True)
    assert str(home / "bin" / "meti-desk") in next(home.rglob("uca.xml")).read_text("utf-8")
    assert rows(capsys, "uninstall") == dict.fromkeys(managers, False)
    assert list(home.rglob("uca.xml")) == []


def test_people_read_one_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["shell", "install"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["○", "Thunar"], ["○", "Nemo"], ["○", "Nautilus"], ["○", "Menu"],
    ]  # fmt: skip


def test_a_damaged_setting_is_told_with_its_remedy(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uca = home / "XDG_CONFIG_HOME" / "Thunar" / "uca.xml"
    uca.parent.mkdir(parents=True)
    uca.write_text("<actions>", encoding="utf-8")
    assert app.main(["shell", "install", "--json"]) == 5
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "shell.settings-damaged"
    assert str(uca) in error["message"]


def test_the_server_tells_its_version(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["meti-desk-server", "--version"])
    assert server.main() == 0
    assert capsys.readouterr().out == f"meti-desk-server {__version__}\n"
    words = ["audit", "verify", "--data", str(tmp_path), "--json"]
    monkeypatch.setattr(sys, "argv", ["meti-desk-server", *words])
    assert server.main() == 4
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "server.missing"


def test_the_server_loads_nothing_of_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server needs neither window nor documents nor the store of a person."""
    monkeypatch.undo()
    program = (
        "import sys; sys.argv = ['meti-desk-server', 'audit', 'verify', '--data', '/nowhere']\n"
        "from meti_desk.server.__main__ import main\n"
        "code = main(); loaded = {'sqlcipher3', 'lxml', 'PySide6', 'pikepdf'} & set(sys.modules)\n"
        "sys.exit(1 if loaded else code)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, check=False,
                          capture_output=True)  # fmt: skip
    assert done.returncode == 4
