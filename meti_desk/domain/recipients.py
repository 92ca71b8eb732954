"""宛先: to whom files are given, what they can receive, and their certificates (Art. 14-2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCertificate:
    """A certificate of a recipient (DER), and its facts as JSON as they were judged last.

    `between` is one of an authority that came along in the same file: it helps to find a root and
    nothing is encrypted for it. `confirmed_by` and `confirmed_at` tell who compared the fingerprint
    by phone, and when: needed where no root vouches for the certificate.
    """

    fingerprint: str
    data: bytes
    facts: bytes
    added_at: str
    between: bool = False
    confirmed_by: str = ""
    confirmed_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A recipient, named by the mail address in small letters.

    `accepts` are the methods of protection that arrive and can be opened there; empty: not known.
    `blocks_encrypted`: the mail gateway there stops encrypted attachments.
    """

    mail: str
    name: str = ""
    organisation: str = ""
    accepts: tuple[str, ...] = ()
    blocks_encrypted: bool = False
    note: str = ""
    certificates: tuple[KeptCertificate, ...] = ()
