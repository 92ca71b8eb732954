"""確認 on the server, on both engines: who may say what, one judgement of several, odd messages."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meti_desk.server import reviews
from meti_desk.server.storage import Database, Place
from meti_desk.sync.reviews import (
    ANSWERED,
    JUDGED,
    OFFERED,
    REVIEW,
    WITHDRAWN,
    Replaced,
    ReviewAnswered,
    ReviewJudged,
    ReviewMember,
    ReviewOffered,
    ReviewTold,
    ReviewWithdrawn,
)
from tests.unit.server.ministry import Ministry


def offer(ministry: Ministry, review: str = "r1", who: str = "y1", **more: Any) -> str:
    values: dict[str, Any] = {
        "id": review, "label": "C2I1A1", "decided_at": "2026-11-18T10:00:00+09:00",
        "members": tuple(ReviewMember(document=one, digest="aa") for one in ("d1", "d2")),
        "words": b"sealed",
    }  # fmt: skip
    return ministry.say(who, OFFERED, ReviewOffered(**(values | more)))


def judge(ministry: Ministry, who: str = "k1", review: str = "r1", **more: Any) -> str:
    told = ReviewJudged(**({"id": review, "revision": held(ministry, review).revision} | more))
    return ministry.say(who, JUDGED, told)


def held(ministry: Ministry, review: str = "r1") -> ReviewTold:
    told = reviews.find(ministry.database, review)
    assert told is not None
    return told


def states(ministry: Ministry, review: str = "r1") -> list[str]:
    return [one.state for one in held(ministry, review).members]


def test_it_is_told_to_who_judges_and_to_nobody_else(ministry: Ministry) -> None:
    assert offer(ministry) == ""
    for person, gets in (("y1", True), ("k1", True), ("k2", True), ("s1", False), ("o1", False),
                         ("h1", False), ("t1", False)):  # fmt: skip
        assert bool(ministry.body(person, REVIEW, "r1")) == gets, person


def test_only_who_judges_here_judges(ministry: Ministry) -> None:
    offer(ministry)
    for person, code in (("y1", "review.own"), ("s1", "review.unknown"), ("o1", "review.unknown"),
                         ("h1", "review.unknown"), ("t1", "review.unknown")):  # fmt: skip
        assert judge(ministry, person) == code
    assert judge(ministry, "k1") == ""
    assert judge(ministry, "k2") == "review.changed"
    assert states(ministry) == ["valid", "valid"]


def test_what_the_responsible_person_decided_is_judged_by_another_or_the_head(
    ministry: Ministry,
) -> None:
    offer(ministry, "r2", "k1")
    assert judge(ministry, "k2", "r2") == ""
    offer(ministry, "r3", "o1")
    assert held(ministry, "r3").state == "waiting"
    assert ministry.body("h1", REVIEW, "r3")
    assert judge(ministry, "h1", "r3") == ""
    assert held(ministry, "r3").judgements[0].post == "情報セキュリティ責任者"


def test_each_document_has_its_own_state(ministry: Ministry) -> None:
    offer(ministry)
    assert judge(ministry, documents=("d1",), label="C3I1A1", words=b"note") == ""
    assert held(ministry).state == "waiting"
    assert judge(ministry, documents=("d3",)) == "review.changed"
    answer = ReviewAnswered(id="r1", revision=held(ministry).revision, words=b"why")
    assert ministry.say("y1", ANSWERED, answer) == ""
    assert states(ministry) == ["objected", "waiting"]
    assert ministry.say("y1", ANSWERED, answer) == "review.changed"
    assert judge(ministry, label="C3I1A1", words=b"note") == ""
    assert states(ministry) == ["correct", "correct"]
    gone = ReviewWithdrawn(id="r1", documents=("d2",), why="decided-anew")
    assert ministry.say("y1", WITHDRAWN, gone) == ""
    assert states(ministry) == ["correct", "correct"]
    links = (Replaced(id="r1", documents=("d1", "d2")),)
    members = (ReviewMember(document="d1", digest="bb"),)
    assert offer(ministry, "r2", label="C3I2A1", carries_out=links, members=members) == ""
    assert states(ministry) == ["correct", "correct"]
    assert offer(ministry, "r4", label="C3I1A1", carries_out=links, members=members) == ""
    assert states(ministry) == ["done", "done"]
    assert held(ministry, "r4").follows == ("r1",)


def test_orders_of_others_are_not_carried_out(ministry: Ministry) -> None:
    offer(ministry)
    judge(ministry, label="C3I1A1", words=b"note")
    links = (Replaced(id="r1", documents=("d1", "d2")),)
    assert offer(ministry, "r2", "s1", label="C3I1A1", carries_out=links) == ""
    assert states(ministry) == ["correct", "correct"]


def test_a_seal_is_renewed_by_its_owner_while_it_waits(ministry: Ministry) -> None:
    offer(ministry)
    assert offer(ministry, words=b"again") == ""
    assert held(ministry).words == b"again"
    assert held(ministry).revision == 2
    assert offer(ministry, who="s1", words=b"stolen") == "review.not-yours"
    judge(ministry)
    assert offer(ministry, words=b"late") == ""
    assert (held(ministry).words, held(ministry).state) == (b"again", "valid")


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"label": "C9I1A1"}, "review.label"),
    ({"label": "C1"}, "review.label"),
    ({"members": ()}, "review.malformed"),
    ({"review": ""}, "review.malformed"),
    ({"members": (ReviewMember(document="d1", digest=""),) * 2}, "review.malformed"),
    ({"members": (ReviewMember(document="x" * 200, digest=""),)}, "review.malformed"),
    ({"members": (ReviewMember(document="", digest=""),)}, "review.malformed"),
    ({"members": (ReviewMember(document="a\nb", digest=""),)}, "review.malformed"),
)


def test_what_makes_no_sense_is_refused(ministry: Ministry) -> None:
    for more, code in BAD:
        assert offer(ministry, **more) == code, more
        assert reviews.find(ministry.database, "r1") is None


def test_an_order_without_words_or_with_a_strange_label_is_refused(ministry: Ministry) -> None:
    offer(ministry)
    assert judge(ministry, label="C3I1A1") == "review.note-missing"
    assert judge(ministry, label="secret", words=b"x") == "review.label"
    assert judge(ministry, revision=7) == "review.not-held"
    answer = ReviewAnswered(id="r1", revision=1, words=b"")
    assert ministry.say("y1", ANSWERED, answer) == "review.note-missing"


def test_a_restored_server_takes_what_comes_in_another_order(ministry: Ministry) -> None:
    judged = ReviewJudged(id="r1", revision=2, label="C3I1A1", words=b"note")
    assert ministry.say("k1", JUDGED, judged) == "review.not-held"
    links = (Replaced(id="r1", documents=("d1", "d2")),)
    members = (ReviewMember(document="d1", digest="bb"),)
    assert offer(ministry, "r2", label="C3I1A1", carries_out=links, members=members) == (
        "review.not-held"
    )
    assert offer(ministry) == ""
    assert states(ministry) == ["waiting", "waiting"]
    assert offer(ministry, words=b"sealed anew") == ""
    assert states(ministry) == ["done", "done"]
    assert held(ministry, "r2").state == "waiting"


def test_a_renewed_seal_and_a_withdrawal_do_not_cost_a_judgement(ministry: Ministry) -> None:
    offer(ministry)
    offer(ministry, words=b"sealed anew")
    gone = ReviewWithdrawn(id="r1", documents=("d2",), why="decided-anew")
    assert ministry.say("y1", WITHDRAWN, gone) == ""
    assert judge(ministry, revision=1, documents=("d1", "d2")) == ""
    assert states(ministry) == ["valid", "gone"]
    assert judge(ministry, "k2", revision=2, documents=("d1",)) == "review.changed"


def test_of_judgements_at_once_one_counts(ministry: Ministry, place: Place) -> None:
    other = Database(place)
    try:
        for number in range(10):
            name = f"r{number}"
            offer(ministry, name)

            def say(turn: int, name: str = name, number: int = number) -> str:
                database = (ministry.database, other)[turn % 2]
                seq = 10_000 + 10 * number + turn
                if turn == 2:
                    gone = ReviewWithdrawn(id=name, documents=("d1",), why="disposed")
                    return ministry.say_to(database, "y1", WITHDRAWN, gone, seq)
                told = ReviewJudged(id=name, revision=1)
                return ministry.say_to(database, ("k1", "k2")[turn], JUDGED, told, seq)

            with ThreadPoolExecutor(3) as threads:
                codes = [*threads.map(say, range(3))]
            assert codes[2] == ""
            assert set(codes) <= {"", "review.changed"}
            told = held(ministry, name)
            assert len(told.judgements) <= 1
            assert told.members[0].state in ("gone", "valid")
    finally:
        other.close()


WORDS = st.one_of(
    st.text(max_size=30), st.binary(max_size=30), st.integers(-(2**63), 2**63 - 1), st.none()
)
KEYS = ("id", "label", "members", "words", "revision", "documents", "why")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ministry]:
    made = Ministry(tmp_path_factory.mktemp("odd"))
    offer(made)
    yield made
    made.database.close()


@settings(max_examples=150, derandomize=True, deadline=None)
@given(
    kind=st.sampled_from((OFFERED, JUDGED, ANSWERED, WITHDRAWN)),
    told=st.dictionaries(
        st.sampled_from(KEYS),
        st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3), max_leaves=6),
    ),
)
def test_odd_messages_are_refused_by_a_code_and_change_nothing(
    alone: Ministry, kind: str, told: Any
) -> None:
    before = held(alone)
    assert alone.say("y1", kind, told)
    assert held(alone) == before
