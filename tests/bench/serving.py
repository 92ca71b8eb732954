"""How many batches a second the server takes, against the database alone (`sync.md`).

Embedded SQLite, and PostgreSQL (started here in a temporary folder) with two server processes, 16
devices that keep their connections. The peers are three scripts of pgbench (`serving_peer`), 16
connections, on the same PostgreSQL, in the same run, before and after.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from meti_desk.sync import wire
from tests.bench.serving_load import Figures, Plan

DEVICES = 16
_SERVER = [sys.executable, "-m", "meti_desk.server"]


class Served(NamedTuple):
    """What one engine did: at full load, and at half of that.

    `cpu`: milliseconds of processor that the server's own processes used for a batch, at full load.
    """

    full: Figures
    half: Figures
    cpu: float

    @property
    def rate(self) -> float:
        """Batches a second."""
        return self.full.batches / self.full.seconds


class Ministry:
    """A server's folder and its running processes."""

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        self.folder, self.options = folder, [*options]
        self.processes: list[int] = []
        folder.mkdir(parents=True)
        self("init")
        # One device does here what thousands do: the limits for one are not what is measured.
        limits = "[limits]\ndevice_rate = 0\naddress_rate = 0\n"
        (folder / "server.toml").write_text(limits, encoding="ascii")
        staff = folder / "staff.csv"
        rows = "".join(f"y{n},職員{n},総務課,y{n}@example.go.jp,staff\n" for n in range(DEVICES))
        staff.write_text("id,name,unit,mail,role\n" + rows, encoding="utf-8")
        self("people", str(staff))

    def __call__(self, *words: str) -> dict[str, Any]:
        """Run a command and give its answer."""
        ran = subprocess.run(
            [*_SERVER, *words, "--json", "--data", str(self.folder), *self.options],
            capture_output=True, check=True,
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer

    @contextmanager
    def running(self, count: int) -> Iterator[tuple[str, ...]]:
        """Run so many processes; gives their addresses."""
        with ExitStack() as stack:
            urls = []
            for _ in range(count):
                port = _free_port()
                command = [*_SERVER, "run", "--port", str(port), "--data", str(self.folder)]
                quiet = ("--log-level", "warning")
                process = subprocess.Popen([*command, *quiet, *self.options])
                stack.callback(process.wait, 30)
                stack.callback(process.terminate)
                stack.callback(self.processes.remove, process.pid)
                self.processes.append(process.pid)
                urls.append(f"http://127.0.0.1:{port}")
                _wait(port, process)
            yield tuple(urls)


def _used(processes: Sequence[int]) -> float:
    """Give the seconds of processor that processes used until now."""
    ticks = 0
    for one in processes:
        fields = Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(process.returncode)


def _enrolled(ministry: Ministry, url: str) -> Plan:
    """Enrol the devices and give a plan for them."""
    devices, keys = [], []
    for number in range(DEVICES):
        code = ministry("enroll", "--person", f"y{number}")["code"]
        key = Ed25519PrivateKey.generate()
        asked = {"code": code, "public": key.public_key().public_bytes_raw(), "name": "bench"}
        connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/v1/enrol", msgspec.msgpack.encode(asked))
        devices.append(msgspec.msgpack.decode(connection.getresponse().read())["device"])
        connection.close()
        keys.append(key.private_bytes_raw())
    return Plan(
        urls=(url,), devices=tuple(devices), keys=tuple(keys), seqs=(0,) * DEVICES,
        heads=(wire.GENESIS,) * DEVICES, mails=(0,) * DEVICES, batches=20,
    )  # fmt: skip


def _load(place: Path, plan: Plan) -> tuple[Plan, Figures]:
    """Carry out a plan in another process; gives the plan for what comes next."""
    place.write_bytes(msgspec.json.encode(plan))
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving_load", str(place)],
        capture_output=True, check=True,
    )  # fmt: skip
    figures = msgspec.json.decode(ran.stdout, type=Figures)
    after = msgspec.structs.replace(
        plan, seqs=figures.seqs, heads=figures.heads, mails=figures.mails
    )
    return after, figures


def serve(folder: Path, *, processes: int, options: Sequence[str] = (), batches: int) -> Served:
    """Load a server whose folder is made here."""
    ministry = Ministry(folder, options)
    with ministry.running(processes) as urls:
        plan = _enrolled(ministry, urls[0])
        plan = msgspec.structs.replace(plan, urls=urls)
        plan, _warm = _load(folder / "plan.json", plan)
        plan = msgspec.structs.replace(plan, batches=batches)
        before = _used(ministry.processes)
        plan, full = _load(folder / "plan.json", plan)
        cpu = (_used(ministry.processes) - before) / full.batches * 1000
        rate = full.batches / full.seconds / 2
        plan = msgspec.structs.replace(plan, rate=rate, batches=max(20, batches // 2))
        _plan, half = _load(folder / "plan.json", plan)
    if not ministry("audit", "verify")["intact"]:
        raise RuntimeError(folder)
    return Served(full, half, cpu)


class Compared(NamedTuple):
    """The server on PostgreSQL, and PostgreSQL alone in the same run, by the peer's name.

    `before` and `after` are batches a second of each peer.
    """

    served: Served
    before: Mapping[str, float]
    after: Mapping[str, float]

    def ratio(self, peer: str) -> float:
        """Give the server's rate as a part of a peer's."""
        return 2 * self.served.rate / (self.before[peer] + self.after[peer])


def embedded(place: Path, batches: int = 400) -> Served:
    """Measure one process on SQLite."""
    return serve(place / "embedded", processes=1, batches=batches)


def on_postgres(place: Path, *, processes: int = 2, batches: int = 400) -> Compared:
    """Measure processes on PostgreSQL between two runs of pgbench on the same cluster."""
    from tests.bench.serving_peer import alone
    from tests.postgres import Cluster

    cluster = Cluster(durable=True)
    try:
        before = alone(cluster)
        options = ("--database", cluster.fresh())
        served = serve(place / "postgres", processes=processes, options=options, batches=batches)
        after = alone(cluster)
    finally:
        cluster.end()
    return Compared(served, before, after)


def _told(name: str, one: Figures) -> str:
    rate = one.batches / one.seconds
    return f"{name}: {rate:.0f}/s median {one.median:.1f} p99 {one.p99:.1f} ms\n"


def main(batches: int) -> None:
    """Print all figures."""
    import tempfile

    with tempfile.TemporaryDirectory(dir=os.environ.get("METI_DESK_BENCH_PLACE")) as made:
        found = embedded(Path(made), batches)
        sys.stdout.write(_told("SQLite", found.full) + _told("half", found.half))
        sys.stdout.write(f"processor {found.cpu:.2f} ms a batch\n")
        for processes in (1, 2):
            place = Path(made) / str(processes)
            both = on_postgres(place, processes=processes, batches=batches)
            for peer, rate in both.before.items():
                sys.stdout.write(
                    f"PostgreSQL alone, {peer}: {rate:.0f}/s and {both.after[peer]:.0f}/s;"
                    f" {processes} processes {both.ratio(peer):.0%}\n"
                )
            sys.stdout.write(_told("full", both.served.full) + _told("half", both.served.half))
            sys.stdout.write(f"processor {both.served.cpu:.2f} ms a batch\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 400)
