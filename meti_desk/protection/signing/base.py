"""Orders and reports of the jobs that make and verify signatures (電子署名, Art. 14-3).

A private key is used outside the worker, a document is read inside: `sign_prepare` writes the
revision of a PDF with a gap for the signature, the caller hashes what it wrote and signs, and
`sign_finish`, in a process of its own, fills the gap and proves the file by verifying it. The jobs:

- `sign_prepare` SignPdfOrder -> PreparedPdf (source, target)
- `sign_finish` FinishOrder -> VerifyReport (target)
- `verify_pdf` VerifyOrder -> VerifyReport (source)
- `verify_cms` VerifyOrder -> VerifyReport (source: what was signed, sidecar: the signature; or the
  signature alone as source, with its content inside)
- `read_stamp` StampOrder -> StampReport (source: the answer of the time stamp authority)
"""

from typing import Literal

import msgspec

ChainState = Literal["trusted", "untrusted", "expired", "revoked"]
"""How the certificate of a signer stands to the roots that policy trusts."""

Later = Literal["none", "allowed", "changed"]
"""What came after a signature in a PDF: nothing, only further signatures, or something else."""

Covers = Literal["whole", "revision", "part"]
"""What a signature in a PDF covers: all of the file, all of an older revision, or less."""

MOST_CMS = 4 << 20
"""Bytes of a detached signature; a real one has some thousand."""


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What a chain is judged by: roots, further certificates and revocation lists (DER), a moment.

    `now` is ISO 8601 with its offset. Nothing is ever fetched from the network.
    """

    roots: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    now: str


class StampPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Where the visible stamp goes: page from 1 and the rectangle in points from the top left."""

    page: int = 1
    x: float
    y: float
    width: float = 200
    height: float = 68


class SignPdfOrder(msgspec.Struct, frozen=True, kw_only=True):
    """How to prepare a PDF for its signature.

    `lines` are what the visible stamp says; without `place` nothing is seen. `reserve` is the room
    for the signature in bytes. `when` is the time as it is claimed (ISO 8601).
    """

    when: str
    signer: str
    reason: str = ""
    place: StampPlace | None = None
    lines: tuple[str, ...] = ()
    reserve: int


class PreparedPdf(msgspec.Struct, frozen=True):
    """Where the gap is, brackets and all: it lies between `start` and `end` of `size` bytes."""

    start: int
    end: int
    size: int
    field: str


class FinishOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The signature (DER) and the gap that it goes into, and what to verify it by."""

    signature: bytes
    start: int
    end: int
    trust: Trust


class VerifyOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What to verify by."""

    trust: Trust


class StampOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of the time stamp authority (RFC 3161).

    `imprint` is the SHA-256 of the signature that is stamped, `nonce` the number that was sent.
    """

    imprint: bytes
    nonce: int
    trust: Trust


class StampReport(msgspec.Struct, frozen=True):
    """A token (DER) that was verified, its time (ISO 8601, UTC), and whose it is."""

    token: bytes
    time: str
    authority: str
    chain: ChainState
    algorithms: tuple[str, ...] = ()


class FoundSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature as it was found. `intact` is true only when nothing at all was changed.

    `problems` are the codes of what speaks against it (`signature.…`). `claimed` is the time that
    the signer wrote, `stamped` the time of a valid stamp by an authority; both ISO 8601, empty
    where there is none. `stamp_chain` is the chain of that authority.
    """

    signer: str
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    certificate: str = ""
    """SHA-256 of the certificate (hex)."""
    key_id: str = ""
    kind: Literal["pades", "pdf", "cms", "pdf-time-stamp"] = "cms"
    field: str = ""
    reason: str = ""
    claimed: str = ""
    stamped: str = ""
    stamp_authority: str = ""
    stamp_chain: ChainState | None = None
    chain: ChainState = "untrusted"
    chain_why: str = ""
    intact: bool = False
    covers: Covers = "whole"
    later: Later = "none"
    algorithms: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    covered: int = 0
    """Bytes of a PDF up to the end of the signed revision; 0: not known."""
    told_label: str | None = None
    """The label as the signer attested it; of a PDF `signed_properties` tell it instead."""
    signed_properties: dict[str, str] | None = None
    """Properties that stood in the signed revision of a PDF; `None`: not read."""


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """All signatures of a file, the oldest first."""

    signatures: tuple[FoundSignature, ...]
    properties: dict[str, str] = {}
    """Of a PDF: its properties now, to compare the label with the signed ones."""
