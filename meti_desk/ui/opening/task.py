"""From protected files to what lies in them."""

from typing import TYPE_CHECKING

from meti_desk.ui.handle.result import ResultView
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.main.work_task import WorkTask
from meti_desk.ui.opening.page import OpenPage
from meti_desk.ui.strings import told, tr

if TYPE_CHECKING:
    from meti_desk.services.messages import Done
    from meti_desk.services.protect_messages import OpenRequest


class OpenTask(WorkTask[OpenPage, ResultView]):
    """Fills the window while files are opened."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__(desktop, OpenPage(desktop, paths), ResultView())
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(self.ask_again)

    def _start(self, order: "OpenRequest") -> None:
        desk = self.desktop.desk
        self.carry_out(tr("開いて確かめています"), lambda job: desk.open(order, job), self._done)

    def _done(self, done: "Done") -> None:
        if len(done.files) == 1 and done.files[0].error is not None and not done.files[0].out:
            # One file, one mistake: it is said where it can be mended at once.
            self.failed()
            self.desktop.show_error(self.page.banner, told(done.files[0].error))
            return
        self.page.forget()
        self.show_result()
        self.result.show_done(done)

    def failed(self) -> None:
        """Go back to the question; a wrong password is typed anew at once."""
        self.ask_again()
        self.page.secret.edit.setFocus()
        self.page.secret.edit.selectAll()
