"""Copies of the database, each encrypted under the same key, and the way back to the last good one.

`backups/store-000001.db` and on; the newest three are kept. A copy counts only when every page of
it was checked. The way back never deletes: the damaged files are put aside.
"""

import contextlib
import os
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.faults import fault
from meti_desk.store.database import Database
from meti_desk.store.disk import own_folder, sync_folder, told
from meti_desk.store.migrations import version
from meti_desk.store.wrapping import wipe

KEPT = 3
"""Backups that stay; older ones go when a newer one is proven."""
_NAME = re.compile(r"store-(\d{6,})\.db")


def backups(folder: Path) -> list[Path]:
    """Give the backups of a store's folder, newest first."""
    place = folder / "backups"
    if not place.is_dir():
        return []
    named = [
        (int(match[1]), path) for path in place.iterdir() if (match := _NAME.fullmatch(path.name))
    ]
    return [path for _, path in sorted(named, reverse=True)]


def newest(folder: Path) -> datetime | None:
    """Tell when the newest backup was made, by its file; `None` where there is none."""
    for path in backups(folder):
        with contextlib.suppress(OSError):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return None


def back_up(database: Database, folder: Path) -> Path:
    """Copy the open database, check every page of the copy, and give its path.

    Errors: `store.full`, `store.unwritable`, and `store.backup-failed` when the copy is not good
    (then the older ones are all still there).
    """
    place = folder / "backups"
    own_folder(place)
    held = backups(folder)
    number = int(_NAME.fullmatch(held[0].name)[1]) + 1 if held else 1  # type: ignore[index] # `backups` gives only names that match
    final = place / f"store-{number:06d}.db"
    copy = place / f".store-{number:06d}.new"
    with told(copy):
        copy.unlink(missing_ok=True)
    try:
        database.copy_to(copy)
        key = database.key()
        try:
            wrong = _what_is_wrong(copy, key)
        finally:
            wipe(key)
        if wrong:
            raise EnvironmentProblem("store.backup-failed", path=str(copy))
        _put(copy, final)
    finally:
        copy.unlink(missing_ok=True)
    for old in backups(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return final


def restore(folder: Path, key: bytearray) -> Path:
    """Put the newest good backup in the place of `store.db` and give the backup's path.

    The store must be closed. What was there goes to `damaged-000001` and on. `store.no-backup` when
    none is good; nothing was moved then.
    """
    for backup in backups(folder):
        if not _what_is_wrong(backup, key):
            break
    else:
        raise EnvironmentProblem("store.no-backup", path=str(folder / "backups"))
    copy = folder / ".store.db.restored"
    with told(folder):
        copy.unlink(missing_ok=True)
        shutil.copyfile(backup, copy)
        copy.chmod(0o600)
        _set_aside(folder)
        _put(copy, folder / "store.db")
    return backup


def _set_aside(folder: Path) -> None:
    number = 1
    while (aside := folder / f"damaged-{number:06d}").exists():
        number += 1
    own_folder(aside)
    # The database goes first: cut off here, nothing can be opened without the rest of it, and the
    # log is out of the way before the backup comes, to which it does not belong.
    for name in ("store.db", "store.db-wal", "store.db-shm"):
        if (path := folder / name).exists():
            fault("store.set-aside")
            path.rename(aside / name)


def _put(copy: Path, final: Path) -> None:
    with told(final):
        with copy.open("rb+") as file:
            fault("store.backup.sync")
            os.fsync(file.fileno())
        fault("store.backup.rename")
        copy.replace(final)
        sync_folder(final.parent)


def _what_is_wrong(path: Path, key: bytearray) -> tuple[str, ...]:
    try:
        database = Database(path, key, log=False)
    except EnvironmentProblem as problem:
        return (problem.code,)
    try:
        return database.damage() if version(database) else ("empty",)
    except EnvironmentProblem as problem:
        return (problem.code,)
    finally:
        database.close()
