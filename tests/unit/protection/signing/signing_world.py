"""A small authority, its people and their keys; documents signed by our own steps, without a store.

Keys and certificates are made once in a test run; nothing here stands in a repository.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from reportlab.pdfgen import canvas

from meti_desk.formats.pdf.stamp import picture_of
from meti_desk.protection.keys.software import SoftwareKey
from meti_desk.protection.signing import build, judge, pdf_read, pdf_write
from meti_desk.protection.signing.base import FoundSignature, SignPdfOrder, StampPlace, Trust

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
ME = "山田太郎"
STAMP = ("電子署名", f"署名者 {ME}", "日時 2026年11月23日 9時30分", "理由 承認")

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@lru_cache
def private(kind: str, number: int = 0) -> Private:
    del number
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


def certificate(
    key: Private,
    name: str,
    *,
    issuer: x509.Certificate | None = None,
    by: Private | None = None,
    days: tuple[float, float] = (-400, 400),
    authority: bool = False,
    uses: tuple[x509.ObjectIdentifier, ...] = (),
    signs: bool = True,
) -> x509.Certificate:
    """Issue a certificate; without `issuer` it vouches for itself."""
    made = (
        x509.CertificateBuilder()
        .subject_name(named(name))
        .issuer_name(issuer.subject if issuer else named(name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + days[0] * DAY)
        .not_valid_after(NOW + days[1] * DAY)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    made = made.add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    usage = dict.fromkeys(
        ("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )
    made = made.add_extension(
        x509.KeyUsage(
            digital_signature=signs, content_commitment=False, key_encipherment=not signs,
            key_cert_sign=authority, crl_sign=authority, **usage,
        ),
        critical=True,
    )  # fmt: skip
    if uses:
        made = made.add_extension(x509.ExtendedKeyUsage(uses), critical=True)
    return made.sign(by or key, hashes.SHA256())


ROOT_KEY = private("p256", 1)
ROOT = certificate(ROOT_KEY, "試験認証局", authority=True)
MIDDLE_KEY = private("p256", 2)
MIDDLE = certificate(MIDDLE_KEY, "試験中間局", issuer=ROOT, by=ROOT_KEY, authority=True)


def der(one: x509.Certificate) -> bytes:
    return one.public_bytes(Encoding.DER)


def person(
    kind: str = "p256", name: str = ME, days: tuple[float, float] = (-400, 400)
) -> tuple[Private, x509.Certificate]:
    """Give a person's key and certificate; the same person has always the same."""
    return _person(kind, name, days)


@lru_cache
def _person(kind: str, name: str, days: tuple[float, float]) -> tuple[Private, x509.Certificate]:
    key = private(kind, 3)
    return key, certificate(key, name, issuer=MIDDLE, by=MIDDLE_KEY, days=days)


def key_of(
    kind: str = "p256", name: str = ME, days: tuple[float, float] = (-400, 400)
) -> SoftwareKey:
    key, held = person(kind, name, days)
    return SoftwareKey(key, der(held), (der(MIDDLE),))


def trust(
    *, crls: tuple[bytes, ...] = (), now: datetime | None = None, roots: bool = True
) -> Trust:
    moment = (now or datetime.now(UTC)).isoformat()
    return Trust(roots=(der(ROOT),) if roots else (), crls=crls, now=moment)


def revoking(
    one: x509.Certificate, when: datetime, *, by: Private = MIDDLE_KEY, updated: float = -1
) -> bytes:
    """Make the list of the middle authority that revokes a certificate from a moment on."""
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(one.serial_number)
        .revocation_date(when)
        .build()
    )
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(MIDDLE.subject)
        .last_update(NOW + updated * DAY)
        .next_update(NOW + (updated + 0.5) * DAY)
        .add_revoked_certificate(entry)
    )
    return made.sign(by, hashes.SHA256()).public_bytes(Encoding.DER)


def pkcs12_of(folder: Path, kind: str = "p256", password: str = "かぎ") -> Path:
    key, held = person(kind)
    data = pkcs12.serialize_key_and_certificates(
        b"me", key, held, [MIDDLE], BestAvailableEncryption(password.encode())
    )
    path = folder / "me.p12"
    path.write_bytes(data)
    return path


def pem_files(folder: Path, kind: str) -> tuple[Path, Path, Path, Path]:
    """Write key, certificate, middle and root as PEM, for openssl."""
    key, held = person(kind)
    names = (folder / "key.pem", folder / "cert.pem", folder / "middle.pem", folder / "root.pem")
    names[0].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for path, one in zip(names[1:], (held, MIDDLE, ROOT), strict=True):
        path.write_bytes(one.public_bytes(Encoding.PEM))
    return names


def detached(
    content: bytes, key: SoftwareKey | None = None, *, label: str = "", when: datetime | None = NOW,
    token: bytes = b"",
) -> bytes:  # fmt: skip
    key = key or key_of()
    digest = hashlib.sha256(content).digest()
    attributes = build.signed_attributes(key, digest, when=when, label=label)
    return build.signed_data(key, attributes, build.sign(key, attributes), token)


def verified(
    signature: bytes, content: bytes | None, by: Trust | None = None
) -> tuple[FoundSignature, ...]:
    file = BytesIO(content) if content is not None else None
    return judge.verify_cms(BytesIO(signature), file, by or trust()).signatures


def plain_pdf(text: str = "Agreement 100", pages: int = 1) -> bytes:
    made = BytesIO()
    drawing = canvas.Canvas(made, pageCompression=0, invariant=1)
    for _ in range(pages):
        drawing.drawString(60, 700, text)
        drawing.showPage()
    drawing.save()
    return made.getvalue()


def signed_pdf(
    data: bytes, key: SoftwareKey | None = None, *, place: StampPlace | None = None,
    reason: str = "承認", room: int = 0,
) -> bytes:  # fmt: skip
    """Sign as the services do: prepare, hash, sign, fill."""
    key = key or key_of()
    order = SignPdfOrder(
        when=NOW.isoformat(), signer=ME, reason=reason, place=place,
        reserve=room or build.room_for(key, stamped=False),
    )  # fmt: skip
    picture = picture_of(STAMP, place.width, place.height) if place else b""
    target = BytesIO()
    prepared = pdf_write.prepare(BytesIO(data), target, order, picture)
    made = target.getvalue()
    assert made.startswith(data)
    digest = hashlib.sha256(made[: prepared.start] + made[prepared.end :]).digest()
    attributes = build.signed_attributes(key, digest)
    signature = build.signed_data(key, attributes, build.sign(key, attributes))
    pdf_write.fill(target, signature, prepared.start, prepared.end)
    return target.getvalue()


def in_pdf(data: bytes, by: Trust | None = None) -> tuple[FoundSignature, ...]:
    return pdf_read.verify_pdf(BytesIO(data), by or trust())


STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
