"""What the event of a signature (電子署名, Art. 14-3) holds: who signed what, and by what."""

from collections.abc import Sequence

from meti_desk.domain.events import (
    ALGORITHMS,
    DOCUMENT,
    LABEL,
    LISTED,
    METHOD,
    REASON,
    SHA256,
    TITLE,
    Body,
    label_body,
)
from meti_desk.domain.label import AnyLabel

SIGN = "sign"

SIGNER = "signer"
CERTIFICATE = "certificate"
STAMPED = "stamped"
UNLISTED = "unlisted"


def sign_body(
    *,
    document: str,
    title: str,
    label: AnyLabel | None,
    sha256: str,
    method: str,
    signer: str,
    certificate: str,
    algorithms: Sequence[str],
    listed: bool,
    reason: str = "",
    unlisted: str = "",
    stamped: str = "",
) -> Body:
    """Write that a document was signed: `sha256` is that of the bytes that were signed.

    `certificate` is the SHA-256 of the signer's certificate, so that every use of a key can be
    found when it is exposed (30-2). `reason` is what the signer wrote, `unlisted` why an algorithm
    that is not listed was unavoidable (30-1), `stamped` the time of an authority's stamp.
    """
    return {
        DOCUMENT: document,
        TITLE: title,
        LABEL: label_body(label),
        SHA256: sha256,
        METHOD: method,
        SIGNER: signer,
        CERTIFICATE: certificate,
        ALGORITHMS: list(algorithms),
        LISTED: listed,
        REASON: reason,
        UNLISTED: unlisted,
        STAMPED: stamped,
    }
