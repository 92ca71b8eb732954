"""The embedded database of the server: SQLite with one writer that commits for all who wait.

A request costs one commit at most, and requests that come together share it; an answer is given
only when its rows are on the disk. Every acceptance, refusal and decision is an entry of the audit
chain, which the receipts name.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from meti_desk.domain.errors import EnvironmentProblem
from meti_desk.sync.wire import GENESIS
from meti_desk.together import Together

T = TypeVar("T")
DATABASE = "server.db"
_VERSION = 2
_TABLES = (
    """
    CREATE TABLE people (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, mail TEXT NOT NULL,
        role TEXT NOT NULL, active INTEGER NOT NULL DEFAULT 1, mailed INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE codes (
        hash BLOB PRIMARY KEY, person TEXT NOT NULL, expires INTEGER NOT NULL,
        used_at INTEGER, device TEXT
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE devices (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, name TEXT NOT NULL, public BLOB NOT NULL,
        enrolled_at INTEGER NOT NULL, revoked_at INTEGER, last_seq INTEGER NOT NULL DEFAULT 0,
        head BLOB NOT NULL, seen_at INTEGER NOT NULL DEFAULT 0, opening BLOB NOT NULL DEFAULT x''
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE events (
        device TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL,
        body BLOB NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL, received_at INTEGER NOT NULL,
        PRIMARY KEY (device, seq)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE chain (
        entry INTEGER PRIMARY KEY, at INTEGER NOT NULL, what BLOB NOT NULL,
        prev BLOB NOT NULL, hash BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE nonces (
        device TEXT NOT NULL, nonce BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (device, nonce)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX nonces_at ON nonces (at)",
    # The newest state of each thing that concerns a person, in the order in which it changed.
    """
    CREATE TABLE mail (
        person TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL,
        revision INTEGER NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (person, kind, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX mail_n ON mail (person, n)",
    # Permits, reviews, registers: what people decide, by kind; `body` belongs to the kind.
    """
    CREATE TABLE cases (
        kind TEXT NOT NULL, id TEXT NOT NULL, unit TEXT NOT NULL, person TEXT NOT NULL,
        state TEXT NOT NULL, revision INTEGER NOT NULL, until INTEGER NOT NULL,
        body BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX cases_unit ON cases (unit, kind, state)",
    "CREATE INDEX cases_person ON cases (person, kind)",
    # What the centre publishes: policy and forms; versions only grow.
    """
    CREATE TABLE snapshots (
        topic TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (topic, version)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER events_kept BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER chain_unchanged BEFORE UPDATE ON chain
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
    """
    CREATE TRIGGER chain_kept BEFORE DELETE ON chain
    BEGIN SELECT RAISE(ABORT, 'append-only'); END
    """,
)


class Entry(msgspec.Struct, frozen=True):
    """An entry of the audit chain: place, server time in milliseconds, content, hashes."""

    entry: int
    at: int
    what: bytes
    prev: bytes
    hash: bytes


class Database:
    """One connection behind a lock; writers share commits (`together`)."""

    def __init__(self, folder: Path) -> None:
        path = folder / DATABASE
        if not path.is_file():
            raise EnvironmentProblem("server.missing", path=str(folder))
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._depth = 0
        self._shared = Together(self._write_all)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.execute("PRAGMA busy_timeout = 10000")
        (found,) = self._connection.execute("PRAGMA user_version").fetchone()
        if found != _VERSION:
            self._connection.close()
            raise EnvironmentProblem("server.version", found=int(found), known=_VERSION)

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Execute one statement and give its rows."""
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all of the block together, or none; may be nested."""
        with self._lock:
            name = f"inner_{self._depth}"
            self.run(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self.run(f"RELEASE {name}" if self._depth > 1 else "COMMIT")
            except BaseException:
                # A full disk may have rolled back everything already; a COMMIT that failed may not.
                if self._connection.in_transaction:
                    self.run(f"ROLLBACK TO {name}" if self._depth > 1 else "ROLLBACK")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the database in the whole block, whatever others write meanwhile."""
        with self._lock:
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def together(self, work: Callable[[], T]) -> T:
        """Do a piece of writing durably, in one commit with those of other threads."""
        piece = _Piece(work)
        self._shared.do(piece)
        return piece.outcome()  # type: ignore[no-any-return] # the piece's own type

    def _write_all(self, pieces: "Sequence[_Piece]") -> None:
        try:
            with self.transaction():
                for piece in pieces:
                    piece.write(self.transaction)
                    if not self._connection.in_transaction:
                        raise piece.lost()
        except sqlite3.Error as error:
            for piece in pieces:
                piece.fail(error)

    def record(self, at: int, what: object) -> Entry:
        """Append an entry to the audit chain; inside a transaction of the caller."""
        rows = self.run("SELECT entry, hash FROM chain ORDER BY entry DESC LIMIT 1")
        last, prev = rows[0] if rows else (0, GENESIS)
        content = msgspec.msgpack.encode(what)
        entry = Entry(last + 1, at, content, prev, entry_hash(prev, last + 1, at, content))
        values = (entry.entry, entry.at, entry.what, entry.prev, entry.hash)
        self.run("INSERT INTO chain VALUES (?, ?, ?, ?, ?)", values)
        return entry

    def walk(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Give the rows of a statement one by one, without holding all of them."""
        with self._lock:
            yield from self._connection.execute(statement, values)

    def entries(self) -> Iterator[Entry]:
        """Give the audit chain from its beginning."""
        for row in self.walk("SELECT entry, at, what, prev, hash FROM chain ORDER BY entry"):
            yield Entry(*row)

    def close(self) -> None:
        """Close; the log is worked in."""
        with self._lock:
            self._connection.close()


class _Piece:
    """A piece of writing and what came of it."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._result: object = None
        self._error: Exception | None = None

    def write(self, transaction: Callable[[], Any]) -> None:
        try:
            with transaction():
                self._result = self._work()
        except Exception as error:  # noqa: BLE001 - told to the one whose work it is
            self._error = error

    def fail(self, error: Exception) -> None:
        self._error = error

    def lost(self) -> sqlite3.Error:
        """Give the error by which the engine took back the whole transaction."""
        held = self._error
        return held if isinstance(held, sqlite3.Error) else sqlite3.OperationalError("rolled back")

    def outcome(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result


def make(folder: Path) -> None:
    """Make an empty database, readable by its owner alone (`server.exists`)."""
    path = folder / DATABASE
    if path.exists():
        raise EnvironmentProblem("server.exists", path=str(folder))
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")
    finally:
        connection.close()


def entry_hash(prev: bytes, entry: int, at: int, what: bytes) -> bytes:
    """Hash an entry behind its predecessor's hash."""
    digest = hashlib.sha256(b"meti-desk audit 1")
    for part in (prev, str(entry).encode(), str(at).encode(), what):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
