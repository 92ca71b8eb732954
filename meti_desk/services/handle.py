"""Carry a plan out into new files: mark, scrub, protect; letter, slip, draft, record."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from meti_desk.domain import events
from meti_desk.domain.circumstances import GIVING, Action
from meti_desk.domain.errors import InvalidInput, MetiDeskError, RuleViolation
from meti_desk.domain.label import Label
from meti_desk.domain.measures import Measure, MeasureState, refusal
from meti_desk.services.batch import each
from meti_desk.services.classify import record_decision
from meti_desk.services.closing import lock_for
from meti_desk.services.context import Context
from meti_desk.services.deciding import check_special
from meti_desk.services.facts import Facts, opened, require_unchanged, sidecar_of
from meti_desk.services.giving import Beside, Made, accompany
from meti_desk.services.keeping import keep
from meti_desk.services.messages import Done, DoneFile, HandleRequest
from meti_desk.services.plan import (
    Intent,
    acts,
    entries_of,
    intent,
    label_of,
    measures,
    permit_of,
    shown,
)
from meti_desk.services.ports import Progress
from meti_desk.services.ppap import check_apart
from meti_desk.services.protect import RequestLock, protected_name
from meti_desk.services.scrub import counted
from meti_desk.services.split_handled import MEASURE, asked_of, send_in_parts
from meti_desk.services.stages import Outcome, Stages
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view
from meti_desk.services.writing import place_new

if TYPE_CHECKING:
    from meti_desk.services.signing import Pen

HERE = frozenset(
    {
        Action.COPY, Action.DISTRIBUTE, Action.STORE, Action.TRANSFER, Action.PROVIDE,
        Action.PUBLISH, Action.TAKE_OUT,
    }
)  # fmt: skip
"""The acts that leave a file; the others have flows of their own."""

NOT_CARRIED_OUT = frozenset({"backup", "store-backup"})
"""Measures that a person may find necessary but that nothing here carries out: the act stops."""


@dataclass(frozen=True, slots=True)
class _Act:
    """One act on several files: what was asked for, where to, and what closes all of them."""

    request: HandleRequest
    what: Intent
    folder: Path
    lock: RequestLock
    pen: "Pen | None" = None


def handle(ctx: Context, request: HandleRequest, progress: Progress | None = None) -> Done:
    """Carry out what the plan says for each file; a file whose measures are not met is refused.

    The originals stay as they are. Measures that the person did not decide take the proposal of
    the policy; what has none is refused with `decision.missing`. Letter, password slip and mail
    draft are made once for all files that went through.
    """
    ctx.open_store()
    what = intent(ctx, request.plan)
    _check(what, request.out)
    lock = lock_for(ctx, request, what)
    if what.action in GIVING and any("@" in one for one in request.plan.to):
        check_apart(ctx, request.plan.paths, request.password, request.same_route_reason)
    if what.action is Action.STORE and not request.out:
        return keep(ctx, request, what, progress)
    folder = Path(request.out)
    folder.mkdir(parents=True, exist_ok=True)
    with _pen(ctx, request) as held:
        act = _Act(request, what, folder, lock, held)
        rows = each(
            request.plan.paths,
            lambda path: _one(ctx, act, path),
            lambda path, error: (_failed(path, error), None),
            progress,
        )
    made = [one for _, one in rows if one is not None]
    files = tuple(row for row, _ in rows)
    beside = accompany(
        ctx, what, made, folder, "" if request.agreed else lock.password,
        by_certificate=not lock.password,
    )  # fmt: skip
    files = tuple(row if row.error else _with_papers(row, beside) for row in files)
    return Done(
        files=files,
        events=tuple(event for one in made for event in one.events),
        letter=beside.letter,
        mail=beside.mail,
        password_slip=beside.slip,
        password=lock.password if not request.agreed and any(m.protected for m in made) else "",
    )


def _pen(ctx: Context, request: HandleRequest) -> "AbstractContextManager[Pen | None]":
    """Open the key where one was given; without it nothing is signed."""
    if not request.key and not request.key_secret:
        return nullcontext()
    from meti_desk.services.signing import pen

    return pen(ctx, key=request.key, secret=request.key_secret, stamp=True)


def _with_papers(row: DoneFile, beside: Beside) -> DoneFile:
    """Tell of a file that is made and recorded what became of the papers that go with it."""
    error = error_view(beside.error) if beside.error is not None else None
    return msgspec.structs.replace(row, notes=(*row.notes, *beside.notes), error=error)


def _failed(path: str, error: MetiDeskError) -> DoneFile:
    return DoneFile(path=path, error=error_view(error))


def _check(what: Intent, out: str) -> None:
    if what.action not in HERE:
        raise InvalidInput("handle.elsewhere", action=what.action.value)
    if not out and what.action is not Action.STORE:
        raise InvalidInput("handle.no-folder")
    needs_recipient = what.action in (Action.PROVIDE, Action.DISTRIBUTE)
    if needs_recipient and not what.request.to:
        raise InvalidInput("handle.no-recipient", articles=("10-3",))


def _one(ctx: Context, act: _Act, path: Path) -> tuple[DoneFile, Made | None]:
    with opened(ctx, path, QUICK) as facts:
        check_special(ctx, facts)
        label = label_of(ctx, facts, act.what)
        if not isinstance(label, Label):
            raise RuleViolation("label.undecided", articles=("4-1",))
        found = measures(ctx, facts, act.what, label, accept_proposals=True)
        refused = refusal(found)
        if refused is not None:
            raise refused
        _check_possible(found, signs=act.pen is not None)
        if _needs(found, MEASURE):
            asked_of(ctx, act.request.split, label)
        return _produce(ctx, act, facts, label, found)


def _check_possible(found: tuple[Measure, ...], *, signs: bool) -> None:
    for one in found:
        if one.id == "signature" and one.state is MeasureState.DONE and not signs:
            raise RuleViolation("sign.key-needed", articles=one.articles)
        if one.id in NOT_CARRIED_OUT and one.state is MeasureState.DONE:
            raise RuleViolation("measure.not-available", articles=one.articles, measure=one.id)


def _produce(
    ctx: Context, act: _Act, facts: Facts, label: Label, found: tuple[Measure, ...]
) -> tuple[DoneFile, Made]:
    with Stages(ctx, act.request, facts, label, found, act.folder, act.pen) as stages:
        outcome = stages.run(act.lock)
        require_unchanged(facts)
        if _needs(found, MEASURE) and _needs(found, "signature") and outcome.signed is None:
            # A signature beside the file would stand apart from what the parts become.
            raise RuleViolation("split.sign-first", articles=("14-3", "14-5"))
        document, decision = facts.document_id, ""
        if act.what.chosen is not None and facts.label != label:
            document, decision = record_decision(ctx, facts, label, act.what.request.label)
        body = _body(ctx, act, facts, label, found, outcome, document)
        placed = _placed(ctx, act, facts, label, found, outcome, body)
    row = DoneFile(
        path=str(facts.path),
        out=tuple(map(str, (*placed.out, *placed.signature))),
        removed=outcome.scrubbed.removed,
        left=outcome.scrubbed.left,
        method=outcome.method,
        meets=outcome.meets,
        label=label_view(label),
        measures=shown(ctx, found),
        notes=outcome.notes,
    )
    ids = (*((decision,) if decision else ()), placed.event, *placed.signings)
    return row, Made(
        placed.out[0], label, ids, protected=bool(outcome.method), measures=found,
        beside=placed.signature, by_mail=placed.by_mail,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Placed:
    """What lies in the folder now: the file with its sidecar, or its parts; and the signature."""

    out: tuple[Path, ...]
    event: str
    signature: tuple[Path, ...] = ()
    signings: tuple[str, ...] = ()
    by_mail: tuple[Path, ...] | None = None


def _placed(
    ctx: Context, act: _Act, facts: Facts, label: Label, found: tuple[Measure, ...],
    outcome: Outcome, body: dict[str, object],
) -> _Placed:  # fmt: skip
    """Give the result its name, or split it, and record the act."""
    final = act.folder / _name(ctx, act, facts, label, outcome)
    if _needs(found, MEASURE):
        asked = asked_of(ctx, act.request.split, label)
        sent = send_in_parts(ctx, asked, outcome, label, final, body)
        _, signings = _signed(act.pen, facts, label, found, outcome, final)
        return _Placed(sent.paths, sent.event, (), signings, sent.by_mail)
    placed, event = place_new(
        ctx, outcome.file, final, events.HANDLE, body, outcome.record, sidecar=outcome.sidecar
    )
    signature, signings = _signed(act.pen, facts, label, found, outcome, placed)
    out = (placed, sidecar_of(placed)) if outcome.sidecar else (placed,)
    return _Placed(out, event, signature, signings)


def _needs(found: tuple[Measure, ...], measure: str) -> bool:
    return any(one.id == measure and one.state is MeasureState.DONE for one in found)


def _signed(
    pen: "Pen | None", facts: Facts, label: Label, found: tuple[Measure, ...], outcome: Outcome,
    placed: Path,
) -> tuple[tuple[Path, ...], tuple[str, ...]]:  # fmt: skip
    """Sign what has its name now, where a signature was found necessary (Art. 14-3)."""
    if pen is None or not _needs(found, "signature"):
        return (), ()
    from meti_desk.services.signing_handled import after

    return after(pen, facts, label, outcome.signed, outcome.file, placed)


def _name(ctx: Context, act: _Act, facts: Facts, label: Label, outcome: Outcome) -> str:
    name = facts.path.name
    if ctx.policy.marks.in_filename and act.what.action is not Action.PUBLISH:
        mark = f"【{ctx.policy.marks.confidentiality[label.confidentiality - 1]}】"
        name = name if name.startswith(mark) else f"{mark}{name}"
    return protected_name(name, outcome.method)


def _body(
    ctx: Context,
    act: _Act,
    facts: Facts,
    label: Label,
    found: tuple[Measure, ...],
    outcome: Outcome,
    document: str,
) -> dict[str, object]:
    unlisted = outcome.unlisted if act.request.reason_unlisted.strip() else ""
    return events.handle_body(
        action=act.what.action.value,
        document=document,
        title=facts.title,
        label=label,
        measures=entries_of(found),
        acts=acts(ctx, facts, act.what, label),
        permit=permit_of(found),
        removed=counted(outcome.scrubbed.removed),
        recipients=act.what.request.to,
        marked=outcome.marked,
        method=outcome.method,
        algorithms=outcome.algorithms,
        reason="; ".join(filter(None, (act.request.same_route_reason.strip(), unlisted))),
    )
