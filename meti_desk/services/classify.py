"""Decide, mark, seal, record (Arts. 4-6): the one operation that may replace the original."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from meti_desk.domain import events, stored_label
from meti_desk.domain.classification import Confidentiality
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.label import AnyLabel, Label
from meti_desk.domain.marking import format_mark
from meti_desk.formats.base import LabelOrder, LabelReport
from meti_desk.formats.registry import FALSE_EXTENSION
from meti_desk.formats.sidecar import make_sidecar
from meti_desk.services import deciding
from meti_desk.services.batch import each
from meti_desk.services.changing import Change, change_of, extent
from meti_desk.services.context import Context, key_id
from meti_desk.services.copying import check_second_file
from meti_desk.services.facts import (
    Facts,
    copy_source,
    opened,
    require_unchanged,
    sidecar_of,
)
from meti_desk.services.folders import listed
from meti_desk.services.members import least_of
from meti_desk.services.messages import ClassifyRequest, Done, DoneFile, Person
from meti_desk.services.ports import DocumentRecord, Progress, Sessions
from meti_desk.services.report import write as write_report
from meti_desk.services.resuming import done_before, labelled_before
from meti_desk.services.sources import named
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new, place_over, place_sidecar, record_only
from meti_desk.system import label_cache
from meti_desk.system.naming import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Source:
    """What is read once for all files of a request: the sources, and who decides if it is known."""

    ids: tuple[str, ...]
    inherited: AnyLabel | None
    person: Person | None = None


def classify(ctx: Context, request: ClassifyRequest, progress: Progress | None = None) -> Done:
    """Give each file of the request its label; in place, or as a labelled copy in `out`.

    A folder stands for all that lies in it; its copies lie in `out` in the same folders. A report
    that cannot be written is an error of the whole request, after the labels were given.
    """
    ctx.open_store()
    chosen = deciding.requested(ctx, request)
    source = replace(read_sources(ctx, request), person=ctx.person())
    below = {one.path: one.below for one in listed(request.paths)}

    def one(path: Path) -> tuple[DoneFile, str]:
        folder = Path(request.out) / below[str(path)] if request.out else path.parent
        return _one(ctx, path, folder, request, chosen, source, sessions)

    def failed(path: str, error: MetiDeskError) -> tuple[DoneFile, str]:
        return _failed(path, error), ""

    with ctx.workers.batch(ctx.policy.workers.documents_per_process) as sessions:
        rows: list[tuple[DoneFile, str]] = list(each(tuple(below), one, failed, progress))
    files = tuple(row for row, _ in rows)
    report = str(write_report(ctx, files, Path(request.report))) if request.report else ""
    return Done(files=files, events=tuple(e for _, e in rows if e), report=report)


def _failed(path: str, error: MetiDeskError) -> DoneFile:
    return DoneFile(path=path, error=error_view(error))


def preview_mark(ctx: Context, request: ClassifyRequest) -> str:
    """Write the mark that the request would put on every page."""
    label = deciding.requested(ctx, request)
    inherited = read_sources(ctx, request).inherited
    return format_mark(deciding.with_sources(label, inherited), ctx.policy.marks.texts)


def read_sources(ctx: Context, request: ClassifyRequest) -> Source:
    """Read the sources of a request: their ids, and what they hand down (Art. 6-1)."""
    ids = []
    for path in request.sources:
        if (known := named(ctx, path)) is not None:
            ids.append(known[0])
            continue
        with opened(ctx, Path(path), QUICK) as facts:
            ids.append(facts.document_id or facts.copied_from or facts.file_hash)
    return Source(tuple(ids), deciding.sources_label(ctx, request.sources))


def label_for(
    ctx: Context, facts: Facts, request: ClassifyRequest, chosen: Label, source: Source
) -> Label:
    """Check every rule and give the label that this file gets."""
    label = deciding.with_sources(chosen, source.inherited)
    label = deciding.with_sources(label, deciding.original_label(ctx, facts))
    label = deciding.with_sources(label, least_of(ctx, facts.inspection.members))
    deciding.check_marks(ctx, facts, label)
    deciding.check_change(ctx, facts, label, request.consulted)
    if request.out:
        check_second_file(ctx, facts)
    return deciding.decided(ctx, label, request, source.ids, source.person or ctx.person())


def _one(
    ctx: Context,
    path: Path,
    folder: Path,
    request: ClassifyRequest,
    chosen: Label,
    source: Source,
    sessions: Sessions,
) -> tuple[DoneFile, str]:
    with opened(ctx, path, QUICK, target=folder, sessions=sessions) as facts:
        if (row := labelled_before(facts, request)) is not None:
            return row, ""
        label = label_for(ctx, facts, request, chosen, source)
        if (row := done_before(ctx, facts, request, label, folder)) is not None:
            return row, ""
        _check_rewritable(facts, request)
        if request.out:
            folder.mkdir(parents=True, exist_ok=True)
        change = change_of(ctx, facts, request, label)
        writer = _embed if facts.embeds else _beside
        out, event, report = writer(ctx, facts, request, label, folder, change)
        notes = [*report.notes, *(f"{page.code}:{page.page}" for page in report.skipped)]
        notes += change.notes
        notes += [one.kind for one in facts.inspection.findings if one.kind == FALSE_EXTENSION]
        if label.confidentiality is Confidentiality.C3:
            notes += _c3_notes(request)
        row = DoneFile(
            path=str(path), out=tuple(map(str, out)), label=label_view(label), notes=tuple(notes)
        )
        return row, event


def _check_rewritable(facts: Facts, request: ClassifyRequest) -> None:
    """Refuse to mark what may not be rewritten; without a mark its label goes beside it (5-1).

    Raises `RuleViolation`: `document.signed`, `document.encrypted`.
    """
    if (
        request.mark
        and facts.inspection.markable
        and facts.inspection.obstacle in ("signed", "encrypted")
    ):
        code = f"document.{facts.inspection.obstacle}"
        raise RuleViolation(code, articles=("5-1",))


def _c3_notes(request: ClassifyRequest) -> list[str]:
    """Remind of Arts. 3-2 and 10-4 where the request leaves them open."""
    notes = [] if request.reason else ["label.c3-without-reason"]
    return [*notes, "copy.original-remains"] if request.out else notes


def new_identity(ctx: Context, facts: Facts, *, copy: bool) -> tuple[str, tuple[str, ...]]:
    """Give document id and further sources: a copy is a document of its own (Art. 6-2)."""
    if facts.document_id and not copy:
        return facts.document_id, ()
    original = facts.document_id or facts.copied_from
    return ctx.ids.document_id(), (original,) if original else ()


def sealed_properties(ctx: Context, label: Label, document: str, digest: str) -> dict[str, str]:
    """Write label, handling, id and the device's seal over them."""
    sealer = ctx.open_store().sealer
    properties = stored_label.to_properties(label)
    seal = stored_label.Seal(
        label=properties[stored_label.LABEL_KEY],
        handling=properties.get(stored_label.HANDLING_KEY, ""),
        document=document,
        by=label.decision.by,
        at=label.decision.at,
        digest=digest,
        key=key_id(sealer.public_key()),
    )
    seal = replace(seal, signature=sealer.sign(seal.message()))
    return properties | {stored_label.ID_KEY: document, stored_label.SEAL_KEY: seal.encode()}


