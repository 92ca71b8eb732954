"""The store while it is locked: implements the port `Vault` over one folder.

What opens it - key derivation, database engine, migrations - is imported when it is opened: half
of the command line works while it is locked.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.store import names

if TYPE_CHECKING:
    from meti_desk.store.local import LocalStore


_WEEK = timedelta(days=7)


class FolderVault:
    """The store of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last: LocalStore | None = None
        self._failed = 0

    def exists(self) -> bool:
        """Tell whether a store was made here."""
        return (self.folder / names.KEY).is_file()

    def create(self, passphrase: str) -> "LocalStore":
        """Make a store and open it."""
        from meti_desk.store import local

        self._last = local.create(self.folder, passphrase)
        return self._last

    def open(self, passphrase: str) -> "LocalStore":
        """Unlock by the passphrase; wrong ones are counted and make the next one wait."""
        from meti_desk.store import local

        with self._counted():
            self._last = local.open_with_passphrase(self.folder, passphrase)
        return self._last

    @property
    def failed_before(self) -> int:
        """Tell how many wrong passphrases came before the right one of this process."""
        return self._failed

    @contextmanager
    def _counted(self) -> Iterator[None]:
        from meti_desk.store.attempts import Attempts

        if not self.exists():
            raise EnvironmentProblem("store.missing", path=str(self.folder))
        attempts = Attempts(self.folder / names.ATTEMPTS)
        failed = attempts.begin()
        try:
            yield
        except MetiDeskError as problem:
            # Whatever else was wrong (a new passphrase too short, a backup there already): the
            # words were not, and nobody waits for it.
            if problem.code != "store.wrong-passphrase":
                attempts.take_back(failed)
            raise
        self._failed = failed
        attempts.succeeded()

    def open_with_keyring(self) -> "LocalStore":
        """Unlock by the key ring of the system."""
        from meti_desk.store import local

        self._last = local.open_with_keyring(self.folder)
        return self._last

    def has_keyring(self) -> bool:
        """Tell whether the key ring holds a key of this store."""
        from meti_desk.store.header import read_header

        return self.exists() and names.KEYRING in read_header(self.folder / names.KEY).wraps

    def keyring_ready(self) -> bool:
        """Tell whether this system has a key ring that may be trusted."""
        from meti_desk.store import keys

        try:
            keys.real_backend()
        except EnvironmentProblem:
            return False
        return True

    def keep_in_keyring(self) -> None:
        """Let the key ring open the store that was opened last as well."""
        if self._last is None:
            raise EnvironmentProblem("store.locked")
        self._last.enable_keyring()

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key anew."""
        from meti_desk.store import local

        with self._counted():
            local.change_passphrase(self.folder, old, new)

    def rekey(self, passphrase: str) -> None:
        """Give the closed store a new key (`store.busy` while anybody has it open)."""
        from meti_desk.store import rekeying

        with self._counted():
            rekeying.rekey(self.folder, passphrase)

    def back_up_key(self, passphrase: str, target: Path) -> str:
        """Write a backup of the key and give its code (Art. 30-4)."""
        from meti_desk.store import upkeep

        with self._counted():
            return upkeep.back_up_key(self.folder, passphrase, target)

    def restore_key(self, backup: Path, code: str, passphrase: str) -> None:
        """Let a new passphrase open the store, by a backup of its key."""
        from meti_desk.store import upkeep

        upkeep.restore_key(self.folder, backup, code, passphrase)

    def set_recovery(self, passphrase: str, certificate: bytes) -> None:
        """Let the holder of a certificate recover this store; empty: nobody any more."""
        from meti_desk.store import upkeep

        with self._counted():
            upkeep.set_recovery(self.folder, passphrase, certificate)

    def recovery_certificate(self) -> bytes:
        """Give the certificate (DER) that this store may be recovered by; empty without one."""
        from meti_desk.store.header import read_header
        from meti_desk.store.recovery import certificate_of

        return certificate_of(read_header(self.folder / names.KEY)) if self.exists() else b""

    def recover(self, decrypt: Callable[[bytes], bytearray], passphrase: str) -> None:
        """Let a new passphrase open the store, by the private key of the ministry."""
        from meti_desk.store import upkeep

        upkeep.recover(self.folder, decrypt, passphrase)

    def restore_database(self, passphrase: str) -> Path:
        """Put the newest good backup in the place of a damaged database; gives its path."""
        from meti_desk.store import local

        with self._counted():
            return local.restore_last_backup(self.folder, passphrase)

    def back_up_daily(self) -> Path | None:
        """Copy the open database once a day, and give the copy; `None` where there is one already.

        The newest three copies stay. Errors: `store.locked`, and those of `backups.back_up`.
        """
        from meti_desk.store.backups import newest

        if self._last is None:
            raise EnvironmentProblem("store.locked")
        made = newest(self.folder)
        if made is not None and made.astimezone().date() == datetime.now(UTC).astimezone().date():
            return None
        return self._last.back_up()

    def public_keys(self) -> Sequence[bytes]:
        """Give the raw public keys whose seals are trusted: this device's own."""
        if not self.exists():
            return ()
        from meti_desk.store.sealer import read_public_key

        return (read_public_key(self.folder / names.PUBLIC),)

    def health(self) -> Sequence[tuple[str, bool, str]]:
        """Check from outside: whether a store is there and a key ring can be used."""
        return (
            ("store.exists", self.exists(), str(self.folder)),
            *self._backup_health(),
            ("keyring.ready", self.keyring_ready(), ""),
        )

    def _backup_health(self) -> Sequence[tuple[str, bool, str]]:
        """Tell when the database was copied last; a store that is a week old has a copy."""
        from meti_desk.store.backups import newest

        if not self.exists():
            return ()
        made = newest(self.folder)
        begun = datetime.fromtimestamp((self.folder / names.KEY).stat().st_mtime, UTC)
        recent = datetime.now(UTC) - (made or begun) < _WEEK
        return (("store.backup", recent, f"{made.astimezone():%Y-%m-%d}" if made else ""),)

    def places(self) -> Mapping[str, str]:
        """Tell where store and key lie."""
        return {"store": str(self.folder), "backups": str(self.folder / "backups")}
