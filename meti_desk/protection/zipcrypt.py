"""AES of the ZIP format (WinZip AE), by libraries in C.

The counter of this format counts up from its first byte, which no cipher mode of OpenSSL does: for
large files the counters are laid out by numpy, encrypted as they are, and laid over the data. That
is eight times as fast as the usual library; loading numpy pays from some megabytes on.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from meti_desk.domain.errors import InvalidInput

Piece = bytes | memoryview

LARGE = 16 << 20
"""Bytes from which on numpy pays."""
MAC = 10
SALTS = {1: 8, 2: 12, 3: 16}
"""Bytes of salt by the strength that the format names (1: AES-128, 2: AES-192, 3: AES-256)."""
_ROUNDS = 1000
_CHECK = 2
_BLOCK = 16
_LAID_OUT = 1 << 14


class MemberCipher:
    """Encrypts or decrypts one member; the keys come from the password and the member's salt."""

    def __init__(self, secret: bytes, salt: bytes, strength: int, size: int) -> None:
        length = 8 + 8 * strength
        keys = hashlib.pbkdf2_hmac("sha1", secret, salt, _ROUNDS, 2 * length + _CHECK)
        self.check = keys[2 * length :]
        """Two bytes by which most wrong passwords show at once."""
        self._mac = hmac.new(keys[length : 2 * length], digestmod="sha1")
        self._turn: Callable[[Piece], Piece]
        self._turn = _Laid(keys[:length]).turn if size >= LARGE else _counting(keys[:length])

    def encrypt(self, piece: Piece) -> Piece:
        """Encrypt the next piece; what is given is valid until the next."""
        sealed = self._turn(piece)
        self._mac.update(sealed)
        return sealed

    def decrypt(self, piece: Piece) -> Piece:
        """Decrypt the next piece, valid until the next; it counts only when `mac` was compared."""
        self._mac.update(piece)
        return self._turn(piece)

    def mac(self) -> bytes:
        """Give the MAC over all that was encrypted."""
        return self._mac.digest()[:MAC]


def opened(secret: bytes, header: bytes, strength: int, size: int) -> MemberCipher:
    """Begin to read a member: `header` is salt and check (`open.wrong-password`)."""
    salt = SALTS[strength]
    cipher = MemberCipher(secret, header[:salt], strength, size)
    if not hmac.compare_digest(cipher.check, header[salt:]):
        raise InvalidInput("open.wrong-password")
    return cipher


def _counting(key: bytes) -> Callable[[Piece], Piece]:
    """Encrypt small members by the library that has this counter."""
    from Cryptodome.Cipher import AES
    from Cryptodome.Util import Counter

    counter = Counter.new(8 * _BLOCK, initial_value=1, little_endian=True)
    engine: Any = AES.new(key, AES.MODE_CTR, counter=counter)
    turn: Callable[[Piece], Piece] = engine.encrypt
    return turn


class _Laid:
    """The same for large ones: many counters are encrypted at once."""

    def __init__(self, key: bytes) -> None:
        import numpy as np
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        # Each block is a number of its own: this is counter mode, not ECB of the data.
        self._engine = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        self._counters = np.zeros((_LAID_OUT, 2), dtype="<u8")
        self._counters[:, 0] = np.arange(1, _LAID_OUT + 1)
        self._stream = bytearray(_LAID_OUT * _BLOCK + _BLOCK)
        self._laid = np.frombuffer(self._stream, np.uint8)
        self._out = bytearray()
        self._numpy = np
        self._at = self._end = 0

    def turn(self, data: Piece) -> Piece:
        """Lay the key stream over the next bytes; the same memory serves for every piece."""
        np, size, done = self._numpy, len(data), 0
        if len(self._out) < size:
            self._out = bytearray(size)
        given, out = np.frombuffer(data, np.uint8), np.frombuffer(self._out, np.uint8)
        while done < size:
            if self._at == self._end:
                self._next()
            count = min(self._end - self._at, size - done)
            stream = self._laid[self._at : self._at + count]
            np.bitwise_xor(given[done : done + count], stream, out=out[done : done + count])
            self._at += count
            done += count
        return memoryview(self._out)[:size]

    def _next(self) -> None:
        self._end = self._engine.update_into(self._counters.data.cast("B"), self._stream)
        self._counters[:, 0] += _LAID_OUT
        self._at = 0
