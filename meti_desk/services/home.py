"""ホーム: what is due today, and what was handled last."""

from meti_desk.domain import events
from meti_desk.services import permit_home
from meti_desk.services.context import Context
from meti_desk.services.facts import recorded
from meti_desk.services.messages import HomeView
from meti_desk.services.ports import Store
from meti_desk.services.selfcheck import SelfChecks
from meti_desk.services.views import label_view
from meti_desk.services.watch import to_decide

RECENT = 8


def _unconfirmed(store: Store, judged: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the entries that rest on what a person told: permits (13-1) and 相談 (7-1), 要確認.

    They are confirmed by the responsible person through the ministry's server (`judged`); until
    then each stands here.
    """
    permits = tuple(
        event.id
        for event in store.ledger.events(kinds=(events.HANDLE,))
        if event.id not in judged and events.read(event).permit.kind == events.PERMIT_NOTED
    )
    consultations = tuple(
        event.id
        for event in store.ledger.events(kinds=(events.CLASSIFY,))
        if _told_of(event.data().get(events.CONSULTED))
    )
    return permits, consultations


def _told_of(consulted: object) -> bool:
    return isinstance(consulted, dict) and consulted.get("confirmed") is not True


def home(ctx: Context) -> HomeView:
    """Gather what is due: the open self-check, permits to be confirmed; and recent documents."""
    store = ctx.open_store()
    recent = []
    for record in store.documents.recent(RECENT):
        view = label_view(recorded(ctx, record))
        if view is not None:
            recent.append((record.path, record.title, view))
    reminders, judged = permit_home.reminders(ctx)
    permits, consultations = _unconfirmed(store, judged)
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
        unconfirmed_permits=len(permits),
        unconfirmed_consultations=len(consultations),
        permit_events=permits,
        consultation_events=consultations,
        permits=reminders,
        undecided=undecided,
        to_decide=waiting,
        ending=_ending(ctx),
    )


def _ending(ctx: Context) -> tuple[tuple[str, str, int], ...]:
    from meti_desk.services.recipients import Recipients

    rows = Recipients(ctx).reminders()
    return tuple(
        ((one.name or one.mail) if one.mail else "", one.ends[:10], one.days_left) for one in rows
    )
