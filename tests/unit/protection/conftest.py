"""Files made on the spot for the protection tests."""

import io
import sys
from pathlib import Path

import pytest

# Test folders are no packages; what the tests here share lies beside them.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def docx() -> io.BytesIO:
    """Give a real Word document with Japanese text."""
    from docx import Document

    document = Document()
    document.add_paragraph("会議の結果は部外秘である。")
    document.core_properties.author = "経済 太郎"
    out = io.BytesIO()
    document.save(out)
    return out


@pytest.fixture
def pdf() -> io.BytesIO:
    """Give a PDF of two pages with text and properties."""
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor("Keizai Taro")
    for page in (1, 2):
        canvas.drawString(72, 720, f"confidential page {page}")
        canvas.showPage()
    canvas.save()
    return out
