"""What is done to the key of a store that is closed: backup, restoring, recovery (Art. 30-4)."""

from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import keys, recovery, rekeying
from meti_desk.store.database import Database
from meti_desk.store.header import Header, read_header, write_header
from meti_desk.store.names import DATABASE, KEY, KEYRING
from meti_desk.store.wrapping import wipe


def back_up_key(folder: Path, passphrase: str, target: Path, *, iterations: int = 0) -> str:
    """Write a backup of the key and give its code, which nobody keeps but who writes it down.

    Errors: `store.wrong-passphrase`, `store.backup-exists`, those of writing.
    """
    header = read_header(folder / KEY)
    key = keys.unlock_with_passphrase(folder / KEY, passphrase)
    code = recovery.new_code()
    try:
        recovery.write_backup(target, header.store, key, code, iterations=iterations)
        # What was written is read back: a backup that opens nothing is found out too late.
        wipe(recovery.read_backup(target, header.store, code))
    finally:
        wipe(key)
    return code


def restore_key(
    folder: Path, backup: Path, code: str, passphrase: str, *, iterations: int = 0
) -> None:
    """Let a new passphrase open the store, by a backup of its key.

    Errors: those of `recovery.read_backup`, `store.passphrase-too-short`, and
    `store.backup-foreign` when the key does not open this database. The way in by the key ring is
    taken away; the recovery by the ministry stays.
    """
    keys.check_passphrase(passphrase)
    header = _header_of(folder)
    if header is not None:
        rekeying.finish(folder)
    key = recovery.read_backup(backup, header.store if header else "", code)
    try:
        store = header.store if header else read_header(backup).store
        _rewrap(folder, header or Header(store, {}), key, passphrase, iterations)
    finally:
        wipe(key)


def set_recovery(folder: Path, passphrase: str, certificate: bytes) -> None:
    """Let the holder of a certificate (DER) recover this store; empty: nobody any more.

    Errors: `store.wrong-passphrase`, `store.recovery-certificate`.
    """
    header = read_header(folder / KEY)
    key = keys.unlock_with_passphrase(folder / KEY, passphrase)
    try:
        changed = header.without(recovery.RECOVERY)
        if certificate:
            wrap = recovery.recovery_wrap(header.store, key, certificate)
            changed = header.with_wrap(recovery.RECOVERY, wrap)
    finally:
        wipe(key)
    write_header(folder / KEY, changed)


def recover(
    folder: Path, decrypt: recovery.Decrypt, passphrase: str, *, iterations: int = 0
) -> None:
    """Let a new passphrase open the store, by the ministry's private key.

    Errors: `store.no-recovery`, `store.recovery-refused`, `store.passphrase-too-short`.
    """
    keys.check_passphrase(passphrase)
    rekeying.finish(folder)
    header = read_header(folder / KEY)
    key = recovery.recover(header, decrypt)
    try:
        _rewrap(folder, header, key, passphrase, iterations)
    finally:
        wipe(key)


def _header_of(folder: Path) -> Header | None:
    """Read the header, or nothing where it is lost or damaged: then a backup stands in for it."""
    try:
        return read_header(folder / KEY)
    except EnvironmentProblem as problem:
        if problem.code in {"store.missing", "store.key-damaged"}:
            return None
        raise


def _rewrap(folder: Path, header: Header, key: bytearray, passphrase: str, iterations: int) -> None:
    """Prove that the key opens the database before the header says so.

    An empty file opens with any key, and proves nothing.
    """
    place = folder / DATABASE
    if not place.is_file() or not place.stat().st_size:
        raise EnvironmentProblem("store.damaged", path=str(place))
    try:
        Database(folder / DATABASE, key).close()
    except EnvironmentProblem as problem:
        if problem.code == "store.damaged":
            raise EnvironmentProblem("store.backup-foreign", path=str(folder)) from None
        raise
    wrap = keys.wrap_by_passphrase(header.store, key, passphrase, iterations)
    changed = header.with_wrap(keys.PASSPHRASE, wrap)
    write_header(folder / KEY, changed.without(KEYRING))
