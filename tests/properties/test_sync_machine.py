"""Whatever happens between devices and servers: nothing lost, nothing twice, all agree in the end.

Schedules of several people with six devices on two server processes; every fault must really have
happened in a run.
"""

import contextlib
import logging
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from psycopg.conninfo import conninfo_to_dict

from meti_desk.domain.errors import InvalidInput, MetiDeskError
from meti_desk.server import applying, keys, people, storage
from meti_desk.server.permit_cases import Kept
from meti_desk.server.syncing import Server
from meti_desk.sync.permits import LAPSED, PERMIT, PermitStatement, PermitTold
from tests.postgres import Cluster
from tests.properties.sync_world import (
    ASK,
    COUNT,
    DECIDE,
    FAULTS,
    HANDLERS,
    ORDER,
    STEPS,
    UNITS,
    Engine,
    Gadget,
    Ministry,
    Toy,
    later,
    mail_of,
    on_server,
)

FULL = bool(os.environ.get("METI_DESK_FULL"))
SCHEDULES = 5_000 if FULL else 75
YEAR = 365 * 86_400
DAYS = 86_400
JUMPS = st.sampled_from([-YEAR, -1200, 30, 1200, 3 * DAYS, YEAR])
PLANS = st.lists(st.sampled_from(["", *FAULTS]), max_size=3)
RULES = (
    "recorded", "asked", "decided", "counted", "synced", "killed", "two at once", "came late",
    "device clock", "server clock", "device restored", "server restored", "revoked", "enrolled",
    "moved", "restarted", "lost", "decision held", "began anew: sync.forked",
    "permit held", "permit lapsed", *(f"permit: {one}" for one in STEPS),
)  # fmt: skip

RARE = {"began anew: sync.forked", "decision held", "lost", "permit held", "permit lapsed"}
"""What needs several things to meet: asked for where there are thousands of schedules."""


