"""ホーム: what is due today, and what was handled last."""

from meti_desk.domain import events
from meti_desk.services.context import Context
from meti_desk.services.facts import recorded
from meti_desk.services.messages import HomeView
from meti_desk.services.selfcheck import SelfChecks
from meti_desk.services.views import label_view
from meti_desk.services.watch import to_decide

RECENT = 8


def home(ctx: Context) -> HomeView:
    """Gather what is due: the open self-check, permits to be confirmed; and recent documents."""
    store = ctx.open_store()
    recent = []
    for record in store.documents.recent(RECENT):
        view = label_view(recorded(ctx, record))
        if view is not None:
            recent.append((record.path, record.title, view))
    noted = sum(
        events.read(event).permit.kind == events.PERMIT_NOTED
        for event in store.ledger.events(kinds=(events.HANDLE,))
    )
    due = next(
        (row for row in SelfChecks(ctx).list_forms().forms if row.state != "submitted"), None
    )
    waiting, undecided = to_decide(ctx)
    return HomeView(
        person=ctx.person().name,
        recent=tuple(recent),
        selfcheck_title=due.title if due else "",
        selfcheck_answered=due.answered if due else 0,
        selfcheck_total=due.applicable if due else 0,
        selfcheck_due=due.deadline if due else "",
        unconfirmed_permits=noted,
        undecided=undecided,
        to_decide=waiting,
    )
