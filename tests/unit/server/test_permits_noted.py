"""口頭・書面で許可済（要確認） and decisions in advance, on the server."""

from datetime import date
from typing import Any

import msgspec
import pytest

from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.server import people, standing
from meti_desk.server.syncing import verified
from meti_desk.sync.permit_scope import standing_of
from meti_desk.sync.permits import (
    CONFIRMED,
    NOTED,
    NOTED_MAIL,
    STANDING,
    STANDING_MAIL,
    NotedJudged,
    NotedState,
    NotedTold,
    StandingSaid,
    StandingStatement,
    StandingTold,
    standing_message,
)
from tests.unit.server.ministry import Ministry, digest_of, words_of


def note(ministry: Ministry, person: str = "y1", identity: str = "n1", **more: Any) -> str:
    fields = {"event": "ab" * 32, "words": words_of(identity, "noted")}
    fields |= {"digest": digest_of(identity, "noted")} | more
    return ministry.say(person, NOTED, NotedTold(id=identity, **fields))


def judge(ministry: Ministry, person: str = "k1", **more: Any) -> str:
    fields: dict[str, Any] = {"id": "n1", "revision": 1, "right": True} | more
    return ministry.say(person, CONFIRMED, NotedJudged(**fields))


def noted(ministry: Ministry, person: str = "y1") -> NotedState:
    return msgspec.msgpack.decode(ministry.body(person, NOTED_MAIL, "n1"), type=NotedState)


def readers(ministry: Ministry, kind: str, identity: str) -> set[str]:
    rows = ministry.database.run(
        "SELECT person FROM mail WHERE kind = ? AND id = ?", (kind, identity)
    )
    return {person for (person,) in rows}


def test_a_note_waits_until_the_responsible_person_confirms_it(ministry: Ministry) -> None:
    assert note(ministry) == ""
    assert readers(ministry, NOTED_MAIL, "n1") == {"y1", "k1", "k2"}
    assert (noted(ministry).state, noted(ministry).name) == ("waiting", "山田")
    for person, code in (
        ("y1", "permit.own-request"), ("s1", "permit.wrong-decider"),
        ("o1", "permit.wrong-decider"), ("t1", "permit.wrong-decider"),
    ):  # fmt: skip
        assert judge(ministry, person) == code
    assert judge(ministry) == ""
    for person in ("y1", "k2"):
        told = noted(ministry, person)
        assert (told.state, told.revision) == ("confirmed", 2)
        assert (told.judged_by, told.judge, told.post) == ("k1", "課長", UNIT_HEAD)
    assert judge(ministry) == ""
    assert judge(ministry, "k2") == "permit.changed"
    assert judge(ministry, right=False, note="誤り") == "permit.changed"
    assert judge(ministry, "k2", revision=2, right=False, note="誤り") == "permit.changed"
    assert noted(ministry).revision == 2


def test_that_it_was_not_so_is_said_with_the_reason(ministry: Ministry) -> None:
    note(ministry)
    assert judge(ministry, right=False) == "permit.reason-missing"
    assert judge(ministry, right=False, note="許可していない") == ""
    assert (noted(ministry).state, noted(ministry).note) == ("denied", "許可していない")


def test_a_note_told_again_is_the_same_note(ministry: Ministry) -> None:
    words = words_of("n1", "noted")
    assert note(ministry) == ""
    assert note(ministry, words=words) == ""
    assert noted(ministry, "k1").words == words
    assert noted(ministry).revision == 1
    assert note(ministry, "s1") == "permit.id-taken"
    assert note(ministry, event="cd" * 32) == "permit.id-taken"
    assert judge(ministry) == ""
    assert note(ministry) == ""
    assert noted(ministry).words == words


def test_a_note_does_not_become_another_note(ministry: Ministry) -> None:
    assert note(ministry) == ""
    other = {"words": words_of("n1", "noted", b"other")}
    assert note(ministry, **other, digest=b"") == "permit.words-changed"
    fits = digest_of("n1", "noted", b"other")
    assert note(ministry, **other, digest=fits) == "permit.words-changed"
    assert (noted(ministry, "k1").revision, noted(ministry).digest) == (1, digest_of("n1", "noted"))
    assert note(ministry, digest=b"short") == "permit.malformed"


def test_a_note_of_an_earlier_version_is_bound_by_a_new_revision(ministry: Ministry) -> None:
    assert note(ministry, digest=b"") == ""
    assert note(ministry, words=words_of("n1", "noted", b"x"), digest=b"") == (
        "permit.words-changed"
    )
    assert note(ministry) == ""
    assert (noted(ministry).revision, noted(ministry).digest) == (2, digest_of("n1", "noted"))
    assert judge(ministry) == "permit.changed"
    assert judge(ministry, revision=2) == ""


