"""Propose a label with its evidence (Arts. 4-1, 6); a proposal is never applied by itself."""

from collections.abc import Sequence
from pathlib import Path

from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.domain.label import AnyLabel
from meti_desk.formats.base import Wants, WordList
from meti_desk.services.batch import each
from meti_desk.services.context import Context
from meti_desk.services.evidence_of import Origin, evidence, of_found, proposal, voices
from meti_desk.services.facts import opened
from meti_desk.services.marks import marks_of
from meti_desk.services.members import join_of
from meti_desk.services.messages import SuggestedFile
from meti_desk.services.ports import Progress
from meti_desk.services.remembering import remember, unread
from meti_desk.services.sources import found, named
from meti_desk.services.views import error_view, label_view

QUICK = Wants(findings=False, digest=True)


_PATIENCE = 2.0
"""Seconds for reading what was labelled just now, before sources are looked for."""


def thorough(ctx: Context) -> Wants:
    """Look for all that speaks for a label, with the words of the policy.

    Sources are found in the store only: while it is locked, no fingerprints are taken.
    """
    lists = tuple(WordList(one.id, one.words, one.but) for one in ctx.policy.clue_words)
    known = ctx.store is not None
    return Wants(findings=False, digest=True, clues=lists, text=known, prints=known)


def suggest(
    ctx: Context,
    paths: Sequence[str],
    sources: Sequence[str] = (),
    progress: Progress | None = None,
) -> tuple[SuggestedFile, ...]:
    """Propose a label for each file: from its own label, its marks, its record and `sources`.

    And from what it has in common with the documents that were seen here, itself among them from
    now on.

    A source that cannot be read is an error of the whole request: a proposal that silently left
    it out would be too low. What nothing speaks for stays undecided.
    """
    origins = [_origin(ctx, source) for source in sources]
    wants = thorough(ctx)
    waiting = unread(ctx, _PATIENCE)

    def one(path: Path) -> SuggestedFile:
        with opened(ctx, path, wants) as facts:
            if any(mark.stop for mark, _ in marks_of(ctx, facts)):
                raise RuleViolation("label.special-secret")
            rows = found(ctx, facts)
            remember(ctx, facts)
            said = (*voices(ctx, facts, origins), *of_found(ctx, facts, rows))
            return SuggestedFile(
                path=str(path),
                format=facts.inspection.format,
                label=label_view(proposal(said)),
                evidence=evidence(said),
                sources=tuple(row.view for row in rows),
                unread=waiting,
            )

    return each(paths, one, _failed, progress)


def _origin(ctx: Context, source: str) -> Origin:
    known = named(ctx, source)
    if known is None:
        return Origin(Path(source), source_label(ctx, Path(source)))
    record = ctx.open_store().documents.get(known[0])
    return Origin(Path(record.title if record is not None else source), known[1])


def _failed(path: str, error: MetiDeskError) -> SuggestedFile:
    return SuggestedFile(path=path, error=error_view(error))


def source_label(ctx: Context, path: Path) -> AnyLabel:
    """Give the label of a source: what the file or its record says, else the files in it.

    Without any of these it is undecided (rule 6).
    """
    with opened(ctx, path, QUICK) as facts:
        return facts.label if facts.label is not None else join_of(ctx, facts.inspection.members)
