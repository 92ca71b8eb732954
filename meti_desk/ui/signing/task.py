"""From files to signed files."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.ui.handle.result import ResultView
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.signing.page import SignPage
from meti_desk.ui.strings import told, tr

if TYPE_CHECKING:
    from meti_desk.services.messages import Done
    from meti_desk.services.signing_messages import SignRequest
    from meti_desk.ui.jobs import Job


class SignTask(QStackedWidget):
    """Fills the window while files are signed."""

    left = Signal()

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self.page = SignPage(desktop, paths)
        self.working = WorkingView()
        self.result = ResultView()
        for one in (self.page, self.working, self.result):
            self.addWidget(one)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(lambda: self.setCurrentWidget(self.page))

    def _start(self, order: "SignRequest") -> None:
        desk = self._desktop.desk
        self.setCurrentWidget(self.working)
        self.working.begin(tr("署名して確かめています"))
        self._job = self._desktop.ask(
            self,
            lambda job: desk.signatures.sign(order, job),
            self._done,
            self.page.banner,
            self._failed,
            self.working.step,
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: "Done") -> None:
        self._job = None
        if len(done.files) == 1 and done.files[0].error is not None and not done.files[0].out:
            # One file, one mistake: it is said where it can be mended at once.
            self.setCurrentWidget(self.page)
            self._desktop.show_error(self.page.banner, told(done.files[0].error))
            self.page.secret.edit.setFocus()
            self.page.secret.edit.selectAll()
            return
        self.page.banner.hide()
        self.page.forget()
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, _error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.page)
        self.page.secret.edit.setFocus()
        self.page.secret.edit.selectAll()
