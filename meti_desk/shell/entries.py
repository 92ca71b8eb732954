"""Adds 格付して保護… to the right-click menus of Thunar, Nemo and Nautilus, and takes it away.

Only files of the person who runs it are touched, below the folders of the XDG base directory
specification. Everything is read and checked before anything is written, each file is written
whole or not at all, and nothing of somebody else is replaced or removed.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from meti_desk.data import data
from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.shell import texts, uca
from meti_desk.system.files import DiskFiles
from meti_desk.system.problems import reading, writing

Row = tuple[str, Path, bool]
"""File manager, the file of its entry, and whether the entry is there and starts this program."""

_OPERATION = "shell"
_PLAIN, _EXECUTABLE = 0o644, 0o755


@dataclass(frozen=True, slots=True)
class _Own:
    """A file that is wholly ours."""

    manager: str
    path: Path
    text: Callable[[], str]
    mode: int = _PLAIN

    def wanted(self) -> bytes:
        found = _read(self.path)
        if found is not None and texts.MARK.encode() not in found:
            raise EnvironmentProblem("shell.not-ours", path=str(self.path))
        return self.text().encode()

    def remaining(self) -> bytes | None:
        found = _read(self.path)
        return None if found is None or texts.MARK.encode() in found else found

    def installed(self) -> bool:
        runs = self.mode == _PLAIN or os.access(self.path, os.X_OK)
        return runs and _read(self.path) == self.text().encode()


@dataclass(frozen=True, slots=True)
class _Thunar:
    """Our action among those of the person."""

    manager: str
    path: Path
    shipped: bytes
    """The actions that Thunar shows while the person has no file of their own."""
    program: str
    mode: int = _PLAIN

    def wanted(self) -> bytes:
        return uca.with_action(_read(self.path) or self.shipped, self.program, self.path)

    def remaining(self) -> bytes | None:
        found = _read(self.path)
        if not found or uca.ours(found, self.path) is None:
            return found
        rest = uca.without_action(found, self.path)
        return None if rest == self.shipped else rest

    def installed(self) -> bool:
        found = _read(self.path)
        action = uca.ours(found, self.path) if found else None
        command = texts.thunar_command(self.program)
        return action is not None and action.fields.get("command") == command


def install() -> list[Row]:
    """Add the entries; what is there already is put right, so that it can be repeated.

    Raises `EnvironmentProblem`: `shell.no-program` (meti-desk is not installed as a command),
    `shell.not-ours` (a file of this name is somebody else's), `shell.by-installer` (Windows);
    `InvalidInput("shell.settings-damaged")` for an unreadable `uca.xml`.
    """
    entries = _entries()
    planned = [(entry, entry.wanted()) for entry in entries]
    for entry, text in planned:
        _write(entry.path, text, entry.mode)
    return status()


def uninstall() -> list[Row]:
    """Remove what `install` added, and nothing else; the same errors but `shell.not-ours`."""
    entries = _entries()
    planned = [(entry, entry.remaining()) for entry in entries]
    files = DiskFiles()
    for entry, text in planned:
        files.discard(files.temporary(entry.path, _OPERATION))  # of an install that was killed
        if text is not None:
            _write(entry.path, text, entry.mode)
        elif entry.path.is_file():
            with writing(entry.path.parent):
                entry.path.unlink()
    return status()


def status() -> list[Row]:
    """Tell where the entries are there and start this very program."""
    return [(entry.manager, entry.path, entry.installed()) for entry in _entries()]


def _entries() -> tuple[_Own | _Thunar, ...]:
    if sys.platform == "win32":
        raise EnvironmentProblem("shell.by-installer")
    config = _folder("XDG_CONFIG_HOME", ".config")
    share = _folder("XDG_DATA_HOME", ".local/share")
    program = _program()
    icon = Path(str(data("resources"))) / "icons" / "shield.svg"
    return (
        _Thunar("Thunar", config / "Thunar" / "uca.xml", _shipped_actions(), program),
        _Own(
            "Nemo",
            share / "nemo" / "actions" / "meti-desk.nemo_action",
            lambda: texts.nemo_action(program),
        ),
        _Own(
            "Nautilus",
            share / "nautilus" / "scripts" / texts.NAME,
            lambda: texts.nautilus_script(program),
            _EXECUTABLE,
        ),
        _Own(
            "Menu",
            share / "applications" / f"{texts.MARK}.desktop",
            lambda: texts.menu_entry(program, icon),
        ),
    )


def _folder(variable: str, default: str) -> Path:
    """Give a base folder; a relative one has to be ignored, as the specification says."""
    chosen = Path(os.environ.get(variable, ""))
    return chosen if chosen.is_absolute() else Path.home() / default


def _program() -> str:
    """Find the command itself: beside this Python, else where the shell would find it."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which("meti-desk", path=beside) or shutil.which("meti-desk")
    if found is None:
        raise EnvironmentProblem("shell.no-program")
    return str(Path(found).absolute())


def _shipped_actions() -> bytes:
    """Give the system's actions: a file of one's own hides them, so it begins as their copy."""
    for folder in os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep):
        path = Path(folder) / "Thunar" / "uca.xml"
        if path.is_absolute() and path.is_file():
            return _read(path) or uca.BLANK
    return uca.BLANK


def _read(path: Path) -> bytes | None:
    if not path.exists():
        return None
    with reading(path):
        return path.read_bytes()


def _write(path: Path, text: bytes, mode: int) -> None:
    """Write whole or not at all; a file that is there keeps its rights, a link stays a link."""
    if _read(path) == text and (mode == _PLAIN or os.access(path, os.X_OK)):
        return
    files = DiskFiles()
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    temporary = files.temporary(path, _OPERATION)
    if not path.exists() or mode == _EXECUTABLE:
        files.put(text, path, temporary, mode=mode)
        return
    with files.open_source(path) as opened, files.scratch(temporary.parent) as file:
        with writing(path.parent):
            file.write(text)
        files.replace(file, path, temporary, opened=opened)
