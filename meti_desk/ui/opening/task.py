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
        result = ResultView(again=tr("ほかのファイルを開く"), leave=tr("終わる"))
        super().__init__(desktop, OpenPage(desktop, paths), result)
        self.page.left.connect(self.left)
        self.page.started.connect(self._start)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(self._anew)

    def _anew(self) -> None:
        """Begin with an empty list: what is done is not to be done twice."""
        self.ask_again()
        self.page.begin_anew()

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
