"""What the window asks about the key of the store; `services.store_keys` has this shape."""

from typing import Protocol

from meti_desk.services.store_keys import StoreKeysView


class StoreKeys(Protocol):
    """Passphrase, backup, recovery and another key (Arts. 30-2, 30-4)."""

    def status(self) -> StoreKeysView:
        """Tell how the key is kept."""

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key anew; the old passphrase opens nothing afterwards."""

    def rekey(self, passphrase: str) -> None:
        """Give the store a new key."""

    def back_up(self, passphrase: str, target: str) -> str:
        """Write a backup of the key and give its code."""

    def restore(self, backup: str, code: str, passphrase: str) -> None:
        """Let a new passphrase open the store by a backup of its key, and open it."""
