"""The server's commands as real processes on both engines: several workers, backup, restore."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Cli
from tests.e2e.test_sync import Ministry
from tests.postgres import Cluster

ENGINES = ("sqlite", "postgres")


class Engined(Ministry):
    """A ministry whose database is told by the environment, as a service's is."""

    def __init__(self, folder: Path, url: str, port: int = 0) -> None:
        super().__init__(folder)
        self.port = port or self.port
        self._environment = dict(os.environ) | ({"METI_DESK_DATABASE": url} if url else {})
        self._workers = ["--workers", "2"] if url else []

    def __call__(self, *words: str, code: int = 0) -> dict[str, Any]:
        ran = subprocess.run(
            [sys.executable, "-m", "meti_desk.server", *words,
             "--json", "--data", str(self.folder)],
            capture_output=True, text=True, check=False, env=self._environment,
        )  # fmt: skip
        assert ran.returncode == code, ran.stdout + ran.stderr
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        with subprocess.Popen(
            [sys.executable, "-m", "meti_desk.server", "run", "--init", "--port", str(self.port),
             "--data", str(self.folder), "--log-level", "warning", *self._workers],
            env=self._environment,
        ) as process:  # fmt: skip
            try:
                while not self.answers():
                    assert process.poll() is None
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)


def made(engine: str, folder: Path, request: pytest.FixtureRequest, port: int = 0) -> Engined:
    url = ""
    if engine == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.fresh()
    return Engined(folder, url, port)


def children(process: subprocess.Popen[bytes]) -> list[int]:
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    found = []
    for pid in (int(one) for one in told.split()):
        with contextlib.suppress(OSError):  # it may have ended meanwhile
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_lost_after_a_backup_comes_back_from_the_devices(
    engine: str, cli: Cli, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ministry = made(engine, tmp_path / "ministry", request)
    with ministry.running():  # one command makes and starts it
        assert (ministry.folder / "server.key").stat().st_mode & 0o077 == 0
    staff = tmp_path / "staff.csv"
    staff.write_text("id,name,unit,mail,role\ny1,山田太郎,政策課,y@x.go.jp,staff\n", "utf-8")
    ministry("people", str(staff))
    word, kept = tmp_path / "word", tmp_path / "kept"
    word.write_text("long enough to keep\n", "utf-8")
    assert cli("store", "rekey")[0] == 0
    with ministry.running():
        code = str(ministry("enroll", "--person", "y1")["code"])
        assert cli("enroll", code, "--server", ministry.url)[0] == 0
        assert cli("sync", "now")[1]["sync"]["acked"] == 1
        saved = ministry("backup", str(kept), "--passphrase-file", str(word))
        assert saved["rows"]["events"] == 1
        assert cli("store", "rekey")[0] == 0
        assert cli("sync", "now")[1]["sync"]["acked"] == 2
    other = next(one for one in ENGINES if one != engine)
    restored = made(other, tmp_path / "restored", request, ministry.port)
    told = restored("restore", str(kept), "--passphrase-file", str(word))
    assert (told["audit"]["intact"], told["rows"]) == (True, saved["rows"])
    assert cli("store", "rekey")[0] == 0
    with restored.running():
        code_, told = cli("sync", "now")
        assert (code_, told["sync"]["acked"], told["sync"]["unsent"]) == (0, 3, 0)
    state = restored("audit", "verify")
    assert (state["intact"], state["events"]) == (True, 3)


def test_a_worker_that_dies_is_replaced_and_postgresql_may_be_started_anew(
    cli: Cli, tmp_path: Path, postgres: Cluster
) -> None:
    ministry = Engined(tmp_path / "ministry", postgres.fresh())
    ministry("init")
    staff = tmp_path / "staff.csv"
    staff.write_text("id,name,unit,mail,role\ny1,山田太郎,政策課,y@x.go.jp,staff\n", "utf-8")
    ministry("people", str(staff))
    with ministry.running() as process:
        code = str(ministry("enroll", "--person", "y1")["code"])
        assert cli("enroll", code, "--server", ministry.url)[0] == 0
        before = children(process)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        while len({*children(process)} - {*before}) != 1:
            assert process.poll() is None
        assert cli("store", "rekey")[0] == 0
        synced(cli, 1)
        postgres.stop()
        code_, told = cli("sync", "now")
        assert (code_, told["error"]["code"]) == (4, "sync.refused")
        postgres.start()
        assert cli("store", "rekey")[0] == 0
        synced(cli, 2)
    state = ministry("audit", "verify")
    assert (state["intact"], state["events"]) == (True, 2)


def synced(cli: Cli, events: int) -> None:
    """Sync until a process answers: the one that was asked may be just starting."""
    for _ in range(20):
        with contextlib.suppress(KeyError):
            assert cli("sync", "now")[1]["sync"]["acked"] == events
            return
    pytest.fail("no process answers")


def test_the_place_of_the_database_is_told_without_its_password(tmp_path: Path) -> None:
    ministry = Ministry(tmp_path / "ministry")
    shown = "postgresql://meti:hushhush@127.0.0.1:1/x"
    told = ministry("init", "--database", shown, code=5)
    assert told["error"]["code"] == "server.password-shown"
    told = ministry("init", "--database", "mysql://x/y", code=5)
    assert told["error"]["code"] == "server.database-url"
    file = tmp_path / "url"
    file.write_text(shown + "\n", "utf-8")
    told = ministry("init", "--database-file", str(file), code=4)
    assert told["error"]["code"] == "server.unreachable"
    assert "hushhush" not in json.dumps(told)
    assert not [*ministry.folder.iterdir()]
    ministry("init")
    told = ministry("run", "--workers", "2", code=4)
    assert told["error"]["code"] == "server.workers"
