"""A look at a page, and at what a removal would give; nothing is left behind."""

from pathlib import Path

import pytest

from meti_desk.domain.errors import InvalidInput
from meti_desk.services.messages import ScrubRequest
from meti_desk.services.preview import page_view, scrub_preview
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
