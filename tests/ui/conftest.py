"""What tests of the window share: a desk in memory, jobs, and windows that are closed again."""

import os
from collections.abc import Callable, Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meti_desk.ui import theme
from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.ports import Desk
from tests.ui.fake_desk import FakeDesk

Open = Callable[..., MainWindow]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a warning of Qt fail the test; the offscreen platform itself gives those ignored."""
    for item in items:
        if "tests/ui/" in item.nodeid:
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(
                pytest.mark.qt_log_ignore("propagateSizeHints", r"support raise\(\)", extend=True)
            )


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    held = Jobs()
    yield held
    held.close()


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def open_window(qtbot: QtBot, jobs: Jobs) -> Iterator[Open]:
    """Open a window on a desk and wait until it has settled."""
    made: list[MainWindow] = []

    def open_it(
        desk: Desk, paths: tuple[str, ...] = (), look: theme.Theme | None = None
    ) -> MainWindow:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, look or theme.Theme())
        window = MainWindow(desk, jobs, paths)
        made.append(window)
        window.show()
        window.activateWindow()
        window.begin()
        qtbot.waitUntil(lambda: not jobs.busy)
        return window

    yield open_it
    for window in made:
        window.close()
        window.deleteLater()
