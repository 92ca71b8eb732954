"""The command line over the real store, workers and files, in a folder of its own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from meti_desk.app import make_desk
from meti_desk.cli.run import run

PASSPHRASE = "とても長いパスフレーズ 2026"


class Cli:
    """Runs commands with `--json` against one store and gives exit code and answer."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.store = folder / "store"
        self.passphrase = folder / "passphrase"
        self.passphrase.write_text(PASSPHRASE, encoding="utf-8")
        self._capsys = capsys

    def __call__(self, *words: str | Path, locked: bool = False) -> tuple[int, dict[str, Any]]:
        argv = [*map(str, words), "--json", "--store", str(self.store)]
        if not locked:
            argv += ["--passphrase-file", str(self.passphrase)]
        self._capsys.readouterr()
        code = run(argv, make_desk)
        return code, json.loads(self._capsys.readouterr().out)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Make a store for 山田太郎 of 政策課."""
    made = Cli(tmp_path, capsys)
    who = ("--name", "山田太郎", "--unit", "政策課", "--mail", "yamada@meti.go.jp")
    code, _ = made("init", *who)
    assert code == 0
    return made


@pytest.fixture
def document(tmp_path: Path) -> Callable[..., Path]:
    """Give a maker of Word documents with an author, a comment and some text."""

    def make(name: str = "案.docx", text: str = "補助金の審査の結果") -> Path:
        made = docx.Document()
        made.core_properties.author = "秘密の作成者"
        paragraph = made.add_paragraph(text)
        made.add_comment(paragraph.runs, text="内緒のコメント", author="佐藤花子", initials="SH")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save(str(path))
        return path

    return make
