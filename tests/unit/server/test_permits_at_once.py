"""Several processes at once, on both engines: of many decisions one counts."""

from concurrent.futures import ThreadPoolExecutor

import msgspec

from meti_desk.server import directory, people, permits
from meti_desk.server.storage import Database
from meti_desk.sync.permits import (
    CONFIRMED,
    DECIDED,
    NOTED,
    STANDING,
    WITHDRAWN,
    NotedJudged,
    NotedTold,
    PermitDecided,
    PermitNamed,
)
from tests.unit.server.ministry import STAFF, Ministry, words_of
from tests.unit.server.test_permits_noted import SAID


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


def test_both_engines_do_all_of_it(ministry: Ministry) -> None:
    assert ministry.decide("k1") == "permit.not-held"
    assert ministry.decide("k2", note="否") == "permit.not-held"
    assert ministry.ask(words=words_of("p1")) == ""
    assert ministry.ask() == ""
    assert ministry.state() == ("granted", 2)
    words = words_of("n1", "noted")
    assert ministry.say("y1", NOTED, NotedTold(id="n1", event="ab" * 32, words=words)) == ""
    assert ministry.say("k1", CONFIRMED, NotedJudged(id="n1", revision=1, right=True)) == ""
    assert ministry.say("k1", STANDING, SAID) == ""
    assert ministry.say("k2", STANDING, msgspec.structs.replace(SAID, ended=True)) == ""
    ministry.ask("s1", "p2")
    rows = [f"{one.id},{one.name},{one.unit},,{one.role}" for one in STAFF if one.id != "k1"]
    rows = [one.replace("y1,山田,政策課", "y1,山田,総務課") for one in rows]
    rows.append("k3,新課長,政策課,,staff responsible")
    data = "\n".join(["id,name,unit,mail,role", *rows]).encode()
    told = directory.take(ministry.server, data, ministry.now, complete=True)
    assert (told.joined, told.moved, told.left, told.changed) == (1, 1, 1, 3)
    assert ministry.state() == ("revoked", 3)
    assert ministry.statement("k3", "p2").state == "requested"
    ministry.join("k3")
    assert ministry.decide("k3", "p2") == ""
    people.put_people(ministry.database, [people.Person("s1", active=False)], ministry.now)
    ministry.do(permits.sweep, ministry.server.key, ministry.now)
    assert ministry.state("p2") == ("revoked", 3)
    assert ministry.database.run("SELECT id FROM cases WHERE state = 'waiting'") == []
