"""Split a document over different ways (複数の情報に分割してそれぞれ異なる移送経路, Art. 14-5).

Encrypted under a random key, which is divided; the parts lie in `out` and are proven by putting
them together again before any of them gets a name. What is recorded are numbers and ways.
"""

from contextlib import ExitStack
from pathlib import Path

from meti_desk.domain import events_split, stored_label
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.label import Label
from meti_desk.domain.routes import ARTICLES, USUAL, Route, check_routes, proposed
from meti_desk.protection.split_cipher import ALGORITHMS
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged
from meti_desk.services.messages import DoneFile
from meti_desk.services.parts import (
    Asked,
    Cut,
    Material,
    asked_for,
    check_algorithms,
    made_parts,
    placed_parts,
    views_of,
)
from meti_desk.services.ports import Progress
from meti_desk.services.splitting_messages import RouteView, SplitDone, SplitRequest
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.system.problems import writing

UNDECIDED = "split.routes-undecided"
"""Note: nobody chose yet how the parts travel."""


def offered_routes(n: int) -> tuple[RouteView, ...]:
    """Give the ways to choose from: first what is proposed for `n` parts, then the others."""
    chosen = proposed(n)
    rest = [Route(kind) for kind in (*USUAL, "general-service") if Route(kind) not in chosen]
    return tuple(
        RouteView(
            kind=one.kind, detail=one.detail, articles=ARTICLES[one.kind],
            proposed=number < len(chosen),
        )
        for number, one in enumerate((*chosen, *rest))
    )  # fmt: skip


def split(ctx: Context, request: SplitRequest, progress: Progress | None = None) -> SplitDone:
    """Split a file; nothing lies in `out` when it fails.

    The row of the file has the error: `split.bad-count`, `route.…`, `crypto.…`, `copy.…`.
    """
    ctx.open_store()
    try:
        asked = asked_for(ctx, request.parts, request.threshold, request.routes)
        folder = Path(request.out)
        with opened(ctx, Path(request.path), QUICK) as facts:
            check_special(ctx, facts)
            check_second_file(ctx, facts)
            if asked.routes:
                check_routes(asked.routes, facts.label, n=asked.n, k=asked.k)
            check_algorithms(ctx, asked, request.reason_unlisted)
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
            return _split(ctx, facts, asked, folder, progress)
    except MetiDeskError as error:
        return SplitDone(files=(DoneFile(path=request.path, error=error_view(error)),))


def _split(
    ctx: Context, facts: Facts, asked: Asked, folder: Path, progress: Progress | None
) -> SplitDone:
    beside = facts.label if isinstance(facts.label, Label) and not facts.embeds else None
    material = Material(
        file=facts.file,
        name=facts.path.name,
        size=facts.size,
        sha256=facts.file_hash,
        properties=stored_label.to_properties(beside) if beside else {},
    )
    with ExitStack() as stack:
        cut = made_parts(ctx, stack, material, asked, folder, progress)
        require_unchanged(facts)
        return _placed(ctx, facts, cut)


def _placed(ctx: Context, facts: Facts, cut: Cut) -> SplitDone:
    asked = cut.asked
    body = events_split.split_body(
        document=facts.document_id, title=facts.title, label=facts.label, set_id=asked.set,
        n=asked.n, k=asked.k, routes=asked.routes, method="split",
        algorithms=(*ALGORITHMS, asked.scheme), listed=ctx.listed(ALGORITHMS), sha256=cut.sha256,
    )  # fmt: skip
    paths, event = placed_parts(ctx, cut, events_split.SPLIT, body)
    row = DoneFile(
        path=str(facts.path),
        out=tuple(map(str, paths)),
        method="split",
        meets="split.meets" if asked.k == asked.n else "split.meets-some",
        label=label_view(facts.label),
        notes=() if asked.routes else (UNDECIDED,),
    )
    return SplitDone(
        files=(row,), events=(event,), set=asked.set, needed=asked.k, scheme=asked.scheme,
        parts=views_of(asked, cut.ready, paths),
    )  # fmt: skip
