"""Processor time of a command with all its descendants, also those that outlive their parents."""

import contextlib
import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_PR_SET_CHILD_SUBREAPER = 36


class Cost(NamedTuple):
    """Seconds of processor time (user and system), and by the clock."""

    cpu: float
    wall: float


def cost_of(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and to the end of every process that it started.

    Orphans are handed to us by the kernel (a subreaper), so that no time is lost with them.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    wall = time.perf_counter() - started
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(used, wall)
