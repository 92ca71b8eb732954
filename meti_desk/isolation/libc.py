"""The few calls into Linux that Python does not offer, in one typed place."""

import ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def prctl(option: int, value: int, pointer: object = None) -> None:
    """Set a property of this process by the call of this name; raises `OSError`."""
    second = ctypes.c_ulong(value)
    third = ctypes.c_void_p(0) if pointer is None else pointer
    if _libc.prctl(ctypes.c_int(option), second, third, ctypes.c_ulong(0), ctypes.c_ulong(0)) != 0:
        raise _last_error()


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """Make a system call by its number, with integers and buffers; raises `OSError`."""
    given = [ctypes.c_long(a) if isinstance(a, int) else ctypes.c_char_p(a) for a in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *given))
    if result < 0:
        raise _last_error()
    return result


def _last_error() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
