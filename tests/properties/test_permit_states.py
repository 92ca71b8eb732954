"""Whatever people say of permits, in whatever order: one decision, and no state ever goes back.

A model as simple as possible says what has to come of each step; the server has to agree, with
every refusal, and what it signed has to be what it holds.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meti_desk.server import auditing, people, permits
from meti_desk.server.storage import Place
from meti_desk.sync import permits as permits_wire
from tests.unit.server.ministry import NOW, STAFF, TODAY, Ministry, words_of

FULL = os.environ.get("METI_DESK_FULL") == "1"
FIRST, LAST = date(2026, 11, 18), date(2026, 11, 24)
HEADS, SYSTEM = {"k1", "k2", "o1"}, {"t1"}
JUDGES = {"13": HEADS, "77-1": HEADS | SYSTEM, "38-9": SYSTEM}
UNITS = {one.id: one.unit for one in STAFF}
RANK = {
    "requested": 0, "granted": 1, "expired": 2, "refused": 3, "withdrawn": 3, "revoked": 3,
    "reported": 3,
}  # fmt: skip
NAMES = ("p1", "p2", "p3")
WHO = ("y1", "s1", "k1", "k2", "o1", "t1")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(WHO), st.sampled_from(sorted(JUDGES))),
        st.tuples(st.just("decide"), st.sampled_from(WHO), st.booleans()),
        st.tuples(st.just("withdraw"), st.sampled_from(WHO), st.none()),
        st.tuples(st.just("revoke"), st.sampled_from(WHO), st.none()),
        st.tuples(st.just("report"), st.sampled_from(WHO), st.none()),
        st.tuples(st.just("later"), st.just(""), st.integers(1, 4)),
        st.tuples(st.just("expire"), st.just(""), st.none()),
        st.tuples(st.just("move"), st.sampled_from(("y1", "s1")), st.booleans()),
    ).flatmap(lambda one: st.tuples(st.just(one), st.sampled_from(NAMES), st.booleans())),
    max_size=30,
)


@dataclass(frozen=True)
class Model:
    """A permit as simple as can be."""

    owner: str
    unit: str
    article: str
    asked: date
    state: str = "requested"
    revision: int = 1
    decided: tuple[str, bool] | None = None
    ended: str = ""
    by_office: bool = False
    reported: str = ""

    def to(self, state: str, **more: Any) -> "Model":
        return replace(self, state=state, revision=self.revision + 1, **more)

    def judges(self, person: str, unit: str) -> bool:
        return person in JUDGES[self.article] and unit in (self.unit, "")


class World:
    """The model of the office: permits, where people are, and the day."""

    def __init__(self) -> None:
        self.held: dict[str, Model] = {}
        self.units = dict(UNITS)
        self.today = TODAY

    def ran_out(self, one: Model) -> Model:
        over = one.state == "granted" and self.today > LAST
        return one.to("expired") if over else one

    def looked(self, one: Model) -> Model:
        """End what is over, as the office does: also a request, a week later where it came late."""
        over = one.state == "requested" and self.today > LAST
        late = one.asked > LAST and self.today < one.asked + timedelta(days=7)
        return one.to("withdrawn", by_office=True) if over and not late else self.ran_out(one)

    def say(self, what: str, person: str, name: str, more: Any, revision: int) -> str:
        """Give the code that has to come, and change the model where it is none."""
        if what == "ask":
            return self.ask(person, name, more)
        one = self.ran_out(self.held[name])
        made = getattr(self, what)(one, person, more, revision)
        if isinstance(made, str):
            return made
        self.held[name] = made
        return ""

    def ask(self, person: str, name: str, article: str) -> str:
        held = self.held.get(name)
        if held is None:
            self.held[name] = Model(person, self.units[person], article, self.today)
            return ""
        return "" if (held.owner, held.article) == (person, article) else "permit.id-taken"

    def decide(self, one: Model, person: str, granted: bool, revision: int) -> Model | str:  # noqa: FBT001 - as drawn
        if one.decided == (person, granted) and revision < one.revision:
            return one
        if (wrong := self.authority(one, person, revision)) is not None:
            return wrong
        if one.state != "requested":
            return "permit.wrong-state"
        if granted and self.today > LAST:
            return "permit.period-over"
        return one.to("granted" if granted else "refused", decided=(person, granted))

    def withdraw(self, one: Model, person: str, _more: object, revision: int) -> Model | str:
        if one.owner != person:
            return "permit.not-yours"
        if one.state == "withdrawn":
            return one
        if revision != one.revision:
            return "permit.changed"
        return (
            one.to("withdrawn", ended=person) if one.state == "requested" else "permit.wrong-state"
        )

    def revoke(self, one: Model, person: str, _more: object, revision: int) -> Model | str:
        if one.ended == person:
            return one
        if (wrong := self.authority(one, person, revision)) is not None:
            return wrong
        return one.to("revoked", ended=person) if one.state == "granted" else "permit.wrong-state"

    def report(self, one: Model, person: str, _more: object, _revision: int) -> Model | str:
        if one.reported == person:
            return one
        if one.state not in ("granted", "expired", "revoked") or one.reported:
            return "permit.wrong-state"
        if person != one.owner and not one.judges(person, self.units[person]):
            return "permit.not-yours"
        state = "revoked" if one.state == "revoked" else "reported"
        return one.to(state, reported=person)

    def authority(self, one: Model, person: str, revision: int) -> str | None:
        if person == one.owner:
            return "permit.own-request"
        if not one.judges(person, self.units[person]):
            return "permit.wrong-decider"
        return None if revision == one.revision else "permit.changed"

    def move(self, person: str, unit: str) -> None:
        self.units[person] = unit
        for name, one in self.held.items():
            if one.unit != self.units[one.owner]:
                end = {"requested": "withdrawn", "granted": "revoked"}.get(one.state)
                self.held[name] = one.to(end) if end else one


@pytest.fixture
def ministry(tmp_path: Path, place: Place) -> Iterator[Ministry]:
    made = Ministry(tmp_path / "keys", place)
    yield made
    assert auditing.verify(made.database).bad_entry is None
    made.database.close()


@settings(
    derandomize=True, deadline=None, database=None, max_examples=400 if FULL else 30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(STEPS)
def test_the_server_agrees_with_the_model(ministry: Ministry, steps: list[Any]) -> None:
    fresh(ministry)
    world, before = World(), dict[str, Model]()
    for (what, person, more), name, stale in steps:
        take(ministry, world, what, person, more, name, stale=stale)
        for one, held in world.held.items():
            check(ministry, one, held, before.get(one))
        before = dict(world.held)


def fresh(ministry: Ministry) -> None:
    """Begin anew with the same people."""
    ministry.now = NOW
    for table in ("cases", "mail"):
        ministry.database.run(f"DELETE FROM {table}")  # noqa: S608 - two words
    people.put_people(ministry.database, STAFF, NOW, ministry.server.key)


def take(
    ministry: Ministry, world: World, what: str, person: str, more: Any, name: str, *, stale: bool
) -> None:
    """Take one step on both sides."""
    if what == "later":
        ministry.later(more)
        world.today += timedelta(days=more)
    elif what == "expire":
        ministry.do(permits.expire, ministry.server.key, ministry.now)
        world.held = {name: world.looked(one) for name, one in world.held.items()}
    elif what == "move":
        unit = "総務課" if more else "政策課"
        (known,) = [one for one in STAFF if one.id == person]
        there = people.Person(known.id, known.name, unit, known.mail, known.role)
        people.put_people(ministry.database, [there], ministry.now, ministry.server.key)
        world.move(person, unit)
    elif what == "ask" or name in world.held:
        said(ministry, world, what, person, more, name, stale=stale)


def said(
    ministry: Ministry, world: World, what: str, person: str, more: Any, name: str, *, stale: bool
) -> None:
    """Say something to the server, and hold its answer against the model's."""
    held = world.held.get(name)
    revision = max(1, (held.revision if held else 1) - stale)
    told: dict[str, Any] = {"permit": name}
    if what == "ask":
        told |= {"articles": (more,), "until": LAST.isoformat(), "since": FIRST.isoformat()}
        told |= {"words": sealed(name)}
    else:
        told |= {"revision": revision}
    if what == "decide":
        told |= {"granted": more, "note": "理由"}
    code = getattr(ministry, what)(person, **told)
    assert code == world.say(what, person, name, more, revision), (what, person, held)


@cache
def sealed(name: str) -> bytes:
    """Seal once: the server looks at the form alone."""
    return words_of(name)


def check(ministry: Ministry, name: str, one: Model, before: Model | None) -> None:
    """Hold a permit of the server against the model, and against what it was before."""
    assert ministry.state(name) == (one.state, one.revision)
    told = ministry.statement(one.owner, name)
    assert (told.state, told.revision) == (one.state, one.revision)
    assert (told.requested_by, told.unit) == (one.owner, one.unit)
    assert (told.decided_by, told.reported_by) == (
        one.decided[0] if one.decided else "",
        one.reported,
    )
    if before is None or before == one:
        return
    assert one.revision > before.revision
    assert RANK[one.state] >= RANK[before.state]
    assert before.decided in (None, one.decided)
    if one.by_office:
        assert (told.ended_by, told.ended_note, told.decided_by) == ("", permits_wire.LAPSED, "")
    for judge in ministry.who(name) - {one.owner}:
        assert ministry.told(judge, name) == ministry.told(one.owner, name)
