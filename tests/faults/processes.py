"""Servers and devices as real processes, killed at any instant and started again."""

import http.client
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from meti_desk.server import keys, people, storage
from meti_desk.server.command import now
from meti_desk.server.storage import Place
from meti_desk.store import keys as store_keys
from meti_desk.store import local
from tests.faults.harness import PASSPHRASE

LONGEST = 60.0
"""Seconds that anything may take before it counts as hanging."""
UNIT = "政策課"
STAFF = (
    people.Person("y1", "山田", UNIT),
    people.Person("y2", "佐藤", UNIT),
    people.Person("b1", "田中", UNIT, role="staff responsible"),
)
_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


class ServerProcess:
    """`meti-desk-server run`: one process on a port of its own."""

    def __init__(self, folder: Path, place: Place) -> None:
        self.folder, self.port = folder, free_port()
        self._database = [] if isinstance(place, Path) else ["--database", place]
        self.log = folder / f"log-{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "meti_desk.server", "run", "--port", str(self.port),
                 "--data", str(self.folder), *self._database],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()

    def answers(self) -> bool:
        """Tell whether it is healthy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        with closing(connection), suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        return False

    def kill(self) -> None:
        """Kill it by SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(LONGEST)
            self.process = None

    def end(self) -> None:
        """Ask it to end, as a system does that goes down."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(LONGEST)
            self.process = None


class Ministry:
    """A server with its people: `count` processes on one database."""

    def __init__(self, folder: Path, place: Place, count: int) -> None:
        self.folder, self.place = folder, place
        folder.mkdir(exist_ok=True)
        if isinstance(place, Path):
            storage.make(place)
        self.key = keys.make(folder)
        self.servers = [ServerProcess(folder, place) for _ in range(count)]
        with self.database() as database:
            people.put_people(database, STAFF, now())

    class _Open:
        def __init__(self, place: Place) -> None:
            self._database = storage.Database(place)

        def __enter__(self) -> storage.Database:
            return self._database

        def __exit__(self, *_: object) -> None:
            self._database.close()

    def database(self) -> "_Open":
        """Open the database beside the processes, as commands do."""
        return self._Open(self.place)

    def code(self, person: str) -> str:
        """Make a code for a person's device."""
        with self.database() as database:
            return people.new_code(database, person, self.key.fingerprint, now()).code

    def ports(self) -> list[int]:
        """Give the ports of the processes."""
        return [one.port for one in self.servers]

    def start(self) -> None:
        """Start those that do not run."""
        for one in self.servers:
            if one.process is None:
                one.start()

    def kill(self) -> None:
        """Kill all."""
        for one in self.servers:
            one.kill()

    def command(self, *words: str) -> tuple[int, dict[str, Any]]:
        """Run a command of the server's command line."""
        database = [] if isinstance(self.place, Path) else ["--database", self.place]
        ran = subprocess.run(
            [sys.executable, "-m", "meti_desk.server", *words, "--json",
             "--data", str(self.folder), *database],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return ran.returncode, json.loads(ran.stdout)

    def log(self, device: str) -> list[str]:
        """Give, of a device's log as the server holds it, the hashes of the records."""
        import msgspec

        with self.database() as database:
            rows = database.run(
                "SELECT seq, body FROM events WHERE device = ? ORDER BY seq", (device,)
            )
        assert [seq for seq, _ in rows] == [*range(1, len(rows) + 1)]
        return [msgspec.msgpack.decode(bytes(body))["ledger"].hex() for _, body in rows]

    def mail(self, person: str) -> dict[str, list[Any]]:
        """Give the mail of a person."""
        with self.database() as database:
            rows = database.run(
                "SELECT kind, id, revision, body FROM mail WHERE person = ?", (person,)
            )
        return {f"{kind} {name}": [rev, bytes(body).hex()] for kind, name, rev, body in rows}

    def permits(self) -> dict[str, tuple[int, str]]:
        """Give revision and state of every permit."""
        with self.database() as database:
            rows = database.run("SELECT id, revision, state FROM cases WHERE kind = 'permit'")
        return {name: (revision, state) for name, revision, state in rows}


class DeviceProcess:
    """A device: a store of its own, and a program that is told what to do, line by line."""

    def __init__(self, folder: Path, person: str) -> None:
        self.folder, self.person = folder, person
        local.create(folder, PASSPHRASE, iterations=store_keys.FLOOR).close()
        self.process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def start(self) -> None:
        """Start the program."""
        self._rest = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sync_client", str(self.folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2], bufsize=0,
        )  # fmt: skip
        assert self.answer() == {"ready": True}

    def begin(self, *words: object) -> None:
        """Tell it to do something, without waiting."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")

    def answer(self, within: float = LONGEST) -> dict[str, Any] | None:
        """Wait for an answer; nothing where it did not come in time, or the program ended."""
        assert self.process is not None
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            if not select.select([self.process.stdout], [], [], within)[0]:
                return None
            part = os.read(self.process.stdout.fileno(), 1 << 20)
            if not part:
                return None
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told

    def do(self, *words: object) -> dict[str, Any]:
        """Tell it to do something and wait for it."""
        self.begin(*words)
        told = self.answer()
        assert told is not None, words
        return told

    def kill(self) -> None:
        """Kill it by SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(LONGEST)
            for pipe in (self.process.stdin, self.process.stdout):
                assert pipe is not None
                pipe.close()
            self.process = None


def full(process: subprocess.Popen[bytes] | None, bytes_left: int | None) -> None:
    """Let no file of a process grow beyond a size, as on a full disk; `None` ends that."""
    assert process is not None
    limit = (bytes_left, resource.RLIM_INFINITY) if bytes_left is not None else _NO_LIMIT
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, limit)
