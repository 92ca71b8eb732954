"""What was done under permits, as 取扱記録 of this device tells (Arts. 77-2, 77-6).

It goes to those responsible with the report of the end, sealed for them: their records tell then
what came of what they permitted.
"""

from collections.abc import Iterable

from meti_desk.domain import events
from meti_desk.domain.measures import PERMISSIONS
from meti_desk.services.context import Context
from meti_desk.services.permit_messages import PermitUse

MOST = 100
"""Uses that go along with a report: the newest."""


def by_permit(ctx: Context, only: str = "") -> dict[str, list[PermitUse]]:
    """Gather by permit the entries that were made under it, oldest first."""
    found: dict[str, list[PermitUse]] = {}
    for event in ctx.open_store().ledger.events(kinds=(events.HANDLE,)):
        record = events.read(event)
        for permit in _named(record):
            if not only or permit == only:
                use = PermitUse(at=event.at, action=_action(record.acts), title=record.title)
                found.setdefault(permit, []).append(use)
    return found


def of(ctx: Context, permit_id: str) -> tuple[PermitUse, ...]:
    """Give what is told with the report of a permit's end."""
    return tuple(by_permit(ctx, permit_id).get(permit_id, [])[-MOST:])


def _named(record: events.Record) -> Iterable[str]:
    """Name the permits of an entry: there may be one for each article."""
    named = {one.reason for one in record.measures if one.id in PERMISSIONS and one.reason}
    if record.permit.kind == events.PERMIT_GRANTED:
        named.add(record.permit.id)
    return named - {""}


def _action(acts: tuple[str, ...]) -> str:
    return acts[0] if acts else ""
