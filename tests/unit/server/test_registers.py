"""機密性3情報管理簿 on the server, on both engines: numbers, lines that stay, who may write."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.server import registers
from meti_desk.server.storage import Database, Place
from meti_desk.sync.register import (
    REGISTER,
    SAID,
    TAKEN_STOCK,
    RegisterLine,
    RegisterPart,
    RegisterSaid,
    RegisterTold,
    StockResult,
    StockTaken,
    entry_id,
)
from tests.unit.server.ministry import Ministry

AT = "2026-11-18T10:00:00+09:00"


def line(identity: str, what: str = "entered", **more: Any) -> RegisterLine:
    return RegisterLine(**({"id": identity, "what": what, "at": AT} | more))


def part(document: str, *lines: RegisterLine, words: bytes = b"w", owner: str = "") -> RegisterPart:
    return RegisterPart(document=document, lines=lines, words=words, owner=owner)


def say(ministry: Ministry, *parts: RegisterPart, who: str = "y1") -> str:
    return ministry.say(who, SAID, RegisterSaid(parts=parts))


def held(ministry: Ministry, document: str = "d1", person: str = "y1") -> RegisterTold:
    told = registers.find(ministry.database, entry_id(document, person))
    assert told is not None
    return told


def test_documents_and_copies_are_numbered_and_a_number_stays(ministry: Ministry) -> None:
    assert say(ministry, part("d1", line("a")), part("d2", line("b"))) == ""
    assert (
        say(ministry, part("d1", line("c", "copied", count=2), line("d", "copied", count=1))) == ""
    )
    assert say(ministry, part("d1", line("c", "copied", count=2))) == ""
    assert [held(ministry, one).number for one in ("d1", "d2")] == ["2026-0001", "2026-0002"]
    assert [one.first for one in held(ministry).lines] == [0, 1, 3]
    assert say(ministry, part("d1", line("e", "copied", count=1)), who="s1") == ""
    other = held(ministry, person="s1")
    assert (other.number, other.lines[0].first) == ("2026-0001", 4)
    ministry.later(200)
    say(ministry, part("d3", line("f")))
    assert held(ministry, "d3").number == "2027-0001"
    say(ministry, part("d3", line("g")), who="z1")
    assert held(ministry, "d3", "z1").number == "2027-0001"
    assert held(ministry, "d3", "z1").unit == "総務課"


def test_states_follow_the_lines(ministry: Ministry) -> None:
    for lines, state in (
        ((line("a"),), "held"),
        ((line("b", "copied", count=1), line("c", "disposed", of="b.1")), "held"),
        ((line("d", "disposed"),), "disposed"),
        ((line("e"),), "held"),
        ((line("f", "lowered"),), "lowered"),
    ):
        assert say(ministry, part("d1", *lines)) == ""
        assert held(ministry).state == state


def test_it_is_told_to_who_holds_it_and_to_who_is_responsible(ministry: Ministry) -> None:
    say(ministry, part("d1", line("a")))
    for person, gets in (("y1", True), ("k1", True), ("k2", True), ("s1", False), ("o1", False),
                         ("h1", False), ("t1", False), ("z1", False)):  # fmt: skip
        assert bool(ministry.body(person, REGISTER, "d1/y1")) == gets, person


def test_words_of_each_device_stay_beside_each_other(ministry: Ministry) -> None:
    say(ministry, part("d1", line("a"), words=b"one"))
    first = ministry.devices["y1"]
    ministry.join("y1")
    say(ministry, part("d1", line("b", "noted"), words=b"two"))
    say(ministry, part("d1", words=b"three"))
    assert held(ministry).words == {first: b"one", ministry.devices["y1"]: b"three"}


def test_who_is_responsible_notes_into_entries_and_others_do_not(ministry: Ministry) -> None:
    say(ministry, part("d1", line("a")))
    noted = part("d1", line("n", "noted"), owner="y1", words=b"by k1")
    for person in ("s1", "o1", "h1", "t1"):
        assert say(ministry, noted, who=person) == "register.not-responsible"
    assert say(ministry, noted, who="k1") == ""
    assert held(ministry).lines[-1].person == "k1"
    forged = part("d1", line("x", "copied", count=1), owner="y1")
    assert say(ministry, forged, who="k1") == "register.malformed"
    missing = part("d9", line("y", "noted"), owner="y1")
    assert say(ministry, missing, who="k1") == "register.not-held"


def test_a_stock_taking_is_whole_or_not_at_all(ministry: Ministry) -> None:
    say(ministry, part("d1", line("a")), part("d2", line("b")))
    say(ministry, part("d3", line("c")), who="z1")

    def take(who: str, *entries: str, stock: str = "s1", result: str = "missing") -> str:
        results = tuple(StockResult(entry=one, result=result, words=b"n") for one in entries)
        return ministry.say(who, TAKEN_STOCK, StockTaken(id=stock, results=results))

    assert take("k1", "d1/y1", "d3/z1") == "register.not-responsible"
    assert [one.what for one in held(ministry).lines] == ["entered"]
    for person in ("y1", "o1", "h1"):
        assert take(person, "d1/y1") == "register.not-responsible"
    assert take("k1", "d1/y1", result="perhaps") == "register.malformed"
    assert take("k1", "d1/y1", stock="") == "register.malformed"
    assert take("k1", "d1/y1", "d2/y1") == ""
    assert take("k1", "d1/y1") == ""
    lines = held(ministry).lines
    assert [(one.what, one.result, one.person) for one in lines[1:]] == [("stock", "missing", "k1")]
    assert held(ministry).stock_words == b"n"


def test_what_comes_before_its_entry_waits_for_it(ministry: Ministry) -> None:
    noted = part("d1", line("n", "noted"), owner="y1", words=b"by k1")
    assert say(ministry, noted, who="k1") == "register.not-held"
    taken = StockTaken(id="s1", results=(StockResult(entry="d1/y1", result="present"),))
    assert ministry.say("k1", TAKEN_STOCK, taken) == "register.not-held"
    assert ministry.say("o1", TAKEN_STOCK, taken) == "register.not-held"
    assert say(ministry, part("d1", line("a"))) == ""
    lines = held(ministry).lines
    assert [(one.what, one.person) for one in lines] == [
        ("entered", "y1"), ("noted", "k1"), ("stock", "k1"),
    ]  # fmt: skip


BAD = (
    part("d 1", line("a")),
    part("d/1", line("a")),
    part("", line("a")),
    part("d1", line("")),
    part("d1", line("a", "stock")),
    part("d1", line("a", "anything")),
    part("d1", line("a", "copied", count=-1)),
    part("d1", line("a", "copied", count=5_000)),
    part("d1", line("a", permit="課長の承認")),
    part("d1", line("a", at="きのう")),
    part("d1"),
    part("d1", *(line(f"a{n}") for n in range(300))),
)


def test_what_makes_no_sense_is_refused_whole(ministry: Ministry) -> None:
    for bad in BAD:
        assert say(ministry, part("d7", line("z")), bad) == "register.malformed", bad
    assert registers.find(ministry.database, "d7/y1") is None


def test_two_processes_give_no_number_twice(ministry: Ministry, place: Place) -> None:
    other = Database(place)
    try:

        def work(turn: int) -> str:
            database = (ministry.database, other)[turn % 2]
            who = ("y1", "s1")[turn % 2]
            told = RegisterSaid(
                parts=(part("same", line(f"l{turn}", "copied", count=2)),
                       part(f"d{turn}", line(f"m{turn}")))
            )  # fmt: skip
            return ministry.say_to(database, who, SAID, told, 5_000 + turn)

        with ThreadPoolExecutor(4) as threads:
            codes = [*threads.map(work, range(16))]
        assert codes == [""] * 16
        shared = [held(ministry, "same", who) for who in ("y1", "s1")]
        assert len({one.number for one in shared}) == 1
        firsts = sorted(one.first for each in shared for one in each.lines)
        assert len(firsts) == len(set(firsts)) == 16
        assert all(later - before >= 2 for before, later in pairwise(firsts))
        numbers = [held(ministry, f"d{n}", ("y1", "s1")[n % 2]).number for n in range(16)]
        assert len({*numbers, shared[0].number}) == 17
    finally:
        other.close()


WORDS = st.one_of(
    st.text(max_size=20), st.binary(max_size=20), st.integers(-(2**63), 2**63 - 1), st.none()
)
INNER = st.dictionaries(
    st.sampled_from(("document", "lines", "words", "owner", "entry", "result")), WORDS, max_size=4
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministry]:
    made = Ministry(tmp_path_factory.mktemp("odd"))
    say(made, part("d1", line("a")))
    yield made
    made.database.close()


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    kind=st.sampled_from((SAID, TAKEN_STOCK)),
    told=st.dictionaries(
        st.sampled_from(("id", "parts", "results")), st.one_of(WORDS, st.lists(INNER, min_size=1))
    ),
)
def test_odd_messages_change_nothing(alone: Ministry, kind: str, told: Any) -> None:
    before = held(alone)
    alone.say("y1", kind, told)
    assert held(alone) == before
    assert len(alone.database.run("SELECT 1 FROM cases WHERE kind = ?", (REGISTER,))) == 1
