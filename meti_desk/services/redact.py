"""Make places black for good (墨消し) in copies, prove it, record it (Arts. 14-7, 15-2).

The record tells how many places, where and why; never what stood there.
"""

from collections import Counter
from pathlib import Path
from unicodedata import normalize

from meti_desk.domain import events
from meti_desk.domain.clues import DETECTORS
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.formats.base import WordList
from meti_desk.formats.redaction import ALL_DETECTORS, RedactionPlace, RedactOrder, RedactReport
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import Progress
from meti_desk.services.redaction_messages import RedactionPreview, RedactRequest
from meti_desk.services.scrub import counted
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new

MOST_WORDS = 1000
"""Words of one request; more are a list that does not belong into a redaction."""
RENAMED = "墨消し"
"""The name of a copy whose original is named after what was taken out."""
_LISTS = "word."


def redact(ctx: Context, request: RedactRequest, progress: Progress | None = None) -> Done:
    """Write a redacted and scrubbed copy of each file to `out`; the originals stay as they are.

    A file in which nothing is found is refused (`redact.nothing-found`): a copy that looks done
    and is not would be worse than none. What cannot be proven is refused and not written.
    """
    ctx.open_store()
    order = order_of(ctx, request)
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    rows = each(
        request.paths,
        lambda path: _one(ctx, path, order, folder),
        lambda path, error: (DoneFile(path=path, error=error_view(error)), ""),
        progress,
    )
    return Done(files=tuple(row for row, _ in rows), events=tuple(e for _, e in rows if e))


def preview(
    ctx: Context, request: RedactRequest, progress: Progress | None = None
) -> tuple[RedactionPreview, ...]:
    """Tell for each file what would be made black; writes nothing and works while locked."""
    order = order_of(ctx, request)

    def one(path: Path) -> RedactionPreview:
        with opened(ctx, path, QUICK) as facts:
            check_special(ctx, facts)
            report = ctx.workers.run(
                "redaction_places", order, {"source": facts.file}, RedactReport
            )
            return RedactionPreview(
                path=str(path),
                format=facts.inspection.format,
                places=report.places,
                notes=report.notes,
            )

    return each(request.paths, one, _not_seen, progress)


def _not_seen(path: str, error: MetiDeskError) -> RedactionPreview:
    return RedactionPreview(path=path, error=error_view(error))


def order_of(ctx: Context, request: RedactRequest) -> RedactOrder:
    """Turn a request into an order for the worker.

    Raises `InvalidInput`: `redact.nothing-asked`, `redact.unknown-detector`, `redact.area-invalid`,
    `redact.too-many-words`.
    """
    words = tuple(dict.fromkeys(word for one in request.words if (word := one.strip())))
    if not words and not request.areas and not request.detectors:
        raise InvalidInput("redact.nothing-asked")
    if len(words) > MOST_WORDS:
        raise InvalidInput("redact.too-many-words", limit=MOST_WORDS)
    for area in request.areas:
        if area.page < 1 or not (area.width > 0 and area.height > 0):
            raise InvalidInput("redact.area-invalid")
    known = {one.id: one for one in ctx.policy.clue_words}
    detectors, lists = [], []
    for name in dict.fromkeys(request.detectors):
        entry = known.get(name.removeprefix(_LISTS)) if name.startswith(_LISTS) else None
        if entry is not None:
            lists.append(WordList(entry.id, entry.words, entry.but))
        elif name == ALL_DETECTORS or name in DETECTORS:
            detectors.append(name)
        else:
            raise InvalidInput("redact.unknown-detector", detector=name)
    return RedactOrder(
        words=words,
        areas=request.areas,
        detectors=tuple(detectors),
        lists=tuple(lists),
        purpose=request.purpose,
        revisions=request.revisions,
    )


def _one(ctx: Context, path: Path, order: RedactOrder, folder: Path) -> tuple[DoneFile, str]:
    with opened(ctx, path, QUICK) as facts, ctx.files.scratch(folder) as target:
        check_special(ctx, facts)
        check_second_file(ctx, facts)
        report = ctx.workers.run(
            "redact", order, {"source": facts.file, "target": target}, RedactReport
        )
        require_unchanged(facts)
        body = events.redact_body(
            document=facts.document_id,
            title=facts.title,
            label=facts.label,
            places=_summed(report.places),
            removed=counted(report.removed),
            purpose=order.purpose,
        )
        name = _name(path, order.words)
        placed, event = place_new(ctx, target, folder / name, events.REDACT, body)
        row = DoneFile(
            path=str(path),
            out=(str(placed),),
            removed=report.removed,
            left=report.left,
            places=report.places,
            notes=(*report.notes, *(("redact.renamed",) if name != path.name else ())),
            label=label_view(facts.label),
        )
        return row, event


def _name(path: Path, words: tuple[str, ...]) -> str:
    """Name the copy as its original, unless the name itself says what was taken out."""
    told = _folded(path.name)
    return f"{RENAMED}{path.suffix}" if any(_folded(word) in told for word in words) else path.name


def _folded(text: str) -> str:
    return "".join(normalize("NFKC", normalize("NFKC", text).casefold()).split())


def _summed(places: tuple[RedactionPlace, ...]) -> dict[tuple[str, str], int]:
    sums = Counter[tuple[str, str]]()
    for one in places:
        sums[(one.place, one.reason)] += one.count
    return dict(sums)
