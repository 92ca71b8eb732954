"""Names a running program, so that another one can tell whether it still runs."""

import os
from functools import lru_cache
from pathlib import Path


def own_name() -> str:
    """Name this process: number and moment of its start; empty where the system does not tell."""
    return _own(os.getpid())


def is_running(name: str) -> bool:
    """Tell whether the process of this name is still there, and no later one of its number."""
    number = name.partition("-")[0]
    return number.isdigit() and _name(int(number)) == name


@lru_cache(maxsize=1)
def _own(pid: int) -> str:
    """Remember the own name, which stays the same until this process is forked."""
    return _name(pid)


def _name(pid: int) -> str:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # gone, or no /proc
        return ""
    # The name of the program, in parentheses, may hold anything.
    state, *rest = told.rpartition(")")[2].split()
    started = rest[18]
    return "" if state in ("Z", "X") else f"{pid}-{started}"
