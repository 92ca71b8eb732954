"""Two 課室 in this process: the real server, people with their devices, and what each may see."""

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from meti_desk.server import keys, people, storage
from meti_desk.server.syncing import Server
from meti_desk.services.classify import classify
from meti_desk.services.handle import handle
from meti_desk.services.messages import ClassifyRequest, DoneFile, HandleRequest, PlanRequest
from meti_desk.services.register import Register
from meti_desk.services.reviews import Reviews
from meti_desk.services.syncing import Syncing
from meti_desk.sync.mail import OUTCOME, Outcome
from tests.unit.services.fakes import CountedIds, KeySealer, SetClock, World
from tests.unit.services.test_syncing import URL, Wire

UNIT, OTHER_UNIT = "政策課", "別の課"
STAFF, COLLEAGUE, HEAD, DEPUTY, DIRECTOR = "y1", "y2", "s1", "s2", "d1"
STRANGER, OTHER_HEAD = "x1", "x2"
NAMES = {
    STAFF: "山田太郎", COLLEAGUE: "佐藤花子", HEAD: "鈴木課長", DEPUTY: "田中企画官",
    DIRECTOR: "高橋審議官", STRANGER: "伊藤次郎", OTHER_HEAD: "渡辺課長",
}  # fmt: skip
CANARY = "秋桜計画"
"""A word of titles, reasons and notes that the server must never see."""


class OwnIds(CountedIds):
    """Ids that no other device gives."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._count = number * 100_000
        self._number = number

    def token(self, length: int) -> bytes:
        with self._lock:
            self._count += 1
            return hashlib.sha512(b"%d" % self._count).digest()[:length]


class Device:
    """One device of a person, enrolled; it syncs when it is told to."""

    def __init__(self, office: "Ministry", person: str, number: int) -> None:
        folder = office.folder / f"device{number}"
        folder.mkdir()
        self.world = World(folder, clock=office.clock)
        self.ctx = self.world.ctx
        self.ctx.ids = cast("Any", OwnIds(number))
        self.world.store.sealer = KeySealer(number)
        self.ctx.trust([self.world.store.sealer.public_key()])
        self.world.another(NAMES[person])
        self.person = person
        self.office = office
        self.connect()
        self.reviews = Reviews(self.ctx)
        self.register = Register(self.ctx)
        self.enrol()

    def connect(self) -> None:
        """Take the way to the server that the ministry runs now."""
        self.wire = Wire(self.office.server, self.office.now)
        self.syncing = Syncing(self.ctx, self.wire)

    def enrol(self) -> None:
        database, key = self.office.server.database, self.office.server.key.fingerprint
        code = people.new_code(database, self.person, key, self.office.now()).code
        self.syncing.enrol(code, URL)

    @property
    def id(self) -> str:
        return self.syncing.status().device

    def sync(self) -> None:
        self.wire.sent = 0
        assert self.syncing.sync().unsent == 0

    def document(self, name: str = f"{CANARY}.docx", c: int = 2, **more: Any) -> Path:
        """Write a document and decide its label."""
        path = self.world.word(name, f"{name}の本文")
        self.decide(path, c=c, **more)
        return path

    def decide(self, *paths: Path, c: int = 2, **more: Any) -> None:
        self.office.later(minutes=1)
        names = tuple(map(str, paths))
        values: dict[str, Any] = {"paths": names, "c": c, "i": 2, "reason": f"{CANARY}のため"}
        done = classify(self.ctx, ClassifyRequest(**(values | more)))
        assert all(one.error is None for one in done.files), done.files

    def act(self, path: Path, action: str, **more: Any) -> DoneFile:
        """Carry something out with a copy of it in the folder of results."""
        given = {name: more.pop(name) for name in ("permit", "password") if name in more}
        plan = PlanRequest(**({"action": action, "paths": (str(path),)} | more))
        request = HandleRequest(plan=plan, out=str(self.world.out), **given)
        return handle(self.ctx, request).files[0]

    def outcomes(self) -> list[str]:
        """Give the codes of what the server did not do."""
        import msgspec

        held = self.world.store.mailbox.of(OUTCOME)
        return [msgspec.msgpack.decode(one.body, type=Outcome).code for one in held]


class Ministry:
    """A server with the people of two 課室, and a clock that all share."""

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
        self.put(STRANGER, unit=OTHER_UNIT)
        self.put(OTHER_HEAD, role="staff responsible", unit=OTHER_UNIT)

    def put(self, person: str, role: str = "staff", unit: str = UNIT) -> None:
        one = people.Person(person, NAMES[person], unit, role=role)
        people.put_person(self.server.database, one, self.now())

    def device(self, person: str) -> Device:
        self._devices += 1
        made = Device(self, person, self._devices)
        made.sync()
        return made

    def now(self) -> int:
        return int(self.clock.now().timestamp() * 1000)

    def later(self, **time: int) -> None:
        self.clock.moment += timedelta(**time)

    def everything(self) -> bytes:
        """Give all that the server holds, to look for what it must not hold."""
        tables = ("people", "devices", "events", "chain", "mail", "cases")
        found = bytearray()
        for table in tables:
            rows = self.server.database.run(f"SELECT * FROM {table}")  # noqa: S608 - names above
            for row in rows:
                for value in row:
                    found += value if isinstance(value, bytes) else str(value).encode()
                    found += b"\x00"
        return bytes(found)

    def audit(self) -> bytes:
        """Give what the audit chain says."""
        return b"".join(one.what for one in self.server.database.entries())

    def backup(self, target: Path) -> None:
        """Copy the server as it is."""
        self.server.database.close()
        shutil.copytree(self.folder, target, ignore=shutil.ignore_patterns("device*"))
        self.server = Server(storage.Database(self.folder), self.server.key)

    def restore(self, source: Path, *devices: Device) -> None:
        """Put the copy in its place; what came after it is gone here."""
        self.server.database.close()
        for one in self.folder.glob("server.db*"):
            one.unlink()
        shutil.copytree(source, self.folder, dirs_exist_ok=True)
        self.server = Server(storage.Database(self.folder), self.server.key)
        for device in devices:
            device.connect()
