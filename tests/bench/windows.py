"""Time from the start of the process to a window that can be used, ours beside an empty one."""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_EMPTY = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv[:1])
window = QWidget()
window.resize(1280, 820)
window.show()
def told():
    window.repaint()
    os.write(1, b"usable")
    os._exit(0)
QTimer.singleShot(0, told)
app.exec()
"""
_OURS = """
import os, sys
from meti_desk import app
from PySide6.QtCore import QTimer
from meti_desk.ui.main.window import MainWindow
begin = MainWindow.begin
def watched(self):
    def told():
        self.repaint()
        os.write(1, b"usable")
        os._exit(0)
    self.ready.connect(lambda: QTimer.singleShot(0, told))
    begin(self)
MainWindow.begin = watched
app.main([])
"""
"""The real start; that the first page stands there is told by the window's own signal."""


class Starts(NamedTuple):
    """Median seconds from the start to a window that can be used."""

    ours: float
    empty: float


def starts(store: Path, times: int = 7) -> dict[str, Starts]:
    """Measure with a locked store, in turns, on each platform that is there."""
    # Both run from byte code, as an installed program does; the first run of each makes it.
    code = str(store.parent / "byte-code")
    kept = {"METI_DESK_STORE": str(store), "PYTHONPYCACHEPREFIX": code}
    found = {"offscreen": _compare({**kept, "QT_QPA_PLATFORM": "offscreen"}, times)}
    if shutil.which("xvfb-run"):
        screen = ("xvfb-run", "-a", "-s", "-screen 0 1600x1000x24")
        found["xvfb"] = _on_screen(screen, {**kept, "QT_QPA_PLATFORM": "xcb"}, times)
    return found


def _compare(extra: Mapping[str, str], times: int) -> Starts:
    ours, empty = [], []
    for _ in range(times):
        empty.append(_once(_EMPTY, extra))
        ours.append(_once(_OURS, extra))
    return Starts(statistics.median(ours[1:]), statistics.median(empty[1:]))


def _on_screen(screen: tuple[str, ...], extra: Mapping[str, str], times: int) -> Starts:
    """Run the comparison inside one virtual screen, so that starting that is not measured."""
    command = [*screen, sys.executable, "-m", "tests.bench.windows", str(times)]
    told = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **extra}
    )
    ours, empty = map(float, told.stdout.split())
    return Starts(ours, empty)


def _plain_environment() -> dict[str, str]:
    """Give the environment, in which byte code may be kept."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _once(script: str, extra: Mapping[str, str]) -> float:
    started = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**_plain_environment(), **extra},
    ) as running:  # fmt: skip
        if running.stdout is None or running.stdout.read(6) != b"usable":
            raise RuntimeError("the window did not come")
        return time.perf_counter() - started


if __name__ == "__main__":
    both = _compare({}, int(sys.argv[1]))
    sys.stdout.write(f"{both.ours} {both.empty}\n")
