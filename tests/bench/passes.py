"""Protecting and labelling inside a worker, beside the library alone."""

import io
import os
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import docx
import msoffcrypto.format.ooxml
import pikepdf
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from meti_desk.formats.base import LabelOrder
from meti_desk.formats.pdf import PDF
from meti_desk.protection.base import Lock
from meti_desk.protection.registry import protect

PASSWORD = "correct horse battery staple"
_MARK = "機密性2情報・印刷禁止"
WRITTEN = "written, no mark"
_PROPERTIES = {"jp.go.meti.label": "C2;I1;A1"}


class Pair(NamedTuple):
    """Median seconds: ours, with its proof, and the peer's, without one."""

    ours: float
    peer: float


def office(size: int = 1 << 20) -> Pair:
    """Protect a Word document of so many bytes; msoffcrypto-tool encrypts it without a proof."""
    document = _document(size)

    def ours() -> None:
        protect("office", io.BytesIO(document), io.BytesIO(), Lock(PASSWORD), name="a.docx")

    def peer() -> None:
        file = msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(document))
        file.encrypt(PASSWORD, io.BytesIO())

    return _both(ours, peer)


def pdf(pages: int = 200) -> dict[str, Pair]:
    """Label a PDF of so many pages: written only, with the mark on every page, with the proof.

    pikepdf reads and saves the same beside each of them.
    """
    document = _pages(pages)

    def ours(mark: str | None, *, proof: bool) -> None:
        order, target = LabelOrder(_PROPERTIES, mark), io.BytesIO()
        PDF.write_label(io.BytesIO(document), target, order)
        if proof:
            PDF.verify_label(io.BytesIO(document), target, order)

    def peer() -> None:
        with pikepdf.open(io.BytesIO(document)) as file:
            file.save(io.BytesIO())

    return {
        WRITTEN: _both(lambda: ours(None, proof=False), peer),
        "written, mark on every page": _both(lambda: ours(_MARK, proof=False), peer),
        "mark and proof": _both(lambda: ours(_MARK, proof=True), peer),
        "no mark, proof": _both(lambda: ours(None, proof=True), peer),
    }


def _both(ours: Callable[[], None], peer: Callable[[], None], times: int = 5) -> Pair:
    """Take turns, so that whatever else the machine does meets both; the first round warms up."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times + 1):
        for work, into in zip((ours, peer), taken, strict=True):
            started = time.perf_counter()
            work()
            into.append(time.perf_counter() - started)
    return Pair(*(statistics.median(times[1:]) for times in taken))


def _document(size: int) -> bytes:
    """Make a Word document of about `size` bytes, most of which no compression makes smaller."""
    whole, picture = io.BytesIO(), io.BytesIO()
    side = 64
    while picture.tell() < size - 40_000:
        picture = io.BytesIO()
        Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(picture, "PNG")
        side = int(side * 1.2)
    picture.seek(0)
    made = docx.Document()
    made.add_picture(picture)
    made.save(whole)
    return whole.getvalue()


def _pages(count: int) -> bytes:
    whole = io.BytesIO()
    canvas = Canvas(whole)
    for number in range(count):
        for line in range(40):
            canvas.drawString(72, 760 - 17 * line, f"page {number} line {line}: subsidies, reports")
        canvas.showPage()
    canvas.save()
    return whole.getvalue()
