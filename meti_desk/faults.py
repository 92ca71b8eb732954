"""The places where a crash would hurt, so that tests can let the power fail at each one of them.

Every write, fsync, link and rename that must be survived calls `fault` with its name just before
it is done. Without `METI_DESK_FAULT_AT` or `METI_DESK_FAULT_LOG` in the environment nothing
happens. `METI_DESK_FAULT_AT=N` kills the process with SIGKILL at the N-th point (from 1), as if the
power had failed; `METI_DESK_FAULT_LOG=FILE` appends a line `N point` for each, so that a test knows
how many there are.
"""

import os
import signal

_at = int(os.environ.get("METI_DESK_FAULT_AT") or 0)
_log = os.environ.get("METI_DESK_FAULT_LOG", "")
_armed = bool(_at or _log)
_count = 0


def fault(point: str) -> None:
    """Pass a point of no return; dies here when a test asked for it, else costs nothing.

    `point` is a stable dotted name (`publish.link`).
    """
    global _count  # noqa: PLW0603 - one count per process is what the environment speaks of
    if not _armed:
        return
    _count += 1
    if _log:
        with open(_log, "a", encoding="ascii") as log:  # noqa: PTH123 - pathlib costs at start-up
            log.write(f"{_count} {point}\n")
    if _count == _at:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
