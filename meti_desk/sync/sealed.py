"""Sealed for readers: what the server carries and cannot read (titles, places, reasons).

A fresh AES-256 key encrypts the text (GCM); for each reading device it is wrapped under a key
agreed by ECDH on P-256 and HKDF-SHA-256 - all on the 電子政府推奨暗号リスト. The wrap names the
device and what the seal is about, so that a seal cannot be put under another thing.
"""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from meti_desk.domain.errors import InvalidInput

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

NONCE = 12
_KEY = 32
_SEALED = b"meti-desk sealed 1"


class Wrapped(msgspec.Struct, frozen=True, array_like=True):
    """The content key for one device."""

    device: str
    key: bytes


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """The form on the wire; `point` is the sender's one-time public key (65 bytes)."""

    point: bytes
    wraps: tuple[Wrapped, ...]
    nonce: bytes
    text: bytes


def seal(plain: bytes, about: str, readers: Mapping[str, bytes]) -> bytes:
    """Encrypt for devices, given as id and public point (P-256, uncompressed).

    `about` is authenticated: kind and id of the thing. Raises `InvalidInput("sealed.no-readers")`
    without any, `InvalidInput("sealed.reader")` for a point that is none.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not readers:
        raise InvalidInput("sealed.no-readers")
    private = ec.generate_private_key(ec.SECP256R1())
    own = point_of(private.public_key())
    key, nonce = os.urandom(_KEY), os.urandom(NONCE)
    wraps = []
    for device, point in readers.items():
        shared = private.exchange(ec.ECDH(), public_of(point))
        under = AESGCM(_wrapping_key(shared, own, device, about))
        wraps.append(Wrapped(device, under.encrypt(bytes(NONCE), key, None)))
    text = AESGCM(key).encrypt(nonce, plain, _SEALED + about.encode())
    return msgspec.msgpack.encode(Sealed(own, tuple(wraps), nonce, text))


def unseal(sealed: bytes, about: str, device: str, agree: Callable[[bytes], bytes]) -> bytes:
    """Decrypt on a device; `agree` gives the ECDH secret of its key with a point.

    Raises `InvalidInput`: `sealed.not-for-me`, `sealed.damaged`.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        held = msgspec.msgpack.decode(sealed, type=Sealed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InvalidInput("sealed.damaged") from None
    wrap = next((one for one in held.wraps if one.device == device), None)
    if wrap is None:
        raise InvalidInput("sealed.not-for-me")
    try:
        shared = agree(held.point)
        under = AESGCM(_wrapping_key(shared, held.point, device, about))
        key = under.decrypt(bytes(NONCE), wrap.key, None)
        return AESGCM(key).decrypt(held.nonce, held.text, _SEALED + about.encode())
    except (InvalidTag, ValueError):
        raise InvalidInput("sealed.damaged") from None


def readers_of(sealed: bytes) -> frozenset[str]:
    """Name the devices that can read a seal; none for what is no seal."""
    try:
        held = msgspec.msgpack.decode(sealed, type=Sealed)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return frozenset()
    return frozenset(one.device for one in held.wraps)


def point_of(public: object) -> bytes:
    """Write a public key of P-256 as its uncompressed point."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise InvalidInput("sealed.reader")
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_of(point: bytes) -> "ec.EllipticCurvePublicKey":
    """Read a point (`sealed.reader`)."""
    from cryptography.hazmat.primitives.asymmetric import ec

    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise InvalidInput("sealed.reader") from None


def _wrapping_key(shared: bytes, point: bytes, device: str, about: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    info = b"".join(
        len(one).to_bytes(8, "big") + one for one in (point, device.encode(), about.encode())
    )
    return HKDF(SHA256(), _KEY, salt=None, info=_SEALED + info).derive(shared)
