"""The ways back to a key whose passphrase is lost (Art. 30-4): 鍵の控え and 復旧用の鍵.

A backup of the key is a file of the same form as `store.key` with one wrap, under a code that was
made here and is written down: whoever has file and code opens the store. The recovery wrap lies in
`store.key` itself, for the holder of the ministry's private key: a random key under RSA-OAEP with
SHA-256, and the store's key under that.
"""

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput
from meti_desk.store.header import Header, Wrap, binary, read_header, text, write_header
from meti_desk.store.keys import unwrap_by, wrap_by
from meti_desk.store.wrapping import KEY_LENGTH, open_key, seal_key, wipe

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.padding import OAEP

BACKUP, RECOVERY = "backup", "recovery"
_OAEP = "RSA-OAEP-SHA256"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""For codes that are written down: nothing that looks like something else (0 O, 1 I L)."""
_GROUPS, _GROUP = 6, 5
_LEAST_BITS = 3072

Decrypt = Callable[[bytes], bytearray]
"""Decrypts by RSA-OAEP with SHA-256, wherever the private key lies."""


def new_code() -> str:
    """Make the code of a key backup: 30 letters in six groups, about 148 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def plain_code(code: str) -> str:
    """Read a code as people type it: small letters, spaces and missing hyphens do no harm."""
    letters = "".join(one for one in code.upper() if one.isalnum())
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def write_backup(path: Path, store: str, key: bytearray, code: str, *, iterations: int = 0) -> None:
    """Write a backup of the key, new; never over another file (`store.backup-exists`)."""
    if path.exists():
        raise InvalidInput("store.backup-exists", path=str(path))
    wrap = wrap_by(store, BACKUP, key, plain_code(code), iterations)
    write_header(path, Header(store, {BACKUP: wrap}))


def read_backup(path: Path, store: str, code: str) -> bytearray:
    """Give the key that a backup holds for this store.

    `store` may be empty, when the store's own header is lost. Errors: `store.backup-damaged` (no
    key backup), `store.backup-foreign` (of another store), `store.wrong-code`.
    """
    try:
        header = read_header(path)
    except EnvironmentProblem as problem:
        if problem.code == "store.missing":
            raise
        raise InvalidInput("store.backup-damaged", path=str(path)) from None
    if BACKUP not in header.wraps:
        raise InvalidInput("store.backup-damaged", path=str(path))
    if store and header.store != store:
        raise InvalidInput("store.backup-foreign", path=str(path))
    key = unwrap_by(header, BACKUP, plain_code(code))
    if key is None:
        raise InvalidInput("store.wrong-code")
    return key


def recovery_wrap(store: str, key: bytearray, certificate: bytes) -> Wrap:
    """Wrap the key for the holder of a certificate (DER) of an RSA key of 3,072 bits or more.

    Raises `InvalidInput("store.recovery-certificate")` for anything else.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        public = x509.load_der_x509_certificate(certificate).public_key()
    except ValueError:
        raise InvalidInput("store.recovery-certificate") from None
    if not isinstance(public, RSAPublicKey) or public.key_size < _LEAST_BITS:
        raise InvalidInput("store.recovery-certificate")
    under = bytearray(secrets.token_bytes(KEY_LENGTH))
    try:
        parameters: Wrap = {
            "kem": _OAEP,
            "certificate": text(certificate),
            "encrypted": text(public.encrypt(bytes(under), _oaep())),
        }
        return seal_key(store, RECOVERY, parameters, key, under)
    finally:
        wipe(under)


def recover(header: Header, decrypt: Decrypt) -> bytearray:
    """Give the key by way of the recovery wrap.

    Errors: `store.no-recovery`, `store.recovery-refused` (another key, or a damaged wrap).
    """
    wrap = header.wraps.get(RECOVERY)
    if wrap is None:
        raise EnvironmentProblem("store.no-recovery")
    if wrap.get("kem") != _OAEP:
        raise EnvironmentProblem("store.recovery-refused")
    under = decrypt(binary(wrap, "encrypted"))
    try:
        key = open_key(header.store, RECOVERY, wrap, under) if len(under) == KEY_LENGTH else None
    finally:
        wipe(under)
    if key is None:
        raise EnvironmentProblem("store.recovery-refused")
    return key


def certificate_of(header: Header) -> bytes:
    """Give the certificate (DER) that the store may be recovered by; empty without one."""
    wrap = header.wraps.get(RECOVERY)
    return b"" if wrap is None else binary(wrap, "certificate")


def fingerprint(certificate: bytes) -> str:
    """Give the SHA-256 of a certificate as people compare it (hex, in pairs)."""
    return hashlib.sha256(certificate).digest().hex(":").upper() if certificate else ""


def _oaep() -> "OAEP":
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
