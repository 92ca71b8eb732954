"""From a document to its parts, and from parts to the document."""

from meti_desk.services.splitting_messages import JoinDone, JoinRequest, SplitDone, SplitRequest
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.splitting.join_page import JoinPage
from meti_desk.ui.splitting.join_result import JoinResult
from meti_desk.ui.splitting.page import SplitPage
from meti_desk.ui.splitting.result import SplitResult
from meti_desk.ui.strings import told, tr


class SplitTask(WorkTask[SplitPage, SplitResult]):
    """Fills the window while a document is split."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop, SplitPage(desktop, paths), SplitResult())
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.again.connect(self._anew)

    def _anew(self) -> None:
        """Ask for another document: this one is split."""
        self.ask_again()
        self.page.begin_anew()

    def _start(self, order: SplitRequest) -> None:
        area = self.desktop.desk.splits
        self.carry_out(tr("分割しています"), lambda job: area.split(order, job), self._done)

    def _done(self, done: SplitDone) -> None:
        error = next((one.error for one in done.files if one.error is not None), None)
        if error is not None:
            self.desktop.show_error(self.page.banner, told(error))
            self.failed()
            return
        self.show_result()
        self.result.show_done(done)


class JoinTask(WorkTask[JoinPage, JoinResult]):
    """Fills the window while parts are joined."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop, JoinPage(desktop, paths), JoinResult())
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)

    def _start(self, order: JoinRequest) -> None:
        area = self.desktop.desk.splits
        self.carry_out(tr("結合しています"), lambda job: area.join(order, job), self._done)

    def _done(self, done: JoinDone) -> None:
        if done.error is not None:
            self.page.show_view(done.view)
            self.desktop.show_error(self.page.banner, told(done.error))
            self.failed()
            return
        self.page.forget()
        self.show_result()
        self.result.show_done(done)
