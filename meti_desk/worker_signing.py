"""The worker's jobs for signatures (電子署名): composed of what knows PDFs and what knows CMS.

Listed in `meti_desk.protection.signing.base`; each imports what it needs when it runs.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from meti_desk.isolation.perform import Job

if TYPE_CHECKING:
    from meti_desk.protection.signing.base import (
        FinishOrder,
        FoundSignature,
        PreparedPdf,
        SignPdfOrder,
        StampOrder,
        StampReport,
        VerifyOrder,
        VerifyReport,
    )

Files = Mapping[str, BinaryIO]

_LARGEST_STAMP = 1 << 20


def _sign_prepare(order: "SignPdfOrder", files: Files) -> "PreparedPdf":
    from meti_desk.formats.pdf.stamp import picture_of
    from meti_desk.protection.signing.pdf_write import prepare

    place = order.place
    picture = picture_of(order.lines, place.width, place.height) if place else b""
    return prepare(files["source"], files["target"], order, picture)


def _sign_finish(order: "FinishOrder", files: Files) -> "VerifyReport":
    """Put the signature into its gap, and prove the file by verifying it as any other."""
    from meti_desk.protection.signing.base import VerifyOrder
    from meti_desk.protection.signing.pdf_write import fill

    fill(files["target"], order.signature, order.start, order.end)
    return _verified(VerifyOrder(trust=order.trust), files["target"])


def _verify_pdf(order: "VerifyOrder", files: Files) -> "VerifyReport":
    return _verified(order, files["source"])


def _verified(order: "VerifyOrder", source: BinaryIO) -> "VerifyReport":
    """Verify all signatures, and read our properties as they stood in each signed revision."""
    from meti_desk.formats.pdf.signed import properties_until
    from meti_desk.protection.signing.base import VerifyReport
    from meti_desk.protection.signing.pdf_read import verify_pdf

    found = verify_pdf(source, order.trust)
    size = source.seek(0, 2)

    def with_properties(one: "FoundSignature") -> "FoundSignature":
        told = properties_until(source, one.covered) if one.covered else None
        return msgspec.structs.replace(one, signed_properties=told)

    return VerifyReport(
        signatures=tuple(map(with_properties, found)),
        properties=(properties_until(source, size) or {}) if found else {},
    )


def _verify_cms(order: "VerifyOrder", files: Files) -> "VerifyReport":
    from meti_desk.protection.signing.judge import verify_cms

    if "sidecar" in files:
        return verify_cms(files["sidecar"], files["source"], order.trust)
    return verify_cms(files["source"], None, order.trust)


def _read_stamp(order: "StampOrder", files: Files) -> "StampReport":
    from meti_desk.protection.signing.stamps import read_answer

    files["source"].seek(0)
    return read_answer(files["source"].read(_LARGEST_STAMP), order)


_ORDERS = "meti_desk.protection.signing.base"

SIGNING_JOBS: dict[str, Job] = {
    "sign_prepare": Job(f"{_ORDERS}:SignPdfOrder", _sign_prepare),
    "sign_finish": Job(f"{_ORDERS}:FinishOrder", _sign_finish),
    "verify_pdf": Job(f"{_ORDERS}:VerifyOrder", _verify_pdf),
    "verify_cms": Job(f"{_ORDERS}:VerifyOrder", _verify_cms),
    "read_stamp": Job(f"{_ORDERS}:StampOrder", _read_stamp),
}

SIGNING_MODULES = (
    "meti_desk.protection.signing.judge",
    "meti_desk.protection.signing.pdf_read",
    "meti_desk.formats.pdf.signed",
)
"""What these jobs need; loaded ahead once one of them has run."""
