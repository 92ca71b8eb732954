"""A look at a document before anything is written: page 1, and what a removal would give."""

from pathlib import Path

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import ScrubOrder, ScrubReport
from meti_desk.formats.jobs import PageOrder, PagePicture
from meti_desk.services.batch import of_os_error
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import opened, require_unchanged
from meti_desk.services.messages import ScrubRequest
from meti_desk.services.preview_messages import PageView, ScrubPreview
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view

LONGEST = 1000
"""Pixels of the longer side of a page that is shown."""
_MOST_ASKED = 4000


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
        drawn = PagePicture()
        if before is not None:
            drawn = ctx.workers.run("page", PageOrder(1, LONGEST), {"source": target}, PagePicture)
        return ScrubPreview(
            path=str(path),
            before=before,
            after=_view(drawn),
            removed=report.removed,
            left=report.left,
        )
