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
_FIRST_PAGE = '{"PageRange":{"type":"string","value":"1"}}'
_PRINTERS = {
    **dict.fromkeys(("docx", "docm", "dotx", "dotm", "odt", "ott", "fodt", "rtf", "doc"),
                    "writer_pdf_Export"),
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "xltm", "ods", "ots", "fods"), "calc_pdf_Export"),
    **dict.fromkeys(("pptx", "pptm", "potx", "potm", "ppsx", "ppsm", "odp", "otp", "fodp"),
                    "impress_pdf_Export"),
    **dict.fromkeys(("odg", "otg", "fodg"), "draw_pdf_Export"),
}  # fmt: skip
"""What of LibreOffice prints each kind of document."""
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
    (made,), denied = _converted((data,), extension, wanted, wanted)
    return Converted(made, denied)


def prints_pages_of(extension: str) -> bool:
    """Tell whether `first_pages` knows this kind of document."""
    return extension in _PRINTERS


def first_pages(documents: Sequence[bytes], extension: str) -> list[bytes]:
    """Print page 1 of documents of one kind as PDF, in one run.

    Unlike a conversion it is only a look: where the network could not be taken away it is not
    done (`EnvironmentProblem("convert.not-confined")`), and what `convert` raises.
    """
    wanted = f"pdf:{_PRINTERS[extension]}:{_FIRST_PAGE}"
    return _converted(documents, extension, "pdf", wanted, only_confined=True)[0]


def _converted(
    documents: Sequence[bytes],
    extension: str,
    result: str,
    wanted: str,
    *,
    only_confined: bool = False,
) -> tuple[list[bytes], bool]:
    office = program()
    with _folder() as folder:
        cage, denied = _cage(folder)
        if only_confined and not denied:
            raise EnvironmentProblem("convert.not-confined")
        given = [folder / f"document{number}.{extension}" for number in range(len(documents))]
        for path, data in zip(given, documents, strict=True):
            path.write_bytes(data)
        command = (
            *_LIMITED, *cage, office, "--headless", "--norestore", "--nologo", "--nodefault",
            "--nolockcheck", "--nofirststartwizard",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", wanted,
            "--outdir", str(folder / "out"), *map(str, given),
        )  # fmt: skip
        _run(command, folder)
        return [_result(folder / "out" / f"{path.stem}.{result}") for path in given], denied


def _result(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise EnvironmentProblem("convert.failed", reason="no-result")
    return path.read_bytes()


def _in_memory() -> str | None:
    """Give a folder that is no disk, so that nothing of a document comes to lie on one."""
    places = (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm")  # noqa: S108 - a folder of our own in it
    return next((one for one in places if one and os.access(one, os.W_OK)), None)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    held = _in_memory()
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