def test_what_is_no_note_is_refused(ministry: Ministry) -> None:
    assert note(ministry, words=b"plain") == "permit.malformed"
    assert note(ministry, event="題名") == "permit.malformed"
    assert note(ministry, identity="a b") == "permit.malformed"
    assert judge(ministry) == "permit.not-held"


SAID = StandingSaid(
    id="s1", measure="encryption", answer="no", levels=(2,), recipients=("@univ.example",),
    since="2026-11-01", until="2027-03-31", reason="相手方が対応できない",
)  # fmt: skip


def stand(ministry: Ministry, person: str = "k1", **more: Any) -> str:
    return ministry.say(person, STANDING, msgspec.structs.replace(SAID, **more))


def standing_told(ministry: Ministry, person: str = "y1") -> StandingStatement:
    body = ministry.body(person, STANDING_MAIL, "s1")
    told = msgspec.msgpack.decode(body, type=StandingTold)
    message = standing_message(told.statement)
    assert verified(ministry.server.key.public, message, told.signature)
    return msgspec.msgpack.decode(told.statement, type=StandingStatement)


def test_a_decision_in_advance_is_told_to_the_whole_unit(ministry: Ministry) -> None:
    for person in ("y1", "o1", "t1", "h1", "m1"):
        code = "" if person == "o1" else "permit.wrong-decider"
        assert stand(ministry, person, id="other") == code
    assert stand(ministry) == ""
    assert readers(ministry, STANDING_MAIL, "s1") == {"y1", "s1", "k1", "k2", "m1"}
    told = standing_told(ministry)
    assert (told.said, told.revision, told.unit) == (SAID, 1, "政策課")
    assert (told.decided_by, told.decider, told.post) == ("k1", "課長", UNIT_HEAD)
    read = standing_of(told.said, unit=told.unit, decided_by=told.decided_by)
    assert (read.needed, read.until, read.unit) == (False, date(2027, 3, 31), "政策課")


def test_it_is_ended_by_whoever_holds_the_post_and_once(ministry: Ministry) -> None:
    assert stand(ministry, ended=True) == "permit.not-held"
    stand(ministry)
    assert stand(ministry) == ""
    assert stand(ministry, "o1", ended=True) == "permit.id-taken"
    assert stand(ministry, "y1", ended=True) == "permit.wrong-decider"
    for person in ("k2", "k2", "k1"):
        assert stand(ministry, person, ended=True) == ""
    told = standing_told(ministry)
    assert (told.revision, told.said.ended, told.ended_by) == (2, True, "k2")
    assert stand(ministry) == ""
    assert standing_told(ministry).said.ended


def test_an_id_belongs_to_one_decision(ministry: Ministry) -> None:
    stand(ministry)
    assert stand(ministry, answer="yes") == "permit.id-taken"
    assert stand(ministry, "k2", until="2028-03-31") == "permit.id-taken"
    assert standing_told(ministry).said == SAID


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"measure": "permission"}, "standing.invalid"),
        ({"answer": "maybe"}, "standing.invalid"),
        ({"levels": (4,)}, "standing.invalid"),
        ({"reason": " "}, "standing.invalid"),
        ({"since": "2027-04-01"}, "standing.invalid"),
        ({"since": "soon"}, "standing.invalid"),
        ({"until": "2026-11-17"}, "permit.period-over"),
        ({"recipients": ("x",) * 501}, "permit.malformed"),
        ({"reason": "x" * 2_001}, "permit.malformed"),
        ({"id": ""}, "permit.malformed"),
    ],
)
def test_what_is_no_decision_is_refused(
    ministry: Ministry, more: dict[str, Any], code: str
) -> None:
    assert stand(ministry, **more) == code
    assert ministry.database.run("SELECT id FROM cases") == []


def test_what_holds_for_the_whole_ministry_stands_in_the_policy(ministry: Ministry) -> None:
    ministry.join_as("x1", "統括", "responsible", "")
    assert stand(ministry, "x1") == "standing.no-unit"


def test_who_is_new_in_a_unit_can_be_told(ministry: Ministry) -> None:
    stand(ministry)
    stand(ministry, id="s2")
    stand(ministry, id="s2", ended=True)
    people.put_person(ministry.database, people.Person("new", "新人", "政策課"), ministry.now)
    ministry.do(lambda db: standing.tell_of(db, ("new",), "政策課", ministry.now))
    assert "new" in readers(ministry, STANDING_MAIL, "s1")
    assert "new" not in readers(ministry, STANDING_MAIL, "s2")
