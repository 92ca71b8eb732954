"""A private key in memory: what a PKCS#12 file gives after its password was right."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from meti_desk.domain.errors import InvalidInput

HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
"""What a `Wrap` may name; SHA-1 only because others still write it (open, never protect)."""
SALT = 32
"""Bytes of salt of RSA-PSS, as long as the hash."""


class SoftwareKey:
    """An RSA or elliptic-curve key with its certificate; see `keys.base.PrivateKey`.

    Python cannot wipe what the library holds: `close` drops the only reference to it, and the
    library frees it. That much is said honestly in the threat model.
    """

    def __init__(
        self,
        key: RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: bytes,
        chain: tuple[bytes, ...] = (),
    ) -> None:
        self._key: RSAPrivateKey | ec.EllipticCurvePrivateKey | None = key
        self._certificate = certificate
        self._chain = chain

    def __repr__(self) -> str:
        """Tell nothing of the key."""
        return "SoftwareKey()"

    @property
    def certificate(self) -> bytes:
        """The certificate (DER)."""
        return self._certificate

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Further certificates of the file (DER)."""
        return self._chain

    def decrypt_oaep(self, encrypted: bytes, digest: str) -> bytearray:
        """Decrypt by RSA-OAEP, no label.

        Raises `InvalidInput("key.unusable")` when the key is of another kind, and
        `InvalidInput("key.no-match")` when this was not encrypted for it, or was changed.
        """
        if not isinstance(self._key, RSAPrivateKey) or digest not in HASHES:
            raise InvalidInput("key.unusable", what="RSA-OAEP")
        algorithm = HASHES[digest]()
        try:
            return bytearray(
                self._key.decrypt(
                    encrypted, padding.OAEP(padding.MGF1(algorithm), algorithm, label=None)
                )
            )
        except ValueError:
            raise InvalidInput("key.no-match") from None

    def agree(self, public_key: bytes) -> bytearray:
        """Give the raw ECDH secret; a point off the curve or of another curve is refused.

        Raises `InvalidInput`: `key.unusable`, `key.no-match`.
        """
        if not isinstance(self._key, ec.EllipticCurvePrivateKey):
            raise InvalidInput("key.unusable", what="ECDH")
        try:
            other = load_der_public_key(public_key)
            if not isinstance(other, ec.EllipticCurvePublicKey):
                raise InvalidInput("key.no-match")
            return bytearray(self._key.exchange(ec.ECDH(), other))
        except (ValueError, UnsupportedAlgorithm):
            raise InvalidInput("key.no-match") from None

    def sign(self, message: bytes) -> tuple[str, bytes]:
        """Sign with SHA-256: `rsa-pss` or `ecdsa`, and the signature."""
        if isinstance(self._key, RSAPrivateKey):
            mask = padding.MGF1(hashes.SHA256())
            return "rsa-pss", self._key.sign(message, padding.PSS(mask, SALT), hashes.SHA256())
        if self._key is None:
            raise InvalidInput("key.unusable", what="")
        return "ecdsa", self._key.sign(message, ec.ECDSA(hashes.SHA256()))

    def close(self) -> None:
        """Drop the key; it does nothing any more afterwards."""
        self._key = None
