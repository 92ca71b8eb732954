"""The frame of a task: what is asked for, the work with its progress, and what came of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.page import Page

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job

P = TypeVar("P", bound=Page)
R = TypeVar("R", bound=QWidget)
T = TypeVar("T")


class WorkTask(QStackedWidget, Generic[P, R]):
    """Fills the window from the first question to the result, and can go back to the question."""

    left = Signal()

    def __init__(self, desktop: Desktop, page: P, result: R) -> None:
        super().__init__()
        self.desktop = desktop
        self._job: Job | None = None
        self.page, self.working, self.result = page, WorkingView(), result
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.working.cancelled.connect(self._cancel)

    def carry_out(self, title: str, work: "Callable[[Job], T]", done: Callable[[T], None]) -> None:
        """Do the work in the background; `done` is called with its answer, `failed` without."""

        def ended(answer: T) -> None:
            self._job = None
            done(answer)

        def lost(_error: Exception) -> None:
            self._job = None
            self.failed()

        self.setCurrentWidget(self.working)
        self.working.begin(title)
        self._job = self.desktop.ask(self, work, ended, self.page.banner, lost, self.working.step)

    def failed(self) -> None:
        """Go back to the question, where the banner tells the error and has the keyboard."""
        self.ask_again()
        self.page.banner.take_focus()

    def ask_again(self) -> None:
        """Show the question anew."""
        self.setCurrentWidget(self.page)

    def show_result(self) -> None:
        """Show what came of it."""
        self.page.banner.hide()
        self.setCurrentWidget(self.result)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
