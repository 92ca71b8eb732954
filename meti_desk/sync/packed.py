"""Words before they are sealed: many titles and places of one folder are small when packed.

Who opens a seal knows who made it, but not what it unpacks to: there is a bound.
"""

import zlib
from typing import TypeVar

import msgspec

from meti_desk.domain.errors import InvalidInput

T = TypeVar("T")
MOST = 4 << 20
"""Bytes of unpacked words."""


def pack(words: object) -> bytes:
    """Write a struct as MessagePack, packed."""
    return zlib.compress(msgspec.msgpack.encode(words), 6)


def unpack(packed: bytes, kind: type[T]) -> T:
    """Read it again (`sealed.damaged`)."""
    machine = zlib.decompressobj()
    try:
        plain = machine.decompress(packed, MOST)
        if machine.unconsumed_tail or not machine.eof:
            raise InvalidInput("sealed.damaged")
        return msgspec.msgpack.decode(plain, type=kind)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("sealed.damaged") from None
