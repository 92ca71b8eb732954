"""Passwords of the formats that are our own: brought into one form, then hashed slowly."""

import hashlib
import unicodedata

from meti_desk.protection.base import check_password

_MOST = 1024


def check_phrase(password: str) -> None:
    """Refuse a password that nobody could type, or over 1,024 bytes of UTF-8 (`password.*`)."""
    check_password(normalized(password), _MOST, "utf-8")


def normalized(password: str) -> str:
    """Bring a password into one form (NFKC): full-width letters and digits are plain ones."""
    return unicodedata.normalize("NFKC", password)


def key_of(password: str, salt: bytes, rounds: int) -> bytes:
    """Derive a 256-bit key by PBKDF2-HMAC-SHA-256; about 0.1 to 0.5 s for 600,000 rounds."""
    return hashlib.pbkdf2_hmac("sha256", normalized(password).encode(), salt, rounds)
