"""The mark adds no page: LibreOffice prints a labelled workbook on as many pages as before."""

import io
import os
import random
from pathlib import Path

import pikepdf
import pytest

from meti_desk.domain.errors import MetiDeskError
from tests.formats.libreoffice import SOFFICE, convert
from tests.formats.ooxml.xlsx.workbooks import book, labelled, number, row, sheet

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
FULL = bool(os.environ.get("METI_DESK_FULL"))
TIGHT = "CVLKRA-KYC_Download_File_Structure_V3.1.xlsx"
"""A sheet of it fills its pages to the last line, and has headers of its own."""
needs_office = pytest.mark.skipif(SOFFICE is None, reason="soffice is missing")


def _printed(folder: Path, files: list[Path]) -> dict[str, int]:
    convert(folder, files, "pdf", folder / "out")
    counts = {}
    for path in sorted((folder / "out").glob("*.pdf")):
        with pikepdf.open(path) as pdf:
            counts[path.stem] = len(pdf.pages)
    return counts


def _both(folder: Path, name: str, data: bytes) -> list[Path]:
    try:
        marked = labelled(io.BytesIO(data)).getvalue()
    except MetiDeskError:
        return []
    pair = [folder / f"{name}-a.xlsx", folder / f"{name}-b.xlsx"]
    for path, content in zip(pair, (data, marked), strict=True):
        path.write_bytes(content)
    return pair


def _same(counts: dict[str, int]) -> int:
    names = {stem[:-2] for stem in counts}
    grown = {name for name in names if counts.get(f"{name}-a") != counts.get(f"{name}-b")}
    assert grown == set()
    return len(names)


@needs_office
@pytest.mark.libreoffice
@pytest.mark.timeout(300)
def test_a_header_that_was_there_takes_no_more_room(tmp_path: Path) -> None:
    files = []
    for count in range(38, 60, 2):
        rows = "".join(row(n, number(f"A{n}", str(n))) for n in range(1, count * 4))
        made = book(
            sheet(rows, "<headerFooter><oddHeader>&amp;LTitle&amp;CMiddle</oddHeader>"
                        "</headerFooter>")
        )  # fmt: skip
        files += _both(tmp_path, f"{count}", made.getvalue())
    assert _same(_printed(tmp_path, files)) == 11


@needs_office
@pytest.mark.libreoffice
@pytest.mark.skipif(not CORPUS, reason="METI_DESK_CORPUS is not set")
@pytest.mark.timeout(1800)
def test_real_workbooks_keep_their_pages(tmp_path: Path) -> None:
    found = sorted(Path(CORPUS).rglob("*.xlsx"))
    if not FULL:
        found = [*random.Random(9).sample(found, 2), *(p for p in found if p.name == TIGHT)]
    files = [
        one for n, path in enumerate(found) for one in _both(tmp_path, str(n), path.read_bytes())
    ]
    assert _same(_printed(tmp_path, files)) >= 1
