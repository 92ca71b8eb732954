"""What goes on while nobody waits: the day's copy of the record, the sync, and reading on.

What was read is found as a source later (Art. 6).
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from meti_desk.domain.errors import MetiDeskError
from meti_desk.ui.main.context import Desktop

if TYPE_CHECKING:
    from meti_desk.ui.jobs import Job

EVERY = 30_000
"""Milliseconds until it is tried again: after other work, or when something new was labelled."""


class Learning(QObject):
    """Runs while the store is open; any other work makes it stop at the next document."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self._desktop = desktop
        self._under_way: Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.learn)

    def begin(self) -> None:
        """Begin, after the first things that the person wants."""
        self._timer.start()

    def stop(self) -> None:
        """Stop: the store is locked, or the window closes."""
        self._timer.stop()
        if self._under_way is not None:
            self._under_way.cancel()

    def learn(self) -> None:
        """Read on, unless the person waits for something or it is read already."""
        if self._under_way is not None or self._desktop.jobs.busy:
            return
        desk = self._desktop.desk

        def work(job: "Job") -> int:
            # A copy that fails is tried again; `doctor` and 設定 tell when none was made for long.
            with suppress(MetiDeskError):
                desk.back_up_daily()
            # What keeps it from the server is told in 設定; it is tried again in time.
            with suppress(MetiDeskError):
                desk.syncing.when_due()
            return desk.catch_up(job)

        self._under_way = self._desktop.jobs.start(self, work, self._ended, self._ended, idle=True)

    def _ended(self, _left: object) -> None:
        # What could not be read now is tried again; a document that fails tells so when it is used.
        self._under_way = None
