"""seccomp: the list of system calls that a job may make; every other one is refused.

The filter is assembled here and loaded by prctl(2), so that neither libseccomp nor a search for it
(which starts `ldconfig`) stands on the way of every start. Names and numbers are those of the
kernel's tables; a test compares them with libseccomp's. What is not on the list fails with EPERM,
and calls newer than the list with ENOSYS, which makes the C library fall back to older ones.
"""

import ctypes
import os
import struct

from meti_desk.isolation import libc

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Machine name -> column in the table, and what the kernel calls it in the filter."""

ALLOWED: dict[str, tuple[int, int]] = {
    # open files: those that were given, and libraries, which Landlock picks
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "stat": (4, -1),
    "lstat": (6, -1),
    "statx": (332, 291),
    "openat": (257, 56),
    "open": (2, -1),
    "close": (3, 57),
    "dup": (32, 23),
    "dup2": (33, -1),
    "dup3": (292, 24),
    "fcntl": (72, 25),
    "ftruncate": (77, 46),
    "fallocate": (285, 47),
    "fadvise64": (221, 223),
    "fsync": (74, 82),
    "fdatasync": (75, 83),
    "copy_file_range": (326, 285),
    "sendfile": (40, 71),
    "readlink": (89, -1),
    "readlinkat": (267, 78),
    "access": (21, -1),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    # memory
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "brk": (12, 214),
    "madvise": (28, 233),
    "mincore": (27, 232),
    # waiting, signals to oneself, time
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "time": (201, -1),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "poll": (7, -1),
    "ppoll": (271, 73),
    "select": (23, -1),
    "pselect6": (270, 72),
    # asking who and where one is
    "getpid": (39, 172),
    "getppid": (110, 173),
    "gettid": (186, 178),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrlimit": (97, 163),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""Name -> number on x86_64 and on aarch64; -1 where the machine has no such call."""

CHECKED: dict[str, tuple[int, int]] = {
    "ioctl": (16, 29),
    "prlimit64": (302, 261),
    "tgkill": (234, 131),
}
"""Allowed with one value of one argument only, see `_checks`."""

_NEWEST = 450
"""Calls above this number did not exist when the list was made."""

_TCGETS = 0x5401

_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _RETURN = 0x20, 0x15, 0x25, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_AT_NUMBER, _AT_ARCHITECTURE, _AT_ARGUMENTS = 0, 4, 16


def available() -> bool:
    """Tell whether there is a filter for this machine."""
    return hasattr(os, "uname") and os.uname().machine in _ARCHITECTURES


def program(machine: str, pid: int) -> bytes:
    """Assemble the filter for a machine and the process with this id."""
    column, architecture = _ARCHITECTURES[machine]
    plain = [numbers[column] for numbers in ALLOWED.values() if numbers[column] >= 0]
    checks = b"".join(
        _check(CHECKED[name][column], argument, value) for name, argument, value in _checks(pid)
    )
    count = len(checks) // 8
    code = _op(_LOAD, _AT_ARCHITECTURE)
    code += _op(_JUMP_EQUAL, architecture, 1, 0) + _op(_RETURN, _KILL)
    code += _op(_LOAD, _AT_NUMBER)
    code += _op(_JUMP_GREATER, _NEWEST, 0, 1) + _op(_RETURN, _REFUSE | _ENOSYS)
    for index, number in enumerate(plain):
        # Over the other comparisons, the checks and the refusal, to the last instruction.
        code += _op(_JUMP_EQUAL, number, len(plain) - index - 1 + count + 1, 0)
    return code + checks + _op(_RETURN, _REFUSE | _EPERM) + _op(_RETURN, _ALLOW)


def _checks(pid: int) -> tuple[tuple[str, int, int], ...]:
    return (
        ("ioctl", 1, _TCGETS),  # "is this a terminal?", asked at every open
        ("prlimit64", 2, 0),  # reading limits, not raising them
        ("tgkill", 0, pid),  # abort()
    )


def _check(number: int, argument: int, value: int) -> bytes:
    low = _AT_ARGUMENTS + 8 * argument
    return (
        _op(_JUMP_EQUAL, number, 0, 6)
        + _op(_LOAD, low)
        + _op(_JUMP_EQUAL, value, 0, 3)
        + _op(_LOAD, low + 4)
        + _op(_JUMP_EQUAL, 0, 0, 1)
        + _op(_RETURN, _ALLOW)
        + _op(_RETURN, _REFUSE | _EPERM)
    )


def _op(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def restrict() -> None:
    """Impose the filter on this process for good; needs no_new_privs."""
    code = program(os.uname().machine, os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    given = _Program(len(code) // 8, ctypes.addressof(buffer))
    libc.prctl(libc.PR_SET_SECCOMP, 2, ctypes.byref(given))
