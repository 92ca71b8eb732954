"""The way into the store: make it, open it, lock it.

Shape of the folder (0700, files 0600): `store.key`, `store.db` with its log, `device.pub`,
`backups/`. A store comes into being in `.new-<id>` and is there from the moment when `store.key`
has its name; what a crash left undone after that is finished by the next opening.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.faults import fault
from meti_desk.store import backups, keys, rekeying
from meti_desk.store.agreed import EncryptedAgreed
from meti_desk.store.answers import EncryptedAnswers
from meti_desk.store.database import Database
from meti_desk.store.disk import own_folder, sync_folder, told
from meti_desk.store.documents import EncryptedDocuments
from meti_desk.store.header import read_header
from meti_desk.store.journal import EncryptedJournal
from meti_desk.store.ledger import EncryptedLedger, event_id
from meti_desk.store.mailbox import EncryptedMailbox
from meti_desk.store.migrations import migrate, version
from meti_desk.store.names import DATABASE, KEY, PUBLIC
from meti_desk.store.outbox import EncryptedOutbox
from meti_desk.store.prints import EncryptedPrints
from meti_desk.store.recipients import EncryptedRecipients
from meti_desk.store.sealer import DeviceSealer, publish_public_key, read_public_key
from meti_desk.store.settings import EncryptedSettings
from meti_desk.store.wrapping import wipe

T = TypeVar("T")

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
"""What file systems without hard links (FAT, some shares) say."""


class LocalStore:
    """An unlocked store; every part may be used from any thread until `close`."""

    def __init__(self, folder: Path, database: Database, new_id: Callable[[], str]) -> None:
        self.folder = folder
        self._database = database
        self.ledger = EncryptedLedger(database, new_id)
        self.documents = EncryptedDocuments(database)
        self.journal = EncryptedJournal(database)
        self.settings = EncryptedSettings(database)
        self.answers = EncryptedAnswers(database)
        self.agreed = EncryptedAgreed(database)
        self.prints = EncryptedPrints(database)
        self.recipients = EncryptedRecipients(database)
        self.outbox = EncryptedOutbox(database)
        self.mailbox = EncryptedMailbox(database)
        self.sealer = DeviceSealer(database)

    def transaction(self) -> AbstractContextManager[None]:
        """Commit all writes of the block together, or none; may be nested."""
        return self._database.transaction()

    def together(self, work: Callable[[], T]) -> T:
        """Do a piece of writing in one transaction with those of other threads; `Database`."""
        return self._database.together(work)

    def damage(self) -> tuple[str, ...]:
        """Check every page and index; gives what is wrong in the engine's words, or nothing."""
        return self._database.damage()

    def back_up(self) -> Path:
        """Make an encrypted copy in `backups/`, proven page by page; the newest three stay.

        It is read through a connection of its own, so that nobody who works waits for it.
        """
        key = self._database.key()
        if not any(key):  # closed: the key is wiped
            raise EnvironmentProblem("store.locked")
        try:
            reader = Database(self.folder / DATABASE, key)
        finally:
            wipe(key)
        try:
            return backups.back_up(reader, self.folder)
        finally:
            reader.close()

    def enable_keyring(self, *, backend: keys.Backend | None = None) -> None:
        """Let the system's key store open this store too (errors: `keys.add_keyring`)."""
        key = self._database.key()
        try:
            keys.add_keyring(self.folder / KEY, key, backend=backend)
        finally:
            wipe(key)

    def disable_keyring(self, *, backend: keys.Backend | None = None) -> None:
        """Let only the passphrase open this store."""
        keys.remove_keyring(self.folder / KEY, backend=backend)

    def close(self) -> None:
        """Lock: wipe the key and close the database."""
        self._database.close()


def exists(folder: Path) -> bool:
    """Tell whether there is a store in this folder, locked or not."""
    return (folder / KEY).is_file()


def create(
    folder: Path,
    passphrase: str,
    *,
    iterations: int = 0,
    new_id: Callable[[], str] = event_id,
) -> LocalStore:
    """Make a store and give it unlocked; the folder may be there, the store may not.

    `iterations` 0 measures this machine; fewer than 600,000 are never taken. Errors:
    `store.exists`, `store.key-missing` (a database without its key file lies there and is left
    alone), `store.passphrase-too-short`, `store.full`, `store.unwritable`.
    """
    if exists(folder):
        raise EnvironmentProblem("store.exists", path=str(folder))
    if (folder / DATABASE).exists():
        raise EnvironmentProblem("store.key-missing", path=str(folder))
    keys.check_passphrase(passphrase)
    own_folder(folder)
    store = secrets.token_hex(16)
    building = folder / f".new-{store}"
    own_folder(building)
    try:
        key = keys.create(building / KEY, passphrase, store=store, iterations=iterations)
        _build(building, key)
        _commit(folder, building)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return _with_key(folder, key, new_id)


