"""AES of the ZIP format (WinZip AE), by libraries in C.

The counter of this format counts up from its first byte, which no cipher mode of OpenSSL does: for
large files the counters are laid out as bytes, encrypted as they are, and laid over the data. That
is four times as fast as the usual library, which has this counter; it pays from 256 KiB on.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from meti_desk.domain.errors import InvalidInput

Piece = bytes | memoryview

LARGE = 1 << 18
"""Bytes from which on it pays to lay out the counters."""
MAC = 10
SALTS = {1: 8, 2: 12, 3: 16}
"""Bytes of salt by the strength that the format names (1: AES-128, 2: AES-192, 3: AES-256)."""
_ROUNDS = 1000
_CHECK = 2
_BLOCK = 16
_LAYER = 1 << 17
"""Bytes of the key stream that are made at once: they stay in the nearest memory."""
_RUNS = _LAYER // _BLOCK // 256
"""How often the lowest byte of the counter goes round in a layer."""


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
    """The same for large ones: the counters of a whole layer are encrypted at once.

    From layer to layer only some bytes of all counters change, each to what is known beforehand:
    they are put in with a stride, without any arithmetic and without a library for it.
    """

    def __init__(self, key: bytes) -> None:
        from Cryptodome.Util.strxor import strxor
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        # Each block is a number of its own: this is counter mode, not ECB of the data.
        self._engine = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        self._counters = bytearray(_LAYER)
        self._counters[0::_BLOCK] = bytes(range(256)) * _RUNS
        self._second = [
            b"".join(bytes([turn + run]) * 256 for run in range(_RUNS))
            for turn in range(0, 256, _RUNS)
        ]
        self._stream = bytearray(_LAYER + _BLOCK)
        self._laid = memoryview(self._stream)[:_LAYER]
        self._out = bytearray()
        self._over: Any = strxor  # which takes any memory, not only the bytes of its stubs
        self._layer, self._end = 0, 0
        self._next()
        self._at = _BLOCK  # the format begins to count at 1

    def turn(self, data: Piece) -> Piece:
        """Lay the key stream over the next bytes; the same memory serves for every piece."""
        size, done = len(data), 0
        if len(self._out) < size:
            self._out = bytearray(size)
        given, out = memoryview(data), memoryview(self._out)
        while done < size:
            if self._at == self._end:
                self._next()
            count = min(self._end - self._at, size - done)
            stream, till = self._laid[self._at : self._at + count], done + count
            self._over(given[done:till], stream, out[done:till])
            self._at += count
            done = till
        return out[:size]

    def _next(self) -> None:
        """Encrypt the counters of the next layer."""
        above, turn = divmod(self._layer, len(self._second))
        self._counters[1::_BLOCK] = self._second[turn]
        for place, byte in enumerate(above.to_bytes(6, "little"), 2):
            if self._counters[place] != byte:
                self._counters[place::_BLOCK] = bytes([byte]) * 256 * _RUNS
        self._end = self._engine.update_into(self._counters, self._stream)
        self._layer += 1
        self._at = 0
