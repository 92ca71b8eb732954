"""Which measures an act needs, and where each stands (Arts. 8-17, 53, 72, 77)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from meti_desk.domain.circumstances import Action, Choice, Circumstances
from meti_desk.domain.circumstances import Facts as SeenAct
from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.domain.events import (
    PERMIT_EXEMPT,
    PERMIT_GRANTED,
    PERMIT_NOTED,
    MeasureEntry,
    PermitEntry,
)
from meti_desk.domain.handling import STRENGTH_NAMES, measures_for
from meti_desk.domain.label import AnyLabel, Label, Undecided
from meti_desk.domain.measures import PERMISSIONS, ROWS, Measure, MeasureState, ready
from meti_desk.domain.permit import NotedPermit, Permit, note_permit
from meti_desk.domain.recipients import domain_of
from meti_desk.domain.standing import Standing
from meti_desk.services import deciding, permit_standing, permitting, server_time
from meti_desk.services.batch import each
from meti_desk.services.classify import Source, label_for, read_sources
from meti_desk.services.context import Context
from meti_desk.services.facts import Facts, opened
from meti_desk.services.messages import PlannedFile, PlannedMeasure, PlanRequest
from meti_desk.services.plain import is_plain
from meti_desk.services.suggest import QUICK
from meti_desk.services.views import error_view, label_view


@dataclass(frozen=True, slots=True)
class Intent:
    """A request, read once for all its files: what is chosen and what was permitted.

    `permits` are those that the server signed: the one that was named, or all that are held;
    `standing` what was decided in advance, `unit` the 課室 of who acts.
    """

    request: PlanRequest
    chosen: Label | None
    source: Source
    noted: NotedPermit | None
    choices: Mapping[str, Choice]
    permits: tuple[Permit, ...] = ()
    standing: tuple[Standing, ...] = ()
    unit: str = ""

    @property
    def named(self) -> tuple[Permit, ...]:
        """The permit that the person named, if any."""
        return self.permits if self.request.permit else ()

    @property
    def action(self) -> Action:
        """The act that the person asked for."""
        return Action(self.request.action)


def intent(ctx: Context, request: PlanRequest) -> Intent:
    """Read a request; raises `InvalidInput` and `RuleViolation` for what it says wrongly."""
    chosen = deciding.requested(ctx, request.label) if request.label else None
    source = read_sources(ctx, request.label) if request.label else Source((), None)
    noted = note_permit(request.permit_noted, ctx.policy) if request.permit_noted else None
    choices = {name: _choice(name, text) for name, text in request.decisions.items()}
    unknown = next((name for name in choices if not _is_measure(name)), None)
    if unknown is not None:
        raise InvalidInput("decision.unknown", value=unknown)
    odd = next((one for one in request.to if not is_plain(one) or _several(one)), None)
    if odd is not None:
        raise InvalidInput("recipient.invalid", value=ascii(odd)[1:-1])
    permits = permitting.usable(ctx, request.permit)
    standing, unit = permit_standing.in_force(ctx)
    return Intent(request, chosen, source, noted, choices, permits, standing, unit)


def _several(recipient: str) -> bool:
    """Tell whether more than one address was written into one place: who receives it is unclear."""
    return "@" in recipient and not domain_of(recipient)


def _is_measure(name: str) -> bool:
    """Tell whether there can be such a measure: a decision on a slip of the pen decides nothing."""
    return name in ROWS or name.startswith(("restriction:", "designated:"))


def _choice(name: str, text: str) -> Choice:
    word, _, reason = text.partition(":")
    if word.strip().lower() not in ("yes", "no"):
        raise InvalidInput("decision.invalid", value=f"{name}={text}")
    if word.strip().lower() == "no" and not reason.strip():
        raise InvalidInput("decision.needs-reason", measure=name)
    return Choice.parse(text)


def plan(ctx: Context, request: PlanRequest) -> tuple[PlannedFile, ...]:
    """Give the measures of an act for each file, with article, strength and state."""
    what = intent(ctx, request)

    def one(path: Path) -> PlannedFile:
        with opened(ctx, path, QUICK) as facts:
            label = label_of(ctx, facts, what)
            found = measures(ctx, facts, what, label)
            return PlannedFile(
                path=str(path),
                label=label_view(label),
                measures=shown(ctx, found),
                ready=ready(found) and isinstance(label, Label),
            )

    return each(request.paths, one, _failed)


def _failed(path: str, error: MetiDeskError) -> PlannedFile:
    return PlannedFile(path=path, error=error_view(error))


def label_of(ctx: Context, facts: Facts, what: Intent) -> AnyLabel:
    """Give the label to handle by: the one chosen now, the one that stands, or undecided."""
    if what.chosen is None or what.request.label is None:
        return facts.label if facts.label is not None else Undecided()
    if ctx.store is None:
        return deciding.with_sources(what.chosen, what.source.inherited)
    return label_for(ctx, facts, what.request.label, what.chosen, what.source)


def measures(
    ctx: Context, facts: Facts, what: Intent, label: AnyLabel, *, accept_proposals: bool = False
) -> tuple[Measure, ...]:
    """Derive the measures of one file; with `accept_proposals` the policy's answers count."""
    about = circumstances(ctx, facts, what)
    found = measures_for(what.action, label, about, ctx.policy)
    permitting.check_fits(what.named, what.action.value, about, found)
    if not accept_proposals:
        return found
    answers = dict(about.decisions)
    for one in found:
        proposed = proposal(ctx, one)
        if proposed:
            answers[one.id] = Choice.parse(proposed)
    return measures_for(what.action, label, replace(about, decisions=answers), ctx.policy)


