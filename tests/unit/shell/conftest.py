"""A person's folders without anything in them, so that no real settings are touched."""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Home:
    """The folders of the XDG base directory specification, and the program beside Python."""

    config: Path
    share: Path
    system: Path
    program: Path

    @property
    def uca(self) -> Path:
        return self.config / "Thunar" / "uca.xml"

    @property
    def nemo(self) -> Path:
        return self.share / "nemo" / "actions" / "meti-desk.nemo_action"

    @property
    def nautilus(self) -> Path:
        return self.share / "nautilus" / "scripts" / "格付して保護…"

    @property
    def menu(self) -> Path:
        return self.share / "applications" / "jp.go.meti.desk.desktop"


@pytest.fixture(params=["bin", '設定 $HOME 100%F "it\'s" `a` \\b'])
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Home:
    """Make a home and a program that writes its arguments down, also at an awkward place."""
    made = Home(
        tmp_path / "設定", tmp_path / "データ", tmp_path / "xdg", _program(tmp_path, request)
    )
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made.config))
    monkeypatch.setenv("XDG_DATA_HOME", str(made.share))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(made.system))
    monkeypatch.setattr(sys, "executable", str(made.program.parent / "python"))
    return made


def _program(folder: Path, request: pytest.FixtureRequest) -> Path:
    program = folder / str(request.param) / "meti-desk"
    program.parent.mkdir()
    program.write_text(
        '#!/bin/sh\nfor one in "$@"; do printf "%s\\0" "$one"; done >"${0%/*}/argv"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program
