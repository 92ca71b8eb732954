"""Certificates as they come in files from outside: read, described and judged.

Runs in a confined worker, as the job `certificates` (see `keys.facts`).
"""

import base64
import binascii
import re
from datetime import datetime, timedelta
from typing import BinaryIO

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import DAMAGE
from meti_desk.protection.keys.facts import (
    CertificateFacts,
    CertificatesOrder,
    CertificatesReport,
    State,
)
from meti_desk.protection.signing.chain import check

MOST_BYTES = 4 << 20
MOST_CERTIFICATES = 200

_BROKEN = (
    *DAMAGE,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_KEY_FILE = re.compile(rb"\x30.{1,5}\x02\x01\x03\x30", re.DOTALL)
"""How a PKCS#12 file begins: a sequence, version 3."""


def read(order: CertificatesOrder, source: BinaryIO | None) -> CertificatesReport:
    """Read, describe and judge the certificates of a file, or those in `order.held`.

    Raises `InvalidInput`: `certificate.damaged`, `certificate.none`, `certificate.too-many`,
    `certificate.holds-key` (a private key lies in the file: nobody may send that).
    """
    ders = list(order.held)
    if source is not None:
        source.seek(0)
        ders += _split(source.read(MOST_BYTES + 1))
    ders = list(dict.fromkeys(ders))
    if len(ders) > MOST_CERTIFICATES:
        raise InvalidInput("certificate.too-many", limit=MOST_CERTIFICATES)
    try:
        between = [one for one in ders if "ca" in _uses(x509.load_der_x509_certificate(one))]
        return CertificatesReport(tuple(_facts(one, between, order) for one in ders))
    except _BROKEN:  # some parts are only parsed when they are asked for
        raise InvalidInput("certificate.damaged") from None


def ders_of(data: bytes) -> tuple[bytes, ...]:
    """Give the certificates in a PEM, DER or P7B file as DER; errors as `read`."""
    return tuple(dict.fromkeys(_split(data)))


def _split(data: bytes) -> list[bytes]:
    if not data or len(data) > MOST_BYTES:
        raise InvalidInput("certificate.damaged")
    if b"PRIVATE KEY-----" in data or _KEY_FILE.match(data):
        raise InvalidInput("certificate.holds-key")
    blocks = [(kind, _decoded(body)) for kind, body in _PEM.findall(data)]
    if not blocks:
        blocks = [(b"", data)]
    found: list[bytes] = []
    for kind, body in blocks:
        if kind in (b"PKCS7", b"CMS"):
            found += _pkcs7(body)
        elif kind in (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"):
            found.append(_der(body))
        elif not kind:
            found += _bare(body)
    if not found:
        raise InvalidInput("certificate.none")
    return found


def _decoded(body: bytes) -> bytes:
    # Old files have header lines before an empty one.
    lines = [line for line in body.split() if b":" not in line]
    try:
        return base64.b64decode(b"".join(lines), validate=True)
    except binascii.Error:
        raise InvalidInput("certificate.damaged") from None


def _bare(data: bytes) -> list[bytes]:
    """Take what has no frame of text: a certificate, or a P7B."""
    try:
        return [_der(data)]
    except InvalidInput:
        return _pkcs7(data)


def _der(data: bytes) -> bytes:
    try:
        certificate = x509.load_der_x509_certificate(data)
        certificate.public_key()
        list(certificate.extensions)
        _mails(certificate)
        return certificate.public_bytes(Encoding.DER)
    except UnsupportedAlgorithm:
        return data
    except _BROKEN:
        raise InvalidInput("certificate.damaged") from None


def _pkcs7(data: bytes) -> list[bytes]:
    try:
        held = load_der_pkcs7_certificates(data)
        return [_der(one.public_bytes(Encoding.DER)) for one in held]
    except UnsupportedAlgorithm:
        raise InvalidInput("certificate.none") from None
    except InvalidInput:
        raise
    except _BROKEN:
        raise InvalidInput("certificate.damaged") from None


def _facts(data: bytes, beside: list[bytes], order: CertificatesOrder) -> CertificateFacts:
    one = x509.load_der_x509_certificate(data)
    kind, algorithm = _kind(one)
    uses = _uses(one)
    state, why, revocation = _state(one, data, beside, order, usable=bool(algorithm))
    return CertificateFacts(
        data=data,
        name=_common(one.subject),
        subject=one.subject.rfc4514_string(),
        issuer=_common(one.issuer),
        serial=f"{one.serial_number:x}",
        mails=_mails(one),
        begins=one.not_valid_before_utc.isoformat(),
        ends=one.not_valid_after_utc.isoformat(),
        kind=kind,
        algorithm=algorithm if "encrypt" in uses else "",
        uses=uses,
        fingerprint=one.fingerprint(hashes.SHA256()).hex(),
        state=state,
        why=why,
        revocation=revocation,
    )


def _state(
    one: x509.Certificate, data: bytes, beside: list[bytes], order: CertificatesOrder, *,
    usable: bool,
) -> tuple[State, str, bool]:  # fmt: skip
    now = datetime.fromisoformat(order.now)
    if now > one.not_valid_after_utc:
        return "expired", "certificate.expired", False
    if now < one.not_valid_before_utc:
        return "not-yet", "certificate.not-yet", False
    others = (*order.others, *(der for der in beside if der != data))
    found = check(data, others, roots=order.roots, crls=order.crls, moment=now, purpose="encrypt")
    untrusted = found.state != "trusted"
    soon = one.not_valid_after_utc - now < timedelta(days=order.warn_days)
    rows: tuple[tuple[bool, State, str], ...] = (
        (found.state == "revoked", "revoked", "certificate.revoked"),
        (not usable, "unusable", "certificate.wrong-kind"),
        ("encrypt" not in _uses(one), "unusable", "certificate.wrong-usage"),
        (untrusted and one.subject == one.issuer, "self-signed", "certificate.self-signed"),
        (untrusted, "untrusted", found.why or "chain.no-root"),
        (soon, "expiring", "certificate.expiring"),
        (True, "valid", ""),
    )
    state, why = next((state, why) for holds, state, why in rows if holds)
    return state, why, found.revocation


def _kind(one: x509.Certificate) -> tuple[str, str]:
    """Name the key, and the algorithm that a content key is wrapped by for it."""
    try:
        key = one.public_key()
    except (UnsupportedAlgorithm, *_BROKEN):
        return one.public_key_algorithm_oid.dotted_string, ""
    if isinstance(key, RSAPublicKey):
        return f"rsa-{key.key_size}", f"rsa-oaep-{key.key_size}"
    if isinstance(key, EllipticCurvePublicKey):
        name = {"secp256r1": "p-256", "secp384r1": "p-384", "secp521r1": "p-521"}.get(
            key.curve.name
        )
        if name is None:
            return key.curve.name, ""
        return name, f"ecdh-{key.curve.key_size}"
    return type(key).__name__.removesuffix("PublicKey").lower(), ""


def _uses(one: x509.Certificate) -> tuple[str, ...]:
    """Tell what a certificate is for; without the extension it is for everything (RFC 5280)."""
    encrypt = sign = True
    authority = False
    for extension in one.extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage):
            rsa = _kind(one)[0].startswith("rsa")
            encrypt = value.key_encipherment if rsa else value.key_agreement
            sign = value.digital_signature or value.content_commitment
        elif isinstance(value, x509.BasicConstraints):
            authority = value.ca
        elif isinstance(value, x509.ExtendedKeyUsage) and extension.critical:
            # Mail is what certificates of persons are for; one for servers alone is none of them.
            allowed = {
                ExtendedKeyUsageOID.EMAIL_PROTECTION,
                ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
                ExtendedKeyUsageOID.CLIENT_AUTH,
            }
            encrypt = encrypt and bool(allowed & set(value))
    found = (("encrypt", encrypt and not authority), ("sign", sign), ("ca", authority))
    return tuple(name for name, has in found if has)


def _common(name: x509.Name) -> str:
    """Give the name by which people know it: the common name, else the smallest unit there is."""
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME):
        held = name.get_attributes_for_oid(oid)
        if held:
            return str(held[-1].value)
    return name.rfc4514_string()


def _mails(one: x509.Certificate) -> tuple[str, ...]:
    found = [str(a.value) for a in one.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)]
    for extension in one.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            found += extension.value.get_values_for_type(x509.RFC822Name)
    return tuple(dict.fromkeys(found))
