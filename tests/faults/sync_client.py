"""A device as a process: opens a real store and does what each line of standard input asks.

`python -m tests.faults.sync_client STORE`; every line is a JSON list, every answer a JSON object.
"""

import json
import sys
from typing import Any

import msgspec

from meti_desk.app import make_desk
from meti_desk.domain.errors import MetiDeskError
from meti_desk.domain.events_store import STORE, store_body
from meti_desk.services import enrolment
from meti_desk.services.saying import say
from meti_desk.sync.permits import (
    ASKED,
    DECIDED,
    PERMIT,
    REPORTED,
    WITHDRAWN,
    PermitAsked,
    PermitDecided,
    PermitNamed,
    PermitReported,
    PermitStatement,
    PermitTold,
    WireScope,
    statement_message,
    words_about,
)
from meti_desk.sync.sealed import seal
from tests.faults.harness import PASSPHRASE


class Device:
    """The commands."""

    def __init__(self, folder: str) -> None:
        self.desk = make_desk(folder)
        self.desk.unlock(PASSPHRASE)
        self.ctx = self.desk._ctx

    def enrol(self, code: str, url: str) -> dict[str, Any]:
        """Enrol by a code; leave first where it is enrolled."""
        if self.desk.syncing.status().enrolled:
            self.desk.syncing.leave()
        return {"device": self.desk.syncing.enrol(code, url).device}

    def record(self, count: int) -> dict[str, Any]:
        """Record so many events."""
        store = self.ctx.open_store()
        for _ in range(count):
            store.ledger.append(STORE, store_body(what="rekey"), self.ctx.clock.now())
        return {}

    def sync(self) -> dict[str, Any]:
        """Sync once."""
        view = self.desk.syncing.sync()
        return {"acked": view.acked, "unsent": view.unsent}

    def ask(self, permit: str) -> dict[str, Any]:
        """Ask for a permit."""
        readers = enrolment.unit(self.ctx).readers
        words = seal(b"words", words_about(permit), enrolment.points(readers))
        scope = WireScope(
            articles=("13",), digests=("ab" * 32,), actions=("provide",),
            recipients=("x@example.com",), since="2026-01-01", until="2099-12-31",
        )  # fmt: skip
        told = PermitAsked(
            id=permit, scope=scope, documents=("d1",), labels=("C2I1A1",), words=words
        )
        return self._say(ASKED, permit, told)

    def decide(self, permit: str, granted: bool) -> dict[str, Any]:  # noqa: FBT001 - from a line
        """Decide what is known of a permit."""
        revision = self.permits()["permits"][permit][0]
        note = "" if granted else "否"
        told = PermitDecided(id=permit, revision=revision, granted=granted, note=note)
        return self._say(DECIDED, permit, told)

    def withdraw(self, permit: str) -> dict[str, Any]:
        """Take a request back."""
        revision = self.permits()["permits"][permit][0]
        return self._say(WITHDRAWN, permit, PermitNamed(id=permit, revision=revision))

    def report(self, permit: str) -> dict[str, Any]:
        """Report the end."""
        revision = self.permits()["permits"][permit][0]
        points = enrolment.points(enrolment.unit(self.ctx).readers)
        words = seal(b"end", words_about(permit, "report"), points)
        return self._say(
            REPORTED, permit, PermitReported(id=permit, revision=revision, words=words)
        )

    def _say(self, kind: str, permit: str, told: object) -> dict[str, Any]:
        body = {"permit": {"kind": "permit", "id": permit}}
        return {"seq": say(self.ctx, kind, body, msgspec.msgpack.encode(told)).seq}

    def permits(self) -> dict[str, Any]:
        """Give revision and state of every permit that came, each signed by the server."""
        known, found = enrolment.state(self.ctx), {}
        for held in self.ctx.open_store().mailbox.of(PERMIT):
            if not held.revision:
                continue
            told = msgspec.msgpack.decode(held.body, type=PermitTold)
            message = statement_message(told.statement)
            assert self.ctx.verify(known.server, message, told.signature)
            one = msgspec.msgpack.decode(told.statement, type=PermitStatement)
            found[held.id] = [one.revision, one.state]
        return {"permits": found}

    def state(self) -> dict[str, Any]:
        """Give everything that is compared: the records, and what came by mail."""
        store = self.ctx.open_store()
        known = enrolment.state(self.ctx)
        mail = {
            f"{held.kind} {held.id}": [held.revision, held.body.hex()]
            for kind in ("unit", "outcome", PERMIT)
            for held in store.mailbox.of(kind)
            if held.revision
        }
        return {
            "device": known.device, "person": known.person, "acked": known.acked,
            "ledger": [event.hash for event in store.ledger.since(0)],
            "intact": store.ledger.verify().intact, "mail": mail,
        }  # fmt: skip


def main() -> None:
    """Answer lines until there are no more."""
    device = Device(sys.argv[1])
    print(json.dumps({"ready": True}), flush=True)  # noqa: T201 - the answer
    for line in sys.stdin:
        name, *given = json.loads(line)
        try:
            answer = getattr(device, name)(*given)
        except MetiDeskError as error:
            answer = {"code": error.code}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
