"""The object identifiers of CMS that are known here, as they stand in a file (DER)."""

from meti_desk.protection.der import NULL, oid, sequence, tlv

ENVELOPED = oid("1.2.840.113549.1.7.3")
AUTH_ENVELOPED = oid("1.2.840.113549.1.9.16.1.23")
DATA = oid("1.2.840.113549.1.7.1")
INSIDE = oid("2.25.141870946025316873164502378615239477314")
"""Names the sealed file name and label among the recipients; made from a UUID (X.667)."""

OAEP = oid("1.2.840.113549.1.1.7")
PKCS1 = oid("1.2.840.113549.1.1.1")
MGF1 = oid("1.2.840.113549.1.1.8")
P_SPECIFIED = oid("1.2.840.113549.1.1.9")
EC_PUBLIC_KEY = oid("1.2.840.10045.2.1")
PBKDF2 = oid("1.2.840.113549.1.5.12")
PWRI_KEK = oid("1.2.840.113549.1.9.16.3.9")

NOTHING = tlv(NULL)

HASHES = {
    oid("1.3.14.3.2.26"): "sha1",
    oid("2.16.840.1.101.3.4.2.1"): "sha256",
    oid("2.16.840.1.101.3.4.2.2"): "sha384",
    oid("2.16.840.1.101.3.4.2.3"): "sha512",
}
HMACS = {
    oid("1.2.840.113549.2.7"): "sha1",
    oid("1.2.840.113549.2.9"): "sha256",
    oid("1.2.840.113549.2.10"): "sha384",
    oid("1.2.840.113549.2.11"): "sha512",
}
_AES = "2.16.840.1.101.3.4.1."
CBC = {oid(f"{_AES}2"): 128, oid(f"{_AES}22"): 192, oid(f"{_AES}42"): 256}
GCM = {oid(f"{_AES}6"): 128, oid(f"{_AES}26"): 192, oid(f"{_AES}46"): 256}
WRAPS = {oid(f"{_AES}5"): 128, oid(f"{_AES}25"): 192, oid(f"{_AES}45"): 256}
AGREEMENTS = {
    oid("1.3.133.16.840.63.0.2"): "sha1",
    oid("1.3.132.1.11.1"): "sha256",
    oid("1.3.132.1.11.2"): "sha384",
    oid("1.3.132.1.11.3"): "sha512",
}
"""Ephemeral-static ECDH by the hash of its derivation."""
CURVES = {
    65: oid("1.2.840.10045.3.1.7"),
    97: oid("1.3.132.0.34"),
    133: oid("1.3.132.0.35"),
}
"""P-256, P-384 and P-521 by the bytes of a point."""


def by_name(table: dict[bytes, str], name: str) -> bytes:
    """Give the identifier of a hash in one of the tables."""
    return next(key for key, value in table.items() if value == name)


def by_bits(table: dict[bytes, int], bits: int) -> bytes:
    """Give the identifier of a cipher with this key length."""
    return next(key for key, value in table.items() if value == bits)


def hash_algorithm(name: str) -> bytes:
    """Write the AlgorithmIdentifier of a hash."""
    return sequence(by_name(HASHES, name), NOTHING)
