"""From files to protected copies, and how to let the recipient open them."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.ui.handle.result import ResultView
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.protect.page import Order, ProtectPage
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.services.messages import Done
    from meti_desk.ui.jobs import Job


class ProtectTask(QStackedWidget):
    """Fills the window while files are protected."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self.page = ProtectPage(desktop, paths)
        self.working = WorkingView()
        self.result = ResultView()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(lambda: self.setCurrentWidget(self.page))

    def _start(self, order: Order) -> None:
        desk = self._desktop.desk

        def work(job: "Job") -> "Done":
            request = order.request
            if order.agreed:
                password = desk.passwords.use(order.agreed)
                request = msgspec.structs.replace(request, password=password)
            done = desk.protect(request, job)
            # Both sides know an agreed password, and who chose one knows it: nothing is to be told.
            return msgspec.structs.replace(done, password="") if request.password else done

        self.setCurrentWidget(self.working)
        self.working.begin(tr("保護しています"))
        self._job = self._desktop.ask(
            self, work, self._done, self.page.banner, self._failed, self.working.step
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: "Done") -> None:
        self._job = None
        self.page.banner.hide()
        self.page.forget()
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)
