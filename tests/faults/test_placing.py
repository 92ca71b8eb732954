"""The power fails at each write, fsync, link and rename: the original or the result, never half."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from meti_desk.system.naming import is_temporary

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills by SIGKILL")

SCRIPT = """
import sys
from pathlib import Path
from meti_desk.system.files import DiskFiles
operation, nameless, path = sys.argv[1], sys.argv[2] == "nameless", Path(sys.argv[3])
files = DiskFiles(nameless=nameless)
temporary = files.temporary(path, "operation")
if operation == "put":
    files.put(b"after" * 1000, path, temporary)
else:
    with files.scratch(path.parent) as file:
        file.write(b"after" * 1000)
        if operation == "publish":
            files.publish(file, path, temporary=temporary)
        else:
            with files.open_source(path) as opened:
                files.replace(file, path, temporary, opened=opened)
"""

BEFORE, AFTER = b"before" * 1000, b"after" * 1000


def run(operation: str, way: str, path: Path, **environment: str) -> int:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, operation, way, str(path)],
        check=False,
        env={**os.environ, **environment},
    ).returncode


def points(operation: str, way: str, folder: Path) -> list[str]:
    log = folder / "points.log"
    path = prepared(operation, folder / "counting")
    assert run(operation, way, path, METI_DESK_FAULT_LOG=str(log)) == 0
    return log.read_text().splitlines()


def prepared(operation: str, folder: Path) -> Path:
    folder.mkdir()
    path = folder / "original.docx"
    if operation != "publish":
        path.write_bytes(BEFORE)
    return path


@pytest.mark.parametrize("way", ["nameless", "named"])
@pytest.mark.parametrize("operation", ["publish", "replace", "put"])
def test_a_crash_leaves_the_original_or_the_result(
    tmp_path: Path, operation: str, way: str
) -> None:
    count = len(points(operation, way, tmp_path))
    assert count >= 4
    seen = set()
    for number in range(1, count + 1):
        path = prepared(operation, tmp_path / str(number))
        assert run(operation, way, path, METI_DESK_FAULT_AT=str(number)) == -signal.SIGKILL
        content = path.read_bytes() if path.exists() else None
        assert content in ((None, AFTER) if operation == "publish" else (BEFORE, AFTER))
        seen.add(content)
        strays = [p for p in path.parent.iterdir() if p != path]
        assert all((is_temporary(stray) and stray.stat().st_mode & 0o077 == 0) or
                   stray.read_bytes() == AFTER for stray in strays)  # fmt: skip
        if way == "nameless" and operation == "publish":
            assert strays == []
        # The same operation, begun again as after a restart, comes to its end and tidies up.
        if content != AFTER:
            assert run(operation, way, path) == 0
            assert path.read_bytes() == AFTER
            assert [p.name for p in path.parent.iterdir()] == [path.name]
    assert len(seen) == 2, "the points lie on both sides of the one step"


def test_without_the_environment_nothing_is_logged_and_nobody_dies(tmp_path: Path) -> None:
    path = prepared("replace", tmp_path / "folder")
    assert run("replace", "nameless", path) == 0
    assert path.read_bytes() == AFTER
