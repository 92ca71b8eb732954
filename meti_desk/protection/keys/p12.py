"""The person's own key in a PKCS#12 file (`.p12`, `.pfx`): it is read, used and forgotten.

The file is the person's own, so it is read in the application's process; all the same no number in
it is believed: size and derivation counts have limits, and what is no key is told by name.
"""

from asn1crypto import core, pkcs12
from asn1crypto.cms import EncryptedData
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12KeyAndCertificates,
    load_pkcs12,
)

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.software import SoftwareKey

MOST_BYTES = 1 << 20
"""A file with a key and its chain has a few thousand bytes; a larger one is something else."""
MOST_COUNT = 10_000_000
"""Rounds of key derivation above which a file only keeps the machine busy."""


def load_p12(data: bytes, password: str) -> SoftwareKey:
    """Read private key, certificate and chain from the bytes of a PKCS#12 file.

    `password` may be empty, as some programs write it. Raises `InvalidInput`: `key.damaged` (no
    such file, or broken), `key.absurd-count`, `key.wrong-password`, `key.no-private-key` (also
    where the key has no certificate), `key.unusable` (neither RSA nor elliptic curve).
    """
    _check_shape(data)
    held = _loaded(data, password)
    if held.key is None or held.cert is None:
        raise InvalidInput("key.no-private-key")
    if not isinstance(held.key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise InvalidInput("key.unusable", what=type(held.key).__name__)
    certificate = held.cert.certificate
    if certificate.public_key() != held.key.public_key():
        raise InvalidInput("key.no-private-key")
    chain = tuple(
        one.certificate.public_bytes(Encoding.DER)
        for one in held.additional_certs
        if one.certificate != certificate
    )
    return SoftwareKey(held.key, certificate.public_bytes(Encoding.DER), chain)


def _loaded(data: bytes, password: str) -> PKCS12KeyAndCertificates:
    """Decrypt; a wrong password and a changed byte both break the MAC and look alike."""
    try:
        return load_pkcs12(data, password.encode())
    except UnsupportedAlgorithm:
        raise InvalidInput("key.unusable", what="PKCS#12") from None
    except (ValueError, TypeError, OverflowError):
        pass
    if password:
        raise InvalidInput("key.wrong-password")
    try:  # no password and an empty one are written in two ways
        return load_pkcs12(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError):
        raise InvalidInput("key.wrong-password") from None


def _check_shape(data: bytes) -> None:
    """Refuse what is no whole PKCS#12 file, and counts that are made to harm, before any work."""
    if not data or len(data) > MOST_BYTES:
        raise InvalidInput("key.damaged")
    try:
        pfx = pkcs12.Pfx.load(data, strict=True)
        counts = [pfx["mac_data"]["iterations"].native] if pfx["mac_data"].native else []
        safes = pkcs12.AuthenticatedSafe.load(pfx["auth_safe"]["content"].native, strict=True)
        for safe in safes:
            counts += _counts(safe)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, IndexError):
        raise InvalidInput("key.damaged") from None
    if any(not 0 < count <= MOST_COUNT for count in counts):
        raise InvalidInput("key.absurd-count", limit=MOST_COUNT)


def _counts(safe: core.Sequence) -> list[int]:
    """Give the rounds that the parts of a file ask for, as far as they can be seen from outside."""
    content = safe["content"]
    if isinstance(content, EncryptedData):
        return _rounds(content["encrypted_content_info"]["content_encryption_algorithm"])
    found: list[int] = []
    if safe["content_type"].native == "data":
        for bag in pkcs12.SafeContents.load(content.native):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                found += _rounds(bag["bag_value"]["encryption_algorithm"])
    return found


def _rounds(algorithm: core.Sequence) -> list[int]:
    parameters = algorithm["parameters"]
    if algorithm["algorithm"].native == "pbes2":
        parameters = parameters["key_derivation_func"]["parameters"]
        name = "iteration_count"
    else:
        name = "iterations"
    return [parameters[name].native] if name in (parameters.native or {}) else []
