"""The store while it is locked: implements the port `Vault` over one folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store import keys, local
from meti_desk.store.local import LocalStore


class FolderVault:
    """The store of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last: LocalStore | None = None

    def exists(self) -> bool:
        """Tell whether a store was made here."""
        return local.exists(self.folder)

    def create(self, passphrase: str) -> LocalStore:
        """Make a store and open it."""
        self._last = local.create(self.folder, passphrase)
        return self._last

    def open(self, passphrase: str) -> LocalStore:
        """Unlock by the passphrase."""
        self._last = local.open_with_passphrase(self.folder, passphrase)
        return self._last

    def open_with_keyring(self) -> LocalStore:
        """Unlock by the key ring of the system."""
        self._last = local.open_with_keyring(self.folder)
        return self._last

    def has_keyring(self) -> bool:
        """Tell whether the key ring holds a key of this store."""
        return self.exists() and local.has_keyring(self.folder)

    def keyring_ready(self) -> bool:
        """Tell whether this system has a key ring that may be trusted."""
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
        local.change_passphrase(self.folder, old, new)

    def public_keys(self) -> Sequence[bytes]:
        """Give the raw public keys whose seals are trusted: this device's own."""
        if not self.exists():
            return ()
        return (local.device_public_key(self.folder),)

    def health(self) -> Sequence[tuple[str, bool, str]]:
        """Check from outside: whether a store is there and a key ring can be used."""
        return (
            ("store.exists", self.exists(), str(self.folder)),
            ("keyring.ready", self.keyring_ready(), ""),
        )

    def places(self) -> Mapping[str, str]:
        """Tell where store and key lie."""
        return {"store": str(self.folder)}
