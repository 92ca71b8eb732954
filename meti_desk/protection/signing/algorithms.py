"""Names and checks of signature algorithms, by the ids of the CRYPTREC table (Art. 30-1)."""

from asn1crypto import algos
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from meti_desk.protection.base import DAMAGE

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha3_256": hashes.SHA3_256,
    "sha3_384": hashes.SHA3_384,
    "sha3_512": hashes.SHA3_512,
}
"""By asn1crypto's names. The weak ones are here so that old signatures can be judged, and told."""

BROKEN = frozenset({"md5"})
"""Hashes by which another content can be made to fit: such a signature proves nothing."""

_IDS = {
    "md5": "md5",
    "sha1": "sha-1",
    "sha256": "sha-256",
    "sha384": "sha-384",
    "sha512": "sha-512",
    "sha3_256": "sha3-256",
    "sha3_384": "sha3-384",
    "sha3_512": "sha3-512",
}

_RSA = "rsassa_pkcs1v15"
_PublicKey = (
    rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
)
UNREADABLE = (
    *DAMAGE,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What the libraries raise on damaged certificates and signatures."""


class UnknownAlgorithmError(Exception):
    """An algorithm that nothing here can check."""


def hash_id(name: str) -> str:
    """Give a hash its id in the table; one that has none keeps its name."""
    return _IDS.get(name, name.replace("_", "-"))


def public_key(spki: bytes) -> _PublicKey:
    """Load a public key (DER); raises `UnknownAlgorithmError` for kinds that are not known."""
    try:
        key = load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm):
        raise UnknownAlgorithmError from None
    if isinstance(key, _PublicKey):
        return key
    raise UnknownAlgorithmError


def key_bits(key: _PublicKey) -> int:
    """Give the length of a key in bits."""
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return key.key_size
    return 255 if isinstance(key, ed25519.Ed25519PublicKey) else 448


def algorithm_ids(
    algorithm: algos.SignedDigestAlgorithm, key: _PublicKey, digest: str
) -> list[str]:
    """Name the signature algorithm with its key length, and its hash."""
    bits = key_bits(key)
    if isinstance(key, rsa.RSAPublicKey):
        pss = algorithm["algorithm"].native == "rsassa_pss"
        name = "rsa-pss" if pss else "rsassa-pkcs1-v1_5"
    else:
        name = "ecdsa" if isinstance(key, ec.EllipticCurvePublicKey) else "eddsa"
    return [f"{name}-{bits}", hash_id(digest)]


def verify(
    key: _PublicKey,
    algorithm: algos.SignedDigestAlgorithm,
    digest: str,
    message: bytes,
    signature: bytes,
) -> bool:
    """Tell whether a key made a signature over a message.

    `digest` is the hash that the signer names beside: the algorithm must be of the same one.
    Raises `UnknownAlgorithmError`.
    """
    if digest not in HASHES:
        raise UnknownAlgorithmError
    try:
        _verify(key, algorithm, digest, message, signature)
    except InvalidSignature:
        return False
    return True


def _verify(
    key: _PublicKey,
    algorithm: algos.SignedDigestAlgorithm,
    digest: str,
    message: bytes,
    signature: bytes,
) -> None:
    name = algorithm["algorithm"].native
    hashed = HASHES[digest]()
    if isinstance(key, rsa.RSAPublicKey) and name == "rsassa_pss":
        key.verify(signature, message, _pss(algorithm, digest), hashed)
    elif isinstance(key, rsa.RSAPublicKey) and name in (_RSA, f"{digest}_rsa"):
        key.verify(signature, message, padding.PKCS1v15(), hashed)
    elif isinstance(key, ec.EllipticCurvePublicKey) and name in ("ecdsa", f"{digest}_ecdsa"):
        key.verify(signature, message, ec.ECDSA(hashed))
    elif (isinstance(key, ed25519.Ed25519PublicKey) and name == "ed25519") or (
        isinstance(key, ed448.Ed448PublicKey) and name == "ed448"
    ):
        key.verify(signature, message)
    else:
        raise UnknownAlgorithmError


def _pss(algorithm: algos.SignedDigestAlgorithm, digest: str) -> padding.PSS:
    """Read the parameters of RSA-PSS; hash and mask must be the hash that was named."""
    told = algorithm["parameters"]
    mask = told["mask_gen_algorithm"]
    same = told["hash_algorithm"]["algorithm"].native == digest
    same = same and mask["algorithm"].native == "mgf1"
    if not same or mask["parameters"]["algorithm"].native not in HASHES:
        raise UnknownAlgorithmError
    if told["trailer_field"].native not in (1, "trailer_field_bc"):
        raise UnknownAlgorithmError
    masked = HASHES[mask["parameters"]["algorithm"].native]()
    return padding.PSS(padding.MGF1(masked), told["salt_length"].native)
