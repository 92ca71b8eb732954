"""Real documents: labelled, scrubbed and proven, or refused by a code."""

import io
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import LabelOrder, ScrubOrder, Wants
from meti_desk.formats.ooxml.docx import DOCX
from meti_desk.formats.ooxml.package import Package
from meti_desk.formats.ooxml.scrub import findings_of
from tests.formats.libreoffice import SOFFICE, convert, pages

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({"jp.go.meti.label": "C2;I2;A1"}, MARK)
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
ENDNOTE_PAGES = {"notes.docx"}
"""LibreOffice puts endnotes on a page of its own style, which shows no header of the document."""


def _files(count: int, *, chosen: random.Random | None = None) -> list[Path]:
    found = sorted(
        path
        for kind in ("docx", "docm", "dotx", "dotm")
        for path in Path(CORPUS or "/nonexistent").rglob(f"*.{kind}")
    )
    if FULL or len(found) <= count:
        return found
    return sorted((chosen or random.Random(7)).sample(found, count))


def _blocking(file: io.BytesIO, order: ScrubOrder) -> tuple[str, ...]:
    """Give the kinds that a person would have to decide on first."""
    found = findings_of(Package(file), order)
    return tuple({one.kind for one in found if one.removal == "blocks"})


def _label_and_scrub(path: Path) -> str:
    source = io.BytesIO(path.read_bytes())
    try:
        seen = DOCX.inspect(source, Wants())
        if seen.obstacle:
            return seen.obstacle
        if any(one.kind == "docx.damaged-part" for one in seen.findings):
            return "document.damaged"
        labelled = io.BytesIO()
        DOCX.write_label(source, labelled, ORDER)
    except MetiDeskError as refused:
        return refused.code
    DOCX.verify_label(source, labelled, ORDER)
    for purpose in ("provide", "publish"):
        order = ScrubOrder(purpose=purpose)  # type: ignore[arg-type]
        clean = io.BytesIO()
        blocking = ScrubOrder(purpose=order.purpose, keep=_blocking(labelled, order))
        DOCX.scrub(labelled, clean, blocking)
        order = blocking
        DOCX.verify_scrub(labelled, clean, order)
        left = [one for one in DOCX.inspect(clean, Wants()).findings if one.severity == "high"]
        assert [one for one in left if one.kind not in order.keep] == [], path
        assert DOCX.inspect(clean, Wants(findings=False)).digest == seen.digest, path
    return ""


@needs_corpus
def test_real_documents_are_labelled_and_scrubbed_or_refused_by_code() -> None:
    files = _files(60)
    refused = {path.name: code for path in files if (code := _label_and_scrub(path))}
    assert set(refused.values()) <= {"document.damaged", "encrypted", "signed"}, refused
    assert len(refused) <= max(1, len(files) * 0.05), refused


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, tuple[Path, Path]]]:
    """Convert originals and marked copies to PDF, in one run of LibreOffice."""
    if CORPUS is None or SOFFICE is None:
        pytest.skip("METI_DESK_CORPUS or soffice is missing")
    folder = tmp_path_factory.mktemp("office")
    made: dict[Path, tuple[Path, Path]] = {}
    for number, path in enumerate(_files(3, chosen=random.Random(11))):
        source, out = io.BytesIO(path.read_bytes()), io.BytesIO()
        try:
            DOCX.write_label(source, out, ORDER)
        except MetiDeskError:
            continue
        (folder / f"{number}a.docx").write_bytes(source.getvalue())
        (folder / f"{number}b.docx").write_bytes(out.getvalue())
        made[path] = (folder / f"{number}a.pdf", folder / f"{number}b.pdf")
    convert(folder, sorted(folder.glob("*.docx")), "pdf")
    yield made
    shutil.rmtree(folder)


@needs_corpus
@pytest.mark.libreoffice
@pytest.mark.timeout(1800)
def test_libreoffice_shows_the_mark_on_every_page_and_moves_nothing(
    converted: dict[Path, tuple[Path, Path]],
) -> None:
    mark = "".join(MARK.split())
    checked = 0
    for path, (before, after) in converted.items():
        if not before.exists():
            continue
        one, two = pages(before), pages(after)
        assert len(one) == len(two), path
        unmarked = [number for number, text in enumerate(two) if mark not in text]
        assert unmarked == [] or path.name in ENDNOTE_PAGES, path
        assert sorted("".join(one)) == sorted("".join(two).replace(mark, "")), path
        checked += 1
    assert checked >= 1
