"""Pieces of one kind share a commit, for threads and for coroutines; none fails for another."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from meti_desk.server.storage import Database, DatabaseFault, Place, ValueFault
from meti_desk.server.storage.base import AwayFault, LostFault
from meti_desk.server.storage.rounds import do_round
from meti_desk.server.storage.sharing import Asked

COLUMNS = "id, name, unit, mail, role"


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    made = Database(place)
    yield made
    made.close()


class Writer:
    """Writes people; the rows go along with what comes next, at the latest with the commit."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.sizes: list[int] = []

    def __call__(self, names: Sequence[str | None]) -> Sequence[object]:
        self.sizes.append(len(names))
        self.database.put("people", COLUMNS, [(one, "山田", "", "", "staff") for one in names])
        return [f"{one} is there" for one in names]


def people(database: Database) -> list[str]:
    return [one for (one,) in database.run("SELECT id FROM people ORDER BY id")]


async def at_once(database: Database, writer: Writer, names: Sequence[str | None]) -> list[Any]:
    """Have pieces written that all wait before the first is begun."""
    held, begun = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert held.wait(20)

    holder = threading.Thread(target=database.together, args=(hold,))
    holder.start()
    assert await asyncio.to_thread(begun.wait, 20)
    asked = [asyncio.ensure_future(database.shared(writer, one)) for one in names]
    await asyncio.sleep(0)
    held.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    await asyncio.to_thread(holder.join)
    return found


def test_coroutines_are_told_what_came_of_theirs(database: Database) -> None:
    writer, names = Writer(database), [f"p{number:02}" for number in range(30)]
    assert asyncio.run(at_once(database, writer, names)) == [f"{one} is there" for one in names]
    assert people(database) == names
    assert len(writer.sizes) < 4


def test_what_fails_only_at_the_commit_fails_for_itself_alone(database: Database) -> None:
    writer = Writer(database)
    names = [None if number % 5 == 0 else f"p{number:02}" for number in range(20)]
    found = asyncio.run(at_once(database, writer, names))
    for name, outcome in zip(names, found, strict=True):
        assert isinstance(outcome, ValueFault) if name is None else outcome == f"{name} is there"
    assert people(database) == [one for one in names if one]


def test_who_waits_no_longer_stops_nobody(database: Database) -> None:
    writer = Writer(database)

    held = threading.Event()
    holder = threading.Thread(target=database.together, args=(lambda: held.wait(20),))

    async def leave() -> None:
        holder.start()
        asked = asyncio.ensure_future(database.shared(writer, "a"))
        await asyncio.sleep(0)
        asked.cancel()
        await asyncio.wait([asked])

    asyncio.run(leave())
    held.set()
    holder.join()
    assert asyncio.run(database.shared(writer, "c")) == "c is there"
    assert "c" in people(database)


def test_a_database_that_is_closed_tells_coroutines_so(place: Place) -> None:
    database = Database(place)
    writer = Writer(database)
    database.close()
    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(database.shared(writer, "a"))


def test_several_statements_go_in_one_message_and_fail_together(database: Database) -> None:
    put = (
        "INSERT INTO people (id, name, unit, mail, role) VALUES (?, '?', '', '', 'staff')"
        " RETURNING id, name"
    )
    with database.transaction():
        database.later("DELETE FROM people WHERE id = ?", ("x",))
        rows = database.several(
            (
                (put, ("a",)),
                ("SELECT id FROM people WHERE id = ?", ("a",)),
                ("SELECT id FROM people WHERE id = ?", ("nobody",)),
                ("DELETE FROM people WHERE id = ?", ("nobody",)),
            )
        )
    assert rows == [[("a", "?")], [("a",)], [], []]
    with pytest.raises(DatabaseFault), database.transaction():
        database.several(((put, ("b",)), (put, (None,)), (put, ("c",))))
    assert people(database) == ["a"]
    assert database.several((("SELECT id FROM people", ()),)) == [[("a",)]]


def _did(items: Sequence[Any]) -> Sequence[object]:
    return [f"did {one}" for one in items]


class Unreachable:
    """A database that nobody answers for; `answers` is how often it was reached before."""

    alive = False

    def __init__(self, answers: int) -> None:
        self.tries, self.answers = 0, answers

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.tries += 1
        if self.tries > self.answers:
            raise AwayFault("server.unreachable")
        yield
        if self.tries == 1:
            raise LostFault("in the middle")


@pytest.mark.parametrize(("answers", "tries"), [(0, 1), (1, 2), (4, 5)])
def test_a_database_that_is_away_is_not_tried_for_each_piece(answers: int, tries: int) -> None:
    """Each try waits for seconds, and nobody of the round is told before its end."""
    database = Unreachable(answers)
    asked = [Asked(_did, number) for number in range(128)]
    do_round(database, asked)
    assert database.tries == tries
    done = max(answers - 1, 0)
    assert [one.outcome for one in asked[:done]] == [f"did {number}" for number in range(done)]
    assert all(isinstance(one.outcome, AwayFault) for one in asked[done:])
