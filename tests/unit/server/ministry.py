"""A server with people of two 課室, who say things to it without a network."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.server import applying, keys, people, storage
from meti_desk.server.syncing import Server, verified
from meti_desk.sync.mail import OUTCOME, Outcome
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
    statement_message,
    words_about,
    words_digest,
)
from meti_desk.sync.sealed import point_of, seal
from meti_desk.sync.wire import EventBody, WireEvent

DAY = 86_400_000
NOW = 1_795_000_000_000
"""2026-11-18, 11:06 UTC: 20:06 at the ministry."""
TODAY = date(2026, 11, 18)
STAFF = (
    people.Person("y1", "山田", "政策課"),
    people.Person("s1", "佐藤", "政策課"),
    people.Person("k1", "課長", "政策課", role="staff responsible"),
    people.Person("k2", "副課長", "政策課", role="staff responsible"),
    people.Person("o1", "他課の課長", "総務課", role="responsible"),
    people.Person("z1", "総務の職員", "総務課"),
    people.Person("t1", "システム責任者", "", role="system"),
    people.Person("h1", "局長", "", role="head"),
    people.Person("m1", "管理者", "政策課", role="staff manager"),
)
POINT = point_of(ec.generate_private_key(ec.SECP256R1()).public_key())


class Ministry:
    """The server, its people with a device each, and the time."""

    def __init__(self, folder: Path, place: storage.Place | None = None) -> None:
        """Make one in a folder, or at the place of an empty database."""
        folder.mkdir(exist_ok=True)
        if place is None:
            storage.make(folder)
        self.server = Server(storage.Database(place or folder), keys.make(folder))
        self.database = self.server.database
        self.now = NOW
        self.seq = 0
        self.devices: dict[str, str] = {}
        people.put_people(self.database, STAFF, NOW)
        for one in STAFF:
            self.join(one.id)

    def join(self, person: str) -> None:
        """Enrol a device for a person."""
        public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        code = people.new_code(self.database, person, self.server.key.fingerprint, self.now)
        self.devices[person] = people.enrol(
            self.database, code.code, public, "PC", self.now
        ).id  # fmt: skip

    def join_as(self, person: str, name: str, role: str, unit: str = "政策課") -> None:
        """Add somebody with a device."""
        people.put_person(self.database, people.Person(person, name, unit, role=role), self.now)
        self.join(person)

    def later(self, days: int) -> None:
        """Let days pass."""
        self.now += days * DAY

    def say(self, person: str, kind: str, told: object) -> str:
        """Let somebody say something; gives the code of the refusal, or nothing."""
        self.seq += 1
        return self.say_to(self.database, person, kind, told, self.seq)

    def say_to(
        self, database: storage.Database, person: str, kind: str, told: object, seq: int
    ) -> str:
        """Let somebody say something to one of several processes."""
        body = msgspec.msgpack.encode(EventBody(said=msgspec.msgpack.encode(told)))
        event = WireEvent(seq, kind, 1, body, bytes(32), bytes(32))

        def take() -> None:
            device = people.device(database, self.devices[person])
            known = people.person(database, person)
            assert device is not None
            assert known is not None
            applying.apply(database, self.server.key, device, known, event, self.now)

        database.together(take)
        body = self.body(person, OUTCOME, f"{self.devices[person]}:{seq}")
        return msgspec.msgpack.decode(body, type=Outcome).code if body else ""

    def do(self, work: Callable[..., Any], *given: object) -> Any:
        """Do something of the server in a transaction."""
        return self.database.together(lambda: work(self.database, *given))

    def body(self, person: str, kind: str, identity: str) -> bytes:
        """Give a piece of somebody's mail."""
        rows = self.database.run(
            "SELECT body FROM mail WHERE person = ? AND kind = ? AND id = ?",
            (person, kind, identity),
        )
        return bytes(rows[0][0]) if rows else b""

    def told(self, person: str, permit: str = "p1") -> PermitTold | None:
        """Give what a person was told of a permit."""
        body = self.body(person, PERMIT, permit)
        return msgspec.msgpack.decode(body, type=PermitTold) if body else None

    def statement(self, person: str = "y1", permit: str = "p1") -> PermitStatement:
        """Give what the server signed for a person, checked."""
        told = self.told(person, permit)
        assert told is not None
        message = statement_message(told.statement)
        assert verified(self.server.key.public, message, told.signature)
        return msgspec.msgpack.decode(told.statement, type=PermitStatement)

    def state(self, permit: str = "p1") -> tuple[str, int]:
        """Give the state of a permit and its revision, as the table has them."""
        found = self.state_or_none(permit)
        assert found is not None
        return found

    def state_or_none(self, permit: str = "p1") -> tuple[str, int] | None:
        """Give the state of a permit, if there is such a permit."""
        rows = self.database.run(
            "SELECT state, revision FROM cases WHERE kind = ? AND id = ?", (PERMIT, permit)
        )
        return (rows[0][0], rows[0][1]) if rows else None

    def who(self, permit: str = "p1") -> set[str]:
        """List who was told of a permit."""
        rows = self.database.run(
            "SELECT person FROM mail WHERE kind = ? AND id = ?", (PERMIT, permit)
        )
        return {person for (person,) in rows}

    def audit(self) -> list[dict[str, Any]]:
        """Give what the audit chain says, oldest first."""
        return [msgspec.msgpack.decode(one.what) for one in self.database.entries()]

    def ask(self, person: str = "y1", permit: str = "p1", **more: Any) -> str:
        """Ask for a permit of Art. 13, or whatever else is said."""
        return self.say(person, ASKED, ask(permit, **more))

    def decide(
        self, person: str = "k1", permit: str = "p1", *, revision: int = 1, granted: bool = True,
        **more: Any,
    ) -> str:  # fmt: skip
        """Decide."""
        told = PermitDecided(id=permit, revision=revision, granted=granted, **more)
        return self.say(person, DECIDED, told)

    def withdraw(self, person: str = "y1", permit: str = "p1", *, revision: int = 1) -> str:
        """Take a request back."""
        return self.say(person, WITHDRAWN, PermitNamed(id=permit, revision=revision))

    def revoke(
        self, person: str = "k1", permit: str = "p1", *, revision: int = 2, note: str = "誤り"
    ) -> str:
        """Take a permit back."""
        return self.say(person, REVOKED, PermitNamed(id=permit, revision=revision, note=note))

    def report(self, person: str = "y1", permit: str = "p1", *, revision: int = 2) -> str:
        """Report the end."""
        words = words_of(permit, "report")
        return self.say(person, REPORTED, PermitReported(id=permit, revision=revision, words=words))


def words_of(permit: str, what: str = "words", plain: bytes = b"words") -> bytes:
    """Seal something for somebody."""
    return seal(plain, words_about(permit, what), {"0" * 32: POINT})


def digest_of(permit: str, what: str = "words", plain: bytes = b"words") -> bytes:
    """Give the digest of what `words_of` seals."""
    return words_digest(words_about(permit, what), plain)


def ask(permit: str = "p1", **more: Any) -> PermitAsked:
    """Make a request; fields of the scope and of the request may be given."""
    fields = {
        one: more.pop(one) for one in ("documents", "labels", "words", "digest") if one in more
    }
    scope = {
        "articles": ("13",), "digests": ("ab" * 32,), "actions": ("provide",),
        "recipients": ("x@example.com",), "since": "2026-11-18", "until": "2026-11-30",
    } | more  # fmt: skip
    words = fields.pop("words", None) or words_of(permit)
    told = {"documents": ("d1",), "labels": ("C2I1A1",), "digest": digest_of(permit)} | fields
    return PermitAsked(id=permit, scope=WireScope(**scope), words=words, **told)
