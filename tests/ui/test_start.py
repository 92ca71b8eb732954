"""The start: what the first page does without, and that all of it comes right after."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from meti_desk.ui.jobs import Jobs
from meti_desk.ui.widgets.buttons import Button
from meti_desk.ui.widgets.focus import FocusRing
from tests.ui.conftest import Open
from tests.ui.fake_desk import FakeDesk
from tests.ui.screenshots import settle

_WATCHED = """
import enum, os, sys
made = []
create = enum.EnumType._create_
def counted(cls, name, *rest, **more):
    made.append(name)
    return create(cls, name, *rest, **more)
enum.EnumType._create_ = counted
from meti_desk import app
from meti_desk.ui.main.window import MainWindow
begin = MainWindow.begin
def watched(self):
    def told():
        late = [m for m in sys.modules if m.startswith("meti_desk.ui") and m.endswith(LATE)]
        print(int("AlignmentFlag" in made), len(made), *late)
        sys.stdout.flush()
        os._exit(0)
    self.ready.connect(told)
    begin(self)
MainWindow.begin = watched
LATE = (".line_art", ".drawing", ".focus", ".idle", ".home", ".sidebar")
app.main([])
"""


def test_the_first_page_loads_neither_qt_s_enumerations_nor_what_comes_after(
    tmp_path: Path,
) -> None:
    """Naming `Qt` makes a hundred enumerations, a seventh of an empty window's whole start."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "METI_DESK_STORE": str(tmp_path)}
    (tmp_path / "store.key").write_text("{}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=60,
    )
    whole, count, *late = done.stdout.split()
    assert whole == "0"
    assert int(count) < 90
    assert late == []


def test_icons_focus_and_idle_watch_come_after_the_first_page(
    open_window: Open, jobs: Jobs
) -> None:
    window = open_window(FakeDesk("locked"))
    settle(jobs, window)
    QTest.qWait(0)
    assert window.findChildren(FocusRing)
    pills = [one for one in window.findChildren(Button) if one.property("kind") == "pill"]
    assert pills
    assert all(not one.icon().isNull() for one in pills)
    assert isinstance(window.focusWidget(), QLineEdit)
    assert window.findChildren(FocusRing)[0].isVisible()
