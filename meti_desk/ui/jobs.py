"""Work in the background: one thread does all blocking calls, the window hears of it by signals.

One thread, because one thread owns the database: jobs run one after another in the order asked.
Nothing else in `ui` knows of threads.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

if TYPE_CHECKING:
    from queue import SimpleQueue

T = TypeVar("T")
Call = Callable[[], None]


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
        # Told from the working thread alone, so that the connection is a queued one.
        self._posted.connect(self._deliver)
        self._held: list[Call] = []
        self._queue: SimpleQueue[Call | None] | None = None
        self._thread: threading.Thread | None = None
        self._under_way: list[Job] = []
        self._idle: list[Job] = []
        if not held:
            self.release()

    def release(self) -> None:
        """Begin, if held so far: work before the first paint would only delay it."""
        if self._queue is not None:
            return
        from queue import SimpleQueue

        queue: SimpleQueue[Call | None] = SimpleQueue()
        for call in self._held:
            queue.put(call)
        self._queue, self._held = queue, []
        self._thread = threading.Thread(
            target=_work, args=(queue,), name="meti-desk-work", daemon=True
        )
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
        *,
        idle: bool = False,
    ) -> Job:
        """Run `work` in the background, then `done` with its answer or `failed` with its error.

        The answer is dropped when `owner`, the widget that asked, is gone by then. `idle` work is
        what nobody waits for: it counts as no work, and is asked to stop when other work comes.
        """
        job = Job(self._posted.emit)
        if heard is not None:
            job.heard = _while_valid(owner, heard)
        (self._idle if idle else self._under_way).append(job)
        if not idle:
            for other in self._idle:
                other.cancel()
        if not idle and len(self._under_way) == 1:
            self.busy_changed.emit(True)  # noqa: FBT003 - a signal has no keywords

        def run() -> None:
            try:
                answer = work(job)
            except Exception as error:  # noqa: BLE001 - the window tells every failure
                told = error
                self._posted.emit(lambda: self._end(job, owner, lambda: failed(told)))
            else:
                self._posted.emit(lambda: self._end(job, owner, lambda: done(answer)))

        if self._queue is None:
            self._held.append(run)
        else:
            self._queue.put(run)
        return job

    def cancel_all(self) -> None:
        """Ask everything under way to stop."""
        for job in (*self._under_way, *self._idle):
            job.cancel()

    def close(self) -> None:
        """End the thread after what it is doing; called once, when the window is gone."""
        for job in self._idle:
            job.cancel()
        if self._queue is not None and self._thread is not None:
            self._queue.put(None)
            self._thread.join()

    def _end(self, job: Job, owner: QObject, tell: Callable[[], None]) -> None:
        idle = job in self._idle
        (self._idle if idle else self._under_way).remove(job)
        if isValid(owner):
            tell()
        if not idle and not self._under_way:
            self.busy_changed.emit(False)  # noqa: FBT003 - a signal has no keywords

    def _deliver(self, call: Callable[[], None]) -> None:
        call()


def _work(queue: "SimpleQueue[Call | None]") -> None:
    while (run := queue.get()) is not None:
        run()


def _while_valid(
    owner: QObject, heard: Callable[[int, int, str], None]
) -> Callable[[int, int, str], None]:
    def tell(done: int, total: int, code: str) -> None:
        if isValid(owner):
            heard(done, total, code)

    return tell
