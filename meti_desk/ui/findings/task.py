"""From documents to their copies: look, choose, carry out, see what went and what stayed."""

from meti_desk.services.messages import Done, ScrubRequest
from meti_desk.ui.findings.look import Look
from meti_desk.ui.findings.page import FindingsPage
from meti_desk.ui.findings.result import FindingsResult
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.strings import tr


class FindingsTask(WorkTask[FindingsPage, FindingsResult]):
    """Fills the window while 付加情報 is looked at and removed."""

    def __init__(self, desktop: Desktop, look: Look) -> None:
        super().__init__(desktop, FindingsPage(desktop, look), FindingsResult())
        self._out = ""
        self.page.left.connect(self.left)
        self.page.answered.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.again.connect(self.ask_again)
        self.page.shown()

    def _start(self, order: ScrubRequest) -> None:
        desk, self._out = self.desktop.desk, order.out
        self.carry_out(
            tr("付加情報を取り除いています"), lambda job: desk.scrub(order, job), self._done
        )

    def _done(self, done: Done) -> None:
        self.show_result()
        self.result.show_done(done, self._out)
