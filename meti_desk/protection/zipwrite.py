"""Writes ZIP archives with AES-256 members (AE-2), in constant memory at any size.

Each member's lengths are known when its data are written, and then put into its header: no data
descriptor, which some readers do not know. Files of 4 GiB and more take the ZIP64 fields. Nothing
is told but names and sizes: no time, no system, no rights.
"""

import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK, readinto, size_of
from meti_desk.protection.zipcrypt import MAC, SALTS, MemberCipher

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_SIZES = struct.Struct("<2HQQ")
_NEEDED = 51
_ENCRYPTED, _UTF8 = 1, 1 << 11
_BY_AES = 99
_DAY = (1 << 5) | 1
"""1980-01-01: when a file was made is 付加情報, too."""
_STRONG = 3
_STORED, _DEFLATED = 0, 8
_FULL, _MANY = 0xFFFFFFFF, 0xFFFF
_WIDE = 0xFFF00000
"""Sizes from which on ZIP64 fields are kept free: what does not pack may grow a little."""
_WORTH = 0.95
"""A first piece that shrinks less than this is stored as it is: it is packed already."""
_QUICK = 32 << 20
"""Bytes from which on packing is quick rather than tight."""
_ROOMY = 64 << 20
"""Bytes from which on the room on the disk is asked for at once."""
_PROBE = 1 << 20


class _Written(msgspec.Struct, frozen=True):
    """One member for the list at the end."""

    name: bytes
    method: int
    packed: int
    size: int
    at: int


class Writer:
    """Writes members one after another, then the list of them."""

    def __init__(self, target: BinaryIO, secret: bytes) -> None:
        self._target, self._secret = target, secret
        self._members: list[_Written] = []
        self._roomy = False

    def add(self, name: str, source: BinaryIO) -> None:
        """Encrypt one file; packed where that makes it smaller.

        Raises `InvalidInput("protect.failed")` for a file that changes its size meanwhile.
        """
        raw, size, at = name.encode("utf-8"), size_of(source), self._target.tell()
        wide = size >= _WIDE
        source.seek(0)
        method = _DEFLATED if _shrinks(source.read(CHUNK)) else _STORED
        source.seek(0)
        if method == _STORED and size >= _ROOMY:
            self._roomy = True
            _reserve(self._target, at, size)
        blank = _Written(raw, method, 0, 0, at)
        self._target.write(_local(blank, wide=wide))
        salt = secrets.token_bytes(SALTS[_STRONG])
        cipher = MemberCipher(self._secret, salt, _STRONG, size)
        self._target.write(salt + cipher.check)
        counted = _Counted(source)
        length = len(salt) + len(cipher.check) + MAC
        for piece in _packed(counted, size) if method == _DEFLATED else counted:
            if len(piece):
                self._target.write(cipher.encrypt(piece))
                length += len(piece)
        if counted.size != size:
            raise InvalidInput("protect.failed")
        self._target.write(cipher.mac())
        end = self._target.tell()
        done = _Written(raw, method, length, counted.size, at)
        self._target.seek(at)
        self._target.write(_local(done, wide=wide))
        self._target.seek(end)
        self._members.append(done)

    def finish(self) -> None:
        """Write the list of members and the end."""
        begin = self._target.tell()
        for member in self._members:
            self._target.write(_central(member))
        size, count = self._target.tell() - begin, len(self._members)
        if max(begin, size) >= _FULL or count >= _MANY:
            at = begin + size
            wide = _END64.pack(b"PK\x06\x06", 44, _NEEDED, _NEEDED, 0, 0, count, count, size, begin)
            self._target.write(wide + _LOCATOR.pack(b"PK\x06\x07", 0, at, 1))
        few, short, early = min(count, _MANY), min(size, _FULL), min(begin, _FULL)
        self._target.write(_END.pack(b"PK\x05\x06", 0, 0, few, few, short, early, 0))
        if self._roomy:
            self._target.truncate()


def _reserve(target: BinaryIO, at: int, size: int) -> bool:
    """Ask for room on the disk at once, which is cheaper than piece by piece; tell if it was given.

    Where the file system cannot, the C library would write to every block instead: that shows in a
    small piece, which then holds data and is no hole. Nothing depends on the room, but the end of
    the file is to be set when all is written.
    """
    if not hasattr(os, "posix_fallocate") or not hasattr(os, "SEEK_DATA"):
        return False
    target.flush()
    with suppress(OSError):
        file, piece = target.fileno(), at + -at % _PROBE
        before = os.lseek(file, 0, os.SEEK_CUR)
        os.posix_fallocate(file, piece, _PROBE)
        try:
            os.lseek(file, piece, os.SEEK_DATA)
        except OSError:
            os.posix_fallocate(file, at, size)
            return True
        finally:
            os.lseek(file, before, os.SEEK_SET)
    return False


class _Counted:
    """A file in pieces, each valid until the next, and how many bytes there were."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.size = 0

    def __iter__(self) -> Iterator[memoryview]:
        view = memoryview(bytearray(CHUNK))
        while count := readinto(self._source, view):
            self.size += count
            yield view[:count]


def _packed(pieces: _Counted, size: int) -> Iterator[bytes]:
    engine = zlib.compressobj(1 if size >= _QUICK else 6, zlib.DEFLATED, -15)
    for piece in pieces:
        yield engine.compress(piece)
    yield engine.flush()


def _shrinks(first: bytes) -> bool:
    return len(zlib.compress(first, 1)) < len(first) * _WORTH


def _flags(member: _Written) -> int:
    return _ENCRYPTED if member.name.isascii() else _ENCRYPTED | _UTF8


def _aes(member: _Written) -> bytes:
    return struct.pack("<2HH2sBH", 0x9901, 7, 2, b"AE", _STRONG, member.method)


def _local(member: _Written, *, wide: bool) -> bytes:
    """Write the header in front of a member."""
    extra, sizes = _aes(member), (member.packed, member.size)
    if wide:
        extra = _SIZES.pack(1, 16, member.size, member.packed) + extra
        sizes = (_FULL, _FULL)
    head = _LOCAL.pack(
        b"PK\x03\x04",
        _NEEDED,
        _flags(member),
        _BY_AES,
        0,
        _DAY,
        0,
        *sizes,
        len(member.name),
        len(extra),
    )
    return head + member.name + extra


def _central(member: _Written) -> bytes:
    """Write the entry of a member in the list; ZIP64 has only the fields that need it."""
    values = (member.size, member.packed, member.at)
    wide = [value for value in values if value >= _FULL]
    extra = _aes(member)
    if wide:
        extra = struct.pack(f"<2H{len(wide)}Q", 1, 8 * len(wide), *wide) + extra
    size, packed, at = (min(value, _FULL) for value in values)
    entry = _CENTRAL.pack(
        b"PK\x01\x02",
        _NEEDED,
        _NEEDED,
        _flags(member),
        _BY_AES,
        0,
        _DAY,
        0,
        packed,
        size,
        len(member.name),
        len(extra),
        0,
        0,
        0,
        0,
        at,
    )
    return entry + member.name + extra
