"""Tries from inside a confined job what must not work, so that `doctor` tells facts."""

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

from meti_desk.isolation.confine import applied


class NoParams(msgspec.Struct, frozen=True):
    """For jobs that need no parameters."""


class Layers(msgspec.Struct, frozen=True, kw_only=True):
    """What holds a job. `escapes` names what a job could do all the same; empty is good."""

    landlock: int
    """Version of Landlock, 0 without."""
    seccomp: bool
    limits: bool
    network_denied: bool
    escapes: tuple[str, ...] = ()
    """Of `read`, `write`, `tcp`, `udp`, `unix`, `fork`, `exec`, `signal`."""


def probe(_params: NoParams, _files: Mapping[str, BinaryIO]) -> Layers:
    """Try everything, and tell which layers were imposed and what went through."""
    held = applied()
    return Layers(
        landlock=held.landlock,
        seccomp=held.seccomp,
        limits=held.limits,
        network_denied=held.network_denied,
        escapes=tuple(name for name, attempt in _attempts().items() if not _refused(attempt)),
    )


def _refused(attempt: Callable[[], None]) -> bool:
    """Tell whether an attempt was refused; failing for any other reason is no refusal."""
    try:
        attempt()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _attempts() -> dict[str, Callable[[], None]]:
    attempts: dict[str, Callable[[], None]] = {
        "read": _read,
        "write": _write,
        "tcp": lambda: _connect("SOCK_STREAM"),
        "udp": lambda: _connect("SOCK_DGRAM"),
    }
    if sys.platform == "win32":
        return attempts
    return attempts | {
        "unix": _unix,
        "fork": _fork,
        "exec": _execute,
        "signal": lambda: os.kill(os.getppid(), 0),
    }


def _read() -> None:
    places = ("/etc/passwd",) if sys.platform != "win32" else (r"C:\Windows\win.ini",)
    for place in places:
        Path(place).read_bytes()


def _write() -> None:
    # A name of its own, so that nothing of anybody's is touched should it go through.
    folder = "/tmp" if sys.platform != "win32" else os.environ["TEMP"]  # noqa: S108 - a probe
    name = f"{folder}/.meti-desk-probe-{os.getpid()}"
    descriptor = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(descriptor)
    with contextlib.suppress(OSError):
        os.unlink(name)  # noqa: PTH108 - the name is a string here


def _connect(kind: str) -> None:
    import socket

    with socket.socket(socket.AF_INET, getattr(socket, kind)) as line:
        line.settimeout(1)
        line.connect(("127.0.0.1", 9))


def _unix() -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as line:
        line.bind(f"\0meti-desk-probe-{os.getpid()}")


def _fork() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _execute() -> None:
    """Try a program that is not there: seccomp refuses the call before the name is looked up."""
    if applied().landlock and not applied().seccomp:
        raise PermissionError  # no rule of ours grants execution of anything
    os.execv("/nonexistent/meti-desk", ["meti-desk"])  # noqa: S606 - it does not exist
