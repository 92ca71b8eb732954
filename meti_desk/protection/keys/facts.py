"""Order and report of the job `certificates`: certificates of files from outside, judged by policy.

The job takes, as `source`, a file (PEM, DER or P7B, with one or several inside) or no file, when
certificates that are kept already are judged anew. What it gives are the certificates as DER and
plain facts: nobody outside the worker has to parse one in order to show it.
"""

from typing import Literal

import msgspec

State = Literal[
    "valid", "expiring", "expired", "not-yet", "revoked", "untrusted", "self-signed", "unusable"
]
"""How a certificate stands now; `expiring` ends within the days that policy warns before.

`untrusted` reaches no root that policy trusts, `self-signed` vouches for itself: both are used only
after the fingerprint was compared by phone. `unusable` is for another purpose or of a kind that
nothing can be encrypted for.
"""


class CertificatesOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What to judge by. `now` is ISO 8601 with its offset; `held` are certificates kept already.

    `roots`, `others` (between root and leaf) and `crls` are DER; nothing is fetched.
    """

    now: str
    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    warn_days: int = 30
    held: tuple[bytes, ...] = ()


class CertificateFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate (DER) and what a person wants to know of it.

    `begins` and `ends` are ISO 8601 (UTC), `fingerprint` the SHA-256 of the certificate in hex,
    `kind` the key (`rsa-3072`, `p-256`, or the name of another), `algorithm` what it would be used
    by, as the CRYPTREC table names it, empty where nothing can be encrypted for it. `why` is a code
    for the state, `revocation` whether a list was at hand for every certificate of the chain.
    """

    data: bytes
    name: str
    subject: str
    issuer: str
    serial: str
    mails: tuple[str, ...] = ()
    begins: str
    ends: str
    kind: str
    algorithm: str = ""
    uses: tuple[str, ...] = ()
    """`encrypt`, `sign`, `ca`: what its owner may do with it."""
    fingerprint: str
    state: State
    why: str = ""
    revocation: bool = False


class CertificatesReport(msgspec.Struct, frozen=True):
    """The certificates of the file, in its order, each once."""

    certificates: tuple[CertificateFacts, ...]
