"""Convert an old document to the format that replaced it, so that it can be scrubbed (Art. 14-7).

LibreOffice does it where it is installed (decision 018). The result is a copy (Art. 6-2): it has
the label of the original, sealed anew under an id of its own, and the record knows where it comes
from. Where no label was decided yet there is none to carry: the person decides it with the original
as source.
"""

import io
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from meti_desk.domain import events, stored_label
from meti_desk.domain.errors import EnvironmentProblem, InvalidInput, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.domain.marking import format_mark
from meti_desk.formats.base import Inspection, LabelOrder, LabelReport, Wants
from meti_desk.services.batch import each
from meti_desk.services.classify import new_identity, sealed_properties
from meti_desk.services.context import Context
from meti_desk.services.copying import check_second_file
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged
from meti_desk.services.messages import Done, DoneFile
from meti_desk.services.ports import DocumentRecord, Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new
from meti_desk.system import office

WANTED = {"doc": "docx", "xls": "xlsx", "ppt": "pptx", "rtf": "docx"}
"""What each old format becomes."""
LABEL_AGAIN = "convert.label-again"
NETWORK = "convert.network-not-denied"
_LARGEST = 256 << 20


class ConvertRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Convert `paths` into `out`."""

    paths: tuple[str, ...]
    out: str


def convert(ctx: Context, request: ConvertRequest, progress: Progress | None = None) -> Done:
    """Write a converted copy of each document to `out`; the originals stay as they are.

    Each row may have an error by code: `convert.unsupported-format`, `convert.not-installed`,
    `convert.failed`, `document.encrypted`, and what forbids a second file (`copy.needs-approval`).
    """
    ctx.open_store()
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    rows = each(
        request.paths,
        lambda path: _one(ctx, path, folder),
        lambda path, error: (DoneFile(path=path, error=error_view(error)), ""),
        progress,
    )
    return Done(
        files=tuple(row for row, _ in rows), events=tuple(event for _, event in rows if event)
    )


def _one(ctx: Context, path: Path, folder: Path) -> tuple[DoneFile, str]:
    with opened(ctx, path, QUICK) as facts, ctx.files.scratch(folder) as plain:
        wanted = _wanted(facts)
        check_special(ctx, facts)
        check_second_file(ctx, facts)
        made = office.convert(_content(facts), facts.inspection.format, wanted)
        plain.write(made.data)
        plain.flush()
        inspection = _recognised(ctx, plain, wanted)
        with ctx.files.scratch(folder) as target:
            copy = _labelled(ctx, facts, inspection, plain, target)
            require_unchanged(facts)
            body = events.convert_body(
                document=copy.record.id if copy.record else "",
                title=f"{path.stem}.{wanted}",
                label=facts.label,
                sources=copy.sources,
                before=facts.inspection.format,
                after=wanted,
                marked=copy.marked,
            )
            final = folder / f"{path.stem}.{wanted}"
            placed, event = place_new(ctx, copy.file, final, events.CONVERT, body, copy.record)
        notes = (*copy.notes, *(() if made.network_denied else (NETWORK,)))
        out, label = (str(placed),), label_view(facts.label)
        return DoneFile(path=str(path), out=out, label=label, notes=notes), event


class _Copy(NamedTuple):
    """The finished copy, and what the record is to know of it."""

    file: BinaryIO
    sources: tuple[str, ...]
    record: DocumentRecord | None = None
    marked: bool = False
    notes: tuple[str, ...] = ()


def _labelled(
    ctx: Context, facts: Facts, inspection: Inspection, plain: BinaryIO, target: BinaryIO
) -> _Copy:
    """Write the original's label into the copy, proven; what is undecided stays undecided."""
    document, sources = new_identity(ctx, facts, copy=True)
    label = facts.label
    if not isinstance(label, Label):
        return _Copy(plain, sources, notes=(LABEL_AGAIN,) if label is not None else ())
    held = facts.record
    record = DocumentRecord(
        id=document,
        title=facts.title,
        path="",
        file_hash="",
        digest=inspection.digest,
        label=stored_label.label_text(label),
        handling=stored_label.handling_text(label),
        decided_by=held.decided_by if held else label.decision.by,
        decided_at=held.decided_at if held else label.decision.at,
        sources=sources,
    )
    order = LabelOrder(
        sealed_properties(ctx, label, document, inspection.digest),
        format_mark(label, ctx.policy.marks.texts),
    )
    report = ctx.workers.run("label", order, {"source": plain, "target": target}, LabelReport)
    return _Copy(target, sources, record, marked=report.marked > 0, notes=report.notes)


def _wanted(facts: Facts) -> str:
    found = facts.inspection
    if found.protection is not None or found.obstacle == "encrypted":
        raise RuleViolation("document.encrypted")
    if found.format not in WANTED:
        raise InvalidInput("convert.unsupported-format", format=found.format)
    return WANTED[found.format]


def _content(facts: Facts) -> bytes:
    if facts.size > _LARGEST:
        raise InvalidInput("document.too-large", size=facts.size, limit=_LARGEST)
    facts.file.seek(0, io.SEEK_SET)
    return facts.file.read()


def _recognised(ctx: Context, target: BinaryIO, wanted: str) -> Inspection:
    """Look at the result in the confined worker: it is as untrusted as what it was made of."""
    wants = Wants(findings=False)
    found = ctx.workers.run("inspect", wants, {"source": target}, Inspection)
    if found.format != wanted:
        raise EnvironmentProblem("convert.failed", reason=found.format)
    return found
