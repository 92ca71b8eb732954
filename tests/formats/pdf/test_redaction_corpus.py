"""Words of real files are taken out, or the file is refused with a code."""

import os
import re
from pathlib import Path

import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.redaction import RedactionArea
from tests.formats.pdf.helpers import FULL, qpdf_complains, texts
from tests.formats.pdf.redacted import folded, poppler_text, redacted

CORPUS = os.environ.get("METI_DESK_CORPUS")
LARGEST = 20_000_000 if FULL else 2_000_000
REFUSALS = {
    "document.damaged", "document.encrypted", "document.signed", "scrub.text-changed",
    "redact.not-possible", "redact.left-behind", "redact.text-changed",
}  # fmt: skip

pytestmark = pytest.mark.skipif(not CORPUS, reason="needs METI_DESK_CORPUS, real files")


def files() -> list[Path]:
    found = sorted(Path(CORPUS or "").rglob("*.pdf"))
    small = [one for one in found if one.stat().st_size <= LARGEST]
    return small if FULL else small[::3]


def test_words_of_real_files(tmp_path: Path) -> None:
    done, refused = [], []
    for path in files():
        data = path.read_bytes()
        try:
            pages = texts(data)
        except MetiDeskError:
            continue
        words = sorted({word for page in pages for word in re.findall(r"[^\W\d]{4,8}", page.text)})
        if not words:
            continue
        word = words[len(words) // 2]
        try:
            result, report = redacted(data, word)
        except MetiDeskError as error:
            refused.append((error.code, path.name))
            continue
        assert report.places, path
        assert folded(word) not in folded(poppler_text(result, tmp_path)), path
        assert qpdf_complains(result, tmp_path) != 2, path
        done.append(path)
    assert {code for code, _ in refused} <= REFUSALS
    assert len(refused) <= max(len(done) // 8, 2), refused


def test_areas_of_real_files(tmp_path: Path) -> None:
    done, refused = [], []
    for path in files():
        try:
            result, _ = redacted(path.read_bytes(), areas=(RedactionArea(1, 60, 60, 30, 20),))
        except MetiDeskError as error:
            refused.append((error.code, path.name))
            continue
        assert qpdf_complains(result, tmp_path) != 2, path
        done.append(path)
    assert {code for code, _ in refused} <= REFUSALS | {"redact.area-outside"}
    assert len(refused) <= max(len(done) // 4, 2), refused
