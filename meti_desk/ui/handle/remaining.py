"""How long the work still takes, told smoothly: one file that takes long moves it little."""

from collections.abc import Callable
from time import monotonic

from meti_desk.ui.strings import tr

_SMOOTH = 0.15
"""Weight of the newest pace against what was known before."""
_FIRST = 3
"""Files that must be done before anything is said."""
_SOON, _MINUTE, _HOUR = 8, 60, 3600
_STEP = 10
"""Seconds below a minute are told in tens."""


class Remaining:
    """Watches how fast files are done; `left` gives seconds, `words` a sentence."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = self._last = clock()
        self._done = 0
        self._pace = 0.0

    def step(self, done: int) -> None:
        """Hear how many are done now."""
        now = self._clock()
        if done <= self._done:
            return
        pace = (now - self._last) / (done - self._done)
        mean = (now - self._began) / done
        held = self._pace or mean
        # Half of it rests on the mean of all so far, so that one large file moves it little.
        self._pace = held + _SMOOTH * ((pace + mean) / 2 - held)
        self._done, self._last = done, now

    def left(self, total: int) -> float | None:
        """Give the seconds that the rest will take, or `None` while that cannot be told."""
        if self._done < _FIRST or self._done >= total:
            return None
        return max(0.0, (total - self._done) * self._pace)

    def words(self, total: int) -> str:
        """Say how long it will still take; nothing while that cannot be told."""
        seconds = self.left(total)
        if seconds is None:
            return ""
        if seconds < _SOON:
            return tr("まもなく終わります")
        if seconds < _MINUTE - _STEP / 2:
            return tr("残り約{n}秒", n=max(_STEP, round(seconds / _STEP) * _STEP))
        if seconds < _HOUR:
            return tr("残り約{n}分", n=max(1, round(seconds / _MINUTE)))
        hours, minutes = divmod(round(seconds / _MINUTE), _MINUTE)
        return tr("残り約{hours}時間{n}分", hours=hours, n=minutes)
