"""Real servers and real devices with a bad network between them, killed at any instant.

Each schedule is drawn from its number; after each all is well for a moment, and then nothing may be
lost, nothing twice, and all must agree. METI_DESK_FULL=1 runs 200 schedules on each engine.
"""

import random
import shutil
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from meti_desk.server import storage
from tests.faults.harness import FULL
from tests.faults.processes import DeviceProcess, Ministry, full
from tests.faults.proxy import FAULTS, Proxy
from tests.postgres import Cluster

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SIGKILL, prlimit")

SCHEDULES = 200 if FULL else 5
ACTS = 12 if FULL else 6
ALWAYS = ("server killed", "device killed", "server full", "device full", "asked", "decided")
"""What has to have happened in a whole run, besides the faults of the network."""
LATER = {
    "requested": 0, "granted": 1, "conditional": 1, "refused": 9, "withdrawn": 9,
    "acknowledged": 9, "expired": 2, "revoked": 2, "reported": 3,
}  # fmt: skip
"""How far a permit has come: it never goes back."""


class Schedules:
    """One ministry with four devices, over many schedules."""

    def __init__(self, folder: Path, ministry: Ministry, crash: Callable[[], None] | None) -> None:
        self.ministry, self.crash = ministry, crash
        self.proxy = Proxy(ministry.ports, 7)
        self.happened: Counter[str] = Counter()
        self.pause = threading.Event()
        self.seen: dict[str, tuple[int, str]] = {}
        self.by_device: dict[tuple[str, str], int] = {}
        ministry.start()
        people = ("y1", "y1", "y2", "b1")
        self.devices = [DeviceProcess(folder / f"d{n}", who) for n, who in enumerate(people)]
        for one in self.devices:
            one.start()
            assert "device" in one.do("enrol", ministry.code(one.person), self.proxy.url)
        for _ in range(2):  # in the second round everybody knows who reads
            for one in self.devices:
                assert "code" not in one.do("sync")

    def close(self) -> None:
        """End everything."""
        for one in self.devices:
            one.kill()
        self.ministry.kill()
        self.proxy.close()

    def run(self, number: int) -> None:
        """Do what a number stands for, and look at everything."""
        draw = random.Random(number)
        for act in range(ACTS):
            self._act(draw, f"p{number}-{act}")
        self._settle()
        self._check()

    def _act(self, draw: random.Random, name: str) -> None:
        device = draw.choice(self.devices)
        if device.process is None:
            device.start()
        permits = device.do("permits")["permits"]
        match draw.randrange(12):
            case 0 | 1:
                self._said(device.do("record", draw.randrange(1, 30)), "recorded")
            case 2 | 3:
                self._said(device.do("ask", name), "asked")
            case 4 | 5 if permits:
                told = device.do("decide", draw.choice(sorted(permits)), draw.random() < 0.8)
                self._said(told, "decided")
            case 6 if permits:
                what = draw.choice(["withdraw", "report"])
                self._said(device.do(what, draw.choice(sorted(permits))), what)
            case 7:
                self._while_syncing(draw, device, lambda: self._kill_servers(draw))
            case 8:
                self._while_syncing(draw, device, device.kill)
                self.happened["device killed"] += 1
            case 9:
                self._full_device(draw, device)
            case 10:
                self._full_server(draw, device)
            case _:
                self._sync(draw, device)

    def _said(self, told: dict[str, Any], what: str) -> None:
        self.happened[what if "code" not in told else f"{what}: {told['code']}"] += 1

    def _sync(self, draw: random.Random, device: DeviceProcess) -> None:
        self.proxy.plan = draw.choices(["", *FAULTS], k=draw.randrange(4))
        told = device.do("sync")
        self.happened[f"ended: {told.get('code', 'well')}"] += 1
        self.proxy.plan = []

    def _while_syncing(
        self, draw: random.Random, device: DeviceProcess, act: Callable[[], None]
    ) -> None:
        device.do("record", draw.randrange(1, 60))
        device.begin("sync")
        self.pause.wait(draw.uniform(0, 0.06))
        act()
        if device.process is not None and device.answer() is None:
            raise AssertionError("a device hangs")

    def _kill_servers(self, draw: random.Random) -> None:
        if self.crash is not None and draw.random() < 0.4:
            self.crash()
            self.happened["database crashed"] += 1
            return
        for one in draw.sample(
            self.ministry.servers, draw.randrange(len(self.ministry.servers)) + 1
        ):
            one.kill()
            self.happened["server killed"] += 1
        self.ministry.start()

    def _full_device(self, draw: random.Random, device: DeviceProcess) -> None:
        size = max(one.stat().st_size for one in device.folder.rglob("*") if one.is_file())
        full(device.process, size + draw.randrange(20_000))
        told = device.do("record", 200)
        self._said(told, "recorded")
        self._sync(draw, device)
        device.kill()  # a program that met a full disk may be ended by its user
        device.start()
        self.happened["device full"] += 1

    def _full_server(self, draw: random.Random, device: DeviceProcess) -> None:
        server = draw.choice(self.ministry.servers)
        files = [*self.ministry.folder.glob("server.db*")] or [server.log]
        full(server.process, max(one.stat().st_size for one in files) + draw.randrange(9000))
        device.do("record", 100)
        self._sync(draw, device)
        full(server.process, None)
        self.happened["server full"] += 1

    def _settle(self) -> None:
        """Let all be well, and everybody say and hear everything."""
        self.ministry.start()
        self.proxy.plan = []
        for _ in range(3):
            for one in self.devices:
                if one.process is None:
                    one.start()
                told = one.do("sync")
                assert told.get("unsent") == 0, told

    def _check(self) -> None:
        now = self.ministry.permits()
        for name, (revision, state) in self.seen.items():
            assert now[name][0] >= revision, "a revision shrank"
            assert LATER[now[name][1]] >= LATER[state], (state, now[name])
        self.seen = now
        for one in self.devices:
            state = one.do("state")
            assert state["intact"]
            assert self.ministry.log(state["device"]) == state["ledger"], "lost, or twice"
            assert state["mail"] == {
                name: held for name, held in self.ministry.mail(one.person).items()
                if name.split()[0] in {"unit", "outcome", "permit"}
            }  # fmt: skip
            for name, (revision, _) in one.do("permits")["permits"].items():
                assert revision >= self.by_device.get((state["device"], name), 0)
                self.by_device[state["device"], name] = revision
        self.happened["schedules"] += 1

    def done(self, engine: str) -> None:
        """Verify the chains by the commands, and that every fault really happened."""
        code, told = self.ministry.command("audit", "verify")
        assert (code, told["intact"]) == (0, True), told
        both = self.happened + self.proxy.happened
        # A full disk is no damage: nobody shall be told to go back to a backup for it.
        assert not [what for what in both if "damaged" in what], both
        print(f"{engine}: {told['events']} events; {dict(sorted(both.items()))}")  # noqa: T201
        for reply in self.proxy.replies:
            assert b" 409 " in reply.split(b"\r\n")[0], "a copied request was taken"
        if FULL:
            wanted = [*ALWAYS, *FAULTS, *(["database crashed"] if self.crash else [])]
            assert not [name for name in wanted if not both[name]], both
        for one in self.ministry.servers:
            assert "Traceback" not in one.log.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    shutil.rmtree(tmp_path, ignore_errors=True)


def _all(schedules: Schedules, engine: str) -> None:
    try:
        for number in range(SCHEDULES):
            try:
                schedules.run(number)
            except BaseException:
                print(f"schedule {number}")  # noqa: T201 - by which it is found again
                raise
        schedules.done(engine)
    finally:
        schedules.close()


@pytest.mark.timeout(7200 if FULL else 900)
def test_real_processes_lose_nothing_on_the_embedded_engine(folder: Path) -> None:
    ministry = Ministry(folder / "ministry", folder / "ministry", 1)
    _all(Schedules(folder, ministry, None), "sqlite")


@pytest.mark.timeout(7200 if FULL else 900)
def test_two_real_servers_lose_nothing_on_postgresql(folder: Path) -> None:
    cluster = Cluster(durable=True)
    try:
        place = cluster.fresh()
        storage.make(place)

        def crash() -> None:
            cluster.stop("immediate")
            cluster.start()

        ministry = Ministry(folder / "ministry", place, 2)
        _all(Schedules(folder, ministry, crash), "postgresql")
    finally:
        cluster.end()
