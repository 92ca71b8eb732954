"""What stood in an older revision of a PDF: the label as it was signed (Art. 14-3)."""

from io import BytesIO
from typing import BinaryIO

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.pdf import properties
from meti_desk.formats.pdf.opening import opened

_MOST = 256 << 20
"""Bytes of a revision that is read in memory; what is larger is told as not read."""


def properties_until(source: BinaryIO, end: int) -> dict[str, str] | None:
    """Read our properties from the first `end` bytes; `None` where they cannot be read."""
    if end > _MOST:
        return None
    source.seek(0)
    try:
        with opened(BytesIO(source.read(end))) as pdf:
            return properties.read(pdf)
    except MetiDeskError:
        return None
