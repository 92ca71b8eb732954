"""A ministry in this process: the real server, several people, several devices of each."""

from pathlib import Path
from typing import Any

import msgspec

from meti_desk.domain.errors import RuleViolation
from meti_desk.domain.permit import UNIT_HEAD
from meti_desk.services.classify import classify
from meti_desk.services.handle import handle
from meti_desk.services.messages import ClassifyRequest, DoneFile, HandleRequest, PlanRequest
from meti_desk.services.permit_messages import AskRequest, DecideRequest, PermitRow
from meti_desk.services.permits import Permits
from meti_desk.sync.mail import UnitTold
from tests.unit.services.ministry import (
    COLLEAGUE,
    DEPUTY,
    HEAD,
    STAFF,
    UNIT,
    EnrolledDevice,
    Office,
)

NAMES = {STAFF: "山田太郎", COLLEAGUE: "佐藤花子", HEAD: "鈴木課長", DEPUTY: "田中補佐"}
PARTNER = "tanaka@example.co.jp"
REASON = "共同調査のため、案を渡します"
MEASURES = ("encryption", "password", "signature", "backup", "split")
NO = dict.fromkeys(MEASURES, "no:封をして手渡しします")
__all__ = [
    "COLLEAGUE", "DEPUTY", "HEAD", "MEASURES", "NAMES", "NO", "PARTNER", "REASON", "STAFF", "UNIT",
    "Device", "Ministry", "granted", "office",
]  # fmt: skip


class Device(EnrolledDevice):
    """One device of a person, with 申請 and 許可."""

    def __init__(self, ministry: "Ministry", person: str, number: int) -> None:
        super().__init__(ministry, person, number)
        self.permits = Permits(self.ctx)

    def sync(self) -> None:
        self.wire.sent = 0
        self.syncing.sync()

    def document(self, name: str = "案.docx", text: str = "補助金の審査", c: int = 2) -> Path:
        path = self.world.word(name, text)
        done = classify(self.ctx, ClassifyRequest(paths=(str(path),), c=c, i=2, reason="審査中"))
        assert done.files[0].error is None, done.files[0].error
        return path

    def ask(self, path: Path, **more: Any) -> PermitRow:
        values: dict[str, Any] = {"action": "provide", "recipients": (PARTNER,), "area": 0}
        values |= {"paths": (str(path),), "reason": REASON} | more
        return self.permits.ask(AskRequest(**values))

    def row(self, permit_id: str) -> PermitRow:
        return self.permits.show(permit_id)

    def decide(self, *ids: str, granted: bool = True, **more: Any) -> tuple[PermitRow, ...]:
        return self.permits.decide(DecideRequest(ids=ids, granted=granted, **more))

    def give(self, path: Path, **more: Any) -> DoneFile:
        values: dict[str, Any] = {"action": "provide", "to": (PARTNER,), "area": 0}
        plan = PlanRequest(**(values | {"paths": (str(path),), "decisions": NO} | more))
        done = handle(self.ctx, HandleRequest(plan=plan, out=str(self.world.out)))
        return done.files[0]

    def refused(self, path: Path, **more: Any) -> str:
        """Give the code by which it may not be given."""
        try:
            error = self.give(path, **more).error
        except RuleViolation as refusal:
            return refusal.code
        return error.code if error else ""


class Ministry(Office):
    """A server with people of one 課室."""

    names = NAMES

    def later(self, days: int) -> None:
        super().later(days=days)

    def device(self, person: str) -> Device:
        """Enrol one more device; its first sync tells the server who it is."""
        made = Device(self, person, self.number())
        made.sync()
        return made


Three = tuple[Ministry, Device, Device]
"""A ministry, who asks there, and who decides."""


def office(folder: Path) -> Three:
    """Make a ministry with a device of staff and one of who is responsible, all told of all."""
    ministry = Ministry(folder)
    staff, head = ministry.device(STAFF), ministry.device(HEAD)
    staff.sync()
    head.sync()
    told = staff.world.store.mailbox.get("unit", STAFF)
    assert told is not None
    readers = msgspec.msgpack.decode(told.body, type=UnitTold).readers
    assert [one.posts for one in readers] == [(UNIT_HEAD,)]
    return ministry, staff, head


def granted(staff: Device, head: Device, path: Path, **decision: Any) -> str:
    """Ask, decide and bring the permit back; gives its id."""
    permit = staff.ask(path).id
    staff.sync()
    head.sync()
    head.decide(permit, **decision)
    head.sync()
    staff.sync()
    return permit
