"""Closes a content key for certificates and opens it with a private key (Arts. 14-2, 28-30).

RSA certificates take RSA-OAEP (SHA-256, mask too), those of the curves P-256, P-384 and P-521
ephemeral ECDH with X9.63 derivation and AES-256 key wrap (RFC 5753). What is wrapped here goes
into CMS and `.metienc` alike. No private key is used here: a `PrivateKey` does that, wherever it
lies.
"""

import hmac
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import msgspec

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection import der
from meti_desk.protection.cryptrec import Table
from meti_desk.protection.keys.base import PrivateKey, Wrap

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import HashAlgorithm
    from cryptography.x509 import Certificate

WRAP_OIDS = {
    128: "2.16.840.1.101.3.4.1.5",
    192: "2.16.840.1.101.3.4.1.25",
    256: "2.16.840.1.101.3.4.1.45",
}
"""AES key wrap by the bits of its key."""

_OWN_WRAP = 256
_KEY_BYTES = range(16, 65)
_MOST_CERTIFICATE = 1 << 20
_DIGEST_OF = {256: "sha256", 384: "sha384", 521: "sha512"}


def wrap_for(
    certificate: bytes, key: bytes, *, on: str = "", reason: str = "", table: Table | None = None
) -> Wrap:
    """Wrap a content key for one certificate (DER) that is valid on a day (ISO; empty: now).

    Raises `RuleViolation` by the CRYPTREC table (`crypto.key-too-short` for RSA below 3,072 bits,
    unless there is a reason; Art. 30-1), and `InvalidInput`: `protect.certificate-damaged`,
    `-expired`, `-not-yet`, `-unfit` (neither RSA nor one of the curves, or not for encryption).
    """
    from cryptography.hazmat.primitives.asymmetric import rsa

    read = _usable(certificate, on)
    (table or Table.load()).require(algorithms_for(certificate), reason=reason, on=on)
    issuer, serial = _named(read)
    public = read.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        encrypted = public.encrypt(key, _oaep("sha256"))
        return Wrap(kind="rsa-oaep", encrypted=encrypted, issuer=issuer, serial=serial)
    return _agreed(_curve_key(public), key, issuer, serial)


def unwrap(wrap: Wrap, private_key: PrivateKey) -> bytearray:
    """Give the content key of a wrap that is for this private key.

    Raises `InvalidInput`: `open.tampered` when it was changed, `open.unsupported` for another
    algorithm, and what `PrivateKey` raises (`key.removed`, `key.wrong-pin` …).
    """
    try:
        if wrap.kind == "rsa-oaep":
            key = private_key.decrypt_oaep(wrap.encrypted, wrap.digest)
        else:
            secret = private_key.agree(wrap.ephemeral)
            kek = _derived(secret, wrap)
            _wipe(secret)
            key = unwrap_key(kek, wrap.encrypted)
    except InvalidInput as refused:
        if refused.code == "key.no-match":
            raise InvalidInput("open.tampered") from None
        raise
    if len(key) not in _KEY_BYTES:
        raise InvalidInput("open.tampered")
    return key


def unwrap_key(kek: bytes, encrypted: bytes) -> bytearray:
    """Take a key out of AES key wrap (RFC 3394); raises `InvalidInput("open.tampered")`."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    try:
        return bytearray(aes_key_unwrap(kek, encrypted))
    except (InvalidUnwrap, ValueError):
        raise InvalidInput("open.tampered") from None


def unwrap_mine(wraps: Sequence[Wrap], private_key: PrivateKey) -> bytearray:
    """Give the content key out of all wraps of a file; `open.not-for-you` when none is for it."""
    certificate = private_key.certificate
    for wrap in wraps:
        if is_for(wrap, certificate):
            return unwrap(wrap, private_key)
    raise InvalidInput("open.not-for-you", count=len(wraps))


def is_for(wrap: Wrap, certificate: bytes) -> bool:
    """Tell whether a wrap names this certificate."""
    read = _loaded(certificate)
    issuer, serial = _named(read)
    if wrap.key_id:
        return hmac.compare_digest(wrap.key_id, _key_id(read))
    return (wrap.issuer, wrap.serial) == (issuer, serial)


def algorithms_for(certificate: bytes) -> tuple[str, ...]:
    """Name what wrapping for a certificate uses, by the ids of the table of algorithms."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    public = _loaded(certificate).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return (f"rsa-oaep-{public.key_size}", "sha-256")
    bits = _curve_key(public).curve.key_size
    digest = _DIGEST_OF[bits].replace("sha", "sha-")
    return (f"ecdh-{bits}", f"x963-kdf-{digest}", "aes-kw")


def algorithms_of(wrap: Wrap) -> tuple[str, ...]:
    """Name what a wrap that was found in a file uses."""
    digest = wrap.digest.replace("sha", "sha-")
    if wrap.kind == "rsa-oaep":
        return (f"rsa-oaep-{len(wrap.encrypted) * 8}", digest)
    return ("ecdh", f"x963-kdf-{digest}", "aes-kw")


def check(certificate: bytes, *, on: str = "") -> None:
    """Refuse a certificate that nothing can be wrapped for; the errors of `wrap_for`."""
    _usable(certificate, on)
    algorithms_for(certificate)


