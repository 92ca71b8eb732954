import os
import random
from io import BytesIO
from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import ScrubOrder, Wants
from meti_desk.formats.pdf import PDF
from tests.formats.pdf.helpers import FULL, ORDER, labelled, qpdf_complains, scrubbed

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
SLICE = 14
REFUSED = {"libreoffice-writer-password.pdf": "document.encrypted"}
"""Files of the corpus that are not rewritten, and why."""


def corpus() -> list[Path]:
    files = sorted(Path(CORPUS).rglob("*.pdf")) if CORPUS else []
    return files if FULL or len(files) <= SLICE else random.Random(4).sample(files, SLICE)


FILES = corpus()
pytestmark = pytest.mark.skipif(not FILES, reason="METI_DESK_CORPUS names no folder with PDFs")


def test_at_most_one_in_twenty_is_refused_for_another_reason_than_protection() -> None:
    refused = []
    for path in FILES:
        try:
            labelled(path.read_bytes())
        except MetiDeskError as error:
            if REFUSED.get(path.name) != error.code:
                refused.append((path.name, str(error)))
    assert len(refused) <= len(FILES) * 0.05, refused


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_files_are_inspected_labelled_and_scrubbed(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()
    before = PDF.inspect(BytesIO(data), Wants())
    if path.name in REFUSED:
        assert before.obstacle == "encrypted"
        return
    marked, report = labelled(data)
    assert report.marked + len(report.skipped) == before.pages
    after = PDF.inspect(BytesIO(marked), Wants())
    assert after.digest == before.digest
    assert after.properties == ORDER.properties
    assert qpdf_complains(marked, tmp_path) <= qpdf_complains(data, tmp_path)
    assert labelled(marked)[0] == marked
    clean = scrubbed(marked)
    seen = PDF.inspect(BytesIO(clean), Wants())
    assert seen.digest == before.digest
    assert seen.properties == ORDER.properties
    assert [one for one in seen.findings if one.removal != "blocks"] == []
    assert scrubbed(clean) == clean
    assert qpdf_complains(clean, tmp_path) == 0


@pytest.mark.parametrize("path", FILES[:4], ids=lambda path: path.name)
def test_damage_to_real_files_never_ends_in_anything_but_a_clear_error(path: Path) -> None:
    chance = random.Random(path.name)
    data = path.read_bytes()
    for _ in range(40 if FULL else 6):
        harmed = bytearray(data)
        for _ in range(20):
            harmed[chance.randrange(len(harmed))] = chance.randrange(256)
        for act in (labelled, lambda one: scrubbed(one, ScrubOrder())):
            try:
                act(bytes(harmed))
            except MetiDeskError as error:
                assert isinstance(error, InvalidInput) or error.code.startswith("document.")  # noqa: PT017
