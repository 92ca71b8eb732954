"""How far a long command is: a line on the terminal, and Ctrl+C that keeps what is done."""

import signal
import sys
import time
from types import FrameType, TracebackType
from typing import Self, TextIO

from meti_desk.wording import Wording

_EVERY = 0.2
"""Seconds between two lines; writing each step would cost more than the step."""
_MINUTE = 60


class Watched:
    """The progress of one command over many files; to be used in a `with`.

    The first Ctrl+C asks to stop between two files, the second one ends at once. Nothing is shown
    where standard error is no terminal.
    """

    def __init__(self, words: Wording, stream: TextIO | None = None) -> None:
        self.cancelled = False
        self._words = words
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._begun = self._last = time.monotonic()
        self._before: object = None

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type] # what it gave us
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()

    def step(self, done: int, total: int, _code: str) -> None:
        """Show how many of how many are done, and how long the rest will take."""
        now = time.monotonic()
        if not self._shown or now - self._last < _EVERY:
            return
        self._last = now
        left = remaining(done, total, now - self._begun)
        told = (
            "" if left is None else self._words.term("progress.left").format(left=self._time(left))
        )
        self._stream.write(f"\r\033[K{done}/{total} {told}")
        self._stream.flush()

    def _time(self, seconds: float) -> str:
        minutes = round(seconds / _MINUTE)
        if minutes < 1:
            return self._words.term("progress.under-a-minute")
        return self._words.term("progress.minutes").format(minutes=minutes)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.cancelled:
            raise KeyboardInterrupt
        self.cancelled = True


def remaining(done: int, total: int, seconds: float) -> float | None:
    """Estimate the seconds that are left; `None` before anything is done."""
    return seconds / done * (total - done) if done else None
