"""Both engines keep the same promises: commits are shared, nothing is half there, chains hold."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest

from meti_desk.server import auditing
from meti_desk.server.storage import Database, DatabaseFault, Place, ValueFault
from tests.postgres import Cluster

PERSON = "INSERT INTO people (id, name, unit, mail, role) VALUES (?, '山田', '', '', 'staff')"


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    made = Database(place)
    yield made
    made.close()


def people(database: Database) -> list[str]:
    return [one for (one,) in database.run("SELECT id FROM people ORDER BY id")]


def test_values_go_in_and_come_out_as_they_are(database: Database) -> None:
    odd = "100% of ?'s — 山田\U0001f5ff"
    database.run(PERSON, (odd,))
    assert database.run("SELECT id, '?%', active FROM people WHERE id = ?", (odd,)) == [
        (odd, "?%", 1)
    ]
    database.run(
        "INSERT INTO nonces (device, nonce, at) VALUES (?, ?, ?)", ("d", bytes(range(256)), 1 << 60)
    )
    assert database.run("SELECT nonce, at FROM nonces") == [(bytes(range(256)), 1 << 60)]
    assert database.run("SELECT device FROM nonces WHERE device LIKE 'd%'") == [("d",)]


def test_pieces_that_come_together_succeed_and_fail_each_for_itself(database: Database) -> None:
    def put(number: int) -> int:
        def write() -> int:
            database.run(PERSON, (f"p{number:03}",))
            database.record(number, {"what": "person", "person": f"p{number:03}"})
            if number % 5 == 0:
                raise LookupError(number)
            if number % 7 == 0:
                database.run(PERSON, (f"p{number:03}",))
            return number

        return database.together(write)

    with ThreadPoolExecutor(16) as threads:
        asked = [threads.submit(put, number) for number in range(1, 141)]
        outcomes = [(one.exception(), number) for number, one in enumerate(asked, 1)]
    for error, number in outcomes:
        kind = LookupError if number % 5 == 0 else ValueFault if number % 7 == 0 else type(None)
        assert type(error) is kind
    good = [number for error, number in outcomes if error is None]
    assert people(database) == [f"p{number:03}" for number in good]
    assert sorted(one.at for one in database.entries()) == good
    assert auditing.verify(database).intact


def test_what_is_nested_is_taken_back_alone(database: Database) -> None:
    with database.transaction():
        database.record(1, {"what": "kept"})
        with pytest.raises(ValueFault):
            _lost(database, None)
        with pytest.raises(KeyError):
            _lost(database, "b")
        database.record(3, {"what": "kept too"})
        database.run(PERSON, ("a",))
    assert people(database) == ["a"]
    assert [(one.entry, one.at) for one in database.entries()] == [(1, 1), (2, 3)]
    assert auditing.verify(database).intact
    with pytest.raises(KeyError):
        _lost(database, "c")
    assert database.together(lambda: database.record(5, {"what": "next"})).entry == 3
    assert auditing.verify(database).intact


def _lost(database: Database, person: str | None) -> None:
    with database.transaction():
        database.record(2, {"what": "lost"})
        assert database.run("SELECT at FROM chain WHERE at = 2") == [(2,)]
        database.run(PERSON, (person,))
        raise KeyError


def test_a_piece_may_ask_for_a_piece(database: Database) -> None:
    def outer() -> int:
        database.run(PERSON, ("a",))
        return database.together(lambda: database.record(1, {"what": "x"})).entry

    assert database.together(outer) == 1


def test_what_was_written_stays_as_it_is(database: Database) -> None:
    database.together(lambda: database.record(1, {"what": "x"}))
    database.run(
        "INSERT INTO events (device, seq, kind, version, body, prev, hash, received_at)"
        " VALUES ('d', 1, 'k', 1, ?, ?, ?, 1790000000000)",
        (b"", b"", b""),
    )
    for change in (
        "UPDATE chain SET hash = ?", "DELETE FROM chain WHERE hash <> ?",
        "UPDATE events SET hash = ?", "DELETE FROM events WHERE hash <> ?",
    ):  # fmt: skip
        with pytest.raises(DatabaseFault):
            database.run(change, (b"changed",))
    assert len([*database.entries()]) == 1


def test_a_moment_is_seen_whatever_others_write(database: Database, place: Place) -> None:
    other = Database(place)
    database.run(PERSON, ("a",))
    with database.snapshot():
        assert people(database) == ["a"]
        other.run(PERSON, ("b",))
        thread_sees: list[str] = []
        thread = threading.Thread(target=lambda: thread_sees.extend(people(database)))
        thread.start()
        thread.join()
        assert thread_sees == ["a", "b"]
        assert people(database) == ["a"]
        assert [*database.walk("SELECT id FROM people ORDER BY id")] == [("a",)]
    assert [*database.walk("SELECT id FROM people ORDER BY id")] == [("a",), ("b",)]
    other.close()


def test_processes_write_side_by_side_and_the_chain_holds(database: Database, place: Place) -> None:
    other = Database(place)

    def write(one: Database, name: str) -> None:
        for number in range(30):

            def work(number: int = number) -> None:
                one.run(PERSON, (f"{name}{number:02}",))
                one.record(number, {"what": "person", "person": name})

            one.together(work)

    threads = [
        threading.Thread(target=write, args=(one, name))
        for one, name in ((database, "a"), (other, "b"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(people(database)) == 60
    state = auditing.verify(other)
    assert (state.intact, state.entries) == (True, 60)
    lanes = {one.lane for one in database.entries()}
    assert lanes == ({0} if not isinstance(place, str) else {0, 1})
    other.close()


def test_who_closes_is_told_no_more(place: Place) -> None:
    database = Database(place)
    database.together(lambda: database.record(1, {"what": "x"}))
    database.close()
    with pytest.raises(RuntimeError):
        database.together(lambda: None)


def test_a_database_that_was_started_anew_is_found_again(postgres: Cluster) -> None:
    database = Database(postgres.made())
    database.run(PERSON, ("a",))
    with database.snapshot():
        assert people(database) == ["a"]
    postgres.stop()
    for work in (lambda: people(database), lambda: database.run(PERSON, ("b",))):
        with pytest.raises(DatabaseFault):
            work()
    postgres.start()
    database.run(PERSON, ("b",))
    assert people(database) == ["a", "b"]
    database.together(lambda: database.record(1, {"what": "x"}))
    assert auditing.verify(database).intact
    database.close()


def test_what_reads_one_moment_finds_a_database_again_that_was_started_anew(
    postgres: Cluster,
) -> None:
    database = Database(postgres.made())
    database.run(PERSON, ("a",))

    def moment() -> list[str]:
        with database.snapshot():
            return people(database)

    works: tuple[Callable[[], object], ...] = (
        moment, lambda: [*database.walk("SELECT id FROM people ORDER BY id")], database.tables,
    )  # fmt: skip
    for work in works:
        before = work()
        postgres.stop()
        postgres.start()
        assert work() == before
    postgres.stop()
    with pytest.raises(DatabaseFault):
        moment()
    postgres.start()
    assert moment() == ["a"]
    database.close()


def test_a_piece_whose_connection_is_cut_is_done_anew(postgres: Cluster) -> None:
    url = postgres.made()
    database = Database(url)
    database.together(lambda: database.record(1, {"what": "before"}))
    cut = [True, True]

    def work() -> int:
        database.run(PERSON, ("a",))
        if cut and cut.pop():
            ((pid,),) = database.run("SELECT pg_backend_pid()")
            with psycopg.connect(url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        database.run(PERSON, ("b",))
        return database.record(2, {"what": "after"}).entry

    assert database.together(work) == 2
    assert (people(database), cut) == (["a", "b"], [])
    assert auditing.verify(database).intact
    database.close()


def test_what_goes_over_with_its_commit_is_not_sent_to_who_hung_up(postgres: Cluster) -> None:
    """A refusal is recorded without a question before: nothing else would find the cut."""
    url = postgres.made()
    database = Database(url)
    for number in range(4):
        database.together(lambda n=number: database.record(n, {"what": "refused"}))
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
    state = auditing.verify(database)
    assert (state.intact, state.entries) == (True, 4)
    database.close()


def test_what_waits_goes_in_front_of_what_is_walked_through_and_of_rows_by_copy(
    postgres: Cluster,
) -> None:
    database = Database(postgres.made())
    columns = ("id", "name", "unit", "mail", "role", "active", "mailed")
    database.run(PERSON, ("a",))
    with pytest.raises(DatabaseFault), database.transaction():
        database.load("people", columns, [(one, "山田", "", "", "staff", 1, 0) for one in "ca"])
    assert people(database) == ["a"]
    with database.transaction():
        database.put("people", "id, name, unit, mail, role", [("b", "山田", "", "", "staff")])
        assert [one for (one,) in database.walk("SELECT id FROM people ORDER BY id")] == ["a", "b"]
    assert people(database) == ["a", "b"]
    database.close()


def test_those_that_lock_each_other_out_both_get_through(postgres: Cluster) -> None:
    url = postgres.made()
    first, second = Database(url), Database(url)
    for name in ("a", "b"):
        first.run(PERSON, (name,))
    meeting = threading.Barrier(2, timeout=30)

    def work(database: Database, order: tuple[str, str]) -> None:
        add = "UPDATE people SET mailed = mailed + 1 WHERE id = ?"
        tries: list[int] = []

        def write() -> None:
            tries.append(1)
            database.run(add, order[:1])
            if len(tries) == 1:
                meeting.wait()
            database.run(add, order[1:])
            database.record(1, {"what": "x"})

        database.together(write)

    with ThreadPoolExecutor(2) as threads:
        both = [
            threads.submit(work, first, ("a", "b")),
            threads.submit(work, second, ("b", "a")),
        ]
        for one in both:
            one.result()
    assert first.run("SELECT mailed FROM people") == [(2,), (2,)]
    assert auditing.verify(first).intact
    first.close()
    second.close()


def test_each_month_has_its_part(postgres: Cluster) -> None:
    database = Database(postgres.made())
    database.together(lambda: None)
    parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = CAST('events' AS regclass)"
    assert database.run(parts) == [(3,)]  # this month, the next, and everything else
    put = (
        "INSERT INTO events (device, seq, kind, version, body, prev, hash, received_at)"
        " VALUES (?, 1, 'k', 1, ?, ?, ?, ?)"
    )
    for device, at in (("now", int(time.time() * 1000)), ("early", 1)):
        database.run(put, (device, b"", b"", b"", at))
    rows = database.run("SELECT device, CAST(tableoid AS regclass)::text FROM events ORDER BY 1")
    assert rows == [("early", "events_other"), ("now", f"events_{datetime.now(UTC):%Y_%m}")]
    database.close()


def test_a_commit_whose_answer_is_lost_is_not_done_twice(postgres: Cluster) -> None:
    url = postgres.made()
    database = Database(url)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
        )
        admin.execute(
            "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON people"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()"
        )
        tries = []

        def work() -> None:
            tries.append(1)
            database.run(PERSON, ("a",))
            database.record(1, {"what": "x"})

        with pytest.raises(DatabaseFault, match="unsure"):
            database.together(work)
        assert tries == [1]
        admin.execute("DROP TRIGGER at_commit ON people")
    database.together(work)
    assert (people(database), len(tries)) == (["a"], 2)
    assert [one.entry for one in database.entries()] == [1]
    assert auditing.verify(database).intact
    database.close()
