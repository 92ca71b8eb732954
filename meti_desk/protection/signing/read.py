"""Verifying CMS signatures: content, signer, algorithms, time stamp and chain (Arts. 14-3, 30-1).

`intact` is said only of what passes everything. What does not pass has codes (`signature.…`), so
that a person is told what is wrong, and not only that something is.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import cms, core, x509

from meti_desk.protection.signing import asn1, parts
from meti_desk.protection.signing.algorithms import (
    BROKEN,
    HASHES,
    UNREADABLE,
    UnknownAlgorithmError,
    algorithm_ids,
    hash_id,
    key_bits,
    public_key,
    verify,
)
from meti_desk.protection.signing.base import Trust
from meti_desk.protection.signing.chain import Chain, Purpose, check

DigestOf = Callable[[str], bytes]
"""Gives the hash of what was signed, by the hash's name (`sha256`)."""

_SHORTEST_RSA = 1024
"""Shorter keys can be broken by anyone: a signature by them proves nothing."""


@dataclass(slots=True)
class Signed:
    """One signer of a CMS structure, as far as it could be followed."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    certificate: x509.Certificate | None = None
    algorithms: list[str] = field(default_factory=list)
    claimed: datetime | None = None
    label: str | None = None
    signature: bytes = b""
    token: bytes = b""
    others: list[bytes] = field(default_factory=list)
    crls: list[bytes] = field(default_factory=list)

    def chain(self, trust: Trust, moment: datetime, purpose: Purpose) -> Chain:
        """Judge the signer's certificate at a moment."""
        if self.certificate is None:
            return Chain("untrusted", "chain.invalid")
        others = (*self.others, *trust.others)
        crls = (*trust.crls, *self.crls)
        return check(
            self.certificate.dump(), others,
            roots=trust.roots, crls=crls, moment=moment, purpose=purpose,
        )  # fmt: skip


def digest_of_bytes(content: bytes) -> DigestOf:
    """Hash what lies in memory."""
    return lambda name: hashlib.new(name.replace("_", "-"), content).digest()


def signers(
    data: cms.SignedData, digest_of: DigestOf, *, content_type: str = asn1.DATA
) -> list[Signed]:
    """Follow every signer of a structure; never fails on damage, but tells it."""
    try:
        odd = not parts.well_built(data)
        held, revoked = parts.certificates(data), parts.crls(data)
        infos = list(data["signer_infos"])
        kind = data["encap_content_info"]["content_type"].dotted
    except UNREADABLE:
        return [Signed(["signature.damaged"])]
    found = []
    for info in infos:
        one = Signed(others=held, crls=revoked)
        try:
            _follow(info, one, digest_of, kind)
        except UNREADABLE:
            one.problems.append("signature.damaged")
        except UnknownAlgorithmError:
            one.problems.append("signature.algorithm-unknown")
        if odd or kind != content_type:
            one.problems.append("signature.damaged")
        found.append(one)
    return found


def _follow(info: cms.SignerInfo, one: Signed, digest_of: DigestOf, content_type: str) -> None:
    signed, raw = parts.attributes(info, "signed_attrs")
    unsigned, _ = parts.attributes(info, "unsigned_attrs")
    one.signature = info["signature"].native
    _read_unsigned(unsigned, one)
    if not raw:
        one.problems.append("signature.no-attributes")
        return
    _read_times(signed, one)
    digest = info["digest_algorithm"]["algorithm"].native
    one.certificate = parts.find_signer(info, one.others)
    if digest not in HASHES or digest in BROKEN:
        one.algorithms = [hash_id(digest)]
        known = digest in BROKEN
        one.problems.append("signature.broken-hash" if known else "signature.algorithm-unknown")
        return
    if one.certificate is None:
        one.problems.append("signature.no-certificate")
        return
    _check_content(signed, one, digest_of(digest), content_type)
    if not parts.certificates_named(signed, one.certificate.dump(), one.others):
        one.problems.append("signature.certificate-mismatch")
    if not parts.algorithms_protected(signed, info):
        one.problems.append("signature.algorithm-mismatch")
    _check_signature(info, one, digest, raw)


def _read_unsigned(unsigned: parts.Attributes, one: Signed) -> None:
    if unsigned.twice or not unsigned.values.keys() <= asn1.KNOWN_UNSIGNED:
        one.problems.append("signature.added-to")
    tokens = unsigned.values.get(asn1.TIME_STAMP, [])
    if len(tokens) == 1:
        one.token = tokens[0].dump()
    elif tokens:
        one.problems.append("signature.added-to")


def _read_times(signed: parts.Attributes, one: Signed) -> None:
    if signed.twice:
        one.problems.append("signature.damaged")
    when = signed.one(asn1.SIGNING_TIME, cms.Time)
    if when is not None:
        one.claimed = when.native.astimezone(UTC)
    hints = signed.one(asn1.CONTENT_HINTS, asn1.ContentHints)
    if hints is not None:
        one.label = hints["description"].native


def _check_content(signed: parts.Attributes, one: Signed, digest: bytes, content_type: str) -> None:
    told = signed.one(asn1.CONTENT_TYPE, core.ObjectIdentifier)
    if told is None or told.dotted != content_type:
        one.problems.append("signature.damaged")
    held = signed.one(asn1.MESSAGE_DIGEST, core.OctetString)
    if held is None or held.native != digest:
        one.problems.append("signature.content-changed")


def _check_signature(info: cms.SignerInfo, one: Signed, digest: str, raw: bytes) -> None:
    if one.certificate is None:
        return
    key = public_key(one.certificate.public_key.dump())
    algorithm = info["signature_algorithm"]
    one.algorithms = algorithm_ids(algorithm, key, digest)
    if key_bits(key) < _SHORTEST_RSA and one.algorithms[0].startswith("rsa"):
        one.problems.append("signature.weak-key")
    if not verify(key, algorithm, digest, raw, one.signature):
        one.problems.append("signature.wrong")
