"""Several processes at once, on both engines: of many decisions one counts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from meti_desk.server import auditing, permits
from meti_desk.server.storage import Database, Place
from meti_desk.sync.permits import DECIDED, WITHDRAWN, PermitDecided, PermitNamed
from tests.unit.server.ministry import Ministry


@pytest.fixture
def ministry(tmp_path: Path, place: Place) -> Iterator[Ministry]:
    made = Ministry(tmp_path / "keys", place)
    yield made
    assert auditing.verify(made.database).bad_entry is None
    made.database.close()


@pytest.fixture
def other(ministry: Ministry, place: Place) -> Iterator[Database]:
    assert ministry.database is not None
    made = Database(place)
    yield made
    made.close()


def test_of_many_decisions_one_counts(ministry: Ministry, other: Database) -> None:
    for number in range(12):
        name = f"p{number}"
        assert ministry.ask(permit=name) == ""

        def say(turn: int, name: str = name, number: int = number) -> str:
            database = (ministry.database, other)[turn % 2]
            seq = 10_000 + 10 * number + turn
            if turn == 4:
                told = PermitNamed(id=name, revision=1)
                return ministry.say_to(database, "y1", WITHDRAWN, told, seq)
            decided = PermitDecided(id=name, revision=1, granted=turn > 1, note=f"{turn}")
            return ministry.say_to(database, ("k1", "k2")[turn // 2], DECIDED, decided, seq)

        with ThreadPoolExecutor(5) as threads:
            codes = [*threads.map(say, range(5))]
        assert sorted(codes) == ["", *["permit.changed"] * 4]
        assert ministry.state(name)[1] == 2
        assert ministry.statement(permit=name).state == ministry.state(name)[0]


def test_two_that_look_for_what_ran_out_write_it_once(ministry: Ministry, other: Database) -> None:
    names = [f"p{number}" for number in range(8)]
    for name in names:
        ministry.ask(permit=name)
        ministry.decide(permit=name)
    ministry.later(30)

    def look(database: Database) -> None:
        database.together(lambda: permits.expire(database, ministry.server.key, ministry.now))

    with ThreadPoolExecutor(2) as threads:
        [*threads.map(look, (ministry.database, other))]
    assert [ministry.state(name) for name in names] == [("expired", 3)] * len(names)
