"""Does in one go what many threads ask for at the same time: one commit, one fsync for all.

While one round is under way the others gather; whoever comes first afterwards does the next round
for all of them. Alone, a caller waits for nobody. What was asked for begins after it was asked
for, so a promise such as "my file's name is durable when this returns" holds for each caller.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class _Asked(Generic[T]):
    """One caller: what it asked for, and how that ended."""

    __slots__ = ("done", "error", "item")

    def __init__(self, item: T) -> None:
        self.item = item
        self.done = False
        self.error: BaseException | None = None


class Together(Generic[T]):
    """Gathers callers; `work` does what all of them asked for, and fails for all or for none."""

    def __init__(self, work: Callable[[Sequence[T]], None]) -> None:
        self._work = work
        self._gate = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: list[_Asked[T]] = []

    def do(self, item: T) -> None:
        """Return once a round that began after this call has done `item`; raises what it raised."""
        asked = _Asked(item)
        with self._gate:
            self._waiting.append(asked)
        with self._turn:
            if not asked.done:
                self._round()
        if asked.error is not None:
            raise asked.error

    def _round(self) -> None:
        with self._gate:
            taken, self._waiting = self._waiting, []
        error: BaseException | None = None
        try:
            self._work([one.item for one in taken])
        except BaseException as failed:  # noqa: BLE001 - raised again by each caller
            error = failed
        for one in taken:
            one.error, one.done = error, True
