"""Keys and certificates made on the spot: of every kind that envelopes are written for."""

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from meti_desk.protection.keys.software import SoftwareKey

KINDS = ("rsa-3072", "p-256", "p-384", "p-521")
_CURVES = {
    "p-256": ec.SECP256R1(),
    "p-384": ec.SECP384R1(),
    "p-521": ec.SECP521R1(),
    "k-256": ec.SECP256K1(),
}
_DAY = dt.timedelta(days=1)


class Person(NamedTuple):
    """Somebody with a key."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: bytes

    @property
    def own(self) -> SoftwareKey:
        """The key as the application uses it."""
        return SoftwareKey(self.key, self.certificate)


def person(kind: str = "p-256", number: int = 0) -> Person:
    """Give somebody; the same for the same number."""
    return _person(kind, number)


@lru_cache
def _person(kind: str, number: int) -> Person:
    made: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if kind.startswith("rsa-"):
        made = rsa.generate_private_key(65537, int(kind[4:]))
    else:
        made = ec.generate_private_key(_CURVES[kind])
    return Person(made, certificate(made, f"検査用 {kind} {number}"))


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    name: str = "検査用",
    *,
    days: tuple[int, int] = (-1, 30),
    uses: tuple[str, ...] | None = None,
) -> bytes:
    """Make a certificate (DER) that begins and ends so many days from now."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * _DAY)
        .not_valid_after(now + days[1] * _DAY)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if uses is not None:
        names = (
            *("digital_signature", "content_commitment", "key_encipherment"),
            *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
            *("encipher_only", "decipher_only"),
        )
        flags = {one: one in uses for one in names}
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)