def _record(facts: Facts, label: Label, document: str, sources: tuple[str, ...]) -> DocumentRecord:
    return DocumentRecord(
        id=document,
        title=facts.title,
        path=str(facts.path.absolute()),
        file_hash=facts.file_hash,
        digest=facts.inspection.digest,
        label=stored_label.label_text(label),
        handling=stored_label.handling_text(label),
        decided_by=label.decision.by,
        decided_at=label.decision.at,
        sources=sources,
    )


def _body(
    facts: Facts,
    label: Label,
    document: str,
    sources: tuple[str, ...],
    change: Change = Change(),  # noqa: B008 - a frozen value
    *,
    marked: bool,
) -> dict[str, object]:
    return events.classify_body(
        document=document,
        title=facts.title,
        label=label,
        marked=marked,
        reason=label.decision.basis,
        sources=sources,
        consulted=change.consulted,
        changed=change.changed,
        extent=extent(facts),
    )


def record_decision(
    ctx: Context, facts: Facts, label: Label, request: ClassifyRequest | None = None
) -> tuple[str, str]:
    """Record a label that is decided while a document is handled; gives document and event id.

    The file itself stays as it is; its content is known from now on (Arts. 4-1, 6-2).
    """
    document, more = new_identity(ctx, facts, copy=False)
    sources = tuple(dict.fromkeys((*label.decision.sources, *more)))
    change = change_of(ctx, facts, request, label) if request is not None else Change()
    body = _body(facts, label, document, sources, change, marked=False)
    record = _record(facts, label, document, sources)
    return document, record_only(ctx, events.CLASSIFY, body, record)


