"""宛先: to whom files are given, what they can receive, and their certificates (Art. 14-2)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from meti_desk.domain.patterns import lazily

_ONE = lazily(r"(?:[^@<>,;，；、]*<)?[^@<>,;，；、\s]*@([^@<>,;，；、\s]+)>?")
"""One mail address, also behind a name, or a domain as `@example.com`."""


def domain_of(address: str) -> str:
    """Give the domain of one mail address in small letters; nothing for what is not one address.

    `a@example.com, b@meti.go.jp` are two: the last one must not speak for the first, where it is
    asked who is outside the ministry or to whom something may be given (Arts. 2 (36), 13).
    """
    found = _ONE.fullmatch(address.strip())
    return found[1].rstrip(".").lower() if found else ""


def all_named(named: Collection[str], recipients: Iterable[str]) -> bool:
    """Tell whether every recipient is named, by address or by the domain as `@example.com`.

    Where somebody is named, there has to be a recipient: one that nobody declared is not meant.
    """
    known = {one.strip().lower() for one in named}
    told = [one.strip().lower() for one in recipients]
    met = all(one in known or (f"@{domain_of(one)}" in known and domain_of(one)) for one in told)
    return met and (bool(told) or not known)


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
