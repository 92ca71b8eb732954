"""One thread writes for all: what is asked for while a commit is under way shares the next one."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

Batch = Callable[[Sequence[Any]], Sequence[object]]
"""Does several pieces of one kind at once; gives for each what came of it, or its exception."""
_MOST = 128
_GATHER = 0.001
"""Seconds in which more may gather when more came together just before: devices that were answered
at the same time ask again at the same time. Who comes alone never waits."""


class Asked:
    """A piece of writing: what shall be done, by what, and where its outcome is awaited.

    It may be done anew when its transaction was taken back, so it must hold nothing but what it
    writes to the database.
    """

    __slots__ = ("batch", "future", "item", "outcome")

    def __init__(self, batch: Batch, item: Any) -> None:
        self.batch, self.item = batch, item
        self.future: Future[Any] = Future()
        self.outcome: object = None

    def tell(self) -> None:
        """Give the outcome to who waits."""
        if isinstance(self.outcome, BaseException):
            self.future.set_exception(self.outcome)
        else:
            self.future.set_result(self.outcome)


class Shared:
    """The thread that writes; `rounds` does what has gathered, and leaves each outcome."""

    def __init__(self, rounds: Callable[[Sequence[Asked]], None]) -> None:
        self._rounds = rounds
        self._queue: SimpleQueue[Asked | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, asked: Asked) -> Future[Any]:
        """Have a piece done; the future ends once it is committed, or failed."""
        with self._starting:
            if self._closed:
                asked.outcome = RuntimeError("closed")
                asked.tell()
                return asked.future
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._queue.put(asked)
        return asked.future

    @property
    def waiting(self) -> int:
        """Tell how many pieces wait for the next commit, about."""
        return self._queue.qsize()

    def close(self) -> None:
        """Do what was asked for, and end."""
        with self._starting:
            self._closed = True
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        going, last = True, 0
        while going:
            taken: list[Asked] = []
            going = self._take(taken, self._queue.get())
            if going and len(taken) < last:
                time.sleep(_GATHER)
            if going and not self._queue.empty():
                going = self._take(taken, self._queue.get())
            last = len(taken) if len(taken) > 1 else 0
            if taken:
                self._round(taken)

    def _take(self, taken: list[Asked], one: Asked | None) -> bool:
        """Take what has gathered, but nothing that nobody waits for; tells whether to go on."""
        while one is not None:
            if one.future.set_running_or_notify_cancel():
                taken.append(one)
            if self._queue.empty() or len(taken) >= _MOST:
                return True
            one = self._queue.get()
        return False

    def _round(self, taken: Sequence[Asked]) -> None:
        try:
            self._rounds(taken)
        except BaseException as error:  # noqa: BLE001 - told to all who wait; the thread goes on
            for one in taken:
                one.outcome = error
        for one in taken:
            one.tell()
