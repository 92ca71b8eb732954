"""The parts of CMS that this program reads and writes by itself (RFC 5652, 5035, 2634).

Attributes are read as they stand, value by value: another library's table of attribute types must
not decide what is seen here.
"""

from typing import ClassVar

from asn1crypto import core

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
COUNTER_SIGNATURE = "1.2.840.113549.1.9.6"
CONTENT_HINTS = "1.2.840.113549.1.9.16.2.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
TIME_STAMP = "1.2.840.113549.1.9.16.2.14"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
ALGORITHM_PROTECTION = "1.2.840.113549.1.9.52"

KNOWN_UNSIGNED = frozenset(
    {
        COUNTER_SIGNATURE,
        TIME_STAMP,
        *(f"1.2.840.113549.1.9.16.2.{number}" for number in (21, 22, 23, 24, 25, 26, 27, 48)),
        "0.4.0.1733.2.4",
        "0.4.0.1733.2.5",
    }
)
"""Attributes that may stand beside a signature without being signed: stamps and proofs for later.

Anything else there is a sign that somebody wrote into the signature afterwards.
"""

DATA = "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
_SET_TAG = 0x31
_LONG = 0x80


class AnyValues(core.SetOf):  # type: ignore[misc] # untyped library
    """The values of an attribute, unread."""

    _child_spec = core.Any


class Attribute(core.Sequence):  # type: ignore[misc] # untyped library
    """One attribute."""

    _fields: ClassVar = [("type", core.ObjectIdentifier), ("values", AnyValues)]


class Attributes(core.SetOf):  # type: ignore[misc] # untyped library
    """Attributes, as they are signed: a SET OF."""

    _child_spec = Attribute


class ContentHints(core.Sequence):  # type: ignore[misc] # untyped library
    """What the signer says of the content (RFC 2634): here the label that it had."""

    _fields: ClassVar = [
        ("description", core.UTF8String, {"optional": True}),
        ("content_type", core.ObjectIdentifier),
    ]


def length_of(size: int) -> bytes:
    """Write a length in DER."""
    if size < _LONG:
        return bytes([size])
    body = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([_LONG | len(body)]) + body


def as_set(contents: bytes) -> bytes:
    """Give attributes the tag under which they are signed (RFC 5652, 5.4)."""
    return bytes([_SET_TAG]) + length_of(len(contents)) + contents


def attribute(kind: str, value: core.Asn1Value) -> Attribute:
    """Make an attribute of one value."""
    return Attribute({"type": kind, "values": AnyValues([core.Any(value)])})


def in_order(attributes: list[Attribute]) -> bytes:
    """Write attributes as DER wants a set: sorted by their bytes. Gives the contents alone."""
    return b"".join(sorted(one.dump() for one in attributes))
