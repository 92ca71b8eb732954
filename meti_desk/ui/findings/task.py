"""From documents to their copies: look, choose, carry out, see what went and what stayed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.messages import Done, ScrubRequest
from meti_desk.ui.findings.look import Look
from meti_desk.ui.findings.page import FindingsPage
from meti_desk.ui.findings.result import FindingsResult
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job


class FindingsTask(QStackedWidget):
    """Fills the window while 付加情報 is looked at and removed."""

    left = Signal()

    def __init__(self, desktop: Desktop, look: Look) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self._out = ""
        self.page = FindingsPage(desktop, look)
        self.working = WorkingView()
        self.result = FindingsResult()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.answered.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.again.connect(lambda: self.setCurrentWidget(self.page))
        self.page.shown()

    def _start(self, order: ScrubRequest) -> None:
        desk, self._out = self._desktop.desk, order.out
        self.setCurrentWidget(self.working)
        self.working.begin(tr("付加情報を取り除いています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.scrub(order, job),
            self._done,
            self.page.banner,
            self._failed,
            self.working.step,
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: Done) -> None:
        self._job = None
        self.setCurrentWidget(self.result)
        self.result.show_done(done, self._out)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)
