"""Look at files without changing anything (`meti-desk inspect`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meti_desk.domain.errors import MetiDeskError
from meti_desk.formats.base import Purpose, Wants
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened, sources_of
from meti_desk.services.messages import InspectedFile, ProtectionView
from meti_desk.services.views import error_view, label_view

if TYPE_CHECKING:
    from meti_desk.domain.kept_text import KeptDocument
    from meti_desk.services.ports import Progress


def inspect(
    ctx: Context,
    paths: Sequence[str],
    progress: "Progress | None" = None,
    purpose: Purpose = "provide",
) -> tuple[InspectedFile, ...]:
    """Tell of each file its format, label, seal, marks, findings and protection.

    `purpose` is what the findings are told for: what stops 公表 is known before it is tried.

    Works while the store is locked; `sources` is then `None`. While it is open, documents that it
    does not know are noted: they may be the sources of others.
    """
    looked_at: list[KeptDocument] = []

    def one(path: Path) -> InspectedFile:
        with opened(ctx, path, Wants(name=path.name, purpose=purpose)) as facts:
            looked_at.extend(_to_note(ctx, facts))
            return _row(ctx, facts)

    rows = each(paths, one, _failed, progress)
    if looked_at:
        from meti_desk.services.remembering import note

        note(ctx, looked_at)
    return rows


def _to_note(ctx: Context, facts: Facts) -> "tuple[KeptDocument, ...]":
    """Name the document, if it is one to be noted; while the store is locked there is none."""
    if ctx.store is None:
        return ()
    from meti_desk.services.remembering import seen

    found = seen(ctx, facts)
    return () if found is None else (found,)


def _failed(path: str, error: MetiDeskError) -> InspectedFile:
    return InspectedFile(path=path, error=error_view(error))


def _row(ctx: Context, facts: Facts) -> InspectedFile:
    found = facts.inspection
    protection = None
    if found.protection is not None:
        protection = ProtectionView(
            found.protection.method,
            found.protection.algorithms,
            ctx.listed(found.protection.algorithms),
        )
    return InspectedFile(
        path=str(facts.path),
        format=found.format,
        label=label_view(facts.label),
        seal=facts.seal,
        marks=found.marks,
        findings=found.findings,
        protection=protection,
        sources=sources_of(ctx, facts),
        sources_known=ctx.store is not None,
        obstacle=found.obstacle,
        pages=found.pages,
    )
