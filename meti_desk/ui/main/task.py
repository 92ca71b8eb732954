"""One task from files to result: decide, carry out, look at what came out."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from meti_desk.services.messages import Done, HandleRequest
from meti_desk.ui.classify.draft import Draft
from meti_desk.ui.classify.page import DecidePage
from meti_desk.ui.handle.result import OTHERS, ResultView
from meti_desk.ui.handle.working import WorkingView
from meti_desk.ui.jobs import Job
from meti_desk.ui.main.context import Desktop
from meti_desk.ui.strings import tr

if TYPE_CHECKING:
    from meti_desk.ui.ports import Desk

WITH_FILE = "mail.password-with-file"
"""The refusal of a password that would go with its file (Art. 14-1)."""


class Task(QStackedWidget):
    """Fills the window while files are being handled; `left` leads back to the pages."""

    left = Signal()
    more_wanted = Signal()
    many_wanted = Signal(object)
    """Folders, or so many files that one decision for all is wanted."""

    def __init__(self, desktop: Desktop, paths: tuple[str, ...]) -> None:
        super().__init__()
        self._desktop = desktop
        self._job: Job | None = None
        self.decide = DecidePage(desktop, paths)
        self.working = WorkingView()
        self.result = ResultView()
        for page in (self.decide, self.working, self.result):
            self.addWidget(page)
        self.decide.left.connect(self.left)
        self.decide.carried.connect(self._carry)
        self.decide.labelled.connect(self._label)
        self.decide.many_wanted.connect(self.many_wanted)
        self.working.cancelled.connect(self._cancel)
        self.result.finished.connect(self.left)
        self.result.more_wanted.connect(self.more_wanted)
        self.result.consult_wanted.connect(self._consult)
        self.result.notice_wanted.connect(self._notice)
        self.decide.shown()

    def _carry(self, draft: Draft) -> None:
        desk, order = self._desktop.desk, draft.handle_request()
        titles = {"publish": tr("公表の準備をしています"), "store": tr("保存しています")}
        title = titles.get(draft.action, tr("保護しています"))
        self._start(title, lambda job: desk.handle(_with_agreed(desk, order), job))

    def _label(self, draft: Draft) -> None:
        desk, order = self._desktop.desk, draft.classify_request()
        self._start(tr("格付を付けています"), lambda job: desk.classify(order, job))

    def _start(self, title: str, work: Callable[[Job], Done]) -> None:
        self.setCurrentWidget(self.working)
        self.working.begin(title)
        self._job = self._desktop.ask(
            self, work, self._done, self.decide.banner, self._failed, self.working.step
        )

    def _consult(self, path: str) -> None:
        """Go back to the decision, with that file chosen and the form of the 相談 open."""
        self.setCurrentWidget(self.decide)
        self.decide.choose(path)
        self.decide.ask_consult()

    def _notice(self, path: str) -> None:
        """Draft the 周知 of a changed label, beside the document."""
        desk, folder = self._desktop.desk, str(Path(path).parent)
        self._desktop.ask(
            self,
            lambda _job: desk.descendants_notice(path, folder),
            self.result.show_notice,
            self.result.banner,
        )

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _done(self, done: Done) -> None:
        self._job = None
        self.setCurrentWidget(self.result)
        self.result.show_done(done)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.setCurrentWidget(self.decide)
        code = getattr(error, "code", "")
        if code == OTHERS:
            self.decide.ask_consult()
        elif code == WITH_FILE:
            self.decide.next.giving.ask_reason()


def _with_agreed(desk: "Desk", order: HandleRequest) -> HandleRequest:
    """Take the agreed password of the recipients, where the person chose it (Art. 14-1)."""
    if not order.agreed:
        return order
    return msgspec.structs.replace(order, password=desk.passwords.use(order.plan.to))
