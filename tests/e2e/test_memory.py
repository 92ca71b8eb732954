"""What a locked process still holds: no key of the database; of the passphrase, it is counted.

Python cannot wipe a `str` and Qt keeps what was typed in its own buffers, so the count of copies
is what docs/threat-model.md tells; the key lies in buffers that are wiped, and must be gone.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from meti_desk.store import keys, local
from tests.e2e.memory import count

PASSPHRASE = "canary 麒麟 passphrase 7301"
DESK = """
import sys
from meti_desk.app import make_desk
desk = make_desk(sys.argv[1])
desk.unlock(sys.stdin.readline().rstrip())
assert desk.verify_ledger().intact
print("open", flush=True)
sys.stdin.readline()
desk.lock()
print("locked", flush=True)
sys.stdin.readline()
desk.close()
"""
WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from meti_desk.app import make_desk
from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.welcome.unlock import UnlockPage

application = QApplication([])
theme.apply(application, theme.Theme())
jobs = Jobs()
desk = make_desk(sys.argv[1])
window = MainWindow(desk, jobs)
window.show()
window.begin()

def until(ready):
    while not ready():
        QTest.qWait(5)

def shown():
    return next(iter(window.findChildren(UnlockPage)), None)

until(shown)
page = shown()
typed = sys.stdin.readline().rstrip()
for letter in typed:
    page.field.edit.insert(letter)
del typed, letter
page.unlock()
until(lambda: desk.state() == "open" and not jobs.busy)
print("open", flush=True)
sys.stdin.readline()
window.lock()
until(lambda: desk.state() == "locked" and shown() is not None and not jobs.busy)
QTest.qWait(50)
print("locked", flush=True)
sys.stdin.readline()
window.close()
jobs.close()
desk.close()
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("memory") / "store"
    local.create(folder, PASSPHRASE, iterations=keys.FLOOR).close()
    return folder


@contextmanager
def running(code: str, store: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a program that opens the store, and say when it has."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(store)], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    ) as process:  # fmt: skip
        try:
            told(process, PASSPHRASE, "open")
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            if process.wait(60) != 0:
                process.kill()


def told(process: subprocess.Popen[str], line: str, answer: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    assert process.stdout.readline().strip() == answer


def patterns(store: Path) -> dict[str, bytes]:
    key = bytes(keys.unlock_with_passphrase(store / "store.key", PASSPHRASE))
    return {
        "key": key,
        "key in hex": key.hex().encode(),
        "key in capitals": key.hex().upper().encode(),
        "passphrase": PASSPHRASE.encode(),
        "passphrase in UTF-16": PASSPHRASE.encode("utf-16-le"),
    }


@pytest.mark.parametrize("code", [DESK, WINDOW], ids=["desk", "window"])
def test_a_locked_process_holds_no_key(store: Path, code: str) -> None:
    wanted = patterns(store)
    with running(code, store) as process:
        opened = count(process.pid, wanted)
        if not any(opened.values()):
            pytest.skip("the memory of the process cannot be read here")
        assert opened["key"] + opened["key in hex"] > 0, "the scan finds what is there"
        told(process, "lock", "locked")
        locked = count(process.pid, wanted)
        told_on = process.stdin
        assert told_on is not None
        told_on.write("end\n")
        told_on.flush()
    print("open", opened, "locked", locked)  # noqa: T201 - the figures of docs/threat-model.md
    assert locked["key"] == locked["key in hex"] == locked["key in capitals"] == 0, locked