def proposal(ctx: Context, measure: Measure) -> str:
    """Give the answer that the policy proposes for an open 検討, as `yes` or `no:REASON`."""
    if measure.state is not MeasureState.OPEN or measure.why != "decision.none":
        return ""
    return ctx.policy.proposal(measure.id)


def acts(ctx: Context, facts: Facts, what: Intent, label: AnyLabel) -> tuple[str, ...]:
    """Name what an act is by the facts, whatever button was pressed.

    提供 and 移送, and `take-out` for what is handled outside the controlled area (Art. 77-1).
    """
    seen = SeenAct(what.action, label, circumstances(ctx, facts, what), ctx.policy)
    more = (
        (Action.PROVIDE, seen.provides),
        (Action.TRANSFER, seen.moves_out),
        (Action.TAKE_OUT, seen.processes_outside),
    )
    named = (what.action, *(action for action, holds in more if holds))
    return tuple(dict.fromkeys(action.value for action in named))


def permit_of(found: Sequence[Measure]) -> PermitEntry:
    """Tell under which permission an act was done; of several the weakest, which has to be seen.

    One that was only noted stands before one that was granted, and that before an exemption.
    """
    noted = next((one for one in found if one.fulfilled_by == "noted"), None)
    if noted is not None:
        return PermitEntry(PERMIT_NOTED, noted.reason)
    granted = next((one for one in found if one.why == "permission.granted"), None)
    if granted is not None:
        return PermitEntry(PERMIT_GRANTED, "", granted.fulfilled_by)
    exempt = next((one for one in found if one.id in PERMISSIONS and one.why == "exempt"), None)
    return PermitEntry(PERMIT_EXEMPT, exempt.reason) if exempt is not None else PermitEntry()


def entries_of(found: Sequence[Measure]) -> list[MeasureEntry]:
    """Write how each measure was met; a permission names its permit, for there may be several."""
    return [
        MeasureEntry(
            one.id,
            one.state.value,
            one.fulfilled_by if one.why == "permission.granted" else one.reason,
        )
        for one in found
    ]


def circumstances(ctx: Context, facts: Facts, what: Intent) -> Circumstances:
    """Gather what is known of one act on one file, besides its label."""
    request, seen = what.request, facts.inspection
    permits = permitting.of_content(what.permits, seen.digest, seen.earlier)
    mails = any("@" in recipient for recipient in request.to)
    return Circumstances(
        recipients=request.to,
        contractor=request.contractor,
        area=request.area,
        via="mail" if mails else "",
        sender=_sender(ctx),
        received=not deciding.is_mine(ctx, facts),
        place=str(facts.path.parent.resolve()),
        today=server_time.today(ctx),
        digest=seen.digest,
        kind=permitting.kind_of(what.named),
        permits=(*permits, what.noted) if what.noted else permits,
        standing=what.standing,
        unit=what.unit,
        decisions=what.choices,
    )


def _sender(ctx: Context) -> str:
    return ctx.person().mail if ctx.store is not None else ""


def shown(ctx: Context, found: Sequence[Measure]) -> tuple[PlannedMeasure, ...]:
    """Show measures to window and command line."""
    return tuple(
        PlannedMeasure(
            id=one.id,
            article=one.article,
            strength=STRENGTH_NAMES[one.strength],  # type: ignore[arg-type] # the same words
            state=one.state.value,
            why=one.why,
            reason=one.reason,
            automatic=one.automatic,
            met=one.met,
            proposed=proposal(ctx, one),
        )
        for one in found
    )
