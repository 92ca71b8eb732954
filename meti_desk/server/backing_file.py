"""The file of a backup: records, packed, encrypted in pieces; none can be changed or left out.

Layout: a line of magic, the length and MessagePack of a `Header`, then pieces: length (4 bytes) and
AES-256-GCM. The nonce is the piece's number, the associated data the header's hash and whether the
piece is the last. Unpacked (zstd) the pieces are records: length (4 bytes) and MessagePack.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput

_MAGIC = b"meti-desk backup 1\n"
_PIECE = 1 << 20
_MOST_HEADER, _MOST_RECORD = 4096, 64 << 20
_COST, _MOST_COST, _BLOCK = 1 << 16, 1 << 20, 8
DAMAGED = "server.backup-damaged"
SHORTEST = 12
"""Characters of a passphrase."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the clear: how the key follows from the passphrase; `at` in milliseconds."""

    salt: bytes
    cost: int
    at: int
    program: str


def passphrase_of(path: Path) -> bytes:
    """Read a passphrase from the first line of a file (`server.passphrase-short`)."""
    text = path.read_text("utf-8").splitlines()
    found = text[0].strip() if text else ""
    if len(found) < SHORTEST:
        raise InvalidInput("server.passphrase-short", least=SHORTEST)
    return found.encode()


class Writer:
    """Writes a backup beside its place, and puts it there whole (`server.file-exists`)."""

    def __init__(self, path: Path, passphrase: bytes, at: int, program: str) -> None:
        if path.exists():
            raise EnvironmentProblem("server.file-exists", path=str(path))
        self._path, self._part = path, path.with_name(f"{path.name}.{os.getpid()}.part")
        header = Header(salt=os.urandom(16), cost=_COST, at=at, program=program)
        raw = msgspec.msgpack.encode(header)
        self._key, self._about, self._number = _key(header, passphrase), _hash(raw), 0
        descriptor = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(_MAGIC + len(raw).to_bytes(4, "big") + raw)
        self._packer = zstandard.ZstdCompressor(level=3).compressobj()
        self._held = bytearray()

    def __enter__(self) -> Self:
        return self

    def put(self, record: object) -> None:
        """Add a record."""
        raw = msgspec.msgpack.encode(record)
        self._held += self._packer.compress(len(raw).to_bytes(4, "big") + raw)
        while len(self._held) > _PIECE:
            self._piece(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]

    def _piece(self, plain: bytes, *, last: bool) -> None:
        sealed = _seal(self._key, self._number, self._about, plain, last=last)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1

    def __exit__(self, kind: object, *_more: object) -> None:
        try:
            if kind is None:
                self._piece(bytes(self._held) + self._packer.flush(), last=True)
                self._file.flush()
                os.fsync(self._file.fileno())
            self._file.close()
            if kind is None:
                if self._path.exists():
                    raise EnvironmentProblem("server.file-exists", path=str(self._path))
                self._part.rename(self._path)
        finally:
            self._file.close()
            self._part.unlink(missing_ok=True)


def read(path: Path, passphrase: bytes) -> Iterator[Any]:
    """Give the records of a backup; ends well only if all of it was there and unchanged.

    Raises `InvalidInput`: `server.backup-damaged` - also for a wrong passphrase: nobody can tell.
    """
    with path.open("rb") as file:
        header, about = _header(file)
        key = _key(header, passphrase)
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        held = bytearray()
        for plain in _pieces(file, key, about):
            try:
                held += unpacker.decompress(plain)
            except zstandard.ZstdError:
                raise InvalidInput(DAMAGED) from None
            yield from _records(held)
        if held or not unpacker.eof:
            raise InvalidInput(DAMAGED)


def _header(file: BinaryIO) -> tuple[Header, bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise InvalidInput(DAMAGED)
    length = int.from_bytes(file.read(4), "big")
    raw = file.read(min(length, _MOST_HEADER))
    try:
        header = msgspec.msgpack.decode(raw, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InvalidInput(DAMAGED) from None
    if not 1 < header.cost <= _MOST_COST or header.cost & (header.cost - 1):
        raise InvalidInput(DAMAGED)
    return header, _hash(raw)


def _pieces(file: BinaryIO, key: AESGCM, about: bytes) -> Iterator[bytes]:
    """Open the pieces; one more has to come until one says that it is the last."""
    number, following = 0, file.read(4)
    while following:
        length = int.from_bytes(following, "big")
        sealed = file.read(min(length, 2 * _PIECE))
        following = file.read(4)
        yield _open(key, number, about, sealed, last=not following)
        number += 1
    if not number:
        raise InvalidInput(DAMAGED)


def _records(held: bytearray) -> Iterator[Any]:
    """Take whole records off the front of what is held."""
    start = 0
    while len(held) - start >= 4:  # noqa: PLR2004 - the length in front
        length = int.from_bytes(held[start : start + 4], "big")
        if length > _MOST_RECORD:
            raise InvalidInput(DAMAGED)
        if len(held) - start - 4 < length:
            break
        yield msgspec.msgpack.decode(bytes(held[start + 4 : start + 4 + length]))
        start += 4 + length
    del held[:start]


def _key(header: Header, passphrase: bytes) -> AESGCM:
    made = Scrypt(salt=header.salt, length=32, n=header.cost, r=_BLOCK, p=1)
    return AESGCM(made.derive(passphrase))


def _hash(raw: bytes) -> bytes:
    return hashlib.sha256(_MAGIC + raw).digest()


def _seal(key: AESGCM, number: int, about: bytes, plain: bytes, *, last: bool) -> bytes:
    return key.encrypt(number.to_bytes(12, "big"), plain, about + bytes([last]))


def _open(key: AESGCM, number: int, about: bytes, sealed: bytes, *, last: bool) -> bytes:
    try:
        return key.decrypt(number.to_bytes(12, "big"), sealed, about + bytes([last]))
    except (InvalidTag, ValueError):
        raise InvalidInput(DAMAGED) from None
