"""Whose devices may read, told by two processes at the same moment: the last word knows of both."""

import secrets
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.server import people
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.server.taking import Offer, Taken, Taker
from meti_desk.sync.mail import UNIT, UnitTold
from meti_desk.sync.sealed import point_of
from meti_desk.sync.wire import GENESIS, SyncRequest
from tests.unit.server.ministry import STAFF, Ministry
from tests.unit.server.test_successors_at_once import at_once


def point() -> bytes:
    return point_of(ec.generate_private_key(ec.SECP256R1()).public_key())


def names(ministry: Ministry, database: Database, *persons: str) -> Callable[[], None]:
    """Give the work by which the devices of people name new points to one of the processes."""
    taker = Taker(database, ministry.server.key)
    offers = []
    for person in persons:
        device = ministry.devices[person]
        asked = SyncRequest(protocol=1, device=device, head_seq=0, head=GENESIS, opening=point())
        offers.append(Offer(device, secrets.token_bytes(16), asked, ministry.now))

    def work() -> None:
        assert all(isinstance(one, Taken) for one in taker.take(offers))

    return work


def told(ministry: Ministry, to: str = "y1") -> set[str]:
    """Give whose devices somebody was told to seal for."""
    body = ministry.body(to, UNIT, to)
    return {one.person for one in msgspec.msgpack.decode(body, type=UnitTold).readers}


def test_two_devices_that_name_their_points_at_once_are_both_told(
    ministry: Ministry, other: Database
) -> None:
    second = names(ministry, other, "k2")
    at_once(
        ministry.database, names(ministry, ministry.database, "k1"), lambda: other.together(second)
    )
    assert told(ministry) == told(ministry, "k1") == {"k1", "k2"}


def test_a_device_that_is_revoked_while_another_names_its_point_is_told_no_more(
    ministry: Ministry, other: Database
) -> None:
    ministry.database.together(names(ministry, ministry.database, "k1", "m1"))
    assert told(ministry) == {"k1", "m1"}
    name = names(ministry, ministry.database, "k2")
    at_once(
        ministry.database, name,
        lambda: people.revoke(other, ministry.devices["k1"], ministry.now),
    )  # fmt: skip
    assert told(ministry) == {"k2", "m1"}


def test_who_leaves_while_a_device_is_enrolled_keeps_none(
    ministry: Ministry, other: Database
) -> None:
    code = people.new_code(other, "k1", ministry.server.key.fingerprint, ministry.now).code
    leaver = next(one for one in STAFF if one.id == "k1")
    gone = msgspec.structs.replace(leaver, active=False)

    def leave() -> None:
        people.put_people(ministry.database, [gone], ministry.now, ministry.server.key)

    def enrol() -> None:
        public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        with pytest.raises(RefusalError, match=r"enrol\.code"):
            people.enrol(other, code, public, "PC", ministry.now)

    at_once(ministry.database, leave, enrol)
    ask = "SELECT id FROM devices WHERE person = 'k1' AND revoked_at IS NULL"
    assert ministry.database.run(ask) == []


def name(ministry: Ministry, taker: Taker, database: Database, opening: bytes) -> bytes:
    """Have the device of k1 name a point to a process; gives the one that is held then."""
    device = ministry.devices["k1"]
    asked = SyncRequest(protocol=1, device=device, head_seq=0, head=GENESIS, opening=opening)
    offer = Offer(device, secrets.token_bytes(16), asked, ministry.now)
    given = database.share(taker.take, offer).result(20)
    assert isinstance(given, Taken)
    held = people.device(database, device)
    assert held is not None
    return held.opening


def test_a_point_that_another_process_took_since_is_looked_for_again(
    ministry: Ministry, other: Database
) -> None:
    first, second = point(), point()
    here, there = (Taker(one, ministry.server.key) for one in (ministry.database, other))
    for _ in range(2):
        assert name(ministry, here, ministry.database, first) == first
    assert name(ministry, there, other, second) == second
    assert name(ministry, here, ministry.database, first) == first
    readers = msgspec.msgpack.decode(ministry.body("y1", UNIT, "y1"), type=UnitTold).readers
    assert [one.opening for one in readers] == [first]


def test_a_device_that_names_no_new_point_waits_for_nobody(
    ministry: Ministry, other: Database
) -> None:
    opening, taker = point(), Taker(other, ministry.server.key)
    assert name(ministry, taker, other, opening) == opening

    def hold() -> None:
        ministry.database.hold_directory(alone=True)
        ministry.database.run("SELECT 1")
        if ministry.database.locked("d") != "":  # a file has one writer anyway
            assert name(ministry, taker, other, opening) == opening

    ministry.database.together(hold)
