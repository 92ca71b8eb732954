"""Wrong passphrases are counted, and make the next attempt wait (Art. 20-1(4), 識別コードの保護).

The count lies beside the key, in `attempts.json`: whoever has copied the folder takes no notice of
it, and against him only the cost of the key derivation stands. It slows down who sits at this
device, and tells its owner that somebody did.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store.disk import write_whole

FREE = 4
"""Wrong passphrases that cost no waiting: slips of the finger."""
LONGEST = 300
"""Seconds of the longest wait."""
_LARGEST = 1 << 12
_MOST = 1_000_000


class Attempts:
    """The wrong passphrases since the last right one, kept in a small file."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock

    def begin(self) -> int:
        """Count an attempt before it is made, so that nobody can try twice at once for one.

        Gives how many failed before. Raises `EnvironmentProblem("store.wait")` with `seconds` and
        `failed` while the wait is not over.
        """
        failed, last = self._read()
        now = self._clock()
        # A clock that was put back must not keep the owner out for longer than the wait itself.
        left = wait(failed) - max(0.0, now - last)
        if left > 0 and now >= last:
            raise EnvironmentProblem("store.wait", seconds=int(left) + 1, failed=failed)
        self._write(failed + 1, now)
        return failed

    def take_back(self, failed: int) -> None:
        """Count as before: the attempt came to nothing for another reason than its words."""
        if failed:
            self._write(failed, self._clock())
        else:
            self.succeeded()

    def succeeded(self) -> None:
        """Begin to count anew."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[int, float]:
        try:
            with self._path.open("rb") as file:
                held = json.loads(file.read(_LARGEST))
            failed, last = int(held["failed"]), float(held["last"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return 0, 0.0
        return min(max(failed, 0), _MOST), last

    def _write(self, failed: int, now: float) -> None:
        # A folder that cannot be written to (a full disk) does not keep its owner out.
        with suppress(EnvironmentProblem):
            content = json.dumps({"failed": failed, "last": now}).encode()
            write_whole(self._path, content, point="store.attempts")


def wait(failed: int) -> int:
    """Give the seconds to wait after so many wrong passphrases: 1, 2, 4 … up to 300."""
    over = failed - FREE
    return 0 if over <= 0 else min(LONGEST, 1 << min(over - 1, 20))
