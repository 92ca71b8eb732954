"""A new key for the whole store, when the old one may have been seen (Art. 30-2, 鍵の危殆化).

The database is copied under the new key into `.rekey-<random>` and checked there. It counts from
the moment when the header that names this folder takes the place of `store.key`; what a crash
leaves undone after that is finished by the next opening (`finish`), before it nothing has happened.
Backups under the old key go, because nothing opens them any more.
"""

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.faults import fault
from meti_desk.store import backups, keys, recovery
from meti_desk.store.database import Database
from meti_desk.store.disk import own_folder, sync_folder, told
from meti_desk.store.header import Header, Wrap, read_header, write_header
from meti_desk.store.names import DATABASE, KEY
from meti_desk.store.wrapping import KEY_LENGTH, wipe

_PLACE = ".rekey-"
_COUNT = "SELECT count(*), coalesce(max(seq), 0) FROM events"
_LOGS = (f"{DATABASE}-wal", f"{DATABASE}-shm")


def rekey(folder: Path, passphrase: str, *, iterations: int = 0) -> None:
    """Give a closed store a new key, wrapped by the same passphrase and for the same recovery.

    The key ring has to be asked anew afterwards: its wrap is left out. Errors: those of opening,
    `store.busy` while anybody else has the store open, `store.backup-failed` when the copy is not
    what it was copied from; the store is then as it was.
    """
    finish(folder)
    header = read_header(folder / KEY)
    old = keys.unlock_with_passphrase(folder / KEY, passphrase)
    new = bytearray(secrets.token_bytes(KEY_LENGTH))
    building = folder / f"{_PLACE}{secrets.token_hex(8)}"
    try:
        database = Database(folder / DATABASE, old)
        try:
            _alone(database)
            own_folder(building)
            _copy(database, building / DATABASE, new)
            wraps = _wraps(header, new, passphrase, iterations, building.name)
            _commit(folder, building, Header(header.store, wraps))
            if os.name != "nt":
                _emptied(folder, header)
        finally:
            database.close()
    finally:
        wipe(old)
        wipe(new)
        finish(folder)


def finish(folder: Path) -> None:
    """Finish a change of key that was committed; take away what one left that never was."""
    found = list(folder.glob(f"{_PLACE}*"))
    if not found:
        return
    committed = read_header(folder / KEY).wraps.get(keys.PASSPHRASE, {}).get(keys.MARK)
    for building in found:
        if building.name == committed and (building / DATABASE).exists():
            _move(folder, building)
        shutil.rmtree(building, ignore_errors=True)


def _alone(database: Database) -> None:
    """Hold the database so that no other process writes what would be lost (`store.busy`)."""
    database.run("PRAGMA locking_mode = EXCLUSIVE")
    modes = database.run("PRAGMA journal_mode = DELETE")
    if modes != [("delete",)]:
        raise EnvironmentProblem("store.busy", path=str(database.path))
    database.run("BEGIN EXCLUSIVE")
    database.run("COMMIT")  # the lock stays until the connection is closed


def _copy(database: Database, target: Path, key: bytearray) -> None:
    database.copy_to(target, key)
    copy = Database(target, key, log=False)
    try:
        same = copy.run(_COUNT) == database.run(_COUNT)
        if copy.damage() or not same:
            raise EnvironmentProblem("store.backup-failed", path=str(target))
    finally:
        copy.close()
    with told(target), target.open("rb+") as file:
        os.fsync(file.fileno())


def _wraps(
    header: Header, key: bytearray, passphrase: str, iterations: int, mark: str
) -> Mapping[str, Wrap]:
    own = keys.wrap_by_passphrase(header.store, key, passphrase, iterations, mark=mark)
    wraps: dict[str, Wrap] = {keys.PASSPHRASE: own}
    certificate = recovery.certificate_of(header)
    if certificate:
        wraps[recovery.RECOVERY] = recovery.recovery_wrap(header.store, key, certificate)
    return wraps


def _commit(folder: Path, building: Path, header: Header) -> None:
    with told(folder):
        sync_folder(building)
    fault("store.rekey.commit")
    write_header(folder / KEY, header)
    fault("store.rekey.committed")


def _emptied(folder: Path, before: Header) -> None:
    """Move the copy to its place and empty what was there, which is still ours alone.

    A process that waits for it must not write into a file that has no name any more. It is emptied
    only once the copy has its place: another process, that saw the folder before the commit, may
    have taken it for left over and removed it (`store.backup-failed`; the store is as it was).
    """
    with told(folder), (folder / DATABASE).open("rb+") as old:
        finish(folder)
        if (folder / DATABASE).stat().st_ino == os.fstat(old.fileno()).st_ino:
            write_header(folder / KEY, before)
            raise EnvironmentProblem("store.backup-failed", path=str(folder / DATABASE))
        os.ftruncate(old.fileno(), 0)


def _move(folder: Path, building: Path) -> None:
    with told(folder):
        for name in _LOGS:
            (folder / name).unlink(missing_ok=True)
        fault("store.rekey.move")
        (building / DATABASE).replace(folder / DATABASE)
        sync_folder(folder)
    for old in backups.backups(folder):
        old.unlink(missing_ok=True)
