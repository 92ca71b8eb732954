"""From a document to its parts, and from parts to the document."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.splitting_messages import JoinDone, JoinRequest, SplitDone, SplitRequest
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.splitting.join_page import JoinPage
from meti_desk.ui.splitting.join_result import JoinResult
from meti_desk.ui.splitting.page import SplitPage
from meti_desk.ui.splitting.result import SplitResult
from meti_desk.ui.strings import told, tr

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job


class SplitTask(QStackedWidget):
    """Fills the window while a document is split."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self.page = SplitPage(desktop, paths)
        self.working = WorkingView()
        self.result = SplitResult()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.again.connect(lambda: self.setCurrentWidget(self.page))

    def _start(self, order: SplitRequest) -> None:
        desk = self._desktop.desk
        self.setCurrentWidget(self.working)
        self.working.begin(tr("分割しています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.splits.split(order, job),
            self._done,
            self.page.banner,
            self._failed,
            self.working.step,
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: SplitDone) -> None:
        self._job = None
        error = next((one.error for one in done.files if one.error is not None), None)
        if error is not None:
            self.setCurrentWidget(self.page)
            self._desktop.show_error(self.page.banner, told(error))
            return
        self.page.banner.hide()
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)


class JoinTask(QStackedWidget):
    """Fills the window while parts are joined."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self.page = JoinPage(desktop, paths)
        self.working = WorkingView()
        self.result = JoinResult()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)

    def _start(self, order: JoinRequest) -> None:
        desk = self._desktop.desk
        self.setCurrentWidget(self.working)
        self.working.begin(tr("結合しています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.splits.join(order, job),
            self._done,
            self.page.banner,
            self._failed,
            self.working.step,
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: JoinDone) -> None:
        self._job = None
        if done.error is not None:
            self.setCurrentWidget(self.page)
            self.page.show_view(done.view)
            self._desktop.show_error(self.page.banner, told(done.error))
            return
        self.page.forget()
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)
