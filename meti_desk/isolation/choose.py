"""Picks the workers that this system is capable of."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meti_desk.isolation.pool import ConfinedWorkers
    from meti_desk.isolation.portable import SpawnedWorkers


def workers(*, allow_unconfined: bool = False) -> "ConfinedWorkers | SpawnedWorkers":
    """Give workers for this system; `allow_unconfined` is what policy says.

    The zygote needs pidfds (Linux 5.3); without, and on other systems, each job gets a process.
    """
    if sys.platform == "linux" and _has_pidfds():
        from meti_desk.isolation.pool import ConfinedWorkers

        return ConfinedWorkers(allow_unconfined=allow_unconfined)
    from meti_desk.isolation.portable import SpawnedWorkers

    return SpawnedWorkers(allow_unconfined=allow_unconfined)


def _has_pidfds() -> bool:
    """Try: an old kernel has none, and a container may forbid them."""
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True
