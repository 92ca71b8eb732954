"""What ホーム reminds of in matters of permits (Arts. 13, 77-3, 77-7)."""

from datetime import date

from meti_desk.domain.permit import PermitState
from meti_desk.services import permit_held, permit_noted, permit_standing, server_time
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import LAPSED, HomePermits, PermitRow
from meti_desk.services.permit_rows import deciding_post, posts, row

SOON = 7
"""Days: an answer is new, an end is near."""
_ANSWERS = (PermitState.GRANTED, PermitState.CONDITIONAL, PermitState.REFUSED)
_IN_FORCE = (PermitState.GRANTED, PermitState.CONDITIONAL)


def reminders(ctx: Context) -> tuple[HomePermits, frozenset[str]]:
    """Gather them, and the entries of 取扱記録 whose noted permission was judged already."""
    held, today = posts(ctx), server_time.today(ctx)
    rows = [row(ctx, one, held, brief=True) for one in permit_held.everything(ctx)]
    mine = [one for one in rows if one.mine]
    others = [one for one in rows if not one.mine]
    noted = permit_noted.rows(ctx)
    judged = {
        one.event: one.state for one in noted if one.mine and (one.left or one.state in _JUDGED)
    }
    standing = permit_standing.rows(ctx)
    refused = [one.id for one in rows if _lately(one.refused_at, today)]
    refused += [one.id for one in noted if _lately(one.refused_at, today)]
    refused += [one.id for one in standing if _lately(one.refused_at, today)]
    confirms = bool(deciding_post(ctx, ("13",), held))
    waiting = [
        one.id
        for one in noted
        if confirms and not one.mine and one.state == permit_noted.WAITING and not one.pending
    ]
    found = HomePermits(
        answered=tuple(one.id for one in mine if _is_new(one, today)),
        to_decide=tuple(one.id for one in others if one.decidable),
        to_confirm=tuple(waiting),
        reports_due=tuple(one.id for one in mine if one.report_due and not one.pending),
        unreported=tuple(one.id for one in others if one.report_due and not one.pending),
        ending=tuple(
            (one.id, one.until, left)
            for one in mine
            if one.state in _IN_FORCE and 0 <= (left := _days(today, one.until)) <= SOON
        ),
        denied=tuple(name for name, state in judged.items() if state == permit_noted.DENIED),
        refused=tuple(refused),
    )
    return found, frozenset(judged)


_JUDGED = (permit_noted.CONFIRMED, permit_noted.DENIED)


def _is_new(one: PermitRow, today: date) -> bool:
    if one.state == LAPSED:
        return 0 < -_days(today, one.until) <= SOON
    return one.state in _ANSWERS and _lately(one.decided_at, today)


def _lately(at: str, today: date) -> bool:
    return bool(at) and 0 <= -_days(today, at[:10]) <= SOON


def _days(today: date, day: str) -> int:
    """Count the days from today to a day."""
    return (date.fromisoformat(day) - today).days
