"""PostgreSQL for tests: a cluster of its own in a temporary folder, by a socket alone, and stopped.

`place` gives the place of an empty server database, once for each engine. Without PostgreSQL's
programs the half of the tests that wants it is skipped, and says so.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from meti_desk.server import storage
from meti_desk.server.storage import Place

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_ACCOUNTS = ("postgres", "nobody")
_SUPERUSER = "meti"


def programs() -> Path | None:
    """Find the newest PostgreSQL's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    known = shutil.which("initdb")
    return Path(known).resolve().parent if known else None


def account() -> str | None:
    """Name whom PostgreSQL runs as: it refuses the superuser of the machine."""
    if os.getuid() != 0:
        return None
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    pytest.skip("PostgreSQL runs as no superuser, and there is no account to run it as")


class Cluster:
    """A cluster; `durable` as in real use, else it forgets what a crash takes."""

    def __init__(self, *, durable: bool = False, settings: tuple[str, ...] = ()) -> None:
        bin_ = programs()
        if bin_ is None:
            pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        self._bin, self._user = bin_, account()
        self.folder = Path(tempfile.mkdtemp(prefix="mdpg"))
        self.folder.chmod(0o755)
        self._data = self.folder / "data"
        self._data.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self._data, self._user)
            shutil.chown(self.folder, self._user)
        self._settings = (
            "listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=200",
            "log_min_messages=fatal", "max_wal_size=2GB", *(() if durable else _FAST), *settings,
        )  # fmt: skip
        self._names = count(1)
        self._run("initdb", "-D", str(self._data), "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        self.start()

    def _run(self, name: str, *words: str) -> None:
        done = subprocess.run(
            [str(self._bin / name), *words], user=self._user, cwd=self.folder, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def _control(self, action: str, *words: str) -> None:
        log = str(self.folder / "log")
        self._run("pg_ctl", action, "-D", str(self._data), "-w", "-l", log, *words)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {one}" for one in self._settings)
        self._control("start", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` cuts connections, `immediate` is a crash."""
        self._control("stop", "-m", mode)

    def url(self, name: str) -> str:
        """Give the address of a database."""
        return f"postgresql://{_SUPERUSER}@/{name}?host={self.folder}"

    def fresh(self, template: str = "template0") -> str:
        """Make a database and give its address."""
        name = f"ministry_{next(self._names)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return self.url(name)

    def made(self) -> str:
        """Make a database with the server's tables, by copying one."""
        template = "ministry_template"
        with psycopg.connect(self.url("postgres"), autocommit=True) as admin:
            ask = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not admin.execute(ask, (template,)).fetchone():
                admin.execute(f'CREATE DATABASE "{template}"'.encode())
                storage.make(self.url(template))
        return self.fresh(template)

    def end(self) -> None:
        """Stop it and remove everything."""
        with contextlib.suppress(AssertionError):
            self.stop("immediate")
        shutil.rmtree(self.folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Give a running cluster."""
    made = Cluster()
    yield made
    made.end()


def empty(engine: str, folder: Path, request: pytest.FixtureRequest) -> Place:
    """Give a place of an engine where nothing is yet: `folder`, or a fresh database."""
    if engine == "sqlite":
        folder.mkdir(exist_ok=True)
        return folder
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.fresh()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Give the place of an empty server database on each engine in turn."""
    if request.param == "sqlite":
        folder = tmp_path / "database"
        folder.mkdir()
        storage.make(folder)
        return folder
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.made()
