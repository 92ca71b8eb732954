"""Real presentations: labelled and proven or refused by a code; seen as before but for the mark."""

import io
import os
import random
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from pptx import Presentation

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import LabelOrder, Wants
from meti_desk.formats.inspecting import inspect
from meti_desk.formats.ooxml.pptx import PPTX
from meti_desk.formats.ooxml.xml import Element
from meti_desk.formats.registry import find
from tests.formats.libreoffice import SOFFICE, convert, pages
from tests.formats.ooxml.pptx.decks import clock_stopped

CORPUS = os.environ.get("METI_DESK_CORPUS")
FULL = bool(os.environ.get("METI_DESK_FULL"))
MARK = "機密性2情報（完全性2・可用性1） 複製禁止"
ORDER = LabelOrder({"jp.go.meti.label": "C2;I2;A1", "jp.go.meti.id": "x"}, MARK)
KINDS = ("pptx", "pptm", "potx", "potm", "ppsx", "ppsm")
needs_corpus = pytest.mark.skipif(CORPUS is None, reason="METI_DESK_CORPUS is not set")
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TOUCHED = ("[Content_Types].xml", "_rels/.rels", "docProps/custom.xml", "ppt/slides/slide")


def _files(count: int, seed: int) -> list[Path]:
    found = sorted(
        path for kind in KINDS for path in Path(CORPUS or "/nonexistent").rglob(f"*.{kind}")
    )
    if FULL or len(found) <= count:
        return found
    return sorted(random.Random(seed).sample(found, count))


def _packed(box: zipfile.ZipFile, data: bytes, name: str) -> bytes:
    info = box.getinfo(name)
    head = info.header_offset + 26
    lengths = [int.from_bytes(data[at : at + 2], "little") for at in (head, head + 2)]
    start = head + 4 + sum(lengths)
    return data[start : start + info.compress_size]


def _others_are_untouched(before: bytes, after: bytes) -> None:
    one, two = (zipfile.ZipFile(io.BytesIO(data)) for data in (before, after))
    for name in one.namelist():
        if not name.startswith(_TOUCHED):
            assert _packed(one, before, name) == _packed(two, after, name), name


def _label(path: Path) -> str:
    source = io.BytesIO(path.read_bytes())
    try:
        assert find(source).family.id in {"pptx", "docx"}
        seen = inspect(source, None, Wants(name=path.name))
        if seen.obstacle:
            return seen.obstacle
        out = io.BytesIO()
        report = PPTX.write_label(source, out, ORDER)
    except MetiDeskError as refused:
        return refused.code
    PPTX.verify_label(source, out, ORDER)
    assert report.marked == seen.pages, path
    after = PPTX.inspect(out, Wants(findings=False))
    assert (after.digest, after.properties) == (seen.digest, ORDER.properties), path
    _others_are_untouched(source.getvalue(), out.getvalue())
    again, bare = io.BytesIO(), io.BytesIO()
    PPTX.write_label(out, again, ORDER)
    assert again.getvalue() == out.getvalue(), path
    PPTX.write_label(out, bare, LabelOrder({}, ""))
    one, two = (zipfile.ZipFile(held) for held in (source, bare))
    slides = [name for name in one.namelist() if name.startswith("ppt/slides/slide")]
    assert [one.read(name) for name in slides] == [two.read(name) for name in slides], path
    _python_pptx_reads(out, path)
    return ""


def _python_pptx_reads(out: io.BytesIO, path: Path) -> None:
    """Let another reader find mark and properties; what it could not open before is no matter."""
    try:
        Presentation(str(path))
    except Exception:  # noqa: BLE001 - whatever another program says about this file
        return
    opened = Presentation(out)
    for slide in opened.slides:
        assert [one.text_frame.text for one in slide.shapes if one.name == "jp.go.meti.mark"] == [
            MARK
        ], path
    blob = opened.part.package.part_related_by(_CUSTOM).blob
    values = {one.get("name"): "".join(map(str, one.itertext())) for one in etree.fromstring(blob)}
    assert ORDER.properties.items() <= values.items(), path


@needs_corpus
def test_real_presentations_are_labelled_or_refused_by_code() -> None:
    files = _files(40, seed=7)
    refused = {path.name: code for path in files if (code := _label(path))}
    assert set(refused.values()) <= {"document.damaged", "encrypted", "signed"}, refused
    assert len(refused) <= max(1, len(files) * 0.05), refused


@needs_corpus
def test_the_text_has_every_word_that_python_pptx_finds() -> None:
    for path in _files(25, seed=3):
        try:
            theirs = Presentation(str(path))
        except Exception:  # noqa: BLE001, S112 - whatever another program says about this file
            continue
        source = io.BytesIO(path.read_bytes())
        seen = PPTX.inspect(source, Wants(findings=False, digest=False, text=True))
        ours = {one.place: Counter(one.text.split()) for one in seen.text}
        for number, slide in enumerate(theirs.slides, start=1):
            _drop_what_programs_fill_in(slide.element)
            for shape in slide.shapes:
                hidden = 'hidden="1"' in etree.tostring(shape.element, encoding="unicode")
                if shape.has_text_frame and not hidden:
                    words = Counter(shape.text_frame.text.split())
                    assert not words - ours.get(f"slide {number}", Counter()), (path, number)


def _drop_what_programs_fill_in(slide: Element) -> None:
    for one in list(slide.iter("{*}fld")):
        parent = one.getparent()
        if parent is not None and str(one.get("type")).startswith(("datetime", "slidenum")):
            parent.remove(one)


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, tuple[Path, Path]]]:
    """Convert originals and marked copies to PDF, a number of them in one run of LibreOffice."""
    if CORPUS is None or SOFFICE is None:
        pytest.skip("METI_DESK_CORPUS or soffice is missing")
    folder = tmp_path_factory.mktemp("office")
    made: dict[Path, tuple[Path, Path]] = {}
    for number, path in enumerate(_files(3, seed=11)):
        source, out = io.BytesIO(path.read_bytes()), io.BytesIO()
        try:
            report = PPTX.write_label(source, out, ORDER)
        except MetiDeskError:
            continue
        if not report.marked:
            # Of a template without slides LibreOffice makes an empty page that is in no file.
            continue
        (folder / f"{number}a.pptx").write_bytes(clock_stopped(source))
        (folder / f"{number}b.pptx").write_bytes(clock_stopped(out))
        made[path] = (folder / f"{number}a.pdf", folder / f"{number}b.pdf")
    convert(folder, sorted(folder.glob("*.pptx")), "pdf")
    yield made
    shutil.rmtree(folder)


@needs_corpus
@pytest.mark.libreoffice
@pytest.mark.timeout(1800)
def test_libreoffice_shows_the_mark_on_every_slide_and_all_else_as_before(
    converted: dict[Path, tuple[Path, Path]],
) -> None:
    mark = "".join(MARK.split())
    checked = 0
    for path, (before, after) in converted.items():
        if not before.exists():
            continue
        one, two = pages(before), pages(after)
        assert len(one) == len(two), path
        for number, (bare, marked) in enumerate(zip(one, two, strict=True), start=1):
            assert marked.count(mark) == 1, (path, number)
            assert sorted(marked.replace(mark, "")) == sorted(bare), (path, number)
        checked += 1
    assert checked >= 1
