"""Encrypts and decrypts the content of an envelope in pieces: constant memory at any size."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import CHUNK
from meti_desk.protection.cms_wire import TAG, TAGS, Content, Envelope, Tail, tail

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import AEADDecryptionContext, CipherContext

MOST_BYTES = (1 << 36) - 32
"""What AES-GCM may encrypt under one nonce (SP 800-38D)."""

_BLOCK = 16


def encrypt(source: BinaryIO, target: BinaryIO, key: bytes, nonce: bytes, size: int) -> None:
    """Write `size` bytes of content and the tag behind it.

    Raises `InvalidInput("protect.failed")` when the file changes its size meanwhile.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    context = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    plain, secret = bytearray(CHUNK), bytearray(CHUNK + _BLOCK)
    into, out = memoryview(plain), memoryview(secret)
    left = size
    source.seek(0)
    while count := source.readinto(plain):  # type: ignore[attr-defined]
        left -= count
        if left < 0:
            break
        target.write(out[: context.update_into(into[:count], secret)])
    if left:
        raise InvalidInput("protect.failed")
    target.write(context.finalize())
    target.write(tail(context.tag[:TAG]))


def decrypt(source: BinaryIO, target: BinaryIO, key: bytes, envelope: Envelope) -> None:
    """Write the plaintext; whoever calls empties the target when this fails.

    Raises `InvalidInput`: `open.tampered`, `document.damaged`.
    """
    if len(key) * 8 != envelope.bits:
        raise InvalidInput("open.tampered")
    content = Content(source, envelope)
    if envelope.mode == "cbc":
        _cbc(content, target, key, envelope)
    else:
        _gcm(content, target, key, envelope)


def _gcm(content: Content, target: BinaryIO, key: bytes, envelope: Envelope) -> None:
    if not envelope.pieces:
        content.skip()
        _check_size(content)
        open_gcm(content.blocks(), target, key, envelope.nonce, content.tail())
        return
    context = _context(key, envelope.nonce)
    _through(context, content.blocks(), target)
    _check_size(content)
    end = content.tail()
    if end.associated:
        # What the tag covers beside the content stands behind it, and has to come first.
        target.seek(0)
        target.truncate()
        open_gcm(content.blocks(), target, key, envelope.nonce, end)
        return
    _verify(context, end.tag)


def open_gcm(
    blocks: Iterable[memoryview], target: BinaryIO, key: bytes, nonce: bytes, end: Tail
) -> None:
    """Decrypt by AES-GCM; what was written counts only when this returns (`open.tampered`)."""
    context = _context(key, nonce)
    if end.associated:
        context.authenticate_additional_data(end.associated)
    _through(context, blocks, target)
    _verify(context, end.tag)


def _context(key: bytes, nonce: bytes) -> "AEADDecryptionContext":
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    mode = modes.GCM(nonce, min_tag_length=TAGS.start)
    return Cipher(algorithms.AES(key), mode).decryptor()


def _verify(context: "AEADDecryptionContext", tag: bytes) -> None:
    from cryptography.exceptions import InvalidTag

    try:
        context.finalize_with_tag(tag)
    except InvalidTag:
        raise InvalidInput("open.tampered") from None


def _check_size(content: Content) -> None:
    if content.size > MOST_BYTES:
        raise InvalidInput("document.damaged", what="content")


def _cbc(content: Content, target: BinaryIO, key: bytes, envelope: Envelope) -> None:
    """Decrypt what has no integrity: only length and filling of the last block can be checked."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    content.skip()
    content.tail()
    if not content.size or content.size % _BLOCK:
        raise InvalidInput("open.tampered")
    context = Cipher(algorithms.AES(key), modes.CBC(envelope.nonce)).decryptor()
    _through(context, content.blocks(), target)
    context.finalize()
    end = target.seek(0, 2)
    target.seek(end - _BLOCK)
    last = target.read(_BLOCK)
    count = last[-1]
    if not 0 < count <= _BLOCK or last[-count:] != bytes([count]) * count:
        raise InvalidInput("open.tampered")
    target.seek(end - count)
    target.truncate()


def _through(context: "CipherContext", blocks: Iterable[memoryview], target: BinaryIO) -> None:
    secret = bytearray(CHUNK + _BLOCK)
    out = memoryview(secret)
    for block in blocks:
        count = context.update_into(block, secret)
        target.write(out[:count])
