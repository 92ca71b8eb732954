"""Runs LibreOffice on a file that nobody trusts, as confined as this system allows.

The program is not ours and is large: it gets a folder of its own with nothing else in it, no
network, no home, limits on time, memory and what it writes, and no right to run macros. Its
result is untrusted again (decision 018).
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from meti_desk.domain.errors import EnvironmentProblem

_CPU_SECONDS = 120
_TIMEOUT = 180.0
_MEMORY_KIB = 4 << 20
_FILE_BLOCKS = (1 << 30) // 512
_PLACES = (
    *("/usr/bin", "/usr/local/bin"),
    *("/opt/libreoffice/program", "/usr/lib/libreoffice/program"),
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop
 oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""A profile in which nothing of a document runs and no link is followed."""
_LIMITS = (
    f"ulimit -c 0; ulimit -t {_CPU_SECONDS}; ulimit -f {_FILE_BLOCKS}; ulimit -v {_MEMORY_KIB};"
    ' exec "$@"'
)
_LIMITED = ("/bin/sh", "-c", _LIMITS, "sh")


class Converted(NamedTuple):
    """What came out, and whether the network was taken away for sure."""

    data: bytes
    network_denied: bool


@cache
def program() -> str:
    """Find LibreOffice; `EnvironmentProblem("convert.not-installed")` without it, or on Windows."""
    found = shutil.which("soffice", path=os.pathsep.join(_PLACES))
    if found is None or os.name != "posix":
        raise EnvironmentProblem("convert.not-installed")
    return found


def convert(data: bytes, extension: str, wanted: str) -> Converted:
    """Convert a document; `extension` is what it is, `wanted` what it shall be (`docx`).

    Raises `EnvironmentProblem`: `convert.not-installed`, `convert.failed` (`reason`: `timeout`,
    `no-result`). The copy that LibreOffice reads lies in a folder that only this user may enter,
    in memory where the system has such a place, and is removed in the end.
    """
    office = program()
    with _folder() as folder:
        (folder / f"document.{extension}").write_bytes(data)
        cage, denied = _cage(folder)
        command = (
            *_LIMITED, *cage, office, "--headless", "--norestore", "--nologo", "--nodefault",
            "--nolockcheck", "--nofirststartwizard",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", wanted,
            "--outdir", str(folder / "out"), str(folder / f"document.{extension}"),
        )  # fmt: skip
        _run(command, folder)
        result = folder / "out" / f"document.{wanted}"
        if result.is_symlink() or not result.is_file():
            raise EnvironmentProblem("convert.failed", reason="no-result")
        return Converted(result.read_bytes(), denied)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    held = runtime if runtime and os.access(runtime, os.W_OK) else None
    with tempfile.TemporaryDirectory(
        prefix="meti-desk-", dir=held, ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        for inner in ("out", "home", "tmp", "profile/user"):
            (folder / inner).mkdir(parents=True)
        (folder / "profile/user/registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
        yield folder


def _run(command: Sequence[str], folder: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp", "XDG_RUNTIME_DIR": str(folder / "tmp"),
    }  # fmt: skip
    with subprocess.Popen(  # noqa: S603 - fixed words, and a path of our own making
        command, env=environment, cwd=folder, start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            process.wait(_TIMEOUT)
        except subprocess.TimeoutExpired as late:
            raise EnvironmentProblem("convert.failed", reason="timeout") from late
        finally:
            # Its helpers too, whatever happened; the group is its own.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _cage(folder: Path) -> tuple[tuple[str, ...], bool]:
    """Give what takes network, home and other processes away, and whether the network is gone."""
    for words in (_bubblewrap(folder), _namespaces()):
        if words and _works(words):
            return words, True
    return (), False


def _bubblewrap(folder: Path) -> tuple[str, ...]:
    found = shutil.which("bwrap", path="/usr/bin:/bin")
    if found is None:
        return ()
    system = (one for one in ("/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin", "/opt"))
    mounts = [word for one in system if Path(one).exists() for word in ("--ro-bind", one, one)]
    return (
        found, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", *mounts,
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",  # noqa: S108 - a new one, inside
        "--bind", str(folder), str(folder), "--chdir", str(folder), "--",
    )  # fmt: skip


def _namespaces() -> tuple[str, ...]:
    found = shutil.which("unshare", path="/usr/bin:/bin")
    return () if found is None else (found, "--user", "--net", "--ipc", "--")


def _works(words: tuple[str, ...]) -> bool:
    """Try a cage: whether the kernel lets an ordinary user make one is its own choice."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            (*words, "/bin/true"), check=False, timeout=20, capture_output=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
