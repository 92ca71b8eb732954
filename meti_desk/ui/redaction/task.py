"""From documents to their redacted copies."""

from meti_desk.services.messages import Done
from meti_desk.services.redaction_messages import RedactRequest
from meti_desk.ui.findings.result import FindingsResult
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.redaction.page import RedactionPage
from meti_desk.ui.strings import tr


class RedactionTask(WorkTask[RedactionPage, FindingsResult]):
    """Fills the window while documents are redacted."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop, RedactionPage(desktop, paths), FindingsResult())
        self._out = ""
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.again.connect(self.ask_again)

    def _start(self, order: RedactRequest) -> None:
        desk, self._out = self.desktop.desk, order.out
        self.carry_out(tr("墨消しをしています"), lambda job: desk.redact(order, job), self._done)

    def _done(self, done: Done) -> None:
        self.show_result()
        self.result.show_done(done, self._out, redacted=True)
