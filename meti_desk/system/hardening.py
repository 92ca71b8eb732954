"""Keeps what is in memory - passwords, keys, texts - from reaching the disk by a crash."""

import sys


def harden() -> tuple[str, ...]:
    """Switch off core dumps and reading by other processes of the same person.

    Gives the names of what took effect (`core`, `dumpable`), for `doctor`. Failing is no error:
    the application works without.
    """
    done = []
    if _no_core_dumps():
        done.append("core")
    if sys.platform == "linux" and _not_dumpable():
        done.append("dumpable")
    return tuple(done)


def _no_core_dumps() -> bool:
    try:
        import resource
    except ImportError:  # Windows writes dumps only where an administrator asked for them
        return False
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


def _not_dumpable() -> bool:
    import ctypes

    set_dumpable = 4
    return bool(ctypes.CDLL(None).prctl(set_dumpable, 0, 0, 0, 0) == 0)
