"""Gives up rights, in the order in which the kernel allows it."""

import contextlib
import sys
from typing import Literal

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.isolation.limits import Limits, apply_limits

Depth = Literal["full", "limits"]
"""All layers that this system has, or only the limits."""


class Applied(msgspec.Struct, frozen=True):
    """Which layers hold this process: Landlock's version (0: none), seccomp, the limits."""

    landlock: int = 0
    seccomp: bool = False
    limits: bool = False

    @property
    def network_denied(self) -> bool:
        """Tell whether at least one layer takes the network away."""
        return self.seccomp or self.landlock >= 4  # noqa: PLR2004 - the version that brought TCP


_applied = Applied()


def applied() -> Applied:
    """Tell what holds this process."""
    return _applied


def confine(
    limits: Limits, *, depth: Depth, ruleset: int | None, allow_unconfined: bool
) -> Applied:
    """Give up everything but the open files, for good; to be called before any byte is parsed.

    `ruleset` is Landlock's, prepared once. Raises `EnvironmentProblem("worker.unconfined")` when
    nothing keeps a job from the network and policy does not allow that.
    """
    global _applied  # noqa: PLW0603 - rights are the process's, so is the memory of them
    limited = apply_limits(limits)
    landlock_version, filtered = 0, False
    if depth == "full" and sys.platform == "linux":
        landlock_version, filtered = _confine_linux(ruleset)
    _applied = Applied(landlock_version, filtered, limited)
    if not (_applied.network_denied or allow_unconfined):
        raise EnvironmentProblem("worker.unconfined")
    return _applied


def _confine_linux(ruleset: int | None) -> tuple[int, bool]:
    from meti_desk.isolation import landlock, libc, seccomp

    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
    libc.prctl(libc.PR_SET_DUMPABLE, 0)
    version = 0
    if ruleset is not None:
        landlock.restrict(ruleset)
        version = landlock.version()
    filtered = False
    if seccomp.available():
        with contextlib.suppress(OSError):  # a kernel without seccomp: Landlock has to do
            seccomp.restrict()
            filtered = True
    return version, filtered
