"""保存する: label in place, check who may open the file, record (Arts. 11-4, 11-5, 11-6, 12)."""

import stat
from pathlib import Path

import msgspec

from meti_desk.domain import events
from meti_desk.domain.errors import MetiDeskError, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.domain.measures import Measure, refusal
from meti_desk.services.batch import each
from meti_desk.services.classify import classify
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened
from meti_desk.services.messages import Done, DoneFile, HandleRequest
from meti_desk.services.plan import Intent, acts, entries_of, label_of, measures, permit_of, shown
from meti_desk.services.ports import Progress
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import record_only

OTHERS_MAY_READ = "access.open-to-everyone"
"""Note: everybody on this system may read the file, which Art. 11-4 does not allow for 要保護."""


def keep(
    ctx: Context, request: HandleRequest, what: Intent, progress: Progress | None = None
) -> Done:
    """Store files where they lie: no second file comes into being (Art. 10-4)."""
    rows = each(
        request.plan.paths,
        lambda path: _one(ctx, request, what, path),
        lambda path, error: (_failed(path, error), ()),
        progress,
    )
    return Done(
        files=tuple(row for row, _ in rows), events=tuple(event for _, ids in rows for event in ids)
    )


def _failed(path: str, error: MetiDeskError) -> DoneFile:
    return DoneFile(path=path, error=error_view(error))


def _one(
    ctx: Context, request: HandleRequest, what: Intent, path: Path
) -> tuple[DoneFile, tuple[str, ...]]:
    label, found = _checked(ctx, what, path)
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    if request.plan.label is not None:
        one = msgspec.structs.replace(request.plan.label, paths=(str(path),), out="")
        done = classify(ctx, one)
        if done.files[0].error is not None:
            return done.files[0], ()
        notes, ids = done.files[0].notes, done.events
    with opened(ctx, path, QUICK) as facts:
        event = record_only(ctx, events.HANDLE, _body(ctx, what, facts, label, found))
        row = DoneFile(
            path=str(path),
            out=(str(path),),
            label=label_view(label),
            measures=shown(ctx, found),
            notes=(*notes, *_rights(facts, label)),
        )
    return row, (*ids, event)


def _checked(ctx: Context, what: Intent, path: Path) -> tuple[Label, tuple[Measure, ...]]:
    with opened(ctx, path, QUICK) as facts:
        check_special(ctx, facts)
        label = label_of(ctx, facts, what)
        if not isinstance(label, Label):
            raise RuleViolation("label.undecided", articles=("4-1",))
        found = measures(ctx, facts, what, label, accept_proposals=True)
        refused = refusal(found)
        if refused is not None:
            raise refused
        return label, found


def _rights(facts: Facts, label: Label) -> tuple[str, ...]:
    open_to_all = facts.path.stat().st_mode & stat.S_IROTH
    return (OTHERS_MAY_READ,) if label.youhogo and open_to_all else ()


def _body(
    ctx: Context, what: Intent, facts: Facts, label: Label, found: tuple[Measure, ...]
) -> dict[str, object]:
    return events.handle_body(
        action="store",
        document=facts.document_id,
        title=facts.title,
        label=label,
        measures=entries_of(found),
        acts=acts(ctx, facts, what, label),
        permit=permit_of(found),
        marked=any(mark.own for mark in facts.inspection.marks),
    )
