"""Two 課室 in this process: the real server, people with their devices, and what each may see."""

import shutil
from pathlib import Path
from typing import Any

from meti_desk.server import storage
from meti_desk.server.syncing import Server
from meti_desk.services.classify import classify
from meti_desk.services.handle import handle
from meti_desk.services.messages import ClassifyRequest, DoneFile, HandleRequest, PlanRequest
from meti_desk.services.permits import Permits
from meti_desk.services.register import Register
from meti_desk.services.reviews import Reviews
from meti_desk.sync.mail import OUTCOME, Outcome
from tests.unit.services.ministry import (
    COLLEAGUE,
    DEPUTY,
    HEAD,
    OTHER_UNIT,
    STAFF,
    UNIT,
    EnrolledDevice,
    Office,
)

DIRECTOR, STRANGER, OTHER_HEAD = "d1", "x1", "x2"
NAMES = {
    STAFF: "山田太郎", COLLEAGUE: "佐藤花子", HEAD: "鈴木課長", DEPUTY: "田中企画官",
    DIRECTOR: "高橋審議官", STRANGER: "伊藤次郎", OTHER_HEAD: "渡辺課長",
}  # fmt: skip
CANARY = "秋桜計画"
"""A word of titles, reasons and notes that the server must never see."""
__all__ = [
    "CANARY", "COLLEAGUE", "DEPUTY", "DIRECTOR", "HEAD", "NAMES", "OTHER_HEAD", "OTHER_UNIT",
    "STAFF", "STRANGER", "UNIT", "Device", "Ministry",
]  # fmt: skip


class Device(EnrolledDevice):
    """One device of a person, with 確認 and 管理簿."""

    def __init__(self, ministry: "Ministry", person: str, number: int) -> None:
        super().__init__(ministry, person, number)
        self.reviews = Reviews(self.ctx)
        self.register = Register(self.ctx)
        self.permits = Permits(self.ctx)

    def document(self, name: str = f"{CANARY}.docx", c: int = 2, **more: Any) -> Path:
        """Write a document and decide its label."""
        path = self.world.word(name, f"{name}の本文")
        self.decide(path, c=c, **more)
        return path

    def decide(self, *paths: Path, c: int = 2, **more: Any) -> None:
        self.ministry.later(minutes=1)
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


class Ministry(Office):
    """A server with the people of two 課室."""

    names = NAMES

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.put(STRANGER, unit=OTHER_UNIT)
        self.put(OTHER_HEAD, role="staff responsible", unit=OTHER_UNIT)

    def device(self, person: str) -> Device:
        made = Device(self, person, self.number())
        made.sync()
        return made

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
