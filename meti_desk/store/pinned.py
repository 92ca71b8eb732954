"""Keeps a key out of the swap file where the system permits it."""

import ctypes
import sys
from functools import lru_cache
from typing import Any


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
