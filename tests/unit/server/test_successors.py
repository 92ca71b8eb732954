"""異動: labels that wait to be judged and the register of C3 pass to who is responsible now."""

import msgspec

from meti_desk.server import people
from meti_desk.sync import register, reviews
from tests.unit.server.ministry import STAFF, Ministry, words_of


def put(ministry: Ministry, *staff: people.Person) -> None:
    people.put_people(ministry.database, staff, ministry.now, ministry.server.key)


def who(person: str, **more: object) -> people.Person:
    (found,) = [one for one in STAFF if one.id == person]
    return msgspec.structs.replace(found, **more)


def offer(ministry: Ministry, person: str, identity: str) -> None:
    told = reviews.ReviewOffered(
        id=identity, label="C2I1A1", decided_at="2026-11-18T10:00:00+09:00",
        members=(reviews.ReviewMember(document="d1", digest="ab" * 32),),
        words=words_of(identity, "review"),
    )  # fmt: skip
    assert ministry.say(person, reviews.OFFERED, told) == ""


def enter(ministry: Ministry, person: str) -> str:
    line = register.RegisterLine(id="l1", what=register.ENTERED, at="2026-11-18")
    part = register.RegisterPart(document="d1", lines=(line,), words=words_of("d1", "register"))
    assert ministry.say(person, register.SAID, register.RegisterSaid(parts=(part,))) == ""
    return register.entry_id("d1", person)


def read(ministry: Ministry, kind: str, identity: str) -> set[str]:
    rows = ministry.database.run(
        "SELECT person FROM mail WHERE kind = ? AND id = ?", (kind, identity)
    )
    return {person for (person,) in rows}


def test_labels_that_wait_pass_to_the_successor(ministry: Ministry) -> None:
    offer(ministry, "y1", "r1")
    assert read(ministry, reviews.REVIEW, "r1") == {"y1", "k1", "k2"}
    put(ministry, who("k1", active=False), who("k2", unit="総務課"))
    assert read(ministry, reviews.REVIEW, "r1") == {"y1"}
    put(ministry, who("s1", role="staff responsible"))
    assert read(ministry, reviews.REVIEW, "r1") == {"y1", "s1"}
    told = reviews.ReviewJudged(id="r1", revision=1)
    assert ministry.say("k2", reviews.JUDGED, told) == "review.unknown"
    assert ministry.say("s1", reviews.JUDGED, told) == ""
    put(ministry, people.Person("new", "後任", "政策課", role="responsible"))
    assert "new" not in read(ministry, reviews.REVIEW, "r1")


def test_what_nobody_could_judge_is_judged_by_who_comes(ministry: Ministry) -> None:
    put(ministry, who("h1", active=False), who("k2", role="staff"))
    offer(ministry, "k1", "r1")
    assert state(ministry, "k1") == (reviews.NOBODY, 1)
    put(ministry, who("s1", role="staff responsible"))
    assert state(ministry, "k1") == state(ministry, "s1") == (reviews.WAITING, 2)
    assert ministry.say("s1", reviews.JUDGED, reviews.ReviewJudged(id="r1", revision=2)) == ""


def state(ministry: Ministry, person: str) -> tuple[str, int]:
    body = ministry.body(person, reviews.REVIEW, "r1")
    told = msgspec.msgpack.decode(body, type=reviews.ReviewTold)
    return told.state, told.revision


def test_the_register_passes_to_who_is_responsible_now(ministry: Ministry) -> None:
    entry = enter(ministry, "y1")
    assert read(ministry, register.REGISTER, entry) == {"y1", "k1", "k2"}
    put(ministry, who("k1", role="staff"), who("z1", role="responsible"))
    assert read(ministry, register.REGISTER, entry) == {"y1", "k2"}
    put(ministry, who("s1", role="responsible"), who("y1", active=False))
    # Who left held it, and may still: it stays in the register until it came back.
    assert read(ministry, register.REGISTER, entry) == {"k2", "s1"}
    body = ministry.body("s1", register.REGISTER, entry)
    assert msgspec.msgpack.decode(body, type=register.RegisterTold).person == "y1"
