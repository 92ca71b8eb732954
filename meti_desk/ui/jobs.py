"""Work in the background: one thread does all blocking calls, the window hears of it by signals.

One thread, because one thread owns the database: jobs run one after another in the order asked.
Nothing else in `ui` knows of threads.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

T = TypeVar("T")


class Job:
    """One piece of work under way; is the `Progress` that the services report to."""

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self._stop = threading.Event()
        self.heard: Callable[[int, int, str], None] | None = None
        """Called in the window's thread with done, total and the code of the step."""

    def step(self, done: int, total: int, code: str) -> None:
        """Tell how far the work is; called by the services, in the working thread."""
        heard = self.heard
        if heard is not None:
            self._post(lambda: heard(done, total, code))

    @property
    def cancelled(self) -> bool:
        """Tell whether the person asked to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next safe point: between two files."""
        self._stop.set()


class Jobs(QObject):
    """Runs calls one after another in a thread of its own and gives answers in the window's."""

    _posted = Signal(object)
    busy_changed = Signal(bool)
    """Whether something that the person waits for is under way."""

    def __init__(self, parent: QObject | None = None, *, held: bool = False) -> None:
        super().__init__(parent)
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._under_way: list[Job] = []
        self._thread = threading.Thread(target=self._work, name="meti-desk-work", daemon=True)
        self._held = held
        if not held:
            self._thread.start()

    def release(self) -> None:
        """Begin, if held so far: work before the first paint would only delay it."""
        if self._held:
            self._held = False
            self._thread.start()

    @property
    def busy(self) -> bool:
        """Tell whether any job is under way or waits for its turn."""
        return bool(self._under_way)

    def start(
        self,
        owner: QObject,
        work: Callable[[Job], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        heard: Callable[[int, int, str], None] | None = None,
    ) -> Job:
        """Run `work` in the background, then `done` with its answer or `failed` with its error.

        The answer is dropped when `owner`, the widget that asked, is gone by then.
        """
        job = Job(self._posted.emit)
        if heard is not None:
            job.heard = _while_valid(owner, heard)
        self._under_way.append(job)
        if len(self._under_way) == 1:
            self.busy_changed.emit(True)  # noqa: FBT003 - a signal has no keywords

        def run() -> None:
            try:
                answer = work(job)
            except Exception as error:  # noqa: BLE001 - the window tells every failure
                told = error
                self._posted.emit(lambda: self._end(job, owner, lambda: failed(told)))
            else:
                self._posted.emit(lambda: self._end(job, owner, lambda: done(answer)))

        self._queue.put(run)
        return job

    def cancel_all(self) -> None:
        """Ask everything under way to stop."""
        for job in self._under_way:
            job.cancel()

    def close(self) -> None:
        """End the thread after what it is doing; called once, when the window is gone."""
        self._queue.put(None)
        if not self._held:
            self._thread.join()

    def _work(self) -> None:
        while (run := self._queue.get()) is not None:
            run()

    def _end(self, job: Job, owner: QObject, tell: Callable[[], None]) -> None:
        self._under_way.remove(job)
        if isValid(owner):
            tell()
        if not self._under_way:
            self.busy_changed.emit(False)  # noqa: FBT003 - a signal has no keywords

    def _deliver(self, call: Callable[[], None]) -> None:
        call()


def _while_valid(
    owner: QObject, heard: Callable[[int, int, str], None]
) -> Callable[[int, int, str], None]:
    def tell(done: int, total: int, code: str) -> None:
        if isValid(owner):
            heard(done, total, code)

    return tell
