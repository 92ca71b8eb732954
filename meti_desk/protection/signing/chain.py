"""Whether a certificate reaches a root that policy trusts: now, or when the time stamp says.

The path is built and checked by pyhanko-certvalidator (RFC 5280), from what lies at hand alone;
nothing is fetched. Revocation lists are looked up here: one that is out of date still tells of what
was revoked when it was made, so it counts, which a validator that wants it fresh would not do.
"""

from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Literal, TypeVar

import msgspec
from asn1crypto import x509
from cryptography import x509 as crypto_x509
from cryptography.x509.oid import CRLEntryExtensionOID, ExtendedKeyUsageOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    NotYetValidError,
    PathBuildingError,
    ValidationError,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from meti_desk.protection.signing.algorithms import UNREADABLE
from meti_desk.protection.signing.base import ChainState

Purpose = Literal["sign", "stamp", "encrypt"]
T = TypeVar("T")

_LONGEST = 12
"""Certificates in one chain; more are an attempt to keep the validator busy."""
_MOST_OTHERS = 64


class Chain(msgspec.Struct, frozen=True):
    """What was found: the state, a code that says why, and what could not be found out.

    `why` is empty for what is trusted, else `chain.no-root`, `chain.expired`, `chain.not-yet`,
    `chain.revoked`, `chain.weak-algorithm`, `chain.wrong-usage` or `chain.invalid`. `revocation`
    tells whether a list was at hand for every certificate below the root.
    """

    state: ChainState
    why: str = ""
    revocation: bool = False


_FAILURES: tuple[tuple[type[Exception], Chain], ...] = (
    (ExpiredError, Chain("expired", "chain.expired")),
    (NotYetValidError, Chain("expired", "chain.not-yet")),
    (DisallowedAlgorithmError, Chain("untrusted", "chain.weak-algorithm")),
    (PathBuildingError, Chain("untrusted", "chain.no-root")),
    (Exception, Chain("untrusted", "chain.invalid")),
)


def check(
    certificate: bytes,
    others: Iterable[bytes],
    *,
    roots: Sequence[bytes],
    crls: Sequence[bytes] = (),
    moment: datetime,
    purpose: Purpose = "sign",
) -> Chain:
    """Judge a certificate (DER) at a moment; damage in it makes it untrusted, never an error."""
    try:
        return _check(certificate, others, roots, crls, moment, purpose)
    except UNREADABLE:
        return Chain("untrusted", "chain.invalid")


def _check(
    certificate: bytes, others: Iterable[bytes], roots: Sequence[bytes], crls: Sequence[bytes],
    moment: datetime, purpose: Purpose,
) -> Chain:  # fmt: skip
    if not _usable(certificate, purpose):
        return Chain("untrusted", "chain.wrong-usage")
    if not roots:
        return Chain("untrusted", "chain.no-root")
    between = _loaded(others)
    context = ValidationContext(
        trust_manager=SimpleTrustManager.build(trust_roots=_loaded(roots)),
        other_certs=between,
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    leaf = x509.Certificate.load(certificate, strict=True)
    try:
        path = _at_once(CertificateValidator(leaf, between, context).async_validate_path())
    except (ValidationError, PathBuildingError) as error:
        return next(found for kind, found in _FAILURES if isinstance(error, kind))
    held = [one.dump() for one in path]
    if len(held) > _LONGEST:
        return Chain("untrusted", "chain.invalid")
    return _revocation(held, crls, moment)


_WHOLE = b"\0"
"""Bits that a BIT STRING says to leave out: a signature is whole bytes (X.690, 8.6.2)."""


def _loaded(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    """Load what can be loaded; a broken certificate beside others helps nobody."""
    loaded = []
    for one in list(certificates)[:_MOST_OTHERS]:
        try:
            made = x509.Certificate.load(one, strict=True)
            crypto_x509.load_der_x509_certificate(one)
            made.native  # noqa: B018 - parsing happens here
        except UNREADABLE:
            continue
        if made["signature_value"].contents[:1] == _WHOLE:  # else another spelling of the same
            loaded.append(made)
    return loaded


def _at_once(work: Coroutine[object, None, T]) -> T:
    """Run a coroutine that waits for nothing: there is no event loop in a confined process."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return] # a coroutine's value has no type here
    work.close()
    raise ValueError


def _usable(certificate: bytes, purpose: Purpose) -> bool:
    """Tell whether a certificate may be used to sign, or to stamp (RFC 3161, 2.3).

    To encrypt for it is judged by `keys.certificates`, which also knows kinds of keys.
    """
    if purpose == "encrypt":
        return True
    extensions = crypto_x509.load_der_x509_certificate(certificate).extensions
    for one in extensions:
        if isinstance(one.value, crypto_x509.KeyUsage) and not (
            one.value.digital_signature or one.value.content_commitment
        ):
            return False
    uses = [one for one in extensions if isinstance(one.value, crypto_x509.ExtendedKeyUsage)]
    if purpose == "sign":
        return True
    return any(
        one.critical and list(one.value) == [ExtendedKeyUsageOID.TIME_STAMPING] for one in uses
    )


def _revocation(path: Sequence[bytes], crls: Sequence[bytes], moment: datetime) -> Chain:
    """Look every certificate below the root up in the lists of its issuer."""
    held = [crypto_x509.load_der_x509_certificate(one) for one in path]
    lists = [crypto_x509.load_der_x509_crl(one) for one in crls]
    known = True
    for issuer, one in pairwise(held):
        own = [crl for crl in lists if crl.issuer == one.issuer and _signed_by(crl, issuer)]
        if any(_revoked(crl, one, moment) for crl in own):
            return Chain("revoked", "chain.revoked", revocation=True)
        known = known and bool(own)
    return Chain("trusted", "", revocation=known)


def _signed_by(crl: crypto_x509.CertificateRevocationList, issuer: crypto_x509.Certificate) -> bool:
    try:
        return crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type] # checked there
    except UNREADABLE:
        return False


def _revoked(
    crl: crypto_x509.CertificateRevocationList, one: crypto_x509.Certificate, moment: datetime
) -> bool:
    entry = crl.get_revoked_certificate_by_serial_number(one.serial_number)
    if entry is None:
        return False
    since = entry.revocation_date_utc
    for extension in entry.extensions:
        if isinstance(extension.value, crypto_x509.InvalidityDate):
            since = min(since, extension.value.invalidity_date_utc)
        elif extension.oid == CRLEntryExtensionOID.CRL_REASON:
            reason = extension.value.reason
            if reason is crypto_x509.ReasonFlags.remove_from_crl:
                return False
    return since <= moment
