"""A case and a new holder of the post that come at the same moment, in two processes."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest

from meti_desk.server import people
from meti_desk.server.storage import Database
from meti_desk.sync import permits, register, reviews
from tests.unit.server.ministry import STAFF, Ministry, ask, words_of

HOLDER = people.Person("s1", "佐藤", "政策課", role="staff responsible")
"""Who asks for nothing, and becomes responsible for the 課室."""
_LONG = 20


def _review() -> reviews.ReviewOffered:
    return reviews.ReviewOffered(
        id="c1", label="C2I1A1", decided_at="2026-11-18T10:00:00+09:00",
        members=(reviews.ReviewMember(document="d1", digest="ab" * 32),),
        words=words_of("c1", "review"),
    )  # fmt: skip


def _entry() -> register.RegisterSaid:
    line = register.RegisterLine(id="l1", what=register.ENTERED, at="2026-11-18")
    words = words_of("d1", "register")
    return register.RegisterSaid(
        parts=(register.RegisterPart(document="d1", lines=(line,), words=words),)
    )


SAID = {
    permits.PERMIT: (permits.ASKED, lambda: ask("c1"), "c1"),
    permits.NOTED_MAIL: (
        permits.NOTED,
        lambda: permits.NotedTold(id="c1", event="ab" * 32, words=words_of("c1", "noted")),
        "c1",
    ),
    reviews.REVIEW: (reviews.OFFERED, _review, "c1"),
    register.REGISTER: (register.SAID, _entry, register.entry_id("d1", "y1")),
}
"""By kind of mail: what is said, its body, and the id of the mail."""


def _waits(database: Database, done: Future[None]) -> None:
    """Return once a transaction waits for another, or is over; a file has one writer anyway."""
    if database.locked("d") == "":
        return
    until = monotonic() + _LONG
    while not done.done() and monotonic() < until:
        if database.run("SELECT 1 FROM pg_locks WHERE NOT granted"):
            return


def at_once(first: Database, begin: Callable[[], object], other: Callable[[], None]) -> None:
    """Do something in a transaction that stays open until something else waits, or is done."""
    begun, go = Event(), Event()

    def hold() -> None:
        begin()
        first.run("SELECT 1")  # so that it was really done
        begun.set()
        assert go.wait(_LONG)

    with ThreadPoolExecutor(2) as threads:
        held = threads.submit(first.together, hold)
        assert begun.wait(_LONG)
        done = threads.submit(other)
        _waits(first, done)
        go.set()
        held.result(_LONG)
        done.result(_LONG)


@pytest.mark.parametrize("kind", SAID)
def test_a_case_that_comes_while_a_post_is_filled_reaches_who_fills_it(
    ministry: Ministry, other: Database, kind: str
) -> None:
    said, body, identity = SAID[kind]

    def fill() -> None:
        people.put_people(ministry.database, [HOLDER], ministry.now, ministry.server.key)

    def say() -> None:
        assert ministry.say_to(other, "y1", said, body(), 1) == ""

    at_once(ministry.database, fill, say)
    assert ministry.body("s1", kind, identity)


@pytest.mark.parametrize("kind", SAID)
def test_a_post_that_is_filled_while_a_case_comes_gets_it(
    ministry: Ministry, other: Database, kind: str
) -> None:
    said, body, identity = SAID[kind]

    def say() -> None:
        assert ministry.say_to(ministry.database, "y1", said, body(), 1) == ""

    def fill() -> None:
        people.put_people(other, [HOLDER], ministry.now, ministry.server.key)

    at_once(ministry.database, say, fill)
    assert ministry.body("s1", kind, identity)


def test_a_directory_that_changes_nobody_waits_for_nobody(
    ministry: Ministry, other: Database
) -> None:
    entries = [*ministry.database.entries()]

    def look() -> None:
        assert people.put_people(other, STAFF, ministry.now, ministry.server.key) == ()

    def hold() -> None:
        ministry.database.hold_directory()
        if ministry.database.locked("d") != "":
            look()

    ministry.database.together(hold)
    look()
    assert [*ministry.database.entries()] == entries
