"""The power fails while a document is split or joined: all or nothing, and no plaintext left."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from meti_desk.app import make_desk
from meti_desk.services.messages import Person
from meti_desk.services.splitting_messages import JoinRequest, SplitRequest
from meti_desk.system.naming import is_temporary
from tests.faults.harness import FULL, KILLED, MARKER, PASSPHRASE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL and nameless files")

STEP = 1 if FULL else 6
TEXT = MARKER * 3000
"""Larger than a chunk of the cipher: what was decrypted first would lie there in plain."""


class Scene:
    """A folder with a store, a document and its parts, and the real program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.document = folder / "案.bin"
        self.parts = sorted((folder / "parts").glob("*.metipart"))
        self.secret = folder / "pf"

    def run(self, *words: str, at: int = 0, log: Path | None = None) -> int:
        env = os.environ | {"METI_DESK_FAULT_AT": str(at or "")}
        env["METI_DESK_FAULT_LOG"] = str(log) if log else ""
        argv = [sys.executable, "-m", "meti_desk", *words, "--store", str(self.folder / "store")]
        argv += ["--passphrase-file", str(self.secret), "--json"]
        return subprocess.run(argv, env=env, capture_output=True, check=False).returncode

    def split(self, at: int = 0, log: Path | None = None) -> int:
        given = ("--parts", "3", "--out", str(self.out))
        return self.run("split", str(self.document), *given, at=at, log=log)

    def join(self, at: int = 0, log: Path | None = None) -> int:
        given = ("--out", str(self.out / "back.bin"))
        return self.run("join", *map(str, self.parts), *given, at=at, log=log)

    def events(self, kind: str) -> int:
        """Open the store again, which settles what was under way, and count."""
        desk = make_desk(str(self.folder / "store"))
        desk.unlock(PASSPHRASE)
        try:
            return sum(row.kind == kind for row in desk.ledger())
        finally:
            desk.close()

    def check(self) -> list[str]:
        """Look for what must not lie there; gives the names that do."""
        assert self.document.read_bytes() == TEXT
        names = []
        for path in self.folder.rglob("*"):
            if path.is_file() and "store" not in path.parts:
                assert not is_temporary(path), path
                whole = path in (self.document, self.out / "back.bin")
                assert whole or MARKER not in path.read_bytes(), path
                names += [path.name] if path.parent == self.out else []
        return sorted(names)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    (folder / "案.bin").write_bytes(TEXT)
    (folder / "pf").write_text(PASSPHRASE, encoding="utf-8")
    (folder / "out").mkdir()
    desk = make_desk(str(folder / "store"))
    desk.create(PASSPHRASE, Person("山田 太郎"), use_keyring=False)
    order = SplitRequest(path=str(folder / "案.bin"), out=str(folder / "parts"), parts=3)
    assert desk.splits.split(order).files[0].error is None
    assert desk.splits.look(JoinRequest(paths=())).ready is False
    desk.close()
    return folder


def scene(template: Path, folder: Path, name: str) -> Scene:
    return Scene(Path(shutil.copytree(template, folder / name)))


def points(log: Path) -> list[int]:
    count = len(log.read_text().splitlines())
    assert count > 10
    return [n for n in range(1, count + 1) if n % STEP == 0 or n > count - 2]


def test_a_split_that_dies_leaves_no_whole_set_without_its_record(
    template: Path, tmp_path: Path
) -> None:
    first = scene(template, tmp_path, "whole")
    assert first.split(log=tmp_path / "log") == 0
    assert (len(first.check()), first.events("split")) == (3, 2)

    def killed(at: int) -> tuple[int, int]:
        one = scene(template, tmp_path, str(at))
        assert one.split(at=at) == KILLED
        events = one.events("split") - 1
        return len(one.check()), events

    with ThreadPoolExecutor(2) as pool:
        for made, recorded in pool.map(killed, points(tmp_path / "log")):
            assert recorded == (1 if made == 3 else 0)


def test_a_join_that_dies_leaves_all_or_nothing(template: Path, tmp_path: Path) -> None:
    first = scene(template, tmp_path, "whole")
    assert first.join(log=tmp_path / "log") == 0
    assert (first.check(), first.events("join")) == (["back.bin"], 1)
    assert (first.out / "back.bin").read_bytes() == TEXT

    def killed(at: int) -> tuple[list[str], int]:
        one = scene(template, tmp_path, str(at))
        assert one.join(at=at) == KILLED
        recorded = one.events("join")
        names = one.check()
        assert not names or (one.out / "back.bin").read_bytes() == TEXT
        return names, recorded

    with ThreadPoolExecutor(2) as pool:
        for names, recorded in pool.map(killed, points(tmp_path / "log")):
            assert recorded == len(names)
