"""Pictures inside an SVG: `data:` addresses, cleaned by the family that knows the picture."""

import base64
import binascii
import io
import re
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import (
    MAGIC_BYTES,
    DocumentFormat,
    Finding,
    Removed,
    ScrubOrder,
    ScrubReport,
    Wants,
)

ADDRESS = re.compile(r"data:([^,]*),(.*)\Z", re.DOTALL | re.IGNORECASE)
_FONT = re.compile(r"(?:font/|application/(?:x-)?(?:font|vnd\.ms-fontobject))")
_MARKUP = "image/svg+xml"


class Inner(NamedTuple):
    """What became of an embedded file: its new address, and what was found in it."""

    address: str
    findings: tuple[Finding, ...]
    report: ScrubReport
    digest: str


def is_font(address: str) -> bool:
    """Tell whether an address holds a font, which is part of how the picture looks."""
    found = ADDRESS.match(address)
    return found is not None and _FONT.match(found[1].lower()) is not None


def decode(address: str) -> bytes | None:
    """Give the bytes of a `data:` address."""
    found = ADDRESS.match(address)
    if found is None:
        return None
    try:
        plain = unquote_to_bytes(found[2])
        if found[1].lower().replace(" ", "").endswith(";base64"):
            return base64.b64decode(b"".join(plain.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return plain


def encode(address: str, block: bytes) -> str:
    """Give the address for other bytes of the same type."""
    found = ADDRESS.match(address)
    head = found[1] if found else ""
    if head.lower().replace(" ", "").endswith(";base64"):
        return f"data:{head},{base64.b64encode(block).decode()}"
    return f"data:{head},{quote_from_bytes(block)}"


def family_of(block: bytes) -> DocumentFormat | None:
    """Find the family of an embedded picture; other files are not looked into here."""
    from meti_desk.formats.image.family import IMAGES
    from meti_desk.formats.media.family import MEDIA
    from meti_desk.formats.media.svg import DRAWINGS

    head = block[:MAGIC_BYTES]
    families: tuple[DocumentFormat, ...] = (IMAGES, MEDIA, DRAWINGS)
    for one in families:
        if one.recognise(head, io.BytesIO(block)) is not None:
            return one
    return None


def clean(address: str, order: ScrubOrder) -> Inner | None:
    """Clean an embedded picture; `None` where it cannot be looked into."""
    block = decode(address)
    family = family_of(block) if block else None
    if block is None or family is None:
        return None
    source, target = io.BytesIO(block), io.BytesIO()
    try:
        seen = family.inspect(source, Wants(purpose=order.purpose))
        report = family.scrub(source, target, order)
    except MetiDeskError:
        return None
    new = target.getvalue()
    return Inner(
        address if new == block else encode(address, new), seen.findings, report, seen.digest
    )


def removed(reports: list[ScrubReport]) -> list[Removed]:
    """List what went from all embedded pictures."""
    return [one for report in reports for one in report.removed]