_Written = tuple[list[Path], str, LabelReport]


def _subject_mark(ctx: Context, label: Label) -> str:
    """Give the mark for the subject of a mail; where policy wants none, ours goes."""
    texts = ctx.policy.marks.texts.confidentiality
    return f"【{texts[label.confidentiality - 1]}】" if ctx.policy.marks.in_subject else ""


def _embed(
    ctx: Context,
    facts: Facts,
    request: ClassifyRequest,
    label: Label,
    folder: Path,
    change: Change,
) -> _Written:
    document, more = new_identity(ctx, facts, copy=bool(request.out))
    sources = tuple(dict.fromkeys((*label.decision.sources, *more)))
    order = LabelOrder(
        sealed_properties(ctx, label, document, facts.inspection.digest),
        format_mark(label, ctx.policy.marks.texts) if request.mark else None,
        _subject_mark(ctx, label) if request.mark else None,
        dict(change.foreign),
    )
    record = _record(facts, label, document, sources)
    with _labelled(ctx, facts, order, folder) as (target, report):
        require_unchanged(facts)
        marked = request.mark and report.marked > 0
        body = _body(facts, label, document, sources, change, marked=marked)
        if request.out:
            final = folder / facts.path.name
            placed, event = place_new(
                ctx, target, final, events.CLASSIFY, body, record, mode=facts.mode
            )
            return [placed], event, report
        event = place_over(ctx, target, facts.path, facts.file, events.CLASSIFY, body, record)
        return [facts.path], event, report


@contextmanager
def _labelled(
    ctx: Context, facts: Facts, order: LabelOrder, folder: Path
) -> Iterator[tuple[BinaryIO, LabelReport]]:
    """Write the label into a scratch file: in the process that knows the document, if it can."""
    if facts.target is not None:
        report = facts.jobs.run("label", order, LabelReport, uses=("source", "target"))
        facts.jobs.close()  # what follows is the disk's and the store's, others may use the process
        yield facts.target, report
        return
    with ctx.files.scratch(folder) as target:
        files = {"source": facts.file, "target": target}
        yield target, ctx.workers.run("label", order, files, LabelReport)


def _beside(
    ctx: Context,
    facts: Facts,
    request: ClassifyRequest,
    label: Label,
    folder: Path,
    change: Change,
) -> _Written:
    """Label a file that cannot carry its label inside: signed sidecar, record by content hash."""
    if len(os.fsencode(sidecar_of(facts.path).name)) > LONGEST_NAME:
        raise InvalidInput("file.name-too-long", path=str(facts.path))
    document, more = new_identity(ctx, facts, copy=bool(request.out))
    sources = tuple(dict.fromkeys((*label.decision.sources, *more)))
    properties = sealed_properties(ctx, label, document, facts.inspection.digest)
    record = _record(facts, label, document, sources)
    notes = [f"label.beside-{facts.inspection.obstacle}"] if facts.inspection.obstacle else []
    report = LabelReport(notes=(*notes, "label.in-sidecar"))
    body = _body(facts, label, document, sources, change, marked=False)
    data = make_sidecar(facts.file_hash, properties)
    if not request.out:
        beside, event = place_sidecar(ctx, data, facts.path, events.CLASSIFY, body, record)
        label_cache.write(facts.path, data)
        return [facts.path, beside], event, report
    with ctx.files.scratch(folder) as copy:
        copy_source(facts, copy)
        final = folder / facts.path.name
        placed, event = place_new(
            ctx, copy, final, events.CLASSIFY, body, record, mode=facts.mode, sidecar=data
        )
    label_cache.write(placed, data)
    return [placed, sidecar_of(placed)], event, report
