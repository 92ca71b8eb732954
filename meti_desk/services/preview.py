"""A look at a document before anything is written: page 1, and what a removal would give."""

import io
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, MetiDeskError
from meti_desk.formats.base import ScrubOrder, ScrubReport
from meti_desk.formats.jobs import PageOrder, PagePicture
from meti_desk.services.batch import of_os_error
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged
from meti_desk.services.messages import ScrubRequest
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view
from meti_desk.system import office
from meti_desk.system.label_cache import as_file

LONGEST = 1000
"""Pixels of the longer side of a page that is shown."""
_MOST_ASKED = 4000
_FIRST = PageOrder(1, LONGEST)
_LARGEST = 64 << 20
"""Bytes of a document that LibreOffice is asked to print: it takes its time for more."""
_WHY: dict[str, Literal["not-installed", "not-confined"]] = {
    "convert.not-installed": "not-installed",
    "convert.not-confined": "not-confined",
}


def page_view(ctx: Context, path: str, page: int = 1, longest: int = LONGEST) -> PageView | None:
    """Draw a page of a document in a confined process; `None` where there is no picture of it.

    Raises `InvalidInput("request.invalid")` for sizes that no screen shows.
    """
    if not (page > 0 and 0 < longest <= _MOST_ASKED):
        raise InvalidInput("request.invalid")
    with ctx.files.open_source(Path(path)) as file:
        drawn = ctx.workers.run("page", PageOrder(page, longest), {"source": file}, PagePicture)
    return _view(drawn)


def _view(drawn: PagePicture) -> PageView | None:
    if not drawn.pixels:
        return None
    return PageView(
        drawn.width, drawn.height, drawn.pixels, drawn.pages, drawn.points_wide, drawn.points_high
    )


def scrub_preview(ctx: Context, request: ScrubRequest) -> ScrubPreview:
    """Try a removal on the one file that is named, tell what it gives, and keep nothing of it.

    The copy is a nameless file that is gone when this returns. A refusal stands in `error`: what
    blocks, and what the proof found.
    """
    path = Path(request.paths[0])
    order = ScrubOrder(request.purpose, request.keep, request.revisions)
    before: PageView | None = None
    try:
        before = page_view(ctx, str(path))
        return _tried(ctx, path, order, request.out, before)
    except MetiDeskError as error:
        return ScrubPreview(path=str(path), before=before, error=error_view(error))
    except OSError as error:
        told = error_view(of_os_error(error))
        return ScrubPreview(path=str(path), before=before, error=told)


def _tried(
    ctx: Context, path: Path, order: ScrubOrder, out: str, before: PageView | None
) -> ScrubPreview:
    folder = Path(out) if out and Path(out).is_dir() else path.parent
    with opened(ctx, path, QUICK) as facts, ctx.files.scratch(folder) as target:
        check_special(ctx, facts)
        files = {"source": facts.file, "target": target}
        report = ctx.workers.run("scrub", order, files, ScrubReport)
        require_unchanged(facts)
        tried = ScrubPreview(
            path=str(path), before=before, removed=report.removed, left=report.left
        )
        if before is not None:
            drawn = ctx.workers.run("page", _FIRST, {"source": target}, PagePicture)
            return msgspec.structs.replace(tried, after=_view(drawn))
        return _by_office(ctx, facts, target, tried)


def _by_office(ctx: Context, facts: Facts, target: BinaryIO, tried: ScrubPreview) -> ScrubPreview:
    """Have LibreOffice print page 1 of both, and draw it as any PDF: its result is not trusted."""
    extension = facts.inspection.format
    if not office.prints_pages_of(extension):
        return msgspec.structs.replace(tried, picture="format")
    if max(facts.size, target.seek(0, io.SEEK_END)) > _LARGEST:
        return msgspec.structs.replace(tried, picture="too-large")
    try:
        papers = office.first_pages([_whole(facts.file), _whole(target)], extension)
        before, after = (_view(_first_page(ctx, paper)) for paper in papers)
    except EnvironmentProblem as problem:
        return msgspec.structs.replace(tried, picture=_WHY.get(problem.code, "failed"))
    if before is None or after is None:
        return msgspec.structs.replace(tried, picture="failed")
    return msgspec.structs.replace(tried, before=before, after=after, by_office=True)


def _first_page(ctx: Context, paper: bytes) -> PagePicture:
    with as_file(paper) as file:
        return ctx.workers.run("page", _FIRST, {"source": file}, PagePicture)


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()
