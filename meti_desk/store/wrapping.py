"""Keys under keys: AES-256-GCM with the wrap's parameters bound in, and PBKDF2 for passphrases."""

import secrets
import unicodedata

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.store.header import Wrap, associated, binary, text

KEY_LENGTH = 32
"""Bytes of every key here (256 bits)."""
_NONCE_LENGTH = 12
_TAG_LENGTH = 16
_CIPHER = "AES-256-GCM"


def seal_key(store: str, kind: str, parameters: Wrap, key: bytearray, under: bytearray) -> Wrap:
    """Wrap `key` under another 256-bit key; `parameters` are bound in and kept beside it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE_LENGTH)
    wrap = {**parameters, "cipher": _CIPHER, "nonce": text(nonce)}
    wrapped = AESGCM(under).encrypt(nonce, key, associated(store, kind, wrap))
    return {**wrap, "wrapped": text(wrapped)}


def open_key(store: str, kind: str, wrap: Wrap, under: bytearray) -> bytearray | None:
    """Unwrap what `seal_key` wrapped; nothing when the key or a parameter is not the same."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, wrapped = binary(wrap, "nonce"), binary(wrap, "wrapped")
    lengths = (len(nonce), len(wrapped))
    if wrap.get("cipher") != _CIPHER or lengths != (_NONCE_LENGTH, KEY_LENGTH + _TAG_LENGTH):
        raise EnvironmentProblem("store.key-damaged", path="")
    key = bytearray(KEY_LENGTH)
    try:
        AESGCM(under).decrypt_into(nonce, wrapped, associated(store, kind, wrap), key)
    except InvalidTag:
        return None
    return key


def wipe(secret: bytearray) -> None:
    """Overwrite a secret in memory."""
    secret[:] = bytes(len(secret))


def derive(passphrase: str, salt: bytes, rounds: int) -> bytearray:
    """Derive a wrapping key from a passphrase by PBKDF2-HMAC-SHA256 in `rounds` iterations."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    under = bytearray(KEY_LENGTH)
    secret = bytearray(plain(passphrase).encode("utf-8", "surrogatepass"))
    try:
        PBKDF2HMAC(hashes.SHA256(), KEY_LENGTH, salt, rounds).derive_into(secret, under)
    finally:
        wipe(secret)
    return under


def plain(passphrase: str) -> str:
    """Take full and half width alike: which one was typed depends on the input method (NFKC)."""
    return unicodedata.normalize("NFKC", passphrase)
