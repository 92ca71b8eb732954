"""Making a CMS signature: what is signed, and the structure around the signature (Art. 14-3).

Everything here is made of what the application itself knows; nothing of a document is read. The
signed attributes name the hash of the content, the certificates of the whole chain by their hashes
(so that none can be exchanged) and the algorithms (so that none can be replaced by a weaker one).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.keys.base import PrivateKey
from meti_desk.protection.signing import asn1
from meti_desk.protection.signing.algorithms import UnknownAlgorithmError, key_bits, public_key

_STAMP_ROOM = 24 << 10
"""Room for a time stamp with the certificates of its authority."""
_ROOM = 4 << 10
_SALT = 32
_UTC_TIME_ENDS = 2050


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate for signing: its name as people read it, and the algorithms of its key."""

    name: str
    algorithms: tuple[str, ...]
    """Ids of the table: `rsa-pss-3072`, `sha-256`."""


def signer_of(key: PrivateKey) -> Signer:
    """Tell who signs and by what; raises `InvalidInput("key.unusable")`."""
    try:
        certificate = x509.Certificate.load(key.certificate, strict=True)
        public = public_key(certificate.public_key.dump())
        name = name_of(certificate)
    except (UnknownAlgorithmError, ValueError, TypeError, KeyError):
        raise InvalidInput("key.unusable", what="certificate") from None
    kind = "rsa-pss" if certificate.public_key.algorithm == "rsa" else "ecdsa"
    return Signer(name, (f"{kind}-{key_bits(public)}", "sha-256"))


def name_of(certificate: x509.Certificate) -> str:
    """Give the name of a certificate's owner as people read it."""
    told = certificate.subject.native
    for part in ("common_name", "organizational_unit_name", "organization_name", "email_address"):
        value = told.get(part)
        if isinstance(value, list):
            value = value[-1]
        if value:
            return str(value)
    return str(certificate.subject.human_friendly)


def room_for(key: PrivateKey, *, stamped: bool) -> int:
    """Give the bytes to reserve for a signature in a PDF."""
    certificates = len(key.certificate) + sum(map(len, key.chain))
    return _ROOM + certificates + (_STAMP_ROOM if stamped else 0)


def signed_attributes(
    key: PrivateKey, digest: bytes, *, when: datetime | None = None, label: str = ""
) -> bytes:
    """Write what is signed, as the contents of a SET (DER).

    `digest` is the SHA-256 of the content, `when` the time that is claimed (left out in PAdES,
    which keeps it in the PDF), `label` what the signer attests of the content.
    """
    algorithm = _signature_algorithm(key)
    protection = cms.CMSAlgorithmProtection(
        {"digest_algorithm": _sha256(), "signature_algorithm": algorithm}
    )
    parts = [
        asn1.attribute(asn1.CONTENT_TYPE, core.ObjectIdentifier(asn1.DATA)),
        asn1.attribute(asn1.MESSAGE_DIGEST, core.OctetString(digest)),
        asn1.attribute(asn1.SIGNING_CERTIFICATE_V2, _certificates(key)),
        asn1.attribute(asn1.ALGORITHM_PROTECTION, protection),
    ]
    if when is not None:
        parts.append(asn1.attribute(asn1.SIGNING_TIME, _time(when)))
    if label:
        hints = asn1.ContentHints({"description": label, "content_type": asn1.DATA})
        parts.append(asn1.attribute(asn1.CONTENT_HINTS, hints))
    return asn1.in_order(parts)


def sign(key: PrivateKey, attributes: bytes) -> bytes:
    """Sign the attributes; raises what the key raises, and `key.unusable` for another algorithm."""
    name, signature = key.sign(asn1.as_set(attributes))
    told = _signature_algorithm(key)["algorithm"].native
    if told != {"rsa-pss": "rsassa_pss", "ecdsa": "sha256_ecdsa"}.get(name):
        raise InvalidInput("key.unusable", what=name)
    return signature


def signed_data(key: PrivateKey, attributes: bytes, signature: bytes, token: bytes = b"") -> bytes:
    """Put the parts together (DER, detached); `token` is a time stamp of the signature."""
    certificate = x509.Certificate.load(key.certificate)
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        ),
        "digest_algorithm": _sha256(),
        "signed_attrs": cms.CMSAttributes.load(asn1.as_set(attributes)),
        "signature_algorithm": _signature_algorithm(key),
        "signature": signature,
    }
    if token:
        stamp = asn1.attribute(asn1.TIME_STAMP, cms.ContentInfo.load(token))
        info["unsigned_attrs"] = cms.CMSAttributes.load(asn1.as_set(stamp.dump()))
    held = [key.certificate, *key.chain]
    data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [_sha256()],
            "encap_content_info": {"content_type": "data"},
            "certificates": [
                cms.CertificateChoices({"certificate": x509.Certificate.load(one)})
                for one in sorted(set(held))
            ],
            "signer_infos": [info],
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()
    return made


def _sha256() -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": "sha256"})


def _signature_algorithm(key: PrivateKey) -> algos.SignedDigestAlgorithm:
    if x509.Certificate.load(key.certificate).public_key.algorithm == "rsa":
        told = {
            "hash_algorithm": _sha256(),
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": _sha256()},
            "salt_length": _SALT,
        }
        return algos.SignedDigestAlgorithm(
            {"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(told)}
        )
    return algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


def _certificates(key: PrivateKey) -> tsp.SigningCertificateV2:
    """Name the signer's certificate first, then the others of its chain, each by its hash."""
    first = x509.Certificate.load(key.certificate)
    issuer = x509.GeneralName({"directory_name": first.issuer})
    serial = {"issuer": [issuer], "serial_number": first.serial_number}
    named = [
        tsp.ESSCertIDv2(
            {"cert_hash": hashlib.sha256(key.certificate).digest(), "issuer_serial": serial}
        )
    ]
    named += [
        tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(one).digest()})
        for one in dict.fromkeys(key.chain)
        if one != key.certificate
    ]
    return tsp.SigningCertificateV2({"certs": named})


def _time(when: datetime) -> cms.Time:
    whole = when.astimezone(UTC).replace(microsecond=0)
    kind = "utc_time" if whole.year < _UTC_TIME_ENDS else "general_time"
    return cms.Time({kind: whole})
