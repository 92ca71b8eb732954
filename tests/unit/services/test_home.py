"""ホーム counts what rests on a person's word, and leads to its entries (Arts. 7-1, 13-1)."""

from meti_desk.services.home import home
from tests.unit.services.fakes import World
from tests.unit.services.test_changing import ANSWER, decide, others


def test_a_label_changed_after_a_consultation_waits_to_be_confirmed(world: World) -> None:
    path = others(world)
    assert home(world.ctx).consultation_events == ()
    row = decide(world, path, 3, consulted=ANSWER)
    assert row.error is None
    view = home(world.ctx)
    assert view.unconfirmed_consultations == 1
    (entry,) = view.consultation_events
    event = next(one for one in world.store.ledger.events() if one.id == entry)
    assert event.data()["consulted"]
    assert (view.unconfirmed_permits, view.permit_events) == (0, ())
