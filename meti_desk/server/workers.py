"""Several processes that serve on one address: started, watched, and ended together."""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

_AGAIN = 1.0
"""Seconds before a process that ended is started again."""
_GRACE = 30.0
"""Seconds that processes have to finish what they are doing."""


def run_workers(count: int, work: Callable[..., object], *given: Any) -> None:
    """Run `work(*given)` in so many processes until a signal; one that dies is started anew.

    What is given travels through a pipe, never through a command line or the environment.
    """
    # Nothing of this process goes along: no threads, no connections, no locks.
    context = multiprocessing.get_context("spawn")
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ending.set())

    def start() -> BaseProcess:
        made = context.Process(target=work, args=given)
        made.start()
        return made

    processes = [start() for _ in range(count)]
    while not ending.wait(_AGAIN):
        processes = [one if one.is_alive() else start() for one in processes]
    for one in processes:
        one.terminate()
    for one in processes:
        one.join(_GRACE)
        if one.is_alive():
            one.kill()