class Embedded(Engine):
    """SQLite, in a folder that is copied."""

    def __init__(self, folder: Path) -> None:
        self.made, self.folder = folder / "made", folder / "now"
        self.made.mkdir()
        storage.make(self.made)
        self.key = keys.make(self.made)
        self.opened: list[storage.Database] = []

    def empty(self) -> None:
        self.restore({one.name: one.read_bytes() for one in self.made.iterdir()})

    def open(self) -> Server:
        database = storage.Database(self.folder)
        self.opened = [*self.opened[-1:], database]
        return Server(database, self.key)

    def look(self) -> storage.Database:
        return storage.Database(self.folder)

    def backup(self) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in self.folder.iterdir()}

    def restore(self, kept: dict[str, bytes]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name, content in kept.items():
            (self.folder / name).write_bytes(content)

    @contextlib.contextmanager
    def busy(self) -> Iterator[bool]:
        for one in self.opened:
            one.run("PRAGMA busy_timeout = 0")
        path = self.folder / storage.DATABASE
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield True
            other.execute("ROLLBACK")
        for one in self.opened:
            one.run("PRAGMA busy_timeout = 10000")


class Shared(Engine):
    """PostgreSQL; a copy is what the tables hold."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.url, self.key = cluster.made(), keys.make(folder)
        self.name = conninfo_to_dict(self.url)["dbname"]
        names = (
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'"
        )
        with psycopg.connect(self.url) as admin:
            self.tables = [name for (name,) in admin.execute(names)]

    def empty(self) -> None:
        self.restore({})

    def open(self) -> Server:
        return Server(self.look(), self.key)

    def look(self) -> storage.Database:
        return storage.Database(self.url)

    def backup(self) -> dict[str, bytes]:
        kept = {}
        with psycopg.connect(self.url) as admin:
            for name in self.tables:
                told = f"COPY (SELECT * FROM {name}) TO STDOUT (FORMAT binary)"  # noqa: S608 - ours
                with admin.cursor().copy(told.encode()) as copy:
                    kept[name] = b"".join(bytes(part) for part in copy)
        return kept

    def restore(self, kept: dict[str, bytes]) -> None:
        with psycopg.connect(self.url) as admin:
            admin.execute(b"SET session_replication_role = replica")  # the tables only grow
            admin.execute(f"TRUNCATE {', '.join(self.tables)}".encode())
            for name, content in kept.items():
                told = f"COPY {name} FROM STDIN (FORMAT binary)"
                with admin.cursor().copy(told.encode()) as copy:
                    copy.write(content)

    @contextlib.contextmanager
    def busy(self) -> Iterator[bool]:
        """Cut all connections: the next request finds them broken."""
        with psycopg.connect(self.url, autocommit=True) as admin:
            cut = admin.execute(
                "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()", (self.name,)
            ).fetchall()  # fmt: skip
            yield False
            # They end when they come to it: not in the middle of what has to go well.
            admin.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid = ANY(%s)",
                ([pid for pid, _ in cut],),
            )


class Machine(RuleBasedStateMachine):
    """The schedule; `engine` and `happened` are set for a run."""

    engine: Engine
    happened: Counter[str]
    moved = False

    @initialize()
    def begin(self) -> None:
        self.ministry = Ministry(self.engine, self.happened)
        people_ = ("y1", "y1", "y2", "b1", "b2", "y3")
        self.gadgets = [Gadget(self.ministry, who, 7 * n) for n, who in enumerate(people_)]
        self.numbers, self.backups = 0, [self.ministry.backup()]
        self.cases: dict[str, tuple[int, str, str]] = {}
        self.permits: dict[str, PermitStatement] = {}
        self.seen: dict[tuple[int, str, str], int] = {}
        for one in self.gadgets:
            one.sync([])
            one.backup = one.store.copy()

    def one(self, place: int) -> Gadget:
        here = [one for one in self.gadgets if not one.lost]
        return here[place % len(here)]

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    who = st.integers(0, 9)

    @rule(who=who, count=st.integers(1, 4))
    def record(self, who: int, count: int) -> None:
        for _ in range(count):
            self.one(who).record(self.number())
        self.happened["recorded"] += 1

    @rule(who=who, plan=PLANS, now=st.booleans())
    def ask(self, who: int, plan: list[str], now: bool) -> None:  # noqa: FBT001 - drawn
        gadget = self.one(who)
        gadget.say(ASK, Toy(f"t{self.number()}"))
        self.happened["asked"] += 1
        if now:
            self.sync(who, plan)

    @rule(which=st.integers(0, 30), answer=st.sampled_from(["yes", "no"]), plan=PLANS)
    def decide(self, which: int, answer: str, plan: list[str]) -> None:
        """Somebody who knows of a case decides it, whether it is theirs to decide or not."""
        here = [one for one in self.gadgets if not one.lost]
        if not any(one.toys() for one in here):
            for one in here:
                one.sync([])
        known = [(who, toy) for who, one in enumerate(here) for toy in one.toys().values()]
        if not known:
            return
        who, toy = known[which % len(known)]
        self.one(who).say(DECIDE, Toy(toy.id, toy.revision, answer))
        self.happened["decided"] += 1
        self.sync(who, plan)

    @rule(who=who, what=st.sampled_from(STEPS), which=st.integers(0, 30), plan=PLANS)
    def permit(self, who: int, what: str, which: int, plan: list[str]) -> None:
        """Somebody asks for a permit, or takes a step that is theirs or not."""
        gadget = self.one(who)
        known = sorted(gadget.permits())
        if what == "ask" or not known:
            gadget.permit("ask", f"p{self.number()}")
        else:
            gadget.permit(what, known[which % len(known)])
        self.happened[f"permit: {what}"] += 1
        self.sync(who, plan)
        if which % 3 == 0:
            for one in self.gadgets:
                if one.person.startswith("b") and not one.lost:
                    one.sync([])

    @rule(who=who, times=st.integers(1, 3))
    def count(self, who: int, times: int) -> None:
        for _ in range(times):
            self.one(who).say(COUNT, Toy(f"c{self.number()}"))
        self.happened["counted"] += 1

    @rule(who=who, plan=PLANS)
    def sync(self, who: int, plan: list[str]) -> None:
        ended = self.one(who).sync(plan)
        self.happened[f"ended: {ended or 'well'}"] += 1
        self.happened["synced"] += 1
        self.look()

    @rule(who=who, plan=PLANS, commits=st.integers(0, 9))
    def killed(self, who: int, plan: list[str], commits: int) -> None:
        gadget = self.one(who)
        gadget.store.commits_left = commits
        self.happened["killed"] += gadget.sync(plan) == "killed"
        self.look()

    @rule(who=who, plan=PLANS)
    def two_at_once(self, who: int, plan: list[str]) -> None:
        gadget = self.one(who)
        gadget.record(self.number())

        def other() -> None:
            gadget.record(self.number())
            with contextlib.suppress(MetiDeskError):
                gadget.area.sync()
            self.happened["two at once"] += 1

        gadget.network.before = other
        gadget.sync(plan)
        gadget.network.before = None
        self.look()

    @rule(which=st.integers(0, 9))
    def come_late(self, which: int) -> None:
        """Let something come that was held up: whether there is any does not decide what is drawn.

        A database that is cut takes it sooner or later; a condition that differs stops the run.
        """
        if not self.ministry.late:
            return
        late = self.ministry.late.pop(which % len(self.ministry.late))
        self.ministry.deliver(late)
        self.happened["came late"] += 1
        self.look()

    @rule(
        who=who, what=st.sampled_from(["clock", "copy", "restore", "restore", "enrol", "revoke",
                                       "lose", "move"]),
        seconds=JUMPS, unit=st.sampled_from(UNITS),
    )  # fmt: skip
    def accident_of_a_device(self, who: int, what: str, seconds: int, unit: str) -> None:
        gadget, database = self.one(who), self.ministry.servers[0].database
        match what:
            case "clock":
                gadget.clock.moment = later(gadget.clock.moment, seconds)
                self.happened["device clock"] += 1
            case "copy":
                gadget.backup = gadget.store.copy()
            case "restore" if gadget.backup != gadget.store.copy():
                gadget.store.back(gadget.backup)
                self.seen.clear()
                gadget.network.device = gadget.device
                self.happened["device restored"] += 1
            case "enrol":
                gadget.enrol()
                self.happened["enrolled"] += 1
            case "revoke":
                with contextlib.suppress(InvalidInput):  # revoked already, or not known here
                    people.revoke(database, gadget.device, self.ministry.now())
                self.happened["revoked"] += 1
            case "lose" if self.of(gadget.person) > 1:
                gadget.lost = True
                self.happened["lost"] += 1
            case "move":
                known = people.person(database, gadget.person)
                assert known is not None
                moved = msgspec.structs.replace(known, unit=unit)
                people.put_person(database, moved, self.ministry.now())
                self.moved = True
                self.happened["moved"] += 1

    def of(self, person: str) -> int:
        """Count the devices that a person still has."""
        return sum(one.person == person and not one.lost for one in self.gadgets)

    @rule(
        what=st.sampled_from(["clock", "copy", "restore", "restart"]), seconds=JUMPS,
        which=st.integers(0, 3),
    )  # fmt: skip
    def accident_of_the_server(self, what: str, seconds: int, which: int) -> None:
        match what:
            case "clock":
                self.ministry.moment = later(self.ministry.moment, seconds)
                self.happened["server clock"] += 1
            case "copy":
                self.backups.append(self.ministry.backup())
            case "restore":
                self.ministry.restore(self.backups[-1 - which % len(self.backups)])
                self.cases.clear()
                self.permits.clear()
                self.happened["server restored"] += 1
            case "restart":
                self.ministry.restart()
                self.happened["restarted"] += 1

    def look(self) -> None:
        """Check what must hold at every moment."""
        self.ministry.audit()
        held = dict(self.ministry.run("SELECT id, last_seq FROM devices"))
        for device, seq in self.ministry.confirmed.items():
            assert held[device] >= seq, "what was confirmed is not there"
        rows = self.ministry.run(
            "SELECT id, revision, state, body FROM cases WHERE kind = 'toy' ORDER BY id"
        )
        now = {}
        for name, revision, state, body in rows:
            now[name] = (revision, state, msgspec.msgpack.decode(bytes(body), type=Toy).answer)
        for name, before in self.cases.items():
            assert now[name][0] >= before[0], "a revision shrank"
            self.happened["decision held"] += now[name][1] == "decided"
            if before[1] == "decided":
                assert now[name] == before, "a decision changed"
        self.cases = now
        self.look_at_permits()

    def look_at_permits(self) -> None:
        """Check that no permit goes back, that one decision stands, and that it is signed."""
        rows = self.ministry.run(
            "SELECT id, revision, state, body FROM cases WHERE kind = 'permit' ORDER BY id"
        )
        now = {}
        for name, revision, state, body in rows:
            kept = msgspec.msgpack.decode(bytes(body), type=Kept)
            one = msgspec.msgpack.decode(kept.told.statement, type=PermitStatement)
            assert (one.id, one.revision, one.state) == (name, revision, state)
            now[name] = one
        for name, before in self.permits.items():
            one = now[name]
            assert one.revision >= before.revision, "a revision shrank"
            assert ORDER[one.state] >= ORDER[before.state], (before.state, one.state)
            if before.decided_by:
                self.happened["permit held"] += 1
                assert (one.decided_by, one.decided_at) == (before.decided_by, before.decided_at)
        for one in now.values():
            if one.ended_note == LAPSED:
                self.happened["permit lapsed"] += 1
                assert (one.state, one.decided_by, one.ended_by) == ("withdrawn", "", "")
        self.permits = now
        for place, gadget in enumerate(self.gadgets):
            held = gadget.permits()
            for name, one in held.items():
                seen = self.seen.get((place, gadget.device, name), 0)
                assert one.revision >= seen, "a device went back"
                self.seen[place, gadget.device, name] = one.revision

    def teardown(self) -> None:
        if not hasattr(self, "gadgets"):
            return
        try:
            self.settle()
            self.look()
            self.agree()
        finally:
            self.ministry.stop()
        self.happened["schedules"] += 1

    def settle(self) -> None:
        """Let all be well until nothing moves: what came late comes, everybody syncs."""
        for late in self.ministry.late:
            self.ministry.deliver(late)
        here = [one for one in self.gadgets if not one.lost]
        for _ in range(8):
            if not sum(one.come_back() for one in here):
                return
        raise AssertionError("it never comes to rest")

    def agree(self) -> None:
        """Nothing lost, nothing twice, everybody holds the same."""
        counted = dict(self.ministry.run("SELECT id, revision FROM cases WHERE kind = 'count'"))
        for gadget in self.gadgets:
            if gadget.lost:
                continue
            ledger = gadget.store.ledger.held
            log = on_server(self.ministry, gadget.device)
            assert [one.seq for one in log] == [*range(1, len(ledger) + 1)]
            facts = [msgspec.msgpack.decode(one.body)["ledger"].hex() for one in log]
            assert facts == [event.hash for event in ledger], "lost, twice or in another order"
            spoken = sum(event.kind == COUNT for event in ledger)
            assert counted.get(gadget.device, 0) == spoken, "done twice, or not done"
            self.same_mail(gadget, mail_of(self.ministry, gadget.person))
        self.happened["events"] += self.ministry.audit().events

    def same_mail(self, gadget: Gadget, mail: dict[tuple[str, str], tuple[int, bytes]]) -> None:
        """Hold what a device took against what the server has for its person.

        A server that went back to a backup may have lost what nobody offers again, and who moved
        keeps what was read before; a permit that is further here than there stays so.
        """
        forgot = self.ministry.restored or self.moved
        held = {
            place: (one.revision, one.body)
            for place, one in gadget.store.mailbox.rows.items()
            if one.revision and (place in mail or not forgot)
        }
        if self.ministry.restored:
            here = gadget.permits()
            for place in [one for one in held if one[0] == PERMIT]:
                told = msgspec.msgpack.decode(mail.pop(place)[1], type=PermitTold)
                there = msgspec.msgpack.decode(told.statement, type=PermitStatement)
                assert here[place[1]].revision >= there.revision, "a device is behind"
                del held[place]
        assert held == mail, "devices do not agree"


def _ran(engine: Engine, schedules: int) -> Counter[str]:
    happened: Counter[str] = Counter()
    machine: Any = type("Run", (Machine,), {"engine": engine, "happened": happened})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=schedules, stateful_step_count=30, derandomize=True, deadline=None,
            suppress_health_check=[*HealthCheck], database=None,
            phases=(Phase.generate,),
        ),
    )  # fmt: skip
    return happened


def _all_happened(happened: Counter[str], wanted: Sequence[str]) -> None:
    print("; ".join(f"{name} {count}" for name, count in sorted(happened.items())))  # noqa: T201
    missing = [name for name in wanted if not happened[name]]
    assert not missing, missing


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for kind, place in HANDLERS.items():
        monkeypatch.setitem(applying.HANDLERS, kind, place)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.timeout(7200 if FULL else 900)
@pytest.mark.usefixtures("toys")
def test_nothing_is_lost_or_done_twice_on_the_embedded_engine() -> None:
    # In memory where there is such a folder: what a kill leaves is the business of tests/faults.
    fast = Path("/dev/shm")  # noqa: S108 - only a faster disk
    with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None) as folder:
        wanted = [one for one in (*FAULTS, *RULES) if FULL or one not in RARE]
        _all_happened(_ran(Embedded(Path(folder)), SCHEDULES), wanted)


@pytest.mark.timeout(7200 if FULL else 900)
@pytest.mark.usefixtures("toys")
def test_nothing_is_lost_or_done_twice_on_postgresql(postgres: Cluster, tmp_path: Path) -> None:
    happened = _ran(Shared(postgres, tmp_path), SCHEDULES // 5)
    _all_happened(happened, (*FAULTS, *RULES) if FULL else FAULTS)
