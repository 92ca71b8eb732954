"""A Windows Job Object around a worker: memory, processor time, one process, killed with us.

Written to the documented structures of `winnt.h`; it runs on Windows only, so that the tests on
Linux check the layout of the structures and nothing more. It takes no right of the network away.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation.limits import Limits

_EXTENDED_LIMITS = 9
_PROCESS_TIME, _ACTIVE_PROCESS, _PROCESS_MEMORY = 0x2, 0x8, 0x100
_DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x400, 0x2000
_SET_QUOTA_AND_TERMINATE = 0x0100 | 0x0001
_TICKS = 10_000_000
"""Of 100 ns in a second."""


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


def extended_limits(limits: Limits) -> ExtendedLimits:
    """Fill the structure."""
    given = ExtendedLimits()
    basic = given.BasicLimitInformation
    basic.LimitFlags = (
        _PROCESS_TIME | _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _KILL_ON_CLOSE
    )
    basic.PerProcessUserTimeLimit = limits.cpu * _TICKS
    basic.ActiveProcessLimit = 1
    given.ProcessMemoryLimit = limits.memory
    return given


@contextmanager
def hold(pid: int, limits: Limits) -> Iterator[None]:
    """Keep a process in a Job Object for the time of the block; it dies at its end.

    Raises `EnvironmentProblem("worker.cannot-start")` when Windows refuses.
    """
    if os.name != "nt":
        raise EnvironmentProblem("worker.cannot-start")
    kernel = getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009 - not on Linux
    kernel.CreateJobObjectW.restype = ctypes.c_void_p
    kernel.OpenProcess.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    process = ctypes.c_void_p(kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, 0, pid))
    try:
        given = extended_limits(limits)
        size = ctypes.sizeof(given)
        taken = kernel.SetInformationJobObject(
            job, _EXTENDED_LIMITS, ctypes.byref(given), size
        ) and kernel.AssignProcessToJobObject(job, process)
        if not taken:
            raise EnvironmentProblem("worker.cannot-start")
        yield
    finally:
        kernel.CloseHandle(process)
        kernel.CloseHandle(job)
