"""What goes into signing and verifying, and what comes out (電子署名, Art. 14-3)."""

from typing import Literal

import msgspec

from meti_desk.protection.signing.base import ChainState, Covers, Later, StampPlace
from meti_desk.services.messages import ErrorView, LabelView

__all__ = ["SignRequest", "SignatureView", "SignerView", "StampPlace", "VerifiedFile"]

LabelSince = Literal["same", "changed", "none", "unknown"]
"""What became of the label since it was signed; `none`: there was none and there is none."""


class SignRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Sign each file: a PDF inside, any other beside, as `NAME.p7s`.

    `key` is the path of a PKCS#12 file; empty: the person's own key, as it was named. `secret` is
    its password or the card's PIN. `out` empty: beside the file. `place` is where the visible stamp
    of a PDF goes; nothing: it is not seen. `detached` signs PDFs beside as well. `stamp` false
    leaves the time stamp out that policy asks for.
    """

    paths: tuple[str, ...]
    key: str = ""
    secret: str = ""
    out: str = ""
    reason: str = ""
    place: StampPlace | None = None
    detached: bool = False
    stamp: bool = True
    reason_unlisted: str = ""

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"SignRequest({self.paths!r}, key={self.key!r})"


class SignerView(msgspec.Struct, frozen=True, kw_only=True):
    """Who would sign, before anybody does: where the own key lies, and what it is."""

    kind: Literal["", "p12", "card"] = ""
    where: str = ""
    name: str = ""
    ends: str = ""
    """When the certificate ends (ISO 8601); empty: not seen yet."""
    authority: str = ""
    """Address of the time stamp authority; empty: none."""


class SignatureView(msgspec.Struct, frozen=True, kw_only=True):
    """One signature. `time` is that of a proven stamp (`time_proven`), else the claimed one.

    `intact` and `chain` are two questions: has nothing been changed, and whose certificate is it.
    `unlisted` names algorithms that are not on the 推奨 list, with their state. `problems` and
    `notes` are codes (`signature.…`).
    """

    signer: str
    time: str = ""
    time_proven: bool = False
    chain: ChainState = "untrusted"
    intact: bool = False
    kind: str = "cms"
    beside: str = ""
    """The file with the signature, where it lies beside."""
    field: str = ""
    reason: str = ""
    claimed: str = ""
    stamped: str = ""
    stamp_authority: str = ""
    stamp_chain: ChainState | None = None
    chain_why: str = ""
    covers: Covers = "whole"
    later: Later = "none"
    label: LabelSince = "unknown"
    algorithms: tuple[str, ...] = ()
    listed: bool = False
    unlisted: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    certificate: str = ""
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class VerifiedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `verify`. `content` is what was signed, where `path` is a signature beside it."""

    path: str
    content: str = ""
    label: LabelView | None = None
    signatures: tuple[SignatureView, ...] = ()
    error: ErrorView | None = None
