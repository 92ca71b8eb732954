"""From files to protected copies, and how to let the recipient open them."""

from typing import TYPE_CHECKING

import msgspec

from meti_desk.ui.handle.result import ResultView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.protect.page import Order, ProtectPage
from meti_desk.ui.strings import told, tr

if TYPE_CHECKING:
    from meti_desk.services.messages import Done
    from meti_desk.ui.jobs import Job


class ProtectTask(WorkTask[ProtectPage, ResultView]):
    """Fills the window while files are protected."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        result = ResultView(again=tr("ほかのファイルを保護する"), leave=tr("終わる"))
        super().__init__(desktop, ProtectPage(desktop, paths), result)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(self._anew)

    def _anew(self) -> None:
        """Begin with an empty list: what is done is not to be done twice."""
        self.ask_again()
        self.page.begin_anew()

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
        if len(done.files) == 1 and done.files[0].error is not None and not done.files[0].out:
            # One file, one mistake: it is said where it can be mended at once.
            self.desktop.show_error(self.page.banner, told(done.files[0].error))
            self.failed()
            return
        self.page.forget()
        self.show_result()
        self.result.show_done(done)
