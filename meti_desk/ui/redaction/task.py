"""From documents to their redacted copies."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.messages import Done
from meti_desk.services.redaction_messages import RedactRequest
from meti_desk.ui.findings.result import FindingsResult
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.redaction.page import RedactionPage
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job


class RedactionTask(QStackedWidget):
    """Fills the window while documents are redacted."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self._out = ""
        self.page = RedactionPage(desktop, paths)
        self.working = WorkingView()
        self.result = FindingsResult()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.again.connect(lambda: self.setCurrentWidget(self.page))

    def _start(self, order: RedactRequest) -> None:
        desk, self._out = self._desktop.desk, order.out
        self.setCurrentWidget(self.working)
        self.working.begin(tr("墨消しをしています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.redact(order, job),
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
        self.result.show_done(done, self._out, redacted=True)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)
