"""Labels many Word documents at the command line, beside copying and recompressing the same."""

import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

PASSPHRASE = "とても長いパスフレーズ 2026"
_CUSTOM = "docProps/custom.xml"


class Times(NamedTuple):
    """Seconds for the same files: by us, by copying, by zipfile, and by an empty command."""

    ours: float
    copying: float
    recompressing: float


def label(files: Sequence[Path], place: Path) -> Times:
    """Measure all three on copies of `files`, one after the other, in a folder of one disk."""
    ours = _copies(files, place / "ours")
    command = _command(place)
    started = time.perf_counter()
    subprocess.run([*command, *map(str, ours)], check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - started
    return Times(
        taken,
        _timed(lambda: _each(files, place / "copied", _copy)),
        _timed(lambda: _each(files, place / "recompressed", _recompress)),
    )


def _command(place: Path) -> list[str]:
    """Make a store and give the command that labels."""
    secret = place / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    given = ["--store", str(place / "store"), "--passphrase-file", str(secret), "--json"]
    program = [sys.executable, "-m", "meti_desk"]
    init = [*program, "init", "--name", "山田太郎", *given]
    subprocess.run(init, check=True, stdout=subprocess.DEVNULL)
    return [*program, "classify", "-c", "2", "-r", "印刷禁止", *given]


def _copies(files: Sequence[Path], folder: Path) -> list[Path]:
    folder.mkdir()
    made = [Path(shutil.copy(path, folder)) for path in files]
    os.sync()  # what was written for the test must not be paid for by what is measured
    return made


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _each(files: Sequence[Path], folder: Path, work: Callable[[Path, Path], None]) -> None:
    folder.mkdir()
    for path in files:
        work(path, folder / path.name)


def _copy(source: Path, target: Path) -> None:
    """Copy as safely as a label is written: bytes, then the name, both on the disk."""
    with target.open("wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())
    _sync(target.parent)


def _recompress(source: Path, target: Path) -> None:
    """Write a property the simple way: read every member, write every member."""
    with target.open("wb") as file:
        with (
            zipfile.ZipFile(source) as old,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for name in old.namelist():
                if name != _CUSTOM:
                    new.writestr(name, old.read(name))
            new.writestr(_CUSTOM, "<Properties/>")
        file.flush()
        os.fsync(file.fileno())
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)
