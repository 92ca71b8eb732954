"""Small files of the store, written so that a crash leaves the old or the new one, never a part."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.faults import fault

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def told(path: Path, otherwise: str = "store.unwritable") -> Iterator[None]:
    """Turn what the system says about a file of the store into an `EnvironmentProblem`.

    Codes: `store.full`, `store.missing`, and `otherwise` for the rest (read-only, no right, wrong
    kind of file): `store.unwritable`, or `store.unreadable` from those who only read.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise EnvironmentProblem("store.missing", path=str(path)) from error
    except OSError as error:
        code = "store.full" if error.errno in _FULL else otherwise
        raise EnvironmentProblem(code, path=str(path)) from error


def own_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter (0700), or take away the rights of others."""
    with told(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable; where folders cannot be opened (Windows) they are so."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes, *, point: str) -> None:
    """Write a small owner-only file (0600) atomically and durably, in the place of an older one.

    `point` names the fault points: `<point>.write`, `<point>.sync`, `<point>.rename`,
    `<point>.renamed`. Errors as in
    `told`; the older file is then untouched and nothing stays behind.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with told(path):
        try:
            _write_new(temporary, content, point)
            fault(f"{point}.rename")
            temporary.replace(path)
            fault(f"{point}.renamed")
        finally:
            # Ours if anything failed, and those that a power failure left behind.
            for stray in path.parent.glob(f".{path.name}.*"):
                stray.unlink(missing_ok=True)
        sync_folder(path.parent)


def _write_new(path: Path, content: bytes, point: str) -> None:
    fault(f"{point}.write")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        fault(f"{point}.sync")
        os.fsync(file.fileno())
