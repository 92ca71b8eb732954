"""A ministry in one process: people, their devices, two servers on one database, a bad network.

Both sides are the real code; only the device's store (in memory, but one that can be killed at any
commit), the clocks and the network are made here.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

import msgspec

from meti_desk.app import _verify
from meti_desk.domain.errors import EnvironmentProblem, MetiDeskError
from meti_desk.domain.events_store import STORE, store_body
from meti_desk.domain.outbox import OutboxRow
from meti_desk.protection.cryptrec import Table
from meti_desk.server import auditing, people
from meti_desk.server.applying import Said
from meti_desk.server.mail import post, renumber
from meti_desk.server.refusal import RefusalError
from meti_desk.server.storage import Database
from meti_desk.server.syncing import Server
from meti_desk.server.units import holders
from meti_desk.server.web import application
from meti_desk.services import enrolment
from meti_desk.services.context import Context
from meti_desk.services.messages import Person
from meti_desk.services.saying import say
from meti_desk.services.syncing import Syncing
from meti_desk.standard.policy_file import shipped_policy
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
from meti_desk.sync.sealed import seal
from meti_desk.sync.wire import SyncAnswer
from tests.unit.server.test_attacks import call
from tests.unit.services.fakes import KeySealer, MemoryStore, PlainWords, SetClock

URL = "https://sync.example.go.jp"
EPOCH = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
UNITS = ("政策課", "総務課")
HEAD = "課室情報セキュリティ責任者"
ASK, DECIDE, COUNT = "toy-ask", "toy-decide", "toy-count"
HANDLERS = {kind: f"{__name__}:{kind.replace('-', '_')}" for kind in (ASK, DECIDE, COUNT)}
STAFF = (
    people.Person("y1", "山田", UNITS[0]),
    people.Person("y2", "佐藤", UNITS[0]),
    people.Person("y3", "鈴木", UNITS[1]),
    people.Person("b1", "田中", UNITS[0], role="staff responsible"),
    people.Person("b2", "高橋", UNITS[1], role="staff responsible"),
)
FAULTS = (
    "request dropped", "request late", "request cut", "request doubled", "answers swapped",
    "answer dropped", "answer cut", "answer garbage", "answer old", "answer of another",
    "server busy", "server killed",
)  # fmt: skip
POLICY = shipped_policy()
SCOPE = WireScope(
    articles=("13",), digests=("ab" * 32,), actions=("provide",), recipients=("x@example.com",),
    since="2026-11-01", until="2026-12-31",
)  # fmt: skip
SOON = msgspec.structs.replace(SCOPE, until="2026-11-22")
"""For every other permit: it runs out, or nobody decides it in time, when a clock jumps."""
STEPS = ("ask", "grant", "refuse", "withdraw", "revoke", "report")
ORDER = {
    "requested": 0, "granted": 1, "conditional": 1, "expired": 2, "revoked": 3, "reported": 4,
    "refused": 9, "withdrawn": 9, "acknowledged": 9,
}  # fmt: skip
"""How far a permit has come."""


class Toy(msgspec.Struct):
    """What a toy is asked or decided by."""

    id: str
    revision: int = 0
    answer: str = ""


def toy_ask(said: Said) -> None:
    """Open a case, once."""
    asked = msgspec.msgpack.decode(said.body, type=Toy)
    made = said.database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES ('toy', ?, ?, ?, 'open', 1, 0, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
        (asked.id, said.person.unit, said.person.id, msgspec.msgpack.encode(asked), said.at),
    )
    if made:
        _tell(said, asked.id)


def toy_decide(said: Said) -> None:
    """Decide an open case of one's own 課室, never one's own case, and only as it was seen."""
    told = msgspec.msgpack.decode(said.body, type=Toy)
    rows = said.database.run(
        "SELECT unit, person FROM cases WHERE kind = 'toy' AND id = ?", (told.id,)
    )
    if not rows or rows[0][1] == said.person.id:
        raise RefusalError("sync.malformed")
    if said.person.id not in holders(said.database, rows[0][0], (HEAD,)):
        raise RefusalError("sync.malformed")
    done = said.database.run(
        "UPDATE cases SET state = 'decided', revision = revision + 1, body = ?"
        " WHERE kind = 'toy' AND id = ? AND revision = ? AND state = 'open' RETURNING 1",
        (said.body, told.id, told.revision),
    )
    if not done:
        raise RefusalError("sync.gap")
    _tell(said, told.id)


def toy_count(said: Said) -> None:
    """Count how often a device's events were done."""
    said.database.run(
        "INSERT INTO cases (kind, id, unit, person, state, revision, until, body, at)"
        " VALUES ('count', ?, '', ?, '', 1, 0, ?, 0) ON CONFLICT (kind, id)"
        " DO UPDATE SET revision = cases.revision + 1",
        (said.device.id, said.person.id, b""),
    )