def shared_info(wrap_algorithm: bytes, bits: int, ukm: bytes | None = None) -> bytes:
    """Write ECC-CMS-SharedInfo (RFC 5753, 7.2): what the derivation binds the key to."""
    parts = [wrap_algorithm]
    if ukm is not None:
        parts.append(der.tlv(0xA0, der.octets(ukm)))
    parts.append(der.tlv(0xA2, der.octets(bits.to_bytes(4, "big"))))
    return der.sequence(*parts)


def _agreed(public: "ec.EllipticCurvePublicKey", key: bytes, issuer: bytes, serial: str) -> Wrap:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    own = ec.generate_private_key(public.curve)
    named = der.sequence(der.oid(WRAP_OIDS[_OWN_WRAP]))
    wrap = Wrap(
        kind="ecdh",
        encrypted=b"",
        issuer=issuer,
        serial=serial,
        digest=_DIGEST_OF[public.curve.key_size],
        ephemeral=own.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        shared_info=shared_info(named, _OWN_WRAP),
        wrap_bits=_OWN_WRAP,
    )
    kek = _derived(own.exchange(ec.ECDH(), public), wrap)
    return msgspec.structs.replace(wrap, encrypted=aes_key_wrap(kek, key))


def _derived(secret: bytes | bytearray, wrap: Wrap) -> bytes:
    """Derive the key of the key wrap from an ECDH secret (X9.63)."""
    from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

    if wrap.wrap_bits not in WRAP_OIDS:
        raise InvalidInput("open.unsupported", what=f"AES-{wrap.wrap_bits} key wrap")
    kdf = X963KDF(_hash(wrap.digest), wrap.wrap_bits // 8, wrap.shared_info)
    return kdf.derive(bytes(secret))


def _hash(name: str) -> "HashAlgorithm":
    from cryptography.hazmat.primitives import hashes

    known: dict[str, Callable[[], HashAlgorithm]] = {
        "sha1": hashes.SHA1,
        "sha224": hashes.SHA224,
        "sha256": hashes.SHA256,
        "sha384": hashes.SHA384,
        "sha512": hashes.SHA512,
    }
    if name not in known:
        raise InvalidInput("open.unsupported", what=name[:40])
    return known[name]()


def _oaep(digest: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.OAEP(padding.MGF1(_hash(digest)), _hash(digest), label=None)


def _loaded(certificate: bytes) -> "Certificate":
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    if len(certificate) > _MOST_CERTIFICATE:
        raise InvalidInput("protect.certificate-damaged")
    try:
        read = x509.load_der_x509_certificate(certificate)
        _named(read)
        read.public_key()
    except UnsupportedAlgorithm:
        raise InvalidInput("protect.certificate-unfit", subject="", what="algorithm") from None
    except (ValueError, TypeError):
        raise InvalidInput("protect.certificate-damaged") from None
    return read


def _usable(certificate: bytes, on: str) -> "Certificate":
    """Read a certificate that is valid then and may be encrypted for."""
    read = _loaded(certificate)
    now = datetime.combine(date.fromisoformat(on), time(12), UTC) if on else datetime.now(UTC)
    who = read.subject.rfc4514_string()[:200]
    if now > read.not_valid_after_utc:
        until = read.not_valid_after_utc.date().isoformat()
        raise InvalidInput("protect.certificate-expired", subject=who, date=until)
    if now < read.not_valid_before_utc:
        since = read.not_valid_before_utc.date().isoformat()
        raise InvalidInput("protect.certificate-not-yet", subject=who, date=since)
    if not _may_encrypt(read):
        raise InvalidInput("protect.certificate-unfit", subject=who, what="keyUsage")
    return read


def _may_encrypt(read: "Certificate") -> bool:
    """Look at the key usage; a certificate that tells none may be used for anything (RFC 5280)."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

    try:
        usage = read.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except (ValueError, x509.DuplicateExtension):
        raise InvalidInput("protect.certificate-damaged") from None
    if isinstance(read.public_key(), rsa.RSAPublicKey):
        return usage.key_encipherment
    return usage.key_agreement


def _curve_key(public: object) -> "ec.EllipticCurvePublicKey":
    """Insist on one of the curves that are used here."""
    from cryptography.hazmat.primitives.asymmetric import ec

    curves = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, curves):
        return public
    raise InvalidInput("protect.certificate-unfit", subject="", what=type(public).__name__)


def _named(read: "Certificate") -> tuple[bytes, str]:
    """Give the issuer's name as its bytes stand in the certificate, and the serial number."""
    parts = der.nodes(der.single(read.tbs_certificate_bytes, der.SEQUENCE).body)
    begin = 1 if parts[0].tag == der.CONTEXT | der.CONSTRUCTED else 0
    return parts[begin + 2].raw, str(int.from_bytes(parts[begin].body, "big", signed=True))


def _key_id(read: "Certificate") -> bytes:
    """Give the subject key identifier, or nothing."""
    from cryptography import x509

    try:
        found = read.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return b""
    return found.value.digest


def _wipe(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))
