"""What is inside the parts of a set: the document with its name and label, encrypted as one stream.

Cobblestone-256 (C2SP chunked encryption: AES-256-GCM, keys by HKDF-SHA-256) in constant memory; the
set's id and numbers are bound in as context. Nothing of the document is outside of it.
"""

import hashlib
import struct
from collections.abc import Iterator
from typing import BinaryIO, Protocol, cast

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK, DAMAGE, emptied_on_failure
from meti_desk.protection.split import Manifest, pieces

ALGORITHMS = ("aes-256", "gcm", "hkdf-sha-256")
"""What the table of algorithms is asked about; the secret sharing is asked about besides."""
_CONTEXT = b"meti-desk split 1\0"
_LENGTH = struct.Struct(">I")
_PADDED = 512
_LARGEST_INSIDE = 1 << 20


class Inside(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands before the document, encrypted: its name, size, SHA-256 and label.

    `properties` are those of a sidecar, for a document that cannot carry its label inside.
    """

    name: str
    size: int
    sha256: str
    properties: dict[str, str] = {}


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """The ciphertext: its size in bytes and SHA-256 (hex)."""

    size: int
    sha256: str


class Sink(Protocol):
    """Takes the document piece by piece: a file, or a comparison with one."""

    def write(self, data: bytes, /) -> int:
        """Take the next piece."""


def context(set_id: str, n: int, k: int) -> bytes:
    """Give what is bound into the encryption: format, set and numbers."""
    return _CONTEXT + bytes.fromhex(set_id) + bytes([n, k])


def seal(
    source: BinaryIO, target: BinaryIO, key: bytes | bytearray, bound: bytes, inside: Inside
) -> Sealed:
    """Encrypt the document to `target`, which is empty.

    Raises `InvalidInput("split.source-changed")` when it is not what `inside` says: it was written
    to meanwhile.
    """
    from cryptography.cobblestone import Cobblestone256Encryptor

    encryptor = Cobblestone256Encryptor(key, bound)
    whole, plain = hashlib.sha256(), hashlib.sha256()
    size = 0

    def put(data: bytes) -> int:
        whole.update(data)
        target.write(data)
        return len(data)

    with emptied_on_failure(target):
        size += put(encryptor.update(_packed(inside)))
        source.seek(0)
        read = 0
        while piece := source.read(CHUNK):
            plain.update(piece)
            read += len(piece)
            size += put(encryptor.update(piece))
        size += put(encryptor.finalize())
        if (read, plain.hexdigest()) != (inside.size, inside.sha256):
            raise InvalidInput("split.source-changed")
    return Sealed(size=size, sha256=whole.hexdigest())


def unseal(
    source: BinaryIO, target: Sink, key: bytes | bytearray, bound: bytes, at: int, length: int
) -> Inside:
    """Decrypt a stretch of `source` to `target` and give what is known of the document.

    The caller empties `target` on any error. Raises `InvalidInput("split.tampered")`.
    """
    from cryptography.exceptions import InvalidTag

    try:
        return _write_out(_decrypted(source, key, bound, at, length), target)
    except InvalidTag:
        raise InvalidInput("split.tampered") from None
    except DAMAGE as error:
        if isinstance(error, OSError):
            raise
        raise InvalidInput("split.tampered") from None


def unseal_to_file(
    source: BinaryIO, target: BinaryIO, key: bytes | bytearray, bound: bytes, at: int, length: int
) -> Inside:
    """Decrypt as `unseal`, and leave nothing in `target` when it fails."""
    with emptied_on_failure(target):
        return unseal(source, target, key, bound, at, length)


def bound_to(manifest: Manifest) -> bytes:
    """Give the context of a set that was read."""
    return context(manifest.set, manifest.n, manifest.k)


def _packed(inside: Inside) -> bytes:
    """Write what stands before the document, so long that it does not tell the name's length."""
    raw = msgspec.json.encode(inside)
    raw += b" " * (-len(raw) % _PADDED)
    return _LENGTH.pack(len(raw)) + raw


def _decrypted(
    source: BinaryIO, key: bytes | bytearray, bound: bytes, at: int, length: int
) -> Iterator[bytes]:
    from cryptography.cobblestone import Cobblestone256Decryptor

    decryptor = Cobblestone256Decryptor(key, bound)
    for piece in pieces(source, at, length):
        yield decryptor.update(piece)
    yield decryptor.finalize()


def _write_out(stream: Iterator[bytes], target: Sink) -> Inside:
    held = bytearray()
    inside: Inside | None = None
    digest, size = hashlib.sha256(), 0
    for piece in stream:
        data = piece
        if inside is None:
            held += piece
            inside = _inside(held)
            if inside is None:
                continue
            data = bytes(held)
        digest.update(data)
        size += len(data)
        target.write(data)
    if inside is None or (size, digest.hexdigest()) != (inside.size, inside.sha256):
        raise InvalidInput("split.tampered")
    return inside


def _inside(held: bytearray) -> Inside | None:
    """Take what stands before the document off the beginning, once all of it is there."""
    if len(held) < _LENGTH.size:
        return None
    length = cast("int", _LENGTH.unpack_from(held)[0])
    if length > _LARGEST_INSIDE:
        raise InvalidInput("split.tampered")
    if len(held) < _LENGTH.size + length:
        return None
    raw = bytes(held[_LENGTH.size : _LENGTH.size + length])
    del held[: _LENGTH.size + length]
    try:
        return msgspec.json.decode(raw, type=Inside)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise InvalidInput("split.tampered") from None
