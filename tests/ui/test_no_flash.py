"""Nothing is a window of its own for a moment: it would flicker, and take the keyboard away."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from meti_desk.ui.jobs import Jobs
from meti_desk.ui.main.window import MainWindow
from meti_desk.ui.theme import Theme
from tests.ui.screenshots import PAGES, make


class Watch(QObject):
    """Notes what is shown as a window, the application's own apart."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - named by Qt
        if (
            event.type() == QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, MainWindow)
        ):
            self.shown.append(type(watched).__name__)
        return False


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_no_window(qapp: QApplication, jobs: Jobs, name: str) -> None:
    watch = Watch()
    qapp.installEventFilter(watch)
    try:
        window, _desk = make(name, Theme(), jobs)
    finally:
        qapp.removeEventFilter(watch)
    window.close()
    window.deleteLater()
    assert watch.shown == []
