"""Where the store lies, and that nobody but its owner may look at it (Art. 11-4: アクセス制限)."""

import os
import stat
import sys
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def data_folder() -> Path:
    """Give the platform's folder for our data; it need not exist yet."""
    import platformdirs

    return platformdirs.user_data_path("meti-desk", appauthor=False, roaming=False)


def office_folder() -> Path:
    """Give the folder in which an administrator lays down what holds for all users here."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", "C:\\ProgramData")) / "meti-desk"
    return Path("/etc/meti-desk")


def make_private_folder(folder: Path) -> Path:
    """Make the folder, with those above it, for its owner only, and give it back.

    Raises `EnvironmentProblem("folder.read-only")` where it cannot be made. On Windows the folder
    inherits the rights of the person's profile.
    """
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        make_private(folder)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise EnvironmentProblem("folder.read-only", path=str(folder)) from error
    return folder


def make_private(path: Path) -> None:
    """Take all rights from everybody but the owner."""
    if sys.platform == "win32":
        return
    path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)


def open_to_others(folder: Path) -> tuple[Path, ...]:
    """List what in and under the folder others than its owner may touch, for `doctor`.

    Something owned by somebody else counts too. Empty is good; always empty on Windows, where the
    rights of the profile apply.
    """
    if sys.platform == "win32" or not folder.exists():
        return ()
    found = [folder, *sorted(folder.rglob("*"))]
    return tuple(path for path in found if _is_open(path))


def _is_open(path: Path) -> bool:
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode):
        return False
    return bool(state.st_mode & _OTHERS) or state.st_uid not in (0, os.getuid())
