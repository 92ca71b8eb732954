"""A hand that uses the window as a person does: it presses and fills what it finds by its name.

It knows no widget of ours, only accessible names. What it cannot find, a person with a screen
reader could not find either; the demo then stops and says so.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QWidget,
)

from meti_desk.ui.jobs import Jobs

W = TypeVar("W", bound=QWidget)

_PAUSE = 2000
"""Milliseconds: single-shot timers up to this are pauses after typing and are waited for."""
_GIVE_UP = 120_000


class Hand:
    """Works in one window; `jobs` tells when its background work is over."""

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        self._window = window
        self._jobs = jobs

    def press(self, name: str) -> None:
        """Press the button of this name, or whose name ends so behind `: `."""
        self._find(QAbstractButton, name).click()
        self.settle()

    def fill(self, name: str, text: str) -> None:
        """Write into the field of this name, as typed."""
        field = self._find(QLineEdit, name)
        field.setFocus()
        field.clear()
        field.insert(text)
        field.textEdited.emit(text)
        field.editingFinished.emit()
        self.settle()

    def press_and_choose(self, name: str, paths: Sequence[Path]) -> None:
        """Press a button that asks for files, and choose these in its dialog."""
        self._in_dialog(" ".join(f'"{path}"' for path in paths))
        self.press(name)

    def sees(self, name: str) -> bool:
        """Tell whether a button of this name can be pressed now."""
        return any(_named(one, name) for one in self._shown(QAbstractButton) if one.isEnabled())

    def picture(self, path: Path) -> Path:
        """Take a picture of the window."""
        self.settle()
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self.settle()
        self._window.grab().save(str(path))
        return path

    def settle(self) -> None:
        """Let the window work until nothing is under way and its short pauses are over."""
        quiet = 0

        def calm() -> bool:
            nonlocal quiet
            timers = self._window.findChildren(QTimer)
            pausing = any(
                one.isActive() and one.isSingleShot() and one.interval() < _PAUSE for one in timers
            )
            quiet = 0 if self._jobs.busy or pausing else quiet + 1
            return quiet > 2  # noqa: PLR2004 - two turns of the event loop without work

        _wait(calm)

    def _find(self, kind: type[W], name: str) -> W:
        for one in self._shown(kind):
            if _named(one, name) and one.isEnabled():
                return one
        there = sorted({one.accessibleName() for one in self._shown(kind)})
        message = f"「{name}」がありません。今あるもの: {there}"
        raise LookupError(message)

    def _shown(self, kind: type[W]) -> list[W]:
        return [one for one in self._window.findChildren(kind) if one.isVisible()]

    def _in_dialog(self, text: str) -> None:
        """Answer the next file dialog, which is modal: from a timer that waits for it."""

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                QTimer.singleShot(20, self._window, answer)
                return
            dialog.findChildren(QLineEdit)[0].setText(text)
            QTimer.singleShot(50, dialog, lambda: _accept(dialog))

        QTimer.singleShot(0, self._window, answer)


def _accept(dialog: QDialog) -> None:
    default = next((one for one in dialog.findChildren(QPushButton) if one.isDefault()), None)
    if default is not None:
        default.click()


def _named(widget: QWidget, name: str) -> bool:
    known = widget.accessibleName()
    return known == name or known.endswith(f": {name}")


def _wait(done: Callable[[], bool]) -> None:
    loop = QEventLoop()
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start()
    QTimer.singleShot(_GIVE_UP, loop, loop.quit)
    loop.exec()
    timer.stop()
