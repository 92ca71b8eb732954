"""A server that was restored from a backup: the devices offer again, in whatever order they come.

Nothing that was decided may be lost by it, even where a decision comes before its request.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from meti_desk.services.saying import say
from meti_desk.sync.permits import (
    ASKED,
    DECIDED,
    PERMIT,
    REPORTED,
    REVOKED,
    WITHDRAWN,
    PermitAsked,
    PermitDecided,
    PermitNamed,
    PermitReported,
    PermitStatement,
    PermitTold,
    WireScope,
    words_about,
)
from meti_desk.sync.sealed import seal
from tests.properties.sync_world import Gadget, Ministry
from tests.properties.test_sync_machine import Embedded

SCOPE = WireScope(
    articles=("13",), digests=("ab" * 32,), actions=("provide",), recipients=("x@example.com",),
    since="2026-11-01", until="2026-12-31",
)  # fmt: skip
ORDERS = sorted(permutations(range(4)))


class Office:
    """A ministry with two devices of one person, one of another, and one of who decides."""

    def __init__(self, folder: Path) -> None:
        self.ministry = Ministry(Embedded(folder), Counter())
        people = ("y1", "y1", "y2", "b1")
        self.gadgets = [Gadget(self.ministry, who, 7 * n) for n, who in enumerate(people)]
        self.all_sync()
        self.all_sync()

    def all_sync(self, order: tuple[int, ...] = (0, 1, 2, 3)) -> None:
        for place in order:
            assert self.gadgets[place].sync([]) == ""

    def speak(self, who: int, kind: str, told: object) -> None:
        say(self.gadgets[who].ctx, kind, {"what": kind}, msgspec.msgpack.encode(told))

    def ask(self, who: int, permit: str) -> None:
        gadget = self.gadgets[who]
        words = seal(
            b"w", words_about(permit), {gadget.device: gadget.store.sealer.opening_point()}
        )
        self.speak(who, ASKED, PermitAsked(id=permit, scope=SCOPE, documents=("d",), words=words))

    def decide(self, permit: str, *, granted: bool = True) -> None:
        note = "" if granted else "否"
        told = PermitDecided(id=permit, revision=1, granted=granted, note=note)
        self.speak(3, DECIDED, told)

    def report(self, who: int, permit: str, revision: int = 2) -> None:
        gadget = self.gadgets[who]
        points = {gadget.device: gadget.store.sealer.opening_point()}
        words = seal(b"w", words_about(permit, "report"), points)
        self.speak(who, REPORTED, PermitReported(id=permit, revision=revision, words=words))

    def permits(self) -> dict[str, tuple[str, int, str]]:
        rows = self.ministry.run(
            "SELECT id, state, revision, person FROM cases WHERE kind = 'permit' ORDER BY id"
        )
        return {name: (state, revision, person) for name, state, revision, person in rows}

    def told(self, who: int) -> dict[str, tuple[str, int]]:
        """Give what a device knows of permits."""
        found = {}
        for held in self.gadgets[who].store.mailbox.of(PERMIT):
            body = msgspec.msgpack.decode(held.body, type=PermitTold)
            one = msgspec.msgpack.decode(body.statement, type=PermitStatement)
            found[held.id] = (one.state, one.revision)
        return found

    def a_day(self) -> None:
        """Let every kind of thing be said, each on the device where somebody happens to sit."""
        for permit, who in (("p1", 0), ("p2", 1), ("p3", 2), ("p4", 0), ("p5", 2), ("p6", 1)):
            self.ask(who, permit)
        self.all_sync()
        self.decide("p1")
        self.decide("p2", granted=False)
        self.decide("p3")
        self.decide("p6")
        self.speak(1, WITHDRAWN, PermitNamed(id="p4", revision=1))  # asked on the other device
        self.all_sync((3, 0, 1, 2))
        self.all_sync()
        self.report(1, "p1")
        self.speak(3, REVOKED, PermitNamed(id="p6", revision=2, note="誤り"))
        self.all_sync()
        self.all_sync()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.ministry.stop()


EXPECTED = {
    "p1": ("reported", 3, "y1"), "p2": ("refused", 2, "y1"), "p3": ("granted", 2, "y2"),
    "p4": ("withdrawn", 2, "y1"), "p5": ("requested", 1, "y2"), "p6": ("revoked", 3, "y1"),
}  # fmt: skip


def test_whatever_order_they_come_in_everything_is_decided_again(office: Office) -> None:
    kept = office.ministry.backup()
    office.a_day()
    assert office.permits() == EXPECTED
    first = [gadget.store.copy() for gadget in office.gadgets]
    for order in ORDERS:
        for gadget, copy in zip(office.gadgets, first, strict=True):
            gadget.store.back(copy)
        office.ministry.restore(kept)
        assert office.permits() == {}
        office.all_sync(order)
        office.all_sync(order)
        office.all_sync(order)
        assert office.permits() == EXPECTED, order
        state = {name: one[:2] for name, one in EXPECTED.items()}
        mine = {name: state[name] for name in ("p1", "p2", "p4", "p6")}
        assert office.told(0) == office.told(1) == mine, order
        assert office.told(3) == state, order
        assert office.ministry.audit().devices == 4


def test_what_was_lost_with_its_device_stays_lost_and_the_rest_is_not_touched(
    office: Office,
) -> None:
    kept = office.ministry.backup()
    office.a_day()
    office.ministry.restore(kept)
    for _ in range(3):
        office.all_sync((3, 1, 0))  # the device of y2 was lost together with the server
    expected = {name: one for name, one in EXPECTED.items() if one[2] == "y1"}
    assert office.permits() == expected


def test_what_a_restored_server_does_not_know_is_not_taken_away_from_who_holds_it(
    office: Office,
) -> None:
    """A permit that the server signed stays on the device; it is verified without the server."""
    kept = office.ministry.backup()
    office.a_day()
    before = office.told(2)
    office.ministry.restore(kept)
    office.gadgets[2].store.mailbox.move("mail", 0)
    assert office.gadgets[2].sync([]) == ""
    assert set(office.told(2)) == set(before)
