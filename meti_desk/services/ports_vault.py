"""The port to the store while it is locked; see `services.ports` for the rest."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from meti_desk.services.ports import Store


class Vault(Protocol):
    """Where the store lies while it is locked."""

    def exists(self) -> bool:
        """Tell whether a store was made here."""

    def create(self, passphrase: str) -> Store:
        """Make a store and open it (`store.exists`, `store.passphrase-too-short`)."""

    def open(self, passphrase: str) -> Store:
        """Unlock (`store.missing`, `store.wrong-passphrase`, `store.damaged`, …)."""

    def open_with_keyring(self) -> Store:
        """Unlock by the key ring of the system (`store.keyring-…`)."""

    def has_keyring(self) -> bool:
        """Tell whether the key ring holds a key of this store."""

    def keyring_ready(self) -> bool:
        """Tell whether this system has a key ring that may be trusted."""

    def keep_in_keyring(self) -> None:
        """Let the key ring open the store that was opened last as well."""

    @property
    def failed_before(self) -> int:
        """Tell how many wrong passphrases came before the right one, the last time."""

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key anew."""

    def rekey(self, passphrase: str) -> None:
        """Give the closed store a new key (`store.busy`)."""

    def back_up_key(self, passphrase: str, target: Path) -> str:
        """Write a backup of the key and give its code (`store.backup-exists`)."""

    def restore_key(self, backup: Path, code: str, passphrase: str) -> None:
        """Let a new passphrase in by a backup (`store.wrong-code`, `store.backup-foreign` …)."""

    def set_recovery(self, passphrase: str, certificate: bytes) -> None:
        """Let the holder of a certificate (DER) recover the store; empty: nobody any more."""

    def recovery_certificate(self) -> bytes:
        """Give the certificate (DER) by which the store may be recovered, or nothing."""

    def recover(self, decrypt: Callable[[bytes], bytearray], passphrase: str) -> None:
        """Let a new passphrase in by RSA-OAEP decryption (`store.no-recovery` …)."""

    def back_up_daily(self) -> Path | None:
        """Copy the open database once a day; `None` where there is a copy of today."""

    def restore_database(self, passphrase: str) -> Path:
        """Put the newest good backup in the place of a damaged database (`store.no-backup`)."""

    def public_keys(self) -> Sequence[bytes]:
        """Give the raw public keys whose seals are trusted, without unlocking."""

    def health(self) -> Sequence[tuple[str, bool, str]]:
        """Check what can be checked from outside: code, whether it is well, a detail."""

    def places(self) -> Mapping[str, str]:
        """Tell what is kept on this device: code and place."""
