"""Killed at any point while entries are written: nothing of the person is lost, nothing left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

PERSONAL = b"<actions><action><name>mine</name><unique-id>1</unique-id></action></actions>\n"
PROGRAM = """
import sys
sys.executable = sys.argv[1]
from meti_desk.shell import entries
getattr(entries, sys.argv[2])()
"""
MOST = 60


def act(home: Path, part: str, at: int) -> int:
    environment = {
        **os.environ,
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_DIRS": str(home / "none"),
        "METI_DESK_FAULT_AT": str(at),
    }
    beside = str(home / "bin" / "python")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, beside, part], env=environment, check=False
    )
    return done.returncode


def test_the_actions_of_the_person_survive_every_kill(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "meti-desk"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    uca = tmp_path / "config" / "Thunar" / "uca.xml"
    uca.parent.mkdir(parents=True)
    uca.write_bytes(PERSONAL)
    assert act(tmp_path, "install", 0) == 0
    finished = uca.read_bytes()
    assert finished != PERSONAL
    killed = 0
    for at in range(1, MOST):
        assert act(tmp_path, "uninstall", 0) == 0
        assert uca.read_bytes() == PERSONAL
        code = act(tmp_path, "install", at)
        assert uca.read_bytes() in {PERSONAL, finished}
        assert act(tmp_path, ("install", "uninstall")[at % 2], 0) == 0
        assert list(tmp_path.rglob(".meti-desk-*")) == []
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
    assert killed >= 10
    assert killed < MOST - 1
