"""The store while it is locked: implements the port `Vault` over one folder.

What opens it - key derivation, database engine, migrations - is imported when it is opened: half
of the command line works while it is locked.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import names

if TYPE_CHECKING:
    from meti_desk.store.local import LocalStore


class FolderVault:
    """The store of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last: LocalStore | None = None

    def exists(self) -> bool:
        """Tell whether a store was made here."""
        return (self.folder / names.KEY).is_file()

    def create(self, passphrase: str) -> "LocalStore":
        """Make a store and open it."""
        from meti_desk.store import local

        self._last = local.create(self.folder, passphrase)
        return self._last

    def open(self, passphrase: str) -> "LocalStore":
        """Unlock by the passphrase."""
        from meti_desk.store import local

        self._last = local.open_with_passphrase(self.folder, passphrase)
        return self._last

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

        local.change_passphrase(self.folder, old, new)

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
            ("keyring.ready", self.keyring_ready(), ""),
        )

    def places(self) -> Mapping[str, str]:
        """Tell where store and key lie."""
        return {"store": str(self.folder)}
