"""From a folder to its result: decide once, carry out for each file, look at what became."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.messages import ClassifyRequest, Done
from meti_desk.ui.bulk.page import BulkPage
from meti_desk.ui.bulk.result import BulkResult
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job


class BulkTask(QStackedWidget):
    """Fills the window while many files are labelled."""

    left = Signal()

    def __init__(self, desktop: Desktop, given: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self._order: ClassifyRequest | None = None
        self.decide = BulkPage(desktop, given)
        self.working = WorkingView()
        self.result = BulkResult()
        for page in (self.decide, self.working, self.result):
            self.addWidget(page)
        self.decide.left.connect(self.left)
        self.decide.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.resumed.connect(self._go_on)
        self.result.opened.connect(lambda path: desktop.files_wanted.emit([path]))
        self.decide.shown()

    def _start(self, order: ClassifyRequest) -> None:
        self._order = order
        desk = self._desktop.desk
        self.setCurrentWidget(self.working)
        self.working.begin(tr("まとめて格付を付けています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.classify(order, job),
            self._done,
            self.decide.banner,
            self._failed,
            self.working.step,
        )

    def _go_on(self) -> None:
        """Do the rest of what was cancelled; what is done already is skipped."""
        if self._order is not None:
            self._start(msgspec.structs.replace(self._order, resume=True))

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: Done) -> None:
        self._job = None
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.decide)
