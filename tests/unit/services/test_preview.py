"""A look at a page, and at what a removal would give; nothing is left behind."""

import shutil
from pathlib import Path

import docx
import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.services import preview
from meti_desk.services.messages import ScrubRequest
from meti_desk.services.preview import page_view, scrub_preview
from meti_desk.system import office
from tests.formats.image.pictures import exif, saved
from tests.formats.pdf import build
from tests.unit.services.fakes import World


def paper(world: World, data: bytes) -> Path:
    path = world.folder / "案.pdf"
    path.write_bytes(data)
    return path


def test_a_page_of_a_pdf_is_given_as_pixels(world: World) -> None:
    path = paper(world, build.plain(pages=3, size=(400, 200)))
    view = page_view(world.ctx, str(path), page=3, longest=200)
    assert view is not None
    assert (view.width, view.height, view.pages) == (200, 100, 3)
    assert (view.points_wide, view.points_high) == (400, 200)
    assert len(view.pixels) == 3 * 200 * 100
    assert view.pixels[:3] == b"\xff\xff\xff"
    assert min(view.pixels) < 100  # the words
    assert page_view(world.ctx, str(path), page=4) is None


def test_other_formats_have_no_picture_and_odd_sizes_are_refused(world: World) -> None:
    assert page_view(world.ctx, str(world.word())) is None
    broken = world.folder / "壊れた.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"\0" * 400)
    assert page_view(world.ctx, str(broken)) is None
    told = scrub_preview(world.ctx, ScrubRequest(paths=(str(broken),), out=str(world.out))).error
    assert told is not None
    assert told.code == "document.damaged"
    for page, longest in ((0, 100), (1, 0), (1, 100_000)):
        with pytest.raises(InvalidInput):
            page_view(world.ctx, str(world.word()), page, longest)


def _word(world: World, text: str = "") -> Path:
    path = world.word()
    if text:
        made = docx.Document()
        made.add_paragraph(text)
        made.core_properties.author = "秘密の作成者"
        made.save(str(path))
    return path


def _request(world: World, path: Path) -> ScrubRequest:
    return ScrubRequest(paths=(str(path),), out=str(world.out))


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="soffice is missing")
@pytest.mark.timeout(120)
def test_libreoffice_draws_page_one_before_and_after(world: World) -> None:
    path = _word(world, "補助金の審査の結果")
    data, files = path.read_bytes(), sorted(world.folder.rglob("*"))
    tried = scrub_preview(world.ctx, _request(world, path))
    if tried.picture == "not-confined":
        pytest.skip("this system lets nobody confine a program")
    assert (tried.error, tried.picture, tried.by_office) == (None, "", True)
    assert tried.removed
    assert tried.before is not None
    assert tried.after is not None
    # What is read is the same; the author was not on the page.
    assert tried.after == tried.before
    assert min(tried.before.pixels) < 100
    assert path.read_bytes() == data
    assert sorted(world.folder.rglob("*")) == files


def test_without_libreoffice_the_answer_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "_PLACES", (str(world.folder / "nowhere"),))
    office.program.cache_clear()
    try:
        tried = scrub_preview(world.ctx, _request(world, _word(world)))
    finally:
        office.program.cache_clear()
    assert (tried.error, tried.before, tried.picture) == (None, None, "not-installed")


def test_without_a_cage_libreoffice_is_not_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "program", lambda: "/bin/false")
    monkeypatch.setattr(office, "_cage", lambda _folder: ((), False))
    tried = scrub_preview(world.ctx, _request(world, _word(world)))
    assert tried.picture == "not-confined"


def test_of_a_picture_and_of_what_fails_there_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = world.folder / "動く.gif"
    path.write_bytes(saved("GIF", "P"))
    assert scrub_preview(world.ctx, _request(world, path)).picture == "format"
    monkeypatch.setattr(office, "program", lambda: "/bin/false")
    monkeypatch.setattr(office, "_cage", lambda _folder: ((), True))
    assert scrub_preview(world.ctx, _request(world, _word(world))).picture == "failed"
    monkeypatch.setattr(preview, "_LARGEST", 10)
    assert scrub_preview(world.ctx, _request(world, _word(world))).picture == "too-large"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_drawn_by_the_confined_reader_of_pdf(world: World, kind: str) -> None:
    path = world.folder / f"写真.{kind.lower()}"
    path.write_bytes(saved(kind, exif=exif(1, "秘密")))
    tried = scrub_preview(world.ctx, _request(world, path))
    assert (tried.error, tried.picture, tried.by_office) == (None, "", False)
    assert tried.removed
    assert tried.before is not None
    assert tried.before == tried.after
    assert len(set(tried.before.pixels)) > 100


def test_a_removal_is_tried_and_leaves_nothing(world: World) -> None:
    path = paper(world, build.leaky()[0])
    before, files = path.read_bytes(), sorted(world.folder.rglob("*"))
    events = len(world.store.ledger.held)
    tried = scrub_preview(world.ctx, ScrubRequest(paths=(str(path),), out=str(world.out)))
    assert tried.error is None
    assert tried.removed
    assert tried.before is not None
    assert tried.after is not None
    assert (tried.after.width, tried.after.height) == (tried.before.width, tried.before.height)
    assert path.read_bytes() == before
    assert sorted(world.folder.rglob("*")) == files
    assert len(world.store.ledger.held) == events


def test_what_stops_a_removal_stands_in_the_answer(world: World) -> None:
    covered = build.with_content(build.text("0335011511") + b"0 0 0 rg 50 690 200 30 re f\n")
    path = paper(world, covered)
    request = ScrubRequest(paths=(str(path),), out=str(world.out), purpose="publish")
    tried = scrub_preview(world.ctx, request)
    assert tried.error is not None
    assert tried.error.code == "scrub.blocked"
    assert tried.before is not None
    missing = ScrubRequest(paths=(str(world.folder / "ない.pdf"),), out=str(world.out))
    told = scrub_preview(world.ctx, missing).error
    assert told is not None
    assert told.code == "file.missing"
