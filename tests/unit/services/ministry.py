"""A ministry in this process: the real server, people, and their devices with real services.

What the tests of an area do with a device stands in `permit_office` and `unit_office`.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from meti_desk.server import keys, people, storage
from meti_desk.server.syncing import Server
from meti_desk.services.syncing import Syncing
from tests.unit.services.fakes import CountedIds, KeySealer, SetClock, World
from tests.unit.services.test_syncing import URL, Wire

UNIT, OTHER_UNIT = "政策課", "別の課"
STAFF, COLLEAGUE, HEAD, DEPUTY = "y1", "y2", "s1", "s2"


class OwnIds(CountedIds):
    """Ids that no other device gives."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._count = number * 100_000

    def token(self, length: int) -> bytes:
        with self._lock:
            self._count += 1
            return hashlib.sha512(b"%d" % self._count).digest()[:length]


class EnrolledDevice:
    """One device of a person, enrolled; it syncs when it is told to."""

    def __init__(self, ministry: "Office", person: str, number: int) -> None:
        folder = ministry.folder / f"device{number}"
        folder.mkdir()
        self.world = World(folder, clock=ministry.clock)
        self.ctx = self.world.ctx
        self.ctx.ids = cast("Any", OwnIds(number))
        self.world.store.sealer = KeySealer(number)
        self.ctx.trust([self.world.store.sealer.public_key()])
        self.world.another(ministry.names[person])
        self.person = person
        self.ministry = ministry
        self.connect()
        self.enrol()

    def connect(self) -> None:
        """Take the way to the server that the ministry runs now."""
        self.wire = Wire(self.ministry.server, self.ministry.now)
        self.syncing = Syncing(self.ctx, self.wire)

    def enrol(self) -> None:
        server = self.ministry.server
        code = people.new_code(
            server.database, self.person, server.key.fingerprint, self.ministry.now()
        )
        self.syncing.enrol(code.code, URL)

    @property
    def id(self) -> str:
        return self.syncing.status().device

    def sync(self) -> None:
        self.wire.sent = 0
        assert self.syncing.sync().unsent == 0


class Office:
    """A server with the people of a 課室, and a clock that all share."""

    names: Mapping[str, str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "ministry"
        self.folder.mkdir()
        self.clock = SetClock()
        storage.make(self.folder)
        self.server = Server(storage.Database(self.folder), keys.make(self.folder))
        self._devices = 0
        for person in (STAFF, COLLEAGUE):
            self.put(person)
        self.put(HEAD, role="staff responsible")

    def put(self, person: str, role: str = "staff", unit: str = UNIT) -> None:
        """Write a person into the directory, or what became of them."""
        one = people.Person(person, self.names[person], unit, role=role)
        people.put_person(self.server.database, one, self.now())

    def number(self) -> int:
        """Give the number of the next device."""
        self._devices += 1
        return self._devices

    def now(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def later(self, **time: int) -> None:
        self.clock.moment += timedelta(**time)

    def close(self) -> None:
        self.server.database.close()
