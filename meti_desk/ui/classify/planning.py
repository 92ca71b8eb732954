"""What the decision screen asks the desk for whenever the decision changed."""

from typing import TYPE_CHECKING, NamedTuple

from meti_desk.services.messages import ClassifyRequest, HandleRequest, PlannedFile, PlanRequest

if TYPE_CHECKING:
    from meti_desk.services.closing import Closing
    from meti_desk.services.permit_messages import PermitRow
    from meti_desk.ui.ports import Desk

_ACTIVE = ("granted", "conditional")


class Question(NamedTuple):
    """A decision as it stands: label, act, and the order where somebody receives something."""

    label: ClassifyRequest
    act: PlanRequest
    given: HandleRequest | None


class Planned(NamedTuple):
    """The answer: mark, measures, how it would be closed, and 包括許可 that could be named."""

    mark: str
    plan: tuple[PlannedFile, ...]
    closing: "Closing | None"
    blankets: "tuple[PermitRow, ...]"


def planned(desk: "Desk", asked: Question) -> Planned:
    """Ask for all of it; called in the background."""
    closing = desk.recipients.closing(asked.given) if asked.given is not None else None
    plan = desk.plan(asked.act)
    waits = any(
        one.article and not one.met and one.why.startswith("permission")
        for file in plan
        for one in file.measures
    )
    named = bool(asked.act.permit)
    return Planned(
        mark=desk.preview_mark(asked.label),
        plan=plan,
        closing=closing,
        blankets=blankets(desk, asked.act.action) if waits or named else (),
    )


def blankets(desk: "Desk", action: str) -> "tuple[PermitRow, ...]":
    """Give own 包括許可 in force for an act; others are found by the content itself."""
    return tuple(
        one
        for one in desk.permits.view().mine
        if one.blanket and one.state in _ACTIVE and one.verified and action in one.actions
    )
