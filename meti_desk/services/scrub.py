"""Remove 付加情報 into a new file, prove it, record it (Arts. 14-7, 15-2)."""

from contextlib import ExitStack
from pathlib import Path

from meti_desk.domain import events
from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Removed, ScrubOrder, ScrubReport
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import opened, require_unchanged
from meti_desk.services.folders import listed
from meti_desk.services.messages import Done, DoneFile, ScrubRequest
from meti_desk.services.ports import Progress
from meti_desk.services.report import outcome, table
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new


def scrub(ctx: Context, request: ScrubRequest, progress: Progress | None = None) -> Done:
    """Write a scrubbed copy of each file to `out`; the originals stay as they are.

    A folder stands for all that lies in it; its copies lie in `out` in the same folders. A report
    has a row for each file: what went, what stayed, and why it was refused.
    """
    ctx.open_store()
    order = ScrubOrder(request.purpose, request.keep, request.revisions)
    out = Path(request.out)
    found = {Path(one.path): out / one.below for one in listed(request.paths)}
    for folder in dict.fromkeys((out, *found.values())):
        folder.mkdir(parents=True, exist_ok=True)
    rows = each(
        tuple(str(path) for path in found),
        lambda path: _one(ctx, path, order, found[path]),
        lambda path, error: (_failed(path, error), ""),
        progress,
    )
    files = tuple(row for row, _ in rows)
    report = str(_write_report(ctx, files, Path(request.report))) if request.report else ""
    return Done(files=files, events=tuple(e for _, e in rows if e), report=report)


def _write_report(ctx: Context, rows: tuple[DoneFile, ...], path: Path) -> Path:
    """Write a row for each file, in words: outcome, what went, what stayed, why refused."""
    head = ("file", "outcome", "removed", "left", "result", "reason", "code")
    names = [ctx.words.term(f"report.{one}") for one in head]
    return table(ctx, path, names, (_cells(ctx, row) for row in rows))


def _cells(ctx: Context, row: DoneFile) -> tuple[str, ...]:
    words, error = ctx.words, row.error
    went = (f"{words.term(f'finding.{one.kind}')} {one.count}" for one in row.removed)
    stayed = (f"{words.term(f'finding.{one.kind}')} {one.count}" for one in row.left)
    return (
        row.path,
        words.term(f"outcome.{outcome(row)}"),
        "\n".join(went),
        "\n".join(stayed),
        "\n".join(row.out),
        words.error(error.code, error.params, error.articles) if error else "",
        error.code if error else "",
    )


def _failed(path: str, error: MetiDeskError) -> DoneFile:
    return DoneFile(path=path, error=error_view(error))


def counted(removed: tuple[Removed, ...]) -> dict[str, int]:
    """Add up what was removed by kind."""
    sums: dict[str, int] = {}
    for one in removed:
        sums[one.kind] = sums.get(one.kind, 0) + one.count
    return sums


def _one(ctx: Context, path: Path, order: ScrubOrder, folder: Path) -> tuple[DoneFile, str]:
    with opened(ctx, path, QUICK, target=folder) as facts, ExitStack() as stack:
        check_special(ctx, facts)
        check_second_file(ctx, facts)
        if facts.target is not None:
            # The process that looked at this document, and at no other, goes on with it.
            target, jobs = facts.target, facts.jobs
        else:
            target = stack.enter_context(ctx.files.scratch(folder))
            files = {"source": facts.file, "target": target}
            jobs = stack.enter_context(ctx.workers.session(files))
        report = jobs.run("scrub", order, ScrubReport, uses=("source", "target"))
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
