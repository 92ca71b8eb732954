"""Removes 付加情報 file by file beside the programs that people use for it, as they call them.

mat2 and exiftool are started once for each file, or once for all where they allow it: exiftool
with a list of files, and held open (`-stay_open`); mat2 as the library that it is, in one process
of the system's Python. We work in one process as well then, with the proof, and write each result
with fsync; so does the copying that all are measured against.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import ScrubOrder
from meti_desk.formats.registry import find

_PATIENCE = 60
_PYTHON = "/usr/bin/python3"
_LIBRARY = """
import sys
from libmat2 import parser_factory
for line in sys.stdin:
    try:
        parser, _ = parser_factory.get_parser(line.rstrip("\\n"))
        if parser is not None:
            parser.remove_all()
    except Exception:
        pass
"""


Work = Callable[[Sequence[Path], Path], None]


class Took(NamedTuple):
    """Seconds for the files, and how many results there were."""

    seconds: float
    done: int


class Beside(NamedTuple):
    """The same files by us, by copying, and by each program that is there, by its name."""

    ours: Took
    copying: Took
    peers: dict[str, Took]
    files: int
    size: int


def beside(files: Sequence[Path], place: Path, *, exiftool: bool) -> Beside:
    """Measure all on copies of `files`, one after the other; `exiftool` where it takes them."""
    place.mkdir()
    given = copies(files, place / "given")
    _took(_ours, given[:1], place / "warm")  # what is imported once is no part of any file
    peers: dict[str, Work] = {}
    if shutil.which("mat2"):
        peers["mat2 as a library"] = _mat2_library
    if exiftool and shutil.which("exiftool"):
        peers |= {"exiftool, all at once": _exiftool, "exiftool -stay_open": _exiftool_open}
    return Beside(
        _took(_ours, given, place / "ours"),
        _took(_copied, given, place / "copied"),
        {name: _took(work, given, place / name) for name, work in peers.items()},
        len(files),
        sum(path.stat().st_size for path in files),
    )


def mat2_command(files: Sequence[Path], place: Path) -> Took:
    """Call mat2 for each of the files."""
    return _took(_mat2, files, place)


def copies(files: Sequence[Path], folder: Path) -> list[Path]:
    """Copy files under numbers, so that no two have one name."""
    folder.mkdir()
    return [
        Path(shutil.copy(path, folder / f"{number:04}{path.suffix.lower()}"))
        for number, path in enumerate(files)
    ]


def _took(work: Work, files: Sequence[Path], out: Path) -> Took:
    out.mkdir()
    os.sync()  # what was written for the test must not be paid for by what is measured
    started = time.perf_counter()
    work(files, out)
    return Took(time.perf_counter() - started, len(list(out.iterdir())))


def _ours(files: Sequence[Path], out: Path) -> None:
    for path in files:
        with contextlib.suppress(MetiDeskError), path.open("rb") as source:
            family = find(source).family
            with (out / path.name).open("w+b") as target:
                try:
                    family.scrub(source, target, ScrubOrder())
                    target.flush()
                    family.verify_scrub(source, target, ScrubOrder())
                    os.fsync(target.fileno())
                except MetiDeskError:
                    (out / path.name).unlink()


def _copied(files: Sequence[Path], out: Path) -> None:
    for path in files:
        with (out / path.name).open("wb") as target:
            target.write(path.read_bytes())
            target.flush()
            os.fsync(target.fileno())


def _mat2(files: Sequence[Path], out: Path) -> None:
    """Call mat2 as its users do; it writes beside the file, so that it gets copies."""
    for path in files:
        copy = shutil.copy(path, out / path.name)
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["mat2", copy], check=False, capture_output=True, timeout=_PATIENCE)
        Path(copy).unlink()


def _mat2_library(files: Sequence[Path], out: Path) -> None:
    held = [Path(shutil.copy(path, out)) for path in files]
    listed = "".join(f"{path}\n" for path in held).encode()
    subprocess.run([_PYTHON, "-c", _LIBRARY], input=listed, check=False, capture_output=True)
    for path in held:
        path.unlink()


def _exiftool(files: Sequence[Path], out: Path) -> None:
    """Call exiftool once for all, as its users do."""
    command = ["exiftool", "-q", "-all=", "-o", f"{out}/", *map(str, files)]
    subprocess.run(command, check=False, capture_output=True)


def _exiftool_open(files: Sequence[Path], out: Path) -> None:
    """Hand exiftool one file after the other, and wait for each."""
    command = ["exiftool", "-stay_open", "True", "-@", "-"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as held:
        assert held.stdin is not None
        assert held.stdout is not None
        for path in files:
            held.stdin.write(f"-all=\n-o\n{out / path.name}\n{path}\n-execute\n")
            held.stdin.flush()
            while held.stdout.readline().strip() != "{ready}":
                pass
        held.stdin.write("-stay_open\nFalse\n")
        held.stdin.flush()
