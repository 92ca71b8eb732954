"""The content key under a password, as CMS does it: PBKDF2, then the double CBC of RFC 3211."""

import hashlib
import hmac
import secrets

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import ROUNDS

MOST_ROUNDS = 10_000_000
"""More than this is refused: a crafted file must not keep the machine busy."""

_BLOCK = 16
_CHECK = 3
_SALT = 16


class PasswordWrap(msgspec.Struct, frozen=True, kw_only=True):
    """A content key wrapped under a password. `digest` is the hash of PBKDF2's HMAC."""

    salt: bytes
    rounds: int
    iv: bytes
    encrypted: bytes
    digest: str = "sha256"
    bits: int = 256


def wrap(password: bytes, key: bytes, rounds: int = ROUNDS) -> PasswordWrap:
    """Wrap a content key under a password that was checked."""
    salt, iv = secrets.token_bytes(_SALT), secrets.token_bytes(_BLOCK)
    plain = bytes([len(key)]) + bytes(byte ^ 0xFF for byte in key[:_CHECK]) + key
    plain += secrets.token_bytes(-len(plain) % _BLOCK)
    plain += secrets.token_bytes(max(2 * _BLOCK - len(plain), 0))
    kek = derived(password, salt, rounds)
    once = _cbc(kek, iv, plain, decrypt=False)
    twice = _cbc(kek, once[-_BLOCK:], once, decrypt=False)
    return PasswordWrap(salt=salt, rounds=rounds, iv=iv, encrypted=twice)


def unwrap(password: bytes, wrapped: PasswordWrap) -> bytes:
    """Give the content key.

    A password that fits by chance (one in 2^27 or so) shows when the content is decrypted. Raises
    `InvalidInput`: `open.wrong-password`, `document.damaged`, `open.too-many-rounds`.
    """
    data = wrapped.encrypted
    if len(data) < 2 * _BLOCK or len(data) % _BLOCK or len(wrapped.iv) != _BLOCK:
        raise InvalidInput("document.damaged", what="password")
    kek = derived(password, wrapped.salt, wrapped.rounds, wrapped.digest, wrapped.bits // 8)
    # The last block, decrypted with the one before it as IV, is the IV of the outer layer.
    outer = _cbc(kek, data[-2 * _BLOCK : -_BLOCK], data[-_BLOCK:], decrypt=True)
    once = _cbc(kek, outer, data, decrypt=True)
    plain = _cbc(kek, wrapped.iv, once, decrypt=True)
    size, check, key = plain[0], plain[1 : 1 + _CHECK], plain[1 + _CHECK :]
    inverted = bytes(byte ^ 0xFF for byte in key[:_CHECK])
    if not hmac.compare_digest(check, inverted) or not _CHECK < size <= len(key):
        raise InvalidInput("open.wrong-password")
    return key[:size]


def derived(
    password: bytes, salt: bytes, rounds: int, digest: str = "sha256", size: int = 32
) -> bytes:
    """Derive a key by PBKDF2-HMAC; raises `InvalidInput("open.too-many-rounds")`."""
    check_rounds(rounds)
    return hashlib.pbkdf2_hmac(digest, password, salt, rounds, size)


def check_rounds(rounds: int) -> None:
    """Refuse absurd counts before any work."""
    if rounds < 1:
        raise InvalidInput("document.damaged", what="rounds")
    if rounds > MOST_ROUNDS:
        raise InvalidInput("open.too-many-rounds", rounds=rounds, limit=MOST_ROUNDS)


def _cbc(key: bytes, iv: bytes, data: bytes, *, decrypt: bool) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
    context = cipher.decryptor() if decrypt else cipher.encryptor()
    return context.update(data) + context.finalize()
