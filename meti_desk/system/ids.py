"""Fresh identifiers and randomness."""

import os
import time
from uuid import UUID

_RANDOM_BITS = 74


class SystemIds:
    """Implements the port `Ids`."""

    def document_id(self) -> str:
        """Give a new document id: a UUID of version 7, so that ids sort by the time they came."""
        randomness = int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS)
        return str(uuid7(time.time_ns() // 1_000_000, randomness))

    def token(self, length: int) -> bytes:
        """Give so many random bytes, fit for keys and passwords."""
        return os.urandom(length)


def uuid7(milliseconds: int, randomness: int) -> UUID:
    """Put together a UUID of version 7 (RFC 9562) from a time and 74 random bits."""
    high, low = randomness >> 62, randomness & ((1 << 62) - 1)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low
    return UUID(int=value)
