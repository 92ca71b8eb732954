"""What a device did is counted once, however often its log is sent."""

from pathlib import Path

from meti_desk.domain import events as ev
from meti_desk.domain.classification import Availability, Confidentiality, Integrity
from meti_desk.domain.label import Label
from meti_desk.server import figures
from meti_desk.server.storage import Database
from tests.unit.services.fakes import World
from tests.unit.services.test_syncing import URL, Office


def held(database: Database) -> dict[tuple[str, str], int]:
    rows = figures.between(database, "2000-01", "2099-12", None)
    return {(kind, name): n for _, _, kind, name, n, _, _ in rows if kind == "label"}


def test_a_log_that_is_sent_again_by_a_new_device_counts_once(world: World, tmp_path: Path) -> None:
    (tmp_path / "ministry").mkdir()
    office = Office(world, tmp_path / "ministry")
    database = office.server.database
    label = Label(Confidentiality.C2, Integrity.I1, Availability.A1)

    def decide(count: int) -> None:
        for _ in range(count):
            body = ev.classify_body(document="d", title="題名", label=label, marked=True)
            world.store.ledger.append(ev.CLASSIFY, body, world.clock.now())

    decide(3)
    office.area.sync()
    assert held(database) == {("label", "C2"): 3}
    office.area.sync()
    office.area.leave()
    decide(2)
    world.clock.moment = world.clock.moment.replace(minute=55)
    office.area.enrol(office.code(), URL)
    office.area.sync()
    assert held(database) == {("label", "C2"): 5}
    decide(1)
    office.area.sync()
    assert held(database) == {("label", "C2"): 6}
    database.close()