def _tell(said: Said, identity: str) -> None:
    ((unit, person, revision, body),) = said.database.run(
        "SELECT unit, person, revision, body FROM cases WHERE kind = 'toy' AND id = ?", (identity,)
    )
    told = Toy(identity, revision, msgspec.msgpack.decode(body, type=Toy).answer)
    concerned = {person, *holders(said.database, unit, (HEAD,))}
    post(said.database, concerned, "toy", identity, msgspec.msgpack.encode(told), said.at)


class Engine(Protocol):
    """One database of a server, of either engine."""

    def empty(self) -> None:
        """Begin with a new database."""

    def open(self) -> Server:
        """Start one more server process on it."""

    def look(self) -> Database:
        """Open it beside the processes."""

    def backup(self) -> object:
        """Give a copy of everything; no process runs."""

    def restore(self, kept: Any) -> None:
        """Put a copy in the place of everything; no process runs."""

    def busy(self) -> "contextlib.AbstractContextManager[bool]":
        """Let nobody write in the block; gives whether a request has to fail then."""


class Killed(BaseException):
    """The device's program ended at this instant."""


class Store(MemoryStore):
    """A store whose program may be killed around any of its commits: only those are left then."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.sealer = KeySealer(seed)
        self.commits_left = -1
        self._inside = 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        outer = not self._inside
        kept = dict(self.settings.rows), dict(self.outbox.rows)
        self._inside += 1
        try:
            with super().transaction():
                yield
                if outer:
                    self._count()
        except BaseException:
            self.settings.rows, self.outbox.rows = kept
            raise
        finally:
            self._inside -= 1
        if outer:
            self._count()

    def _count(self) -> None:
        """Die before a commit or behind it, when it is time."""
        self.commits_left -= 1
        if self.commits_left == -1:
            raise Killed

    def copy(self) -> tuple[Any, ...]:
        """Give all that lies on the disk."""
        return (
            [*self.ledger.held], dict(self.settings.rows), dict(self.outbox.rows),
            self.mailbox.copy(),
        )  # fmt: skip

    def back(self, copy: tuple[Any, ...]) -> None:
        """Put a copy in the place of all that lies on the disk."""
        held, settings, rows, mailbox = copy
        self.ledger.held, self.settings.rows, self.outbox.rows = [*held], {**settings}, {**rows}
        self.mailbox.restore(tuple(dict(one) for one in mailbox))  # type: ignore[arg-type]


class SeededIds:
    """Ids that differ, the same in every run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def document_id(self) -> str:
        return self.token(16).hex()

    def token(self, length: int) -> bytes:
        return self._random.randbytes(length)


