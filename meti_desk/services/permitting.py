"""Which permits an act may rest on, offline too; and why a named one does not fit (Arts. 13, 77).

Only what the server signed for this very person counts, and only as long as its period lasts by
the later of this device's clock and the server's (`server_time`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from meti_desk.domain.circumstances import Circumstances
from meti_desk.domain.errors import EnvironmentProblem, RuleViolation
from meti_desk.domain.measures import PERMISSIONS, Measure
from meti_desk.domain.permit import ACTIVE, Permit, PermitState
from meti_desk.services import enrolment, server_time
from meti_desk.services.context import Context
from meti_desk.services.permit_held import Known, everything, permit_of, read

_MISSING = ("permission.none", "restriction.needs-permit", "permission.waiting")


def usable(ctx: Context, named: str) -> tuple[Permit, ...]:
    """Give the permits that an act may rest on: the one that was named, or all that are held.

    A request that waits is among them: it permits nothing, but tells that somebody asked. Raises
    `RuleViolation` for a named one: `permit.unknown`, `permit.unverified`, `permit.not-yours`,
    `permit.not-granted` (`state`), `permit.expired` (`until`), `permit.not-yet` (`since`).
    """
    if named:
        return (_named(ctx, named),)
    if ctx.store is None:
        return ()
    known, today = enrolment.state(ctx), server_time.today(ctx)
    held = [
        permit
        for one in everything(ctx)
        if one.mine(known) and (permit := permit_of(one)) is not None
        # The signature last: it costs most, and most permits are over or somebody else's.
        if permit.state_on(today) in (*ACTIVE, PermitState.REQUESTED)
        and not permit.lapsed(today)
        and _counts(one)
    ]
    # What was permitted for one content says more than a permit for a kind of document.
    return tuple(sorted(held, key=lambda one: bool(one.scope.blanket)))


def _counts(one: Known) -> bool:
    """Tell whether a permit is to be believed, or a request really waits."""
    taken_back = one.own.waiting == "permit-withdrawn"
    if one.statement is not None:
        return one.sound and not (taken_back and one.statement.state == PermitState.REQUESTED.value)
    return not one.came and not one.refusal and not taken_back


def _named(ctx: Context, permit_id: str) -> Permit:
    if ctx.store is None:
        raise EnvironmentProblem("store.locked")
    one = read(ctx, permit_id)
    if one.came and not one.sound:
        raise RuleViolation("permit.unverified", articles=("13",), id=permit_id)
    if not one.mine(enrolment.state(ctx)):
        raise RuleViolation("permit.not-yours", articles=("13",), id=permit_id)
    permit = permit_of(one)
    if permit is None or not _counts(one):
        state = one.statement.state if one.statement else PermitState.REFUSED.value
        raise RuleViolation("permit.not-granted", articles=("13",), id=permit_id, state=state)
    today = server_time.today(ctx)
    state_now = permit.state_on(today)
    if state_now is PermitState.EXPIRED or permit.lapsed(today):
        until = permit.scope.until.isoformat()
        raise RuleViolation("permit.expired", articles=("13",), id=permit_id, until=until)
    if state_now not in (*ACTIVE, PermitState.REQUESTED):
        told = state_now.value
        raise RuleViolation("permit.not-granted", articles=("13",), id=permit_id, state=told)
    if state_now in ACTIVE and today < permit.scope.since:
        since = permit.scope.since.isoformat()
        raise RuleViolation("permit.not-yet", articles=("13",), id=permit_id, since=since)
    return permit


def kind_of(named: Sequence[Permit]) -> str:
    """Give the kind of document that the person says it is by naming a 包括許可."""
    return named[0].scope.blanket if named else ""


def of_content(
    permits: Iterable[Permit], digest: str, earlier: Sequence[str]
) -> tuple[Permit, ...]:
    """Read permits that name the same content by the digest of an earlier version of meti-desk."""
    return tuple(
        replace(one, scope=replace(one.scope, digests=one.scope.digests | {digest}))
        if digest and one.scope.digests.intersection(earlier)
        else one
        for one in permits
    )


def check_fits(
    named: Sequence[Permit], action: str, about: Circumstances, found: Iterable[Measure]
) -> None:
    """Say why the named permit does not permit this, where a permission is still missing.

    Raises `RuleViolation`: `permit.other-action`, `permit.no-recipient`, `permit.other-recipient`
    (`name`), `permit.other-content`. What is missing under an article that it is not for stays
    missing.
    """
    if not named or named[0].state not in ACTIVE:
        return
    missing = [one for one in found if not one.met and one.why in _MISSING]
    if not any(one.id in PERMISSIONS or one.id.startswith("restriction:") for one in missing):
        return
    permit = named[0]
    scope = permit.scope
    if action not in scope.actions:
        raise RuleViolation("permit.other-action", articles=("13",), id=permit.id, action=action)
    if scope.recipients and not about.recipients:
        raise RuleViolation("permit.no-recipient", articles=("13",), id=permit.id)
    other = next((one for one in about.recipients if not scope.allows_recipients((one,))), None)
    if other is not None:
        raise RuleViolation("permit.other-recipient", articles=("13",), id=permit.id, name=other)
    of_kind = bool(scope.blanket) and scope.blanket == about.kind
    if about.digest not in scope.digests and not of_kind:
        raise RuleViolation("permit.other-content", articles=("13",), id=permit.id)
