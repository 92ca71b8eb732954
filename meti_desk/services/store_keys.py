"""Keys of the store: another passphrase, a backup, recovery, another key (Arts. 30-2, 30-4).

What changes the key is recorded in 取扱記録, the key and its codes never are.
"""

from pathlib import Path
from typing import Protocol

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.domain.events_store import STORE, store_body, what_of
from meti_desk.services.context import Context
from meti_desk.services.ports_vault import Vault

_LARGEST = 1 << 16
_BEGIN = b"-----BEGIN CERTIFICATE-----"


class StoreKeysView(msgspec.Struct, frozen=True, kw_only=True):
    """How the key of the store is kept.

    `recovery` is the SHA-256 of the certificate by which the ministry can recover it, empty without
    one; `failed` counts wrong passphrases before the last unlocking; `backed_up` is when a backup
    of the key was made last (ISO), empty: never.
    """

    exists: bool
    unlocked: bool
    keyring: bool
    recovery: str = ""
    failed: int = 0
    backed_up: str = ""


class Door(Protocol):
    """What locks and unlocks the desk."""

    def lock(self) -> None:
        """Drop the key and close the store."""

    def unlock(self, passphrase: str = "", *, inside: bool = False) -> None:
        """Open the store."""


class StoreKeys:
    """The keys of the store, as one area of the desk."""

    def __init__(self, ctx: Context, vault: Vault, door: Door) -> None:
        self._ctx = ctx
        self._vault = vault
        self._door = door

    def status(self) -> StoreKeysView:
        """Tell how the key is kept; works while locked, with less to tell."""
        import hashlib

        certificate = self._vault.recovery_certificate()
        return StoreKeysView(
            exists=self._vault.exists(),
            unlocked=self._ctx.store is not None,
            keyring=self._vault.exists() and self._vault.has_keyring(),
            recovery=hashlib.sha256(certificate).digest().hex(":").upper() if certificate else "",
            failed=self._vault.failed_before,
            backed_up=self._last("backup"),
        )

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key under another passphrase; the old one opens nothing afterwards."""
        self._vault.change_passphrase(old, new)
        self._record("passphrase")

    def rekey(self, passphrase: str) -> None:
        """Give the store a new key, when the old one may have been seen (Art. 30-2).

        The store is closed and opened again; a key ring that opened it is asked to do so with the
        new key. Raises `store.busy` while another process has it open; nothing happened then.
        """
        ring = self._vault.has_keyring()
        self._door.lock()
        try:
            self._vault.rekey(passphrase)
        except BaseException as problem:
            # Wrong words would only be counted twice, and hide what is told about them.
            if getattr(problem, "code", "") not in {"store.wrong-passphrase", "store.wait"}:
                self._door.unlock(passphrase)
            raise
        self._door.unlock(passphrase)
        self._record("rekey")
        if ring:
            self._vault.keep_in_keyring()

    def back_up(self, passphrase: str, target: str) -> str:
        """Write a backup of the key and give its code, to be written down (Art. 30-4)."""
        code = self._vault.back_up_key(passphrase, Path(target))
        self._record("backup")
        return code

    def restore(self, backup: str, code: str, passphrase: str) -> None:
        """Let a new passphrase open the store by a backup of its key, and open it."""
        self._door.lock()
        self._vault.restore_key(Path(backup), code, passphrase)
        self._door.unlock(passphrase)
        self._record("restored")

    def set_recovery(self, passphrase: str, certificate: str) -> str:
        """Let the holder of a certificate (a PEM or DER file) recover the store; empty: nobody.

        Gives the certificate's fingerprint, to be compared with the ministry's.
        """
        der = self._certificate(Path(certificate)) if certificate else b""
        self._vault.set_recovery(passphrase, der)
        self._record("recovery-set" if der else "recovery-unset")
        return self.status().recovery

    def recover(self, p12: str, p12_password: str, passphrase: str) -> None:
        """Let a new passphrase open the store by the ministry's key, and open it."""
        from meti_desk.services.own_key import key_from_file

        key = key_from_file(self._ctx, p12, p12_password)
        self._door.lock()
        try:
            self._vault.recover(lambda held: key.decrypt_oaep(held, "sha256"), passphrase)
        finally:
            key.close()
        self._door.unlock(passphrase)
        self._record("recovered")

    def restore_database(self, passphrase: str) -> str:
        """Put the newest good backup in the place of a damaged database; gives the backup."""
        self._door.lock()
        backup = self._vault.restore_database(passphrase)
        self._door.unlock(passphrase)
        self._record("database-restored")
        return str(backup)

    def _certificate(self, path: Path) -> bytes:
        with self._ctx.files.open_source(path) as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise InvalidInput("store.recovery-certificate")
        return _der(data)

    def _last(self, what: str) -> str:
        if self._ctx.store is None:
            return ""
        found = self._ctx.store.ledger.events(kinds=(STORE,), newest_first=True)
        return next((one.at for one in found if what_of(one.data()) == what), "")

    def _record(self, what: str) -> None:
        store = self._ctx.store
        if store is not None:
            store.ledger.append(STORE, store_body(what=what), self._ctx.clock.now())


def _der(data: bytes) -> bytes:
    """Take the first certificate out of a PEM text; anything else is taken for DER."""
    import base64
    import binascii

    if _BEGIN not in data:
        return data
    inner = data.split(_BEGIN, 1)[1].split(b"-----END", 1)[0]
    try:
        return base64.b64decode(b"".join(inner.split()), validate=True)
    except binascii.Error:
        raise InvalidInput("store.recovery-certificate") from None