def open_with_passphrase(
    folder: Path, passphrase: str, *, new_id: Callable[[], str] = event_id
) -> LocalStore:
    """Unlock.

    Errors: `store.missing`, `store.wrong-passphrase`, `store.key-damaged`, `store.damaged`,
    `store.newer`, `store.busy`, `store.unreadable`.
    """
    return _with_key(folder, keys.unlock_with_passphrase(folder / KEY, passphrase), new_id)


def open_with_keyring(
    folder: Path,
    *,
    backend: keys.Backend | None = None,
    new_id: Callable[[], str] = event_id,
) -> LocalStore:
    """Unlock by the system's key store; errors of `keys.unlock_with_keyring` and of the above."""
    return _with_key(folder, keys.unlock_with_keyring(folder / KEY, backend=backend), new_id)


def has_keyring(folder: Path) -> bool:
    """Tell whether the system's key store may open this store."""
    return keys.has_keyring(folder / KEY)


def change_passphrase(folder: Path, old: str, new: str, *, iterations: int = 0) -> None:
    """Wrap the key under a new passphrase (errors: `keys.change_passphrase`).

    A change of key that a crash left undone is finished first: the new wrap would not name it.
    """
    rekeying.finish(folder)
    keys.change_passphrase(folder / KEY, old, new, iterations=iterations)


def device_public_key(folder: Path) -> bytes:
    """Give the device's raw public key (Ed25519) without unlocking; see `read_public_key`."""
    return read_public_key(folder / PUBLIC)


def restore_last_backup(folder: Path, passphrase: str) -> Path:
    """Put the newest good backup in the place of a damaged database; gives the backup's path.

    Errors: those of unlocking the key, `store.no-backup`. The damaged files are kept aside.
    """
    rekeying.finish(folder)
    key = keys.unlock_with_passphrase(folder / KEY, passphrase)
    try:
        return backups.restore(folder, key)
    finally:
        wipe(key)


def _with_key(folder: Path, key: bytearray, new_id: Callable[[], str]) -> LocalStore:
    try:
        return _open(folder, key, new_id)
    finally:
        wipe(key)


def _open(folder: Path, key: bytearray, new_id: Callable[[], str]) -> LocalStore:
    _finish(folder)
    database = Database(folder / DATABASE, key)
    try:
        _refuse_empty(database)
        migrate(database, before=lambda: backups.back_up(database, folder))
        store = LocalStore(folder, database, new_id)
        publish_public_key(folder / PUBLIC, store.sealer.public_key())
    except BaseException:
        database.close()
        raise
    return store


def _refuse_empty(database: Database) -> None:
    """Refuse a file of no bytes: a store is never empty, so it is not what was made."""
    if not version(database):
        raise EnvironmentProblem("store.damaged", path=str(database.path), error="empty")


def _build(building: Path, key: bytearray) -> None:
    path = building / DATABASE
    with told(path):
        path.touch(mode=0o600, exist_ok=False)
    database = Database(path, key)
    try:
        migrate(database)
        sealer = DeviceSealer(database)
        sealer.make()
        publish_public_key(building / PUBLIC, sealer.public_key())
    finally:
        database.close()  # the log is worked in, so that the database is one file


def _commit(folder: Path, building: Path) -> None:
    with told(folder):
        sync_folder(building)
        fault("store.create.link")
        try:
            os.link(building / KEY, folder / KEY)
        except FileExistsError as error:
            raise EnvironmentProblem("store.exists", path=str(folder)) from error
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            (building / KEY).rename(folder / KEY)
        sync_folder(folder)
        fault("store.create.linked")


def _finish(folder: Path) -> None:
    """Move a store that was committed, but not yet moved, to its place; remove what never was."""
    rekeying.finish(folder)
    leftovers = list(folder.glob(".new-*"))
    if not leftovers:
        return
    building = folder / f".new-{_store_id(folder)}"
    with told(folder):
        for name in (DATABASE, PUBLIC):
            if (building / name).exists() and not (folder / name).exists():
                fault("store.create.move")
                (building / name).rename(folder / name)
        sync_folder(folder)
    for leftover in leftovers:
        shutil.rmtree(leftover, ignore_errors=True)


def _store_id(folder: Path) -> str:
    return read_header(folder / KEY).store
