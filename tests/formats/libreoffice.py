"""LibreOffice for the tests: conversions in batches, and again for each that was left out."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

SOFFICE = shutil.which("soffice")
SAVED_AGAIN = "xlsx:Calc MS Excel 2007 XML"
"""A workbook as LibreOffice saves it."""
_AT_ONCE = 40


def convert(folder: Path, documents: Sequence[Path], form: str, out: Path | None = None) -> None:
    """Convert documents to a format, into `out` or beside them.

    `form` is an ending, or an ending and a filter (`SAVED_AGAIN`).
    """
    out = out or folder
    ending = form.partition(":")[0]
    for start in range(0, len(documents), _AT_ONCE):
        _run(folder, documents[start : start + _AT_ONCE], form, out)
    # A run that LibreOffice ends early says nothing about the documents behind it.
    for one in documents:
        if not (out / f"{one.stem}.{ending}").exists():
            _run(folder, [one], form, out)


def _run(folder: Path, documents: Sequence[Path], form: str, out: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", form, "--outdir", str(out),
         *map(str, documents)],
        check=False, capture_output=True, timeout=900,
    )  # fmt: skip


def pages(path: Path) -> list[str]:
    """Give the text of each page of a PDF, without white space."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    try:
        texts = [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()
    return ["".join(text.split()) for text in texts]
