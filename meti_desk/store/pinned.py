"""Keeps a key out of the swap file, and gives memory back wiped, where the system permits it."""

import ctypes
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

_PERTURB = -6
"""M_PERTURB of glibc: fill what is freed with a byte."""
_BYTE = 0xFF
_ONE_AT_A_TIME = threading.Lock()


def pin(secret: bytearray) -> bool:
    """Ask the system to keep the page of a buffer in memory; tells whether it does.

    The buffer must not be resized afterwards. A limit that is used up (RLIMIT_MEMLOCK) is no
    error: the store works without. A page stays pinned until the process ends: other secrets may
    lie on it, and unlocking counts nothing.
    """
    if not secret:
        return False
    lock = _lock()
    if lock is None:
        return False
    place = (ctypes.c_char * len(secret)).from_buffer(secret)
    try:
        return bool(lock(ctypes.c_void_p(ctypes.addressof(place)), ctypes.c_size_t(len(secret))))
    finally:
        del place  # else the buffer counts as in use and could not be resized by anybody


@lru_cache(maxsize=1)
def _lock() -> Any:
    """Give a function that locks memory and tells whether it did, or nothing."""
    try:
        if sys.platform == "win32":
            return ctypes.WinDLL("kernel32").VirtualLock
        held = ctypes.CDLL(None).mlock
    except (AttributeError, OSError):
        return None
    return lambda place, length: held(place, length) == 0


@contextmanager
def wiping() -> Iterator[bool]:
    """Have the C library overwrite what is given back inside; tells whether it does (glibc).

    Meant for the moment when a database is closed: its pages were held in clear. Pieces below a
    kilobyte may be kept for reuse as they are.
    """
    tune = _tune()
    if tune is None:
        yield False
        return
    with _ONE_AT_A_TIME:
        done = bool(tune(_PERTURB, _BYTE))
        try:
            yield done
        finally:
            tune(_PERTURB, 0)


@lru_cache(maxsize=1)
def _tune() -> Any:
    """Give glibc's `mallopt`, or nothing where there is another C library."""
    if sys.platform != "linux":
        return None
    try:
        library = ctypes.CDLL(None)
        _ = library.gnu_get_libc_version
    except (AttributeError, OSError):
        return None
    return library.mallopt
