"""Names a running program, so that another one can tell whether it still runs."""

import os
from pathlib import Path


def own_name() -> str:
    """Name this process: number and moment of its start; empty where the system does not tell."""
    return _name(os.getpid())


def is_running(name: str) -> bool:
    """Tell whether the process of this name is still there, and no later one of its number."""
    number = name.partition("-")[0]
    return number.isdigit() and _name(int(number)) == name


def _name(pid: int) -> str:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:  # gone, or no /proc
        return ""
    # The name of the program, in parentheses, may hold anything.
    state, *rest = told.rpartition(")")[2].split()
    started = rest[18]
    return "" if state in ("Z", "X") else f"{pid}-{started}"
