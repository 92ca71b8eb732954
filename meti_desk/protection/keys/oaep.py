"""Takes the OAEP padding off what a card's bare RSA operation gives (RFC 8017, 7.1.2).

Many cards and modules know RSA-OAEP with SHA-1 only, or not at all. All checks are made before any
result is told, and there is one answer to every fault, so that nothing can be learned from which.
"""

import hashlib
import hmac

from meti_desk.domain.errors import InvalidInput


def check(encrypted: bytes, modulus: bytes) -> None:
    """Refuse what is no ciphertext for this modulus (big endian), as not all cards do.

    Raises `InvalidInput("key.no-match")` for another length and for a number that is not below.
    """
    number = modulus.lstrip(b"\0")
    if len(encrypted) != len(number) or encrypted >= number:
        raise InvalidInput("key.no-match")


def unpad(block: bytes, length: int, digest: str) -> bytes:
    """Give the message in an encoded block; `length` is that of the modulus in bytes, no label.

    Raises `InvalidInput("key.no-match")`.
    """
    size = hashlib.new(digest, usedforsecurity=False).digest_size
    if len(block) > length or length < 2 * size + 2:
        raise InvalidInput("key.no-match")
    block = block.rjust(length, b"\0")
    first, masked_seed, masked = block[0], block[1 : 1 + size], block[1 + size :]
    seed = _xor(masked_seed, _mask(masked, size, digest))
    data = _xor(masked, _mask(seed, len(masked), digest))
    label = hashlib.new(digest, b"", usedforsecurity=False).digest()
    rest = data[size:]
    end = rest.find(b"\1")
    good = hmac.compare_digest(data[:size], label)
    good &= first == 0
    good &= end >= 0 and not any(rest[: max(end, 0)])
    if not good:
        raise InvalidInput("key.no-match")
    return rest[end + 1 :]


def _mask(seed: bytes, length: int, digest: str) -> bytes:
    """Make the mask MGF1."""
    made, counter = b"", 0
    while len(made) < length:
        part = seed + counter.to_bytes(4, "big")
        made += hashlib.new(digest, part, usedforsecurity=False).digest()
        counter += 1
    return made[:length]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
