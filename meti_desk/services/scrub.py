"""Remove 付加情報 into a new file, prove it, record it (Arts. 14-7, 15-2)."""

from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Removed, ScrubOrder, ScrubReport
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile, ScrubRequest
from meti_desk.services.ports import Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new


def scrub(ctx: Context, request: ScrubRequest, progress: Progress | None = None) -> Done:
    """Write a scrubbed copy of each file to `out`; the originals stay as they are."""
    ctx.open_store()
    order = ScrubOrder(request.purpose, request.keep, request.revisions)
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    rows = each(
        request.paths,
        lambda path: _one(ctx, path, order, folder),
        lambda path, error: (_failed(path, error), ""),
        progress,
    )
    return Done(files=tuple(row for row, _ in rows), events=tuple(e for _, e in rows if e))


def _failed(path: str, error: MetiDeskError) -> DoneFile:
    return DoneFile(path=path, error=error_view(error))


def counted(removed: tuple[Removed, ...]) -> dict[str, int]:
    """Add up what was removed by kind."""
    sums: dict[str, int] = {}
    for one in removed:
        sums[one.kind] = sums.get(one.kind, 0) + one.count
    return sums


def _one(ctx: Context, path: Path, order: ScrubOrder, folder: Path) -> tuple[DoneFile, str]:
    with opened(ctx, path, QUICK) as facts, ctx.files.scratch(folder) as target:
        check_special(ctx, facts)
        check_second_file(ctx, facts)
        report = ctx.workers.run(
            "scrub", order, {"source": facts.file, "target": target}, ScrubReport
        )
        require_unchanged(facts)
        body = events.scrub_body(
            document=facts.document_id,
            title=facts.title,
            label=facts.label,
            removed=counted(report.removed),
            purpose=order.purpose,
        )
        placed, event = place_new(ctx, target, folder / path.name, events.SCRUB, body)
        row = DoneFile(
            path=str(path),
            out=(str(placed),),
            removed=report.removed,
            left=report.left,
            label=label_view(facts.label),
        )
        return row, event
