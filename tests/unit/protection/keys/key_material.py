"""Keys, certificates, PKCS#12 files and a card made on the spot; nothing here is ever shipped."""

import datetime as dt
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

NOW = dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
YEAR = 365 * DAY
SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@lru_cache
def rsa_key(bits: int = 3072, number: int = 0) -> rsa.RSAPrivateKey:
    """Give an RSA key; the same for the same number, because making one takes long."""
    del number
    return rsa.generate_private_key(65537, bits)


@lru_cache
def ec_key(number: int = 0) -> ec.EllipticCurvePrivateKey:
    """Give a P-256 key."""
    del number
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Authority:
    """A certificate authority."""

    name: str = "検査用ルート認証局"
    key: Private = field(default_factory=lambda: ec_key(900))
    parent: "Authority | None" = None
    begins: dt.datetime = NOW - 5 * YEAR
    ends: dt.datetime = NOW + 5 * YEAR
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self.certificate = make(
            self.name, self.key, self.parent or self, ca=True, begins=self.begins, ends=self.ends
        )

    @property
    def subject(self) -> x509.Name:
        """Give its name."""
        return name_of(self.name)

    def revoke(self, *certificates: x509.Certificate, until: dt.datetime = NOW + 30 * DAY) -> bytes:
        """Give a revocation list (DER)."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(min(NOW - DAY, until - DAY))
            .next_update(until)
        )
        for one in certificates:
            row = (
                x509.RevokedCertificateBuilder()
                .serial_number(one.serial_number)
                .revocation_date(NOW - 2 * DAY)
                .build()
            )
            builder = builder.add_revoked_certificate(row)
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(identifier, critical=False)
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def name_of(common: str) -> x509.Name:
    """Give a name as certificates of the ministry have."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "検査用機関"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def make(
    common: str,
    key: Private,
    issuer: Authority | None = None,
    *,
    ca: bool = False,
    begins: dt.datetime = NOW - 30 * DAY,
    ends: dt.datetime = NOW + YEAR,
    uses: tuple[str, ...] | None = ("digital_signature", "key_encipherment", "key_agreement"),
    mail: str = "",
) -> x509.Certificate:
    """Make a certificate; without an issuer it is signed by itself."""
    subject = name_of(common)
    itself = issuer is None or (ca and issuer.key is key)
    signer = key if itself or issuer is None else issuer.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if itself or issuer is None else issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if ca:
        uses = ("key_cert_sign", "crl_sign")
    if uses is not None:
        flags = dict.fromkeys(_USES, False) | dict.fromkeys(uses, True)
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=True)
    if mail:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.RFC822Name(mail)]), critical=False
        )
    algorithm = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(signer, algorithm)


_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
    *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
)


def der(certificate: x509.Certificate) -> bytes:
    """Give a certificate as DER."""
    return certificate.public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    """Give a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM)


def p12(
    key: Private | None,
    certificate: x509.Certificate | None,
    password: str,
    chain: tuple[x509.Certificate, ...] = (),
) -> bytes:
    """Give a PKCS#12 file."""
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return serialize_key_and_certificates("鍵".encode(), key, certificate, chain, lock)


class Card:
    """A token of SoftHSM in a folder of its own, with keys and certificates."""

    PIN, SO_PIN = "246813", "13572468"

    def __init__(self, folder: Path, label: str = "職員証") -> None:
        self.folder = folder
        self.tokens = folder / "tokens"
        self.tokens.mkdir(parents=True)
        self.conf = folder / "softhsm2.conf"
        self.conf.write_text(
            f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self._run(
            "softhsm2-util", "--init-token", "--free", "--label", label,
            "--pin", self.PIN, "--so-pin", self.SO_PIN,
        )  # fmt: skip
        self.label = label

    def add(self, key: Private, certificate: x509.Certificate, key_id: str) -> None:
        """Put a key with its certificate on the card; only in this test folder is it a file."""
        private = self.folder / "key.der"
        private.write_bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        public = self.folder / "certificate.der"
        public.write_bytes(der(certificate))
        usage = ["--usage-sign"]
        usage.append("--usage-decrypt" if isinstance(key, rsa.RSAPrivateKey) else "--usage-derive")
        login = (
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", self.label, "--login",
            "--pin", self.PIN, "--id", key_id,
        )  # fmt: skip
        self._run(*login, "--write-object", str(private), "--type", "privkey", *usage)
        self._run(*login, "--write-object", str(public), "--type", "cert")
        private.unlink()

    def pull_out(self) -> None:
        """Take the card away."""
        self.tokens.rename(self.folder / "away")
        self.tokens.mkdir()

    def _run(self, *command: str) -> None:
        environment = {**os.environ, "SOFTHSM2_CONF": str(self.conf)}
        subprocess.run(command, env=environment, check=True, capture_output=True)


def has_softhsm() -> bool:
    """Tell whether a card can be made here."""
    programs = all(shutil.which(name) for name in ("softhsm2-util", "pkcs11-tool"))
    return programs and Path(SOFTHSM).is_file()
