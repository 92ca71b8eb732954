"""exiftool and mat2 find nothing in scrubbed files that tells of a person, device or time."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from meti_desk.formats.base import Purpose
from tests.e2e.conftest import Cli
from tests.e2e.remaining_tags import (
    BEGIN,
    END,
    Tag,
    by_exiftool,
    by_mat2,
    programs,
    scrub_all,
    table,
    unknown,
)
from tests.e2e.whole_corpus import files_of
from tests.formats.archive.test_archive_scrub import members
from tests.formats.image.pictures import device_profile, saved
from tests.formats.odf.test_odf_scrub import PLANTED as OPEN_DOCUMENTS

CORPUS = os.environ.get("METI_DESK_CORPUS", "")
FULL = bool(os.environ.get("METI_DESK_FULL"))
SLICE = 40
FAMILIES = {"docx", "xlsx", "pptx", "odt", "ods", "odp", "pdf", "jpeg", "png", "tiff", "webp",
            "heic", "gif", "mp3", "wav", "flac", "ogg", "avi", "mp4", "mov", "bmp", "svg", "eml",
            "zip"}  # fmt: skip
"""What is planted here; AVIF stands in the corpus."""
READ_BY_NONE = {"eml", "html", "rtf"}
"""Neither program reads these: what is in them is proven by tests/formats alone."""
needs_programs = pytest.mark.skipif(not programs(), reason="exiftool and mat2 are not installed")


def _planted(folder: Path) -> Iterator[Path]:
    """Write a planted file of every family."""
    from tests.formats.ooxml.planted import Planted
    from tests.formats.planted.archives import zipped

    held = {name.rsplit("/", 1)[-1]: data for name, data in members()[0].items() if data}
    for kind, build in OPEN_DOCUMENTS.items():
        held[f"a.{kind}"] = build()[0].getvalue()
    held["screen.png"] = saved("PNG", icc_profile=device_profile())
    held["all.zip"] = zipped(Planted(), dict(held))
    for name, data in held.items():
        # Neither program looks into a file whose extension it does not know.
        path = folder / name.replace(".rf64", " 64.wav").replace(".ogg-flac", " flac.ogg")
        path.write_bytes(data)
        yield path


def _plain(folder: Path) -> None:
    """Write documents that nobody labelled yet."""
    import docx
    import openpyxl
    import pptx

    from tests.formats.odf.builder import document
    from tests.formats.pdf.build import plain

    docx.Document().save(str(folder / "a.docx"))
    openpyxl.Workbook().save(str(folder / "a.xlsx"))
    pptx.Presentation().save(str(folder / "a.pptx"))
    for name, data in (
        ("a.odt", document().getvalue()),
        ("a.pdf", plain()),
        ("a.png", saved("PNG")),
        ("a.jpeg", saved("JPEG")),
    ):
        (folder / name).write_bytes(data)


def _told(tags: list[Tag]) -> str:
    return "\n".join(f"{tag.group}:{tag.name} = {tag.value[:80]} ({tag.file})" for tag in tags[:40])


@needs_programs
@pytest.mark.parametrize("purpose", ["provide", "publish"])
@pytest.mark.timeout(300)
def test_nothing_tells_in_planted_files_of_every_family(tmp_path: Path, purpose: Purpose) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    files = list(_planted(folder))
    before = unknown(by_exiftool(folder))
    assert len(before) > 100
    out = scrub_all(files, purpose, tmp_path)
    made = {path.suffix[1:] for path in out.iterdir()}
    if purpose == "provide":
        assert made >= FAMILIES
    seen = [*by_exiftool(out), *by_mat2(out)]
    assert unknown(seen) == [], _told(unknown(seen))
    assert {path.suffix[1:] for path in out.iterdir()} - {
        Path(tag.file).suffix[1:] for tag in seen
    } <= READ_BY_NONE


@needs_programs
def test_the_label_alone_stays_where_a_labelled_document_is_provided(
    cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    _plain(folder)
    files = sorted(folder.iterdir())
    labelled = tmp_path / "labelled"
    code, done = cli("classify", *files, "-c", "2", "--out", labelled)
    assert code == 0, done
    code, done = cli("scrub", labelled, "--out", tmp_path / "out")
    assert code == 0, done
    seen = [*by_exiftool(tmp_path / "out"), *by_mat2(tmp_path / "out")]
    assert {Path(tag.file).suffix for tag in seen if "abel" in tag.name} >= {".docx", ".xlsx"}
    assert unknown(seen) == [], _told(unknown(seen))


@needs_programs
@pytest.mark.skipif(not CORPUS or not Path(CORPUS).is_dir(), reason="METI_DESK_CORPUS is not set")
@pytest.mark.parametrize("purpose", ["provide", "publish"])
@pytest.mark.timeout(1200)
def test_nothing_tells_in_real_files(tmp_path: Path, purpose: Purpose) -> None:
    real = Path(CORPUS)
    if not FULL:
        # Each in a folder of its own: many have the same name.
        real = tmp_path / "in"
        for number, path in enumerate(random.Random(4).sample(files_of(Path(CORPUS)), SLICE)):
            place = real / f"{number:04d}"
            place.mkdir(parents=True)
            shutil.copyfile(path, place / path.name)
    out = scrub_all([real], purpose, tmp_path)
    seen = [*by_exiftool(out), *by_mat2(out)]
    assert unknown(seen) == [], _told(unknown(seen))


def test_the_reasons_stand_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs/removal.md").read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0].strip() == "\n".join(table())
