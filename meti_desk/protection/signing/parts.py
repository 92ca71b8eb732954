"""Reading the parts of a CMS signature strictly: what is odd about its build is told, not mended.

A signature covers its content and its signed attributes; the structure around them is not covered.
So everything there has to be what it must be by what *is* covered: versions, algorithms, the
certificates. A byte that somebody changes there is found as well.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from asn1crypto import cms, core, parser, tsp, x509

from meti_desk.domain.errors import InvalidInput
from meti_desk.protection.base import DAMAGE
from meti_desk.protection.signing import asn1
from meti_desk.protection.signing.base import MOST_CMS

_PEM = re.compile(
    rb"\s*-----BEGIN (CMS|PKCS7|PKCS #7 SIGNED DATA)-----\r?\n"
    rb"([A-Za-z0-9+/=\r\n]+)-----END \1-----\s*"
)
_MOST_SIGNERS = 64
_NOTHING = (b"", b"\x05\x00")
"""How the parameters of a hash are written: left out, or NULL."""


@dataclass(slots=True)
class Attributes:
    """Attributes by their type; a type that stands there twice is told as odd."""

    values: dict[str, list[core.Any]] = field(default_factory=dict)
    twice: bool = False

    def one(self, kind: str, spec: type[core.Asn1Value]) -> core.Asn1Value | None:
        """Give the only value of an attribute; several are a `ValueError`."""
        held = self.values.get(kind)
        if held is None:
            return None
        if len(held) != 1:
            raise ValueError
        value = held[0].parse(spec)
        value.native  # noqa: B018 - parsing happens here, and may fail here
        return value


def content_info(data: bytes) -> cms.SignedData:
    """Read a CMS signature (DER, BER or PEM).

    Raises `InvalidInput("signature.not-cms")` for what is something else or too large.
    """
    if len(data) > MOST_CMS:
        raise InvalidInput("signature.not-cms")
    armoured = _PEM.fullmatch(data)
    try:
        if armoured is not None:
            data = base64.b64decode(b"".join(armoured[2].split()), validate=True)
        info = cms.ContentInfo.load(data, strict=True)
        if info["content_type"].native == "signed_data":
            held = info["content"]
            few = len(held["signer_infos"]) <= _MOST_SIGNERS
            if isinstance(held, cms.SignedData) and few and _nothing_beside(info):
                return held
    except DAMAGE:
        pass
    raise InvalidInput("signature.not-cms")


def _nothing_beside(info: cms.ContentInfo) -> bool:
    """Tell whether the structure holds a type and a content and no byte more.

    The library reads on without a word where bytes follow that look like an end.
    """
    outer = _elements(bytes(info.contents))
    return len(outer) == 2 and len(_elements(outer[1])) == 1  # noqa: PLR2004 - type and content


def _elements(contents: bytes) -> list[bytes]:
    """Give the contents of the elements that stand one behind the other."""
    found, at = [], 0
    while at < len(contents):
        size = parser.peek(contents[at:])
        *_, inside, _ = parser.parse(contents[at : at + size], strict=True)
        found.append(bytes(inside))
        at += size
    return found


def attributes(holder: core.Sequence, name: str) -> tuple[Attributes, bytes]:
    """Give the signed or unsigned attributes, and the bytes under the tag of a SET."""
    held = holder[name]
    found = Attributes()
    if isinstance(held, core.Void):
        return found, b""
    contents = bytes(held.contents)
    raw = asn1.as_set(contents)
    for one in asn1.Attributes.load(raw, strict=True):
        kind = one["type"].dotted
        found.twice = found.twice or kind in found.values
        found.values.setdefault(kind, []).extend(one["values"])
    return found, raw


def certificates(data: cms.SignedData) -> list[bytes]:
    """Give the certificates that lie in a signature (DER)."""
    held = data["certificates"]
    if isinstance(held, core.Void):
        return []
    return [one.chosen.dump() for one in held if one.name == "certificate"]


def crls(data: cms.SignedData) -> list[bytes]:
    """Give the revocation lists that lie in a signature (DER)."""
    held = data["crls"]
    if isinstance(held, core.Void):
        return []
    return [one.chosen.dump() for one in held if one.name == "certificate_list"]


def find_signer(info: cms.SignerInfo, held: Iterable[bytes]) -> x509.Certificate | None:
    """Find the certificate that a signer names by issuer and number, or by its key."""
    name, wanted = info["sid"].name, info["sid"].chosen
    for one in held:
        try:
            certificate = x509.Certificate.load(one, strict=True)
            if name == "issuer_and_serial_number":
                same = (
                    certificate.serial_number == wanted["serial_number"].native
                    and certificate.issuer.dump() == wanted["issuer"].dump()
                )
            else:
                same = certificate.key_identifier == wanted.native
        except DAMAGE:
            continue
        if same:
            return certificate
    return None


def well_built(data: cms.SignedData) -> bool:
    """Tell whether versions and the list of hashes are what they must be (RFC 5652, 5.1, 5.3)."""
    infos = list(data["signer_infos"])
    if data["version"].native != f"v{_version(data)}":
        return False
    listed = list(data["digest_algorithms"])
    used = [one["digest_algorithm"] for one in infos]
    if {one["algorithm"].dotted for one in listed} != {one["algorithm"].dotted for one in used}:
        return False
    if any(one["parameters"].dump() not in _NOTHING for one in (*listed, *used)):
        return False
    wanted = {"issuer_and_serial_number": "v1", "subject_key_identifier": "v3"}
    return all(one["version"].native == wanted.get(one["sid"].name) for one in infos)


def _version(data: cms.SignedData) -> int:
    names: set[str] = set()
    for part in ("certificates", "crls"):
        if not isinstance(data[part], core.Void):
            names |= {one.name for one in data[part]}
    if names & {"other"}:
        return 5
    if "v2_attr_cert" in names:
        return 4
    by_key = any(one["version"].native == "v3" for one in data["signer_infos"])
    plain = data["encap_content_info"]["content_type"].dotted == asn1.DATA
    return 3 if by_key or not plain or "v1_attr_cert" in names else 1


def certificates_named(attributes_of: Attributes, signer: bytes, held: Iterable[bytes]) -> bool:
    """Tell whether the certificates are those that the signer named by their hashes (RFC 5035).

    Where only the signer's own is named, others may lie beside it; where a whole chain is named,
    nothing else may. A signature that names none is older than that rule: true.
    """
    named = _named(attributes_of)
    if not named:
        return True
    (kind, wanted), *_ = named
    if hashlib.new(kind, signer).digest() != wanted:
        return False
    if len(named) == 1:
        return True
    return all(
        any(hashlib.new(kind, one).digest() == wanted for kind, wanted in named) for one in held
    )


def _named(attributes_of: Attributes) -> list[tuple[str, bytes]]:
    newer = attributes_of.one(asn1.SIGNING_CERTIFICATE_V2, tsp.SigningCertificateV2)
    if newer is not None:
        return [
            (one["hash_algorithm"]["algorithm"].native.replace("_", "-"), one["cert_hash"].native)
            for one in newer["certs"]
        ]
    older = attributes_of.one(asn1.SIGNING_CERTIFICATE, tsp.SigningCertificate)
    return [("sha1", one["cert_hash"].native) for one in older["certs"]] if older else []


def algorithms_protected(attributes_of: Attributes, info: cms.SignerInfo) -> bool:
    """Tell whether the algorithms are those that were signed, where they were (RFC 6211)."""
    held = attributes_of.one(asn1.ALGORITHM_PROTECTION, cms.CMSAlgorithmProtection)
    if held is None:
        return True
    return bool(
        held["digest_algorithm"].native == info["digest_algorithm"].native
        and held["signature_algorithm"].native == info["signature_algorithm"].native
    )
