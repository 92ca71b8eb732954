"""One thread writes for all: what is asked for while a commit is under way shares the next one."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
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

    def wanted(self) -> bool:
        """Tell whether somebody still waits, when it is about to be done."""
        return self.future.set_running_or_notify_cancel()

    def tell(self) -> None:
        """Give the outcome to who waits."""
        if isinstance(self.outcome, BaseException):
            self.future.set_exception(self.outcome)
        else:
            self.future.set_result(self.outcome)


class Awaited(Asked):
    """A piece whose outcome a coroutine awaits; made in its loop.

    Those that a round did are told to their loop together: waking it costs more than telling.
    """

    __slots__ = ("loop", "waiter")

    def __init__(self, batch: Batch, item: Any) -> None:  # without a future for threads
        self.batch, self.item = batch, item
        self.outcome = None
        self.loop = asyncio.get_running_loop()
        self.waiter: asyncio.Future[Any] = self.loop.create_future()

    def wanted(self) -> bool:
        """Tell whether somebody still waits, when it is about to be done."""
        return not self.waiter.cancelled()

    def tell(self) -> None:
        """Give the outcome, in the loop."""
        if self.waiter.done():
            return
        if isinstance(self.outcome, BaseException):
            self.waiter.set_exception(self.outcome)
        else:
            self.waiter.set_result(self.outcome)


def _told(taken: Sequence[Asked]) -> None:
    """Tell all outcomes of a round."""
    loops: dict[asyncio.AbstractEventLoop, list[Awaited]] = {}
    for one in taken:
        if isinstance(one, Awaited):
            loops.setdefault(one.loop, []).append(one)
        else:
            one.tell()
    for loop, some in loops.items():
        with suppress(RuntimeError):  # a loop that ended waits for nothing
            loop.call_soon_threadsafe(_tell_all, some)


def _tell_all(some: Sequence[Awaited]) -> None:
    for one in some:
        one.tell()


class Shared:
    """The thread that writes; `rounds` does what has gathered, and leaves each outcome."""

    def __init__(self, rounds: Callable[[Sequence[Asked]], None]) -> None:
        self._rounds = rounds
        self._queue: SimpleQueue[Asked | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ask(self, asked: Asked) -> None:
        """Have a piece done; it is told once it is committed, or failed."""
        with self._starting:
            if self._closed:
                asked.outcome = RuntimeError("closed")
                _told([asked])
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
                self._thread.start()
            self._queue.put(asked)

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
            if one.wanted():
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
        _told(taken)
