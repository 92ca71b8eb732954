"""Between the wire and the rules: scopes and statements of permits, read and written."""

from datetime import date

from meti_desk.domain.permit import Permit, PermitScope, PermitState
from meti_desk.domain.standing import Standing
from meti_desk.sync.permits import PermitStatement, StandingSaid, WireScope


def scope_of(wire: WireScope) -> PermitScope:
    """Read a scope; raises `ValueError` for a day that is none."""
    return PermitScope(
        articles=frozenset(wire.articles),
        digests=frozenset(wire.digests),
        blanket=wire.blanket,
        actions=frozenset(wire.actions),
        recipients=frozenset(wire.recipients),
        since=date.fromisoformat(wire.since),
        until=date.fromisoformat(wire.until),
        restrictions=frozenset(wire.restrictions),
        includes_copies=wire.includes_copies,
    )


def wire_of(scope: PermitScope) -> WireScope:
    """Write a scope as it is sent: the same scope always in the same form."""
    return WireScope(
        articles=tuple(sorted(scope.articles)),
        digests=tuple(sorted(scope.digests)),
        blanket=scope.blanket,
        actions=tuple(sorted(scope.actions)),
        recipients=tuple(sorted(scope.recipients)),
        since=scope.since.isoformat(),
        until=scope.until.isoformat(),
        restrictions=tuple(sorted(scope.restrictions)),
        includes_copies=scope.includes_copies,
    )


def permit_of(statement: PermitStatement) -> Permit:
    """Give a permit as the rules know it, with the ids of its people.

    Raises `ValueError` for a state or a day that this version does not know: what is not understood
    permits nothing.
    """
    return Permit(
        id=statement.id,
        scope=scope_of(statement.scope),
        requested_by=statement.requested_by,
        requested_at=statement.requested_at,
        state=PermitState(statement.state),
        decided_by=statement.decided_by,
        decided_at=statement.decided_at,
        designated=statement.designated,
        note=statement.note,
        report_waived=statement.report_waived,
        reported_at=statement.reported_at,
        reported_by=statement.reported_by,
        ended_by=statement.ended_by,
        ended_at=statement.ended_at,
        ended_note=statement.ended_note,
    )


def standing_of(said: StandingSaid, *, unit: str = "", decided_by: str = "") -> Standing:
    """Give a decision in advance as the rules know it; raises `ValueError` for no day.

    `unit` and `decided_by` stand in the `StandingStatement`. Anything but `yes` reads no.
    """
    return Standing(
        id=said.id,
        measure=said.measure,
        needed=said.answer == "yes",
        levels=frozenset(said.levels),
        recipients=frozenset(said.recipients),
        since=date.fromisoformat(said.since),
        until=date.fromisoformat(said.until),
        reason=said.reason,
        unit=unit,
        decided_by=decided_by,
        ended=said.ended,
    )