@dataclass
class Late:
    """A request that the network still holds."""

    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Ministry:
    """Two server processes on one database, and what the network did."""

    engine: Engine
    happened: Counter[str]
    moment: datetime = EPOCH
    late: list[Late] = field(default_factory=list)
    receipts: list[tuple[int, int, bytes]] = field(default_factory=list)
    confirmed: dict[str, int] = field(default_factory=dict)
    """How far each device's log was ever confirmed since the server was last restored."""
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    restored: int = 0

    def __post_init__(self) -> None:
        self.engine.empty()
        self.start()
        people.put_people(self.servers[0].database, STAFF, self.now())

    def start(self) -> None:
        """Start both processes."""
        self.servers = [self.engine.open(), self.engine.open()]
        self.sites = [application(one, self.now) for one in self.servers]

    def stop(self) -> None:
        """Kill both."""
        for one in self.servers:
            one.database.close()

    def restart(self) -> None:
        """Kill both and start them again."""
        self.stop()
        self.start()

    def now(self) -> int:
        """Give the server's time in milliseconds."""
        return int(self.moment.timestamp() * 1000)

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Ask the database."""
        return [tuple(row) for row in self.servers[0].database.run(statement, values)]

    def deliver(self, late: Late) -> tuple[int, bytes]:
        """Let one of the processes answer; they take turns."""
        self.moment += timedelta(milliseconds=7)
        self.sites.reverse()
        status, answer = call(self.sites[0], late.path, late.body, dict(late.headers))
        assert status < 500 or status == 503, answer
        if status == 200 and late.path == "/v1/sync":
            receipt = msgspec.msgpack.decode(answer, type=SyncAnswer).receipt
            self.receipts.append((receipt.lane, receipt.entry, receipt.entry_hash))
            known = self.confirmed.get(receipt.device, 0)
            self.confirmed[receipt.device] = max(known, receipt.seq)
            self.answers.append((receipt.device, answer))
        return status, answer

    def backup(self) -> object:
        """Copy everything."""
        self.stop()
        kept = self.engine.backup()
        self.start()
        return kept

    def restore(self, kept: object) -> None:
        """Go back to a copy; what was confirmed since is not there any more."""
        self.stop()
        self.engine.restore(kept)
        self.start()
        self.moment += timedelta(seconds=1)
        database = self.servers[0].database
        database.together(lambda: renumber(database))  # as `restore` does
        self.restored += 1
        self.receipts.clear()
        self.confirmed.clear()

    def audit(self) -> auditing.AuditState:
        """Recompute everything, and hold every receipt against the chain."""
        fresh = self.engine.look()  # as the command does
        state = auditing.verify(fresh)
        fresh.close()
        assert state.intact, state
        chain = {
            (lane, entry): bytes(hashed)
            for lane, entry, hashed in self.run("SELECT lane, entry, hash FROM chain")
        }
        for lane, entry, hashed in self.receipts:
            assert chain[lane, entry] == hashed, "a receipt names what the chain does not hold"
        return state


async def _cut(app: Any, late: Late) -> None:
    """Send half of a body and go away."""
    steps = iter(
        [
            {"type": "http.request", "body": late.body[: len(late.body) // 2], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(steps)

    async def send(_message: dict[str, Any]) -> None:
        """Nobody hears it."""

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": late.path, "raw_path": late.path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "client": ("192.0.2.7", 5), "server": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in late.headers.items()],
    }  # fmt: skip
    await app(scope, receive, send)


class Network:
    """The way from one device: `plan` says what happens to its next requests, then all is well."""

    def __init__(self, ministry: Ministry, draw: random.Random) -> None:
        self.ministry = ministry
        self.plan: list[str] = []
        self.draw = draw
        self.device = ""
        self.before: Any = None
        self.sent = 0

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, timeout: float
    ) -> tuple[int, bytes]:
        """Carry a request and its answer, or lose one of them."""
        assert timeout > 0
        self.sent += 1
        assert self.sent < 400, "it would go on for ever"
        if self.before is not None:
            act, self.before = self.before, None
            act()
        known = {name.lower(): value for name, value in headers.items()}
        asked = Late(url.removeprefix(URL), body, known)
        fault = self.plan.pop(0) if self.plan else ""
        if not fault:
            return self.ministry.deliver(asked)
        answer = self._bad(fault, asked)
        self.ministry.happened[fault] += 1
        if answer is None:
            raise EnvironmentProblem("sync.unreachable", host="sync", error="OSError")
        return answer

    def _bad(self, fault: str, asked: Late) -> tuple[int, bytes] | None:  # noqa: C901, PLR0911 - one line a fault
        ministry = self.ministry
        match fault:
            case "request dropped":
                return None
            case "request late":
                ministry.late.append(asked)
                return None
            case "request cut":
                asyncio.run(_cut(ministry.sites[0], asked))
                return None
            case "request doubled" | "answers swapped":
                both = [ministry.deliver(asked), ministry.deliver(asked)]
                assert both[1][0] != 200, "the same request was taken twice"
                return both[fault == "answers swapped"]
            case "server busy":
                with ministry.engine.busy() as fails:
                    status, answer = ministry.deliver(asked)
                assert status != 200 or not fails, answer  # 503, or refused before it writes
                return status, answer
            case "server killed":
                ministry.deliver(asked)
                ministry.restart()
                return None
        old = [one for device, one in ministry.answers if device == self.device]
        others = [one for device, one in ministry.answers if device != self.device]
        status, answer = ministry.deliver(asked)
        match fault:
            case "answer dropped":
                return None
            case "answer cut":
                return status, answer[: self.draw.randrange(len(answer))]
            case "answer garbage":
                return status, self.draw.randbytes(self.draw.randrange(300))
            case "answer old" if old:
                return 200, self.draw.choice(old)
            case "answer of another" if others:
                return 200, self.draw.choice(others)
        return status, answer


class Gadget:
    """One device of a person, with a store that can be killed and a clock that can be wrong."""

    def __init__(self, ministry: Ministry, person: str, seed: int) -> None:
        self.ministry, self.person, self.seed = ministry, person, seed
        self.draw = random.Random(seed)
        self.store = Store(seed)
        self.clock = SetClock(ministry.moment)
        self.network = Network(ministry, self.draw)
        self.ids = SeededIds(seed)
        self.area = self._started()
        self.ctx.set_person(Person("山田太郎", "係長", "政策課", "yamada@meti.go.jp"))
        self.lost = False
        self.backup: tuple[Any, ...] = ()
        self.enrol()

    def _started(self) -> Syncing:
        """Start the program anew on what lies there."""
        self.ctx = Context(
            workers=cast("Any", None), files=cast("Any", None), clock=self.clock, ids=self.ids,
            policy=POLICY, verify=_verify, shipped_table=Table.load, words=PlainWords(),
            store=cast("Any", self.store),
        )  # fmt: skip
        return Syncing(self.ctx, self.network)

    def enrol(self) -> None:
        """Make it a device of its person by a new code; the one before is refused from now on."""
        database, server = self.ministry.servers[0].database, self.ministry.servers[0]
        before = enrolment.state(self.ctx).device
        if before:
            self.area.leave()
            with contextlib.suppress(MetiDeskError):  # revoked already, or never known here
                people.revoke(database, before, self.ministry.now())
        code = people.new_code(database, self.person, server.key.fingerprint, self.ministry.now())
        self.area.enrol(code.code, URL)
        self.network.device = self.device

    @property
    def device(self) -> str:
        """Give its id."""
        return enrolment.state(self.ctx).device

    def record(self, number: int) -> None:
        """Record something that was done."""
        self.store.ledger.append(STORE, store_body(what=f"n{number}"), self.clock.now())

    def say(self, kind: str, toy: Toy) -> None:
        """Tell others something."""
        say(self.ctx, kind, {"what": toy.id}, msgspec.msgpack.encode(toy))

    def sync(self, plan: list[str]) -> str:
        """Sync once, with these faults; gives what became of it."""
        self.network.plan, self.network.sent = [*plan], 0
        try:
            self.area.sync()
        except Killed:
            self.store.commits_left = -1
            self.area = self._started()
            return "killed"
        except MetiDeskError as error:
            return error.code
        finally:
            self.store.commits_left = -1
            self.network.plan = []
        return ""

    def come_back(self) -> bool:
        """Sync until there is nothing more to say; tells whether anything changed."""
        before = self.store.copy()[3], self._acked(), self.device
        ended = self.sync([])
        if ended in {"sync.forked", "sync.unknown-device", "sync.revoked"}:
            self.ministry.happened[f"began anew: {ended}"] += 1
            self.enrol()
            ended = self.sync([])
        assert ended == "", ended
        return before != (self.store.copy()[3], self._acked(), self.device)

    def _acked(self) -> int:
        return enrolment.state(self.ctx).acked

    def permit(self, what: str, permit: str) -> None:
        """Say something of a permit: ask for it, or do what its state here allows or not."""
        points = {self.device: self.store.sealer.opening_point()}
        words = seal(
            b"words", words_about(permit, "report" if what == "report" else "words"), points
        )
        known = self.permits().get(permit)
        revision = known.revision if known else 1
        digest = words_digest(words_about(permit), b"words")
        scope = SOON if permit[-1] in "13579" else SCOPE
        asked = PermitAsked(id=permit, scope=scope, documents=("d",), words=words, digest=digest)
        kind, told = {
            "ask": (ASKED, asked),
            "grant": (DECIDED, PermitDecided(id=permit, revision=revision, granted=True)),
            "refuse": (
                DECIDED, PermitDecided(id=permit, revision=revision, granted=False, note="否"),
            ),
            "withdraw": (WITHDRAWN, PermitNamed(id=permit, revision=revision)),
            "revoke": (REVOKED, PermitNamed(id=permit, revision=revision, note="誤り")),
            "report": (REPORTED, PermitReported(id=permit, revision=revision, words=words)),
        }[what]  # fmt: skip
        say(self.ctx, kind, {"what": permit}, msgspec.msgpack.encode(told))

    def permits(self) -> dict[str, PermitStatement]:
        """Give the permits that it knows of, each as the server signed it."""
        found, server = {}, self.ministry.servers[0].key.public
        for held in self.store.mailbox.of(PERMIT):
            if not held.revision:
                continue
            told = msgspec.msgpack.decode(held.body, type=PermitTold)
            assert _verify(server, statement_message(told.statement), told.signature)
            found[held.id] = msgspec.msgpack.decode(told.statement, type=PermitStatement)
        return found

    def toys(self) -> dict[str, Toy]:
        """Give the cases that it knows of."""
        held = self.store.mailbox.of("toy")
        return {one.id: msgspec.msgpack.decode(one.body, type=Toy) for one in held}


def on_server(ministry: Ministry, device: str) -> list[OutboxRow]:
    """Give the log of a device as the server holds it."""
    rows = ministry.run(
        "SELECT seq, kind, version, body, prev, hash FROM events WHERE device = ? ORDER BY seq",
        (device,),
    )
    return [OutboxRow(s, k, v, bytes(b), bytes(p), bytes(h)) for s, k, v, b, p, h in rows]


def mail_of(ministry: Ministry, person: str) -> dict[tuple[str, str], tuple[int, bytes]]:
    """Give a person's mail as the server holds it."""
    rows = ministry.run("SELECT kind, id, revision, body FROM mail WHERE person = ?", (person,))
    return {(kind, name): (revision, bytes(body)) for kind, name, revision, body in rows}


def later(moment: datetime, seconds: float) -> datetime:
    """Move a clock, within what a clock can show."""
    moved = moment + timedelta(seconds=seconds)
    return moved if 2000 < moved.year < 2100 else EPOCH
