"""From files to protected copies, and how to let the recipient open them."""

from typing import TYPE_CHECKING

import msgspec

from meti_desk.ui.handle.result import ResultView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.protect.page import Order, ProtectPage
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.services.messages import Done
    from meti_desk.ui.jobs import Job


class ProtectTask(WorkTask[ProtectPage, ResultView]):
    """Fills the window while files are protected."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop, ProtectPage(desktop, paths), ResultView())
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(self.ask_again)

    def _start(self, order: Order) -> None:
        desk = self.desktop.desk

        def work(job: "Job") -> "Done":
            request = order.request
            if order.agreed:
                password = desk.passwords.use(order.agreed)
                request = msgspec.structs.replace(request, password=password)
            done = desk.protect(request, job)
            # Both sides know an agreed password, and who chose one knows it: nothing is to be told.
            return msgspec.structs.replace(done, password="") if request.password else done

        self.carry_out(tr("保護しています"), work, self._done)

    def _done(self, done: "Done") -> None:
        self.page.forget()
        self.show_result()
        self.result.show_done(done)
