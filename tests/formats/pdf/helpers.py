"""Small shorthands of the PDF tests."""

import os
import subprocess
from io import BytesIO
from pathlib import Path

from meti_desk.formats.base import Inspection, LabelOrder, LabelReport, ScrubOrder, Wants
from meti_desk.formats.pdf import PDF, pdfium

MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({"jp.go.meti.label": "C2;I2;A1", "jp.go.meti.handling": "複製禁止"}, MARK)
FULL = os.environ.get("METI_DESK_FULL") == "1"


def labelled(data: bytes, order: LabelOrder = ORDER) -> tuple[bytes, LabelReport]:
    """Label a document and let the proof look at it."""
    target = BytesIO()
    report = PDF.write_label(BytesIO(data), target, order)
    PDF.verify_label(BytesIO(data), target, order)
    return target.getvalue(), report


def scrubbed(data: bytes, order: ScrubOrder = ScrubOrder()) -> bytes:  # noqa: B008 - frozen
    """Scrub a document and let the proof look at it."""
    target = BytesIO()
    PDF.scrub(BytesIO(data), target, order)
    PDF.verify_scrub(BytesIO(data), target, order)
    return target.getvalue()


def inspected(data: bytes, **wants: bool) -> Inspection:
    """Inspect a document."""
    return PDF.inspect(BytesIO(data), Wants(**wants))


def texts(data: bytes) -> list[pdfium.PageRead]:
    """Read the pages of a document."""
    return pdfium.read_pages(BytesIO(data))


def kinds(data: bytes) -> set[str]:
    """Give the kinds of findings in a document."""
    return {one.kind for one in inspected(data).findings}


def qpdf_complains(data: bytes, folder: Path) -> int:
    """Ask qpdf to check a file: 0 sound, 2 errors, 3 warnings."""
    path = folder / "checked.pdf"
    path.write_bytes(data)
    return subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode
