"""Redacting in tests, and looking at the result with programs that are not ours."""

import re
import subprocess
import unicodedata
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from meti_desk.formats.pdf.redaction import redact
from meti_desk.formats.redaction import RedactionArea, RedactOrder, RedactReport


def redacted(
    data: bytes, *words: str, areas: tuple[RedactionArea, ...] = (), **more: Any
) -> tuple[bytes, RedactReport]:
    """Redact a document; the proof looks at it on the way."""
    target = BytesIO()
    order = RedactOrder(words=words, areas=areas, **more)
    report = redact(BytesIO(data), target, order)
    return target.getvalue(), report


def poppler_text(data: bytes, folder: Path) -> str:
    """Read a document's text with Poppler."""
    path = folder / "read.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def folded(text: str) -> str:
    """Give text without blanks, case and width."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def everything(data: bytes) -> bytes:
    """Give all streams unpacked and all objects, with the strings of content put together."""
    held = bytearray()
    with pikepdf.open(BytesIO(data)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                held += one.stream_dict.unparse(resolved=True)
                try:
                    content = one.read_bytes()
                except pikepdf.PdfError:
                    content = one.read_raw_bytes()
                held += content + b"\n" + b"".join(re.findall(rb"\(([^()]*)\)", content)) + b"\n"
            elif isinstance(one, pikepdf.Dictionary | pikepdf.Array):
                held += one.unparse(resolved=True) + b"\n"
    return bytes(held)


def picture(data: bytes, page: int = 1, dpi: int = 72) -> tuple[int, int, bytes]:
    """Draw a page in grey with Poppler: width, height, pixels."""
    done = subprocess.run(
        ["pdftoppm", "-cropbox", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"],
        input=data, capture_output=True, check=True,
    )  # fmt: skip
    _, size, _, pixels = done.stdout.split(b"\n", 3)
    wide, high = map(int, size.split())
    return wide, high, pixels


def grey_at(shown: tuple[int, int, bytes], x: float, y: float) -> int:
    """Give the grey of a pixel, from the upper left corner."""
    wide, _, pixels = shown
    return pixels[int(y) * wide + int(x)]
