"""Fingerprints come from the text of any family, in the confined worker too (Art. 6)."""

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from meti_desk.evidence.prints import prints, unpack
from meti_desk.formats.base import Inspection, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.isolation import choose
from meti_desk.services.ports import Workers

TEXT = "".join(f"第{number}条　補助金の審査の基準は次のとおりとする。" for number in range(20))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    made = docx.Document()
    made.add_paragraph(TEXT)
    path = tmp_path / "案.docx"
    made.save(str(path))
    return path


def test_fingerprints_are_those_of_the_text(document: Path) -> None:
    with document.open("rb") as file:
        found = inspect(file, None, Wants(prints=True))
        assert found.text == ()
        assert unpack(found.prints).tolist() == prints(TEXT).tolist()
        both = inspect(file, None, Wants(prints=True, text=True))
        assert both.prints == found.prints
        assert TEXT in both.text[0].text
        assert inspect(file, None, Wants()).prints == b""


def test_what_has_no_text_has_no_fingerprints_and_says_so() -> None:
    found = inspect(io.BytesIO(b"\x00\x01\x02" * 50), None, Wants(prints=True))
    assert found.prints
    assert unpack(found.prints).size == 0


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = choose.workers()
    yield made
    made.close()


def test_a_confined_worker_has_what_it_needs(document: Path, workers: Workers) -> None:
    for _ in range(2):  # the second process is forked with the libraries loaded
        with document.open("rb") as file:
            found = workers.run("inspect", Wants(prints=True), {"source": file}, Inspection)
        assert unpack(found.prints).tolist() == prints(TEXT).tolist()
